// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "solver/image/image.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint {

/// The noise of simulated data, in the order of a camera: photons, then read-out, then wrong pixels, then the
/// converter. All of it is off at first (see physics/noise.h).
struct NoiseModel {
    double sigma = 0;  ///< deviation of Gaussian noise, from 0, on the scale where white is 1
    double peak = 0;   ///< photons that white stands for, up to 1e9; 0 for no photon noise
    double share = 0;  ///< share of samples that become black or white, 0 to 1
    int bits = 0;      ///< of the converter, 1 to 16: clips to [0,1] and rounds to 2^bits levels; 0: off
    std::uint64_t seed = 0;  ///< each kind draws from a stream of its own
};

/// What a camera makes of a scene.
struct Simulation {
    Image blurred;
    Image sharp;  ///< the part of the scene that `blurred` shows: its reference
};

/// A x + noise: the scene blurred by the recipe's kernel under its boundary model, with noise. For the
/// boundary `unknown` the scene is larger than what the camera shows: the rim that light from beyond reaches
/// is cut off, kernel - 1 rows and columns. Nothing is clipped but by the converter. Plans FFTs: not for a
/// GUI thread. Throws Error for a wrong kernel or boundary ("kernel", "boundary"), or a noise out of range
/// ("noise-sigma", "peak", "share", "bits").
Simulation simulate(const Image& scene, const Recipe& recipe, const NoiseModel& noise,
                    const KernelSource& source = makeKernel);
/// The blurred picture alone.
Image simulateBlur(const Image& sharp, const Recipe& recipe, const NoiseModel& noise,
                   const KernelSource& source = makeKernel);
/// With Gaussian noise alone.
Image simulateBlur(const Image& sharp, const Recipe& recipe, double noiseSigma, std::uint64_t seed,
                   const KernelSource& source = makeKernel);

}  // namespace stillpoint
