// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>

#include "solver/deq/adjoint.h"
#include "solver/deq/loss.h"

namespace stillpoint {

/// Which derivatives are wanted beside the parameters. Of size 0: not wanted.
struct GradientWants {
    Shape data{};             ///< the shape of y, for dl/dy
    Shape kernel{};           ///< the shape of the kernel's pixels, for dl/dkernel
    std::size_t weights = 0;  ///< Prior::weightCount(), for dl/dweights
    Gradients make() const;
};

/// What a backward pass through an equilibrium gives. Where there was nothing to differentiate (the state or
/// u is not finite) no parameter is listed and the pictures are NaN throughout.
struct ImplicitGradient {
    Gradients gradients;     ///< every real parameter by full key; data and kernel where wanted
    Buffer v;                ///< the adjoint state; its first part is the adjoint picture
    SolveSummary adjoint;    ///< how the adjoint ended
    AdjointMethod method{};  ///< that solved it
    std::vector<double> residuals;
    double forwardResidual = kNotMeasured;
    std::vector<std::string> warnings;  ///< empty for a gradient that can be trusted

    bool converged() const { return adjoint.status == SolveStatus::converged; }
};

/// dl/dtheta = v' dT/dtheta at the equilibrium z*, for a loss l with dl/dz* = u: all real parameters of the
/// iterator, the fidelity and the prior, y and the kernel's pixels. The starting point of the forward solve
/// has no influence on z*, so dl/dx0 = 0, and y only acts through T, whatever z_0 was made of. For losses
/// that depend on y or the kernel directly, addDirect() adds that part.
///
/// See AdjointSolver for z, u, forwardTolerance, guess, errors and statuses. `onStep` is called after each
/// step of the adjoint; a stop request ends between steps with status `stopped`. Cost: one application of T,
/// one linearisation, one product with J' a step, one inputsVjp.
struct AdjointHooks {
    std::function<void(const AdjointSolver&)> onStep = {};
    std::stop_token stop = {};
    ConstRealSpan guess = {};
};
ImplicitGradient implicitGradient(Iterator& iterator, ConstRealSpan z, ConstRealSpan u,
                                  const AdjointParams& params, const GradientWants& wants,
                                  double forwardTolerance, const AdjointHooks& hooks = {});

/// The last part of it, for callers who step the adjoint themselves; the solver must be done.
ImplicitGradient collectGradient(const AdjointSolver& solver, const GradientWants& wants);

/// Adds a loss's direct dependence on y and the kernel to the pictures that `gradients` holds.
void addDirect(const LossGradient& loss, Gradients& gradients);
/// gradients += other: parameters, and the pictures that `gradients` holds. For losses of several equilibria.
void add(const Gradients& other, Gradients& gradients);

}  // namespace stillpoint
