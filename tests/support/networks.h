// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>

#include "solver/core/rng.h"
#include "solver/nn/denoiser_network.h"

namespace stillpoint {

/// Weights of any size and sign, biases too, so that units of all layers are open and closed.
inline Weights randomWeights(const DenoiserArchitecture& architecture, double size = 0.8,
                             std::uint64_t seed = 1) {
    Weights weights = weightsOf(architecture.layers());
    for (const Weights::Slice& slice : weights.slices()) {
        const double fan = slice.shape.size() > 1 ? 9.0 * slice.shape[1] : 4;
        for (std::size_t k = 0; k < slice.size; ++k)
            weights.values()[slice.offset + k] =
                static_cast<Real>(size * normalAt(seed, slice.offset + k) / std::sqrt(fan));
    }
    return weights;
}

/// Name of a weights file with a small network that exists as long as the test runs: three colours, residual,
/// unshuffled, with a noise map; its maps contract.
std::string testModel();

}  // namespace stillpoint
