// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/tune.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/core/timer.h"
#include "solver/image/metrics.h"
#include "solver/run/problem.h"

namespace stillpoint {
namespace {

// Ranges that begin at 0 end far below anything useful: this share of their largest value is the smallest
// that is tried.
constexpr double kSmallestShare = 1e-9;

bool logarithmic(const Param& param) {
    return param.info.minimum >= 0;
}

// Coordinates of the minimiser, in which a step of 1 is a large one.
double coordinate(const Param& param, double value) {
    if (logarithmic(param)) return std::log(value);
    return 4 * (value - param.info.minimum) / (param.info.maximum - param.info.minimum);
}
double valueAt(const Param& param, double coordinate) {
    if (logarithmic(param)) return std::clamp(std::exp(coordinate), param.info.minimum, param.info.maximum);
    return param.info.minimum + coordinate / 4 * (param.info.maximum - param.info.minimum);
}
// d value / d coordinate
double scaleAt(const Param& param, double value) {
    return logarithmic(param) ? value : (param.info.maximum - param.info.minimum) / 4;
}

std::string listOf(const std::vector<std::string>& keys) {
    std::string text;
    for (const auto& key : keys) text += (text.empty() ? "" : ", ") + key;
    return text;
}

void checkParameters(const Recipe& recipe, const std::vector<std::string>& keys) {
    const auto allowed = tunableParameters(recipe);
    if (keys.empty())
        throw Error("parameters", "No parameter to learn is named; allowed are " + listOf(allowed) + ".");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (std::ranges::find(allowed, keys[i]) == allowed.end())
            throw Error("parameters", "'" + keys[i] +
                                          "' cannot be learned with these components; allowed are " +
                                          listOf(allowed) + ".");
        if (std::ranges::count(keys, keys[i]) > 1)
            throw Error("parameters", "'" + keys[i] + "' is named more than once.");
    }
}

}  // namespace

std::vector<std::string> tunableParameters(const Recipe& recipe) {
    const Image tiny(1, 8, 8);
    Recipe plain = recipe;
    plain.set("kernel", "box:size=3");
    plain.set("start", "blurred");
    const auto problem = build(plain, tiny, makeKernel);
    Iterator& iterator = *problem->iterator;
    Buffer z(iterator.stateSize());
    problem->start(tiny, z.span());
    iterator.linearise(z.span());
    Gradients gradients;
    iterator.inputsVjp(z.span(), gradients);
    std::vector<std::string> keys;
    for (const auto& group : Registry::builtin().groups(plain))
        for (const auto& param : group.table->params()) {
            const auto& entries = gradients.parameters.entries();
            const std::string key = group.prefix + param.key;
            if (std::ranges::any_of(entries, [&](const auto& entry) { return entry.first == key; }))
                keys.push_back(key);
        }
    return keys;
}

Tuner::Tuner(const Recipe& recipe, RunInput input, TuneParams params, RunOptions options)
    : recipe_(recipe), input_(std::move(input)), params_(std::move(params)), options_(std::move(options)) {
    const Registry& registry = Registry::builtin();
    const auto issues = registry.check(recipe);
    if (!issues.empty()) throw Error(issues.front());
    checkParameters(recipe, params_.parameters);
    options_.measure = false;
    const Recipe suggested = registry.suggest(recipe, params_.loss.noiseSigma);
    std::vector<double> start, lower, upper;
    for (const auto& key : params_.parameters) {
        const Param& param = *registry.find(recipe, key).param;
        const double value = *parseDouble(registry.valueText(suggested, key));
        if (logarithmic(param) && !(value > 0))
            throw Error("parameters", "'" + key + "' starts at " + toText(value) +
                                          "; a number above 0 is needed, because it is learned on a "
                                          "logarithmic scale.");
        infos_.push_back(&param);
        start.push_back(coordinate(param, value));
        const double least = std::max(param.info.minimum, kSmallestShare * param.info.maximum);
        lower.push_back(coordinate(param, logarithmic(param) ? std::min(least, value) : param.info.minimum));
        upper.push_back(coordinate(param, param.info.maximum));
    }
    minimiser_ = makeMinimiser(std::move(start), std::move(lower), std::move(upper), params_.minimiser);
    // What the loss lacks is told now, not after the first solve.
    RunSession first(recipeAt(valuesAt(minimiser_->point())), input_, options_);
    Backward(first, params_.loss);
}

Recipe Tuner::recipeAt(std::span<const double> values) const {
    Recipe recipe = recipe_;
    for (std::size_t i = 0; i < values.size(); ++i) recipe.set(params_.parameters[i], Value(values[i]));
    return Registry::builtin().complete(Registry::builtin().suggest(recipe, params_.loss.noiseSigma));
}

std::vector<double> Tuner::valuesAt(std::span<const double> point) const {
    std::vector<double> values;
    for (std::size_t i = 0; i < point.size(); ++i) {
        // Six digits: the recipe's text is what is solved, and it stays readable.
        char text[32];
        std::snprintf(text, sizeof text, "%.6g", valueAt(*infos_[i], point[i]));
        std::replace(text, text + sizeof text, ',', '.');
        values.push_back(
            std::clamp(parseDouble(text).value_or(0), infos_[i]->info.minimum, infos_[i]->info.maximum));
    }
    return values;
}

RunSession Tuner::solved(const Recipe& recipe, const BackwardHooks& hooks) {
    RunSession run(recipe, input_, options_);
    if (state_.size() == run.state().size()) run.startFrom(state_.span());
    while (!run.done()) {
        if (hooks.stop.stop_requested()) {
            run.stop();
            break;
        }
        const IterationRecord& record = run.step().step;
        if (hooks.onStep) hooks.onStep({BackwardStep::Phase::forward, 0, record.iteration, record.residual});
    }
    return run;
}

const TuneStep& Tuner::step(const BackwardHooks& hooks) {
    TuneStep step;
    bool usable = false;
    {
        const TimedScope timed(step.seconds);
        step.step = static_cast<int>(steps_.size()) + 1;
        step.values = valuesAt(minimiser_->point());
        RunSession run = solved(recipeAt(step.values), hooks);
        step.forward = run.record().summary;
        if (step.forward.status != SolveStatus::converged) step.warnings.push_back(step.forward.message);
        Backward backward(run, params_.loss, std::move(memory_));
        const BackwardRecord record = backward.gradient({}, hooks);
        step.loss = record.loss;
        step.adjoint = record.summary;
        step.warnings.insert(step.warnings.end(), record.warnings.begin(), record.warnings.end());
        for (const auto& key : params_.parameters)
            for (const auto& entry : record.parameters)
                if (entry.key == key) step.gradient.push_back(entry.gradient);
        step.gradient.resize(params_.parameters.size(), kNotMeasured);
        if (input_.reference) step.psnr = psnr(run.estimate(), *input_.reference);
        const bool diverged = step.forward.status == SolveStatus::diverged;
        memory_ = diverged ? Backward::Memory{} : backward.takeMemory();
        if (!diverged) {
            state_ = Buffer(run.state().size());
            copy(run.state(), state_.span());
        }
        stopped_ = hooks.stop.stop_requested();
        // The best iterate of a diverged solve is no equilibrium: its loss says nothing about these values.
        usable = !diverged && !stopped_;
        if (usable && step.loss < minimiser_->bestValue()) bestEstimate_ = run.estimate();
    }
    if (!stopped_) {
        std::vector<double> gradient(step.gradient);
        for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] *= scaleAt(*infos_[i], step.values[i]);
        minimiser_->tell(usable ? step.loss : kNotMeasured, gradient);
    }
    steps_.push_back(std::move(step));
    return steps_.back();
}

std::string Tuner::ending() const {
    return stopped_ ? "Stopped; the best values so far are kept." : minimiser_->ending();
}

const TuneStep* Tuner::bestStep() const {
    const TuneStep* best = nullptr;
    for (const TuneStep& step : steps_)
        if (step.loss == minimiser_->bestValue()) best = &step;
    return best;
}

Recipe Tuner::best() const {
    const TuneStep* step = bestStep();
    return recipeAt(step ? step->values : valuesAt(minimiser_->point()));
}

}  // namespace stillpoint
