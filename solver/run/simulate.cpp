// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/simulate.h"

#include <cmath>

#include "solver/physics/blur_operator.h"
#include "solver/physics/noise.h"
#include "solver/run/components.h"

namespace stillpoint {

Image simulateBlur(const Image& sharp, const Recipe& recipe, double noiseSigma, std::uint64_t seed,
                   const KernelSource& source) {
    if (!(noiseSigma >= 0) || !std::isfinite(noiseSigma))
        throw Error("noise-sigma", "noise-sigma is " + toText(noiseSigma) +
                                       "; allowed is a number from 0, on the scale where white is 1.");
    const auto problem = readParams<ProblemParams>(recipe, "");
    BlurOperator op(source(problem.kernel), sharp.shape(), problem.boundary);
    Image blurred(sharp.shape());
    op.apply(sharp, blurred);
    if (noiseSigma > 0) addGaussianNoise(blurred, noiseSigma, seed);
    return blurred;
}

}  // namespace stillpoint
