// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "solver/run/backward.h"
#include "solver/training/minimiser.h"

namespace stillpoint {

/// What is learned, from what, and how.
struct TuneParams {
    std::vector<std::string> parameters;  ///< full keys of real parameters: "prior.lambda", "step"
    LossChoice loss;
    MinimiserParams minimiser;
};

/// One evaluation: the equilibrium at these values, its loss and gradient.
struct TuneStep {
    int step = 0;                  ///< 1, 2, ...
    std::vector<double> values;    ///< of the parameters, in their order
    std::vector<double> gradient;  ///< with respect to the values themselves
    double loss = kNotMeasured;
    double psnr = kNotMeasured;  ///< with a reference
    double seconds = 0;          ///< of this step
    SolveSummary forward, adjoint;
    std::vector<std::string> warnings;
};

/// Learns real parameters for one picture by implicit gradients: minimises a loss of the equilibrium over
/// their values. Parameters whose range lies above 0 move on a logarithmic scale, others on the scale of
/// their range. Keys that the recipe leaves out take the registry's suggestions at each step, so that a
/// growing weight does not leave the step of GD behind.
///     Tuner tuner(recipe, input, params, options);
///     while (!tuner.done()) tuner.step();
///     ... tuner.best() ...
/// Each step sets out from the state and the adjoint of the last. A solve or adjoint that does not converge
/// still gives a step; its warnings tell. One thread; the caller owns the loop.
class Tuner {
 public:
    /// Throws Error (parameters, loss, or what RunSession throws) for parameters that are unknown, not real,
    /// not differentiable, given twice or 0 on a logarithmic scale.
    Tuner(const Recipe& recipe, RunInput input, TuneParams params, RunOptions options = {});

    /// One evaluation. Between its iterations a stop request is heeded: the tuner is then done.
    const TuneStep& step(const BackwardHooks& hooks = {});
    bool done() const { return stopped_ || minimiser_->done(); }
    /// Why it is done.
    std::string ending() const;

    const TuneParams& params() const { return params_; }
    std::span<const TuneStep> steps() const { return steps_; }
    /// The step with the smallest loss; null before the first finite one.
    const TuneStep* bestStep() const;
    /// Complete recipe with the learned values, and the estimate it gives (that of bestStep(); empty before).
    Recipe best() const;
    const Image& bestEstimate() const { return bestEstimate_; }

 private:
    Recipe recipeAt(std::span<const double> values) const;
    std::vector<double> valuesAt(std::span<const double> point) const;
    RunSession solved(const Recipe& recipe, const BackwardHooks& hooks);

    Recipe recipe_;
    RunInput input_;
    TuneParams params_;
    RunOptions options_;
    std::vector<const Param*> infos_;
    std::unique_ptr<Minimiser> minimiser_;
    Buffer state_;
    Backward::Memory memory_;
    std::vector<TuneStep> steps_;
    Image bestEstimate_;
    bool stopped_ = false;
};

/// Keys of the real parameters that can be learned under the recipe's selections.
std::vector<std::string> tunableParameters(const Recipe& recipe);

}  // namespace stillpoint
