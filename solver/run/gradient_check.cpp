// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "solver/run/problem.h"

namespace stillpoint {
namespace {

constexpr double kLength = sizeof(Real) == 8 ? 1e-3 : 0.05;
constexpr double kResolved = 1e-3;
// A run that rounding keeps above the tolerance is near enough below this.
constexpr double kNear = 50 * kDifferenceTolerance;
constexpr int kStallWindow = 300;
constexpr int kMaxIter = 20000;

}  // namespace

double finiteDifference(RunSession& run, const LossChoice& choice, const std::string& key,
                        const BackwardHooks& hooks) {
    const Recipe& at = run.record().recipe;
    const KeyedParam keyed = Registry::builtin().find(at, key);
    if (keyed.param == nullptr || keyed.param->kind != ParamKind::real)
        throw Error(key, "'" + key + "' is no real parameter of the selected components.");
    const double value = *parseDouble(Registry::builtin().valueText(at, key));
    const double length = kLength * (value != 0 ? std::abs(value) : 1);
    const auto& info = keyed.param->info;
    double ends[2] = {std::max(value - length, info.minimum), std::min(value + length, info.maximum)};
    double losses[2];
    for (int side = 0; side < 2; ++side) {
        Recipe moved = at;
        moved.set(key, Value(ends[side]));
        moved.set("max-iter", Value(std::int64_t{kMaxIter}));
        moved.set("tolerance", Value(kDifferenceTolerance));
        moved.set("stall-window", Value(std::int64_t{kStallWindow}));
        RunOptions options = run.options();
        options.measure = false;
        options.kernelSource = [&](const std::string&) { return run.problem().kernel.clone(); };
        RunSession other(moved, run.input(), options);
        other.startFrom(run.state());
        while (!other.done()) {
            if (hooks.stop.stop_requested()) return kNotMeasured;
            const IterationRecord& step = other.step().step;
            if (hooks.onStep)
                hooks.onStep({BackwardStep::Phase::forward, side, step.iteration, step.residual});
        }
        if (!(other.record().summary.bestResidual <= kNear)) return kNotMeasured;
        losses[side] = Backward(other, choice).loss(hooks);
    }
    return (losses[1] - losses[0]) / (ends[1] - ends[0]);
}

double relativeError(double gradient, double difference, double value, double loss) {
    const double resolved = kResolved * std::abs(loss) / (value != 0 ? std::abs(value) : 1);
    return std::abs(gradient - difference) /
           std::max({std::abs(gradient), std::abs(difference), resolved, 1e-300});
}

}  // namespace stillpoint
