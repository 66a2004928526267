// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "solver/image/image.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint {

/// A x + noise: the picture blurred by the recipe's kernel under its boundary model, with Gaussian noise of
/// deviation noiseSigma ([0,1] scale; 0 for none) of the given seed (physics/noise.h). Nothing is clipped.
/// Plans FFTs: not for a GUI thread. Throws Error for a wrong kernel or boundary, or a negative or not finite
/// noiseSigma.
Image simulateBlur(const Image& sharp, const Recipe& recipe, double noiseSigma, std::uint64_t seed,
                   const KernelSource& source = makeKernel);

}  // namespace stillpoint
