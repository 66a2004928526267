// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "solver/deq/jacobian.h"
#include "solver/run/backward.h"

namespace stillpoint {

/// How T contracts at a run's state, by power iterations from a Gaussian start (deq/jacobian.h).
struct Contraction {
    double radius =
        kNotMeasured;  ///< spectral radius of J: factor by which a plain iteration shrinks its residual
    double norm = kNotMeasured;  ///< spectral norm of J: Lipschitz constant of T
    int radiusIterations = 0, normIterations = 0;
    /// Plain iterations from the run's residual at the start to its tolerance, as the radius predicts them; 0
    /// if it is there, infinite for a radius of at least 1.
    double predictedIterations = kNotMeasured;
    std::string warning;  ///< a sentence when plain iterations hardly or never converge
};

/// In the run's thread, between its steps. Cost: a product with J' a step for the radius, three times that
/// for the norm; at most PowerParams::maxIter steps each. Allocates seven states. A stop request ends between
/// steps with what has been found.
Contraction contractionAt(RunSession& run, const BackwardHooks& hooks = {});

}  // namespace stillpoint
