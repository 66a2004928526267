// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/noise.h"

#include "solver/core/parallel.h"
#include "solver/core/rng.h"

namespace stillpoint {

void addGaussianNoise(ImageRef picture, double sigma, std::uint64_t seed) {
    const auto samples = picture.samples();
    parallelRanges(samples.size(), 4096, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            samples[i] = static_cast<Real>(static_cast<double>(samples[i]) + sigma * normalAt(seed, i));
    });
}

}  // namespace stillpoint
