// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "solver/deq/implicit_gradient.h"
#include "solver/deq/loss.h"
#include "solver/run/run_session.h"

namespace stillpoint {

/// Which loss of a run's estimate is differentiated. See deq/loss.h for the losses; a reference is the run's.
struct LossChoice {
    LossKind kind = LossKind::mse;
    double noiseSigma = -1;  ///< on the [0, 1] scale; below 0: not known. Needed by discrepancy and sure.
    bool operator==(const LossChoice&) const = default;
};

/// The loss that suits what is known: mse with a reference, else sure with the noise, else whiteness.
LossChoice suitableLoss(bool hasReference, double noiseSigma);

/// A real parameter of the map with the derivative of the loss.
struct ParameterGradient {
    std::string key;  ///< "prior.lambda"
    double value = 0;
    double gradient = 0;
};

/// What a backward pass gives. A plain value.
struct BackwardRecord {
    LossChoice choice;
    double loss = kNotMeasured;
    std::vector<ParameterGradient> parameters;  ///< every real parameter that T depends on
    Image data;                                 ///< dl/dy, where wanted
    Image kernel;                               ///< dl/dkernel, where wanted
    Image adjoint;                              ///< v, its part that belongs to the estimate, where wanted
    AdjointMethod method = AdjointMethod::automatic;  ///< that solved it
    /// Of the adjoint; where the loss needs several equilibria of the worst one, counts and seconds of all.
    SolveSummary summary;
    std::vector<double> residuals;  ///< one per step of the (first) adjoint
    double forwardResidual = kNotMeasured;
    std::vector<std::string> warnings;  ///< empty for a gradient that can be trusted
};

/// Progress of a backward pass, between steps.
struct BackwardStep {
    enum class Phase { forward, adjoint };
    Phase phase = Phase::adjoint;  ///< forward: the second equilibrium of a loss that needs two
    int equilibrium = 0;           ///< 0 or 1
    int iteration = 0;
    double residual = kNotMeasured;
};
struct BackwardHooks {
    std::function<void(const BackwardStep&)> onStep = {};
    std::stop_token stop = {};  ///< ends between steps, with what has been reached and a warning
};
/// Which pictures of a BackwardRecord are wanted; each costs one more picture (and the kernel a transform).
struct BackwardWants {
    bool data = false;
    bool kernel = false;
    bool adjoint = false;
};

/// A loss of the solution of a run and its implicit gradient, dl/dtheta = v' dT/dtheta with v = J'v + dl/dz
/// at the run's state (deq/implicit_gradient.h); the adjoint is solved as the run's recipe says under
/// "backward.". For `sure` it solves the problem with probed data too, from the run's state.
///
/// Keeps a reference to the run, which must not step while this lives. In the run's thread. Allocates.
class Backward {
 public:
    /// States and adjoints of an earlier Backward of a similar problem, to set out from; see takeMemory().
    struct Memory {
        Buffer second;                ///< state of the second equilibrium
        std::vector<Buffer> adjoint;  ///< one v for each equilibrium
    };

    /// Throws Error("reference"), Error("noise-sigma") or Error("loss") for what the loss needs and the run
    /// has not.
    Backward(RunSession& run, const LossChoice& choice, Memory memory = {});

    double loss(const BackwardHooks& hooks = {});
    BackwardRecord gradient(const BackwardWants& wants, const BackwardHooks& hooks = {});
    Memory takeMemory();

 private:
    std::vector<ConstImageRef> estimates(const BackwardHooks& hooks);
    void solveSecond(const BackwardHooks& hooks);
    ImplicitGradient adjointAt(std::size_t i, ConstRealSpan u, const GradientWants& shapes,
                               const BackwardHooks& hooks);

    RunSession& run_;
    LossChoice choice_;
    Memory memory_;
    std::optional<Loss> loss_;
    std::unique_ptr<RunSession> second_;
};

/// For comparison: the gradient through `iterations` plain iterations from the recipe's start ("unfolded",
/// see deq/unrolled.h), which is that of the picture they reach and tends to the implicit one. Memory: that
/// many states. Throws Error("unroll") for less than 1 iteration, Error("loss") for a loss of two equilibria.
/// The record has no adjoint equation: its method is `automatic` and its residual that of the last iteration.
BackwardRecord unrolledGradient(RunSession& run, const LossChoice& choice, int iterations,
                                const BackwardHooks& hooks = {});

}  // namespace stillpoint
