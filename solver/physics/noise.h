// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "solver/image/image.h"

namespace stillpoint {

/// Adds Gaussian noise of deviation sigma (on the [0,1] scale) to sample i in memory order: sigma *
/// normalAt(seed, i) (core/rng.h). The same numbers on every machine and for any thread count. Values are not
/// clipped.
void addGaussianNoise(ImageRef picture, double sigma, std::uint64_t seed);

}  // namespace stillpoint
