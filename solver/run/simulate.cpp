// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/simulate.h"

#include <cmath>
#include <limits>

#include "solver/physics/blur_operator.h"
#include "solver/physics/noise.h"
#include "solver/run/components.h"

namespace stillpoint {

namespace {

void checkNumber(const std::string& key, double value, double maximum, const std::string& allowed) {
    if (!(value >= 0 && value <= maximum) || !std::isfinite(value))
        throw Error(key, key + " is " + toText(value) + "; allowed is a number " + allowed + ".");
}

// Streams that no seed given as a positive number reaches, so that kinds of noise do not repeat each other.
constexpr std::uint64_t kPhotonStream = std::uint64_t{1} << 63;
constexpr std::uint64_t kImpulseStream = std::uint64_t{3} << 62;

}  // namespace

Image simulateBlur(const Image& sharp, const Recipe& recipe, const NoiseModel& noise,
                   const KernelSource& source) {
    checkNumber("noise-sigma", noise.sigma, std::numeric_limits<double>::max(),
                "from 0, on the scale where white is 1");
    checkNumber("peak", noise.peak, 1e9, "of photons from 0 to 1e9");
    checkNumber("share", noise.share, 1, "from 0 to 1");
    const auto problem = readParams<ProblemParams>(recipe, "");
    BlurOperator op(source(problem.kernel), sharp.shape(), problem.boundary);
    Image blurred(sharp.shape());
    op.apply(sharp, blurred);
    if (noise.peak > 0) addPoissonNoise(blurred, noise.peak, noise.seed ^ kPhotonStream);
    if (noise.sigma > 0) addGaussianNoise(blurred, noise.sigma, noise.seed);
    if (noise.share > 0) addImpulseNoise(blurred, noise.share, noise.seed ^ kImpulseStream);
    return blurred;
}

Image simulateBlur(const Image& sharp, const Recipe& recipe, double noiseSigma, std::uint64_t seed,
                   const KernelSource& source) {
    return simulateBlur(sharp, recipe, {.sigma = noiseSigma, .seed = seed}, source);
}

}  // namespace stillpoint
