// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>

#include "solver/core/rng.h"
#include "solver/nn/denoiser_network.h"
#include "solver/nn/ridge_bank.h"

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

/// Weights of a ridge regulariser whose responses to random pictures reach all pieces of a bumpy profile.
inline Weights randomRidge(const RidgeArchitecture& architecture, std::uint64_t seed = 1) {
    Weights weights = freshRidge(architecture, seed);
    for (const Weights::Slice& slice : weights.slices())
        for (std::size_t k = 0; k < slice.size; ++k) {
            Real& value = weights.values()[slice.offset + k];
            const double noise = normalAt(seed + 100, slice.offset + k);
            if (slice.name == "slopes") value = static_cast<Real>(noise - 1);
            if (slice.name == "scale" || slice.name == "power") value += static_cast<Real>(0.2 * noise);
        }
    for (std::size_t k = 0; k < weights.slices().size(); ++k)
        if (weights.slices()[k].name == "scale")
            for (Real& value : weights.values(k)) value -= Real(2.5);
    return weights;
}

/// Name of a weights file with a small ridge regulariser for colour pictures, as long as the test runs.
std::string testRidge();

/// Name of a weights file with a small network that exists as long as the test runs: three colours, residual,
/// unshuffled, with a noise map; its maps contract.
std::string testModel();

}  // namespace stillpoint
