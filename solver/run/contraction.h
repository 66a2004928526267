// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
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
    bool settled = false;  ///< the radius had stopped changing: if not, it is a lower bound
    /// Plain iterations from the run's residual at the start to its tolerance, as the radius predicts them; 0
    /// if it is there, infinite for a radius of at least 1.
    double predictedIterations = kNotMeasured;
    std::string warning;  ///< a sentence when plain iterations hardly or never converge
};

/// In the run's thread, between its steps. Cost: a product with J' a step for the radius, three times that
/// for the norm; at most PowerParams::maxIter steps each. Allocates seven states. A stop request ends between
/// steps with what has been found.
Contraction contractionAt(RunSession& run, const BackwardHooks& hooks = {});

/// The radius alone, step by step, for a caller who owns the loop and has other things to do between steps.
/// In the run's thread. Linearises at the run's state when made, so the run must neither step nor change its
/// recipe while this lives. Cost: a product with J' a step. Allocates three states and what the linearisation
/// takes.
class RadiusMeasurement {
 public:
    explicit RadiusMeasurement(RunSession& run);
    bool done() const { return power_->done(); }
    /// Must not be called when done().
    void step() { power_->step(); }
    void stop() { power_->stop(); }
    /// Change of the radius over the last steps, relative; NaN before.
    double change() const { return power_->change(); }
    int iterations() const { return power_->iterations(); }
    /// What is known so far: radius, prediction and warning, without the norm.
    Contraction result() const;

 private:
    RunSession& run_;
    std::unique_ptr<SpectralRadius> power_;
};

}  // namespace stillpoint
