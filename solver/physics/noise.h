// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "solver/image/image.h"

namespace stillpoint {

/// Noise for simulated data. Sample i in memory order (each channel by itself) is a function of its value,
/// the parameters, seed and i alone, from number i of the stream `seed` (core/rng.h) and IEEE operations: the
/// same on every machine and for any thread count. Nothing is clipped.

/// Adds Gaussian noise of deviation sigma (on the [0,1] scale): sigma * normalAt(seed, i).
void addGaussianNoise(ImageRef picture, double sigma, std::uint64_t seed);

/// Replaces each sample by count / peak, the count being Poisson-distributed with mean peak * sample: photon
/// noise where white is `peak` photons (above 0, at most 1e9). A sample of 0 or below becomes 0. Variance:
/// sample / peak. The time per sample grows with the square root of the count.
void addPoissonNoise(ImageRef picture, double peak, std::uint64_t seed);

/// Replaces the share `share` (0 to 1) of the samples by 0 or 1, with equal chances ("salt and pepper").
void addImpulseNoise(ImageRef picture, double share, std::uint64_t seed);

/// Count of the Poisson distribution of mean `mean` (0 to 1e9) that belongs to u, uniform in (0, 1): the
/// probabilities of the counts are taken off u, the most likely first, until nothing is left.
double poissonCount(double mean, double u);

}  // namespace stillpoint
