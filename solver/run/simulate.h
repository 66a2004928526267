// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "solver/image/image.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint {

/// The noise of simulated data, in the order of a camera: photons, then read-out, then wrong pixels. All of
/// it is off at first (see physics/noise.h).
struct NoiseModel {
    double sigma = 0;        ///< deviation of Gaussian noise, from 0, on the scale where white is 1
    double peak = 0;         ///< photons that white stands for, up to 1e9; 0 for no photon noise
    double share = 0;        ///< share of samples that become black or white, 0 to 1
    std::uint64_t seed = 0;  ///< each kind draws from a stream of its own
};

/// A x + noise: the picture blurred by the recipe's kernel under its boundary model, with noise. Nothing is
/// clipped. Plans FFTs: not for a GUI thread. Throws Error for a wrong kernel or boundary ("kernel",
/// "boundary"), or a noise out of range ("noise-sigma", "peak", "share").
Image simulateBlur(const Image& sharp, const Recipe& recipe, const NoiseModel& noise,
                   const KernelSource& source = makeKernel);
/// With Gaussian noise alone.
Image simulateBlur(const Image& sharp, const Recipe& recipe, double noiseSigma, std::uint64_t seed,
                   const KernelSource& source = makeKernel);

}  // namespace stillpoint
