// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

#include "solver/nn/ridge_bank.h"

namespace stillpoint {

/// The profile of one filter of a bank at one noise level, for inner loops. The bank must outlive it.
struct RidgeProfile {
    RidgeProfile(const RidgeBank& bank, int filter, double sigma)
        : starts(bank.starts().data()),
          slopes(bank.slopes().data()),
          last(static_cast<Real>(bank.slopes().size() - 1)),
          alpha(static_cast<Real>(bank.alpha(filter, sigma))),
          perPiece(alpha / static_cast<Real>(RidgeBank::kPiece)),
          scale(1 / alpha) {}
    /// The piece on which a response stands. What is no number stands on the last.
    int piece(Real response) const {
        const Real at = std::abs(response) * perPiece;
        return static_cast<int>(at < last ? at : last);
    }
    /// psi'(alpha y) / alpha
    Real derivative(Real response) const {
        const int k = piece(response);
        const Real size = starts[k] + slopes[k] * (alpha * std::abs(response));
        return scale * size * std::copysign(Real(1), response);
    }
    const Real* starts;
    const Real* slopes;
    Real last, alpha, perPiece, scale;
};

}  // namespace stillpoint
