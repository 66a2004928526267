// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/backward.h"

#include <algorithm>
#include <cmath>

#include "solver/deq/unrolled.h"
#include "solver/run/problem.h"

namespace stillpoint {
namespace {

LossParams paramsOf(RunSession& run, const LossChoice& choice) {
    LossParams params;
    params.kind = choice.kind;
    params.noiseSigma = std::max(choice.noiseSigma, 0.0);
    if (run.input().reference) params.reference = run.input().reference->ref();
    return params;
}

double toleranceOf(const RunSession& run) {
    return readParams<FixedPointParams>(run.record().recipe, "").tolerance;
}

// How bad an end is: of several adjoints the worst is told.
int rank(SolveStatus status) {
    switch (status) {
        case SolveStatus::converged:
            return 0;
        case SolveStatus::limit:
            return 1;
        case SolveStatus::stalled:
            return 2;
        case SolveStatus::diverged:
            return 3;
        default:
            return 4;
    }
}

SolveSummary together(const SolveSummary& a, const SolveSummary& b) {
    SolveSummary sum = rank(b.status) > rank(a.status) ? b : a;
    sum.iterations = a.iterations + b.iterations;
    sum.evaluations = a.evaluations + b.evaluations;
    sum.seconds = a.seconds + b.seconds;
    sum.residual = std::max(a.residual, b.residual);
    return sum;
}

std::shared_ptr<const Image> maskOf(RunSession& run) {
    const Problem& problem = run.problem();
    if (problem.mask.empty()) return nullptr;
    auto mask = std::make_shared<Image>(run.shape());
    problem.canvas().crop(problem.mask, *mask);
    return mask;
}

// Relaxation 1 is the map itself, which therefore does not list it: T_rho = z + rho (T - z) has the
// derivative T(z) - z by rho.
void addRelaxation(Iterator& iterator, ConstRealSpan z, ConstRealSpan v, ParameterGradients& parameters) {
    Buffer moved(z.size());
    iterator.apply(z, moved.span());
    parameters.add("relaxation", dot(v, moved.span()) - dot(v, z));
}

bool lists(const ParameterGradients& parameters, std::string_view key) {
    return std::ranges::any_of(parameters.entries(), [&](const auto& entry) { return entry.first == key; });
}

// In the order of the forms.
std::vector<ParameterGradient> tableOf(const Recipe& recipe, const ParameterGradients& gradients) {
    std::vector<ParameterGradient> table;
    const Registry& registry = Registry::builtin();
    for (const ParamGroup& group : registry.groups(recipe))
        for (const Param& param : group.table->params()) {
            const std::string key = group.prefix + param.key;
            if (!lists(gradients, key)) continue;
            table.push_back({key, parseDouble(registry.valueText(recipe, key)).value_or(kNotMeasured),
                             gradients.at(key)});
        }
    return table;
}

// How the adjoint ended; the first one noted gives the curve.
void note(ImplicitGradient& part, BackwardRecord& record) {
    const bool first = record.method == AdjointMethod::automatic;
    record.summary = first ? part.adjoint : together(record.summary, part.adjoint);
    for (auto& warning : part.warnings)
        if (std::ranges::find(record.warnings, warning) == record.warnings.end())
            record.warnings.push_back(std::move(warning));
    if (!first) return;
    record.method = part.method;
    record.residuals = std::move(part.residuals);
    record.forwardResidual = part.forwardResidual;
}

}  // namespace

LossChoice suitableLoss(bool hasReference, double noiseSigma) {
    if (hasReference) return {LossKind::mse, noiseSigma};
    return {noiseSigma > 0 ? LossKind::sure : LossKind::whiteness, noiseSigma};
}

Backward::Backward(RunSession& run, const LossChoice& choice, Memory memory)
    : run_(run), choice_(choice), memory_(std::move(memory)) {
    loss_.emplace(paramsOf(run, choice), *run.problem().fidelity);
}

void Backward::solveSecond(const BackwardHooks& hooks) {
    auto data = std::make_shared<Image>(run_.shape());
    copy(loss_->probedData(), *data);
    Recipe recipe = run_.record().recipe;
    recipe.set("start", "blurred");
    RunOptions options = run_.options();
    options.measure = false;
    options.kernelSource = [&](const std::string&) { return run_.problem().kernel.clone(); };
    // The very mask of the first: the probe must not carry a sample over a threshold.
    recipe.set("clip-level", Value(0.0));
    recipe.set("dead-level", Value(0.0));
    second_ = std::make_unique<RunSession>(recipe, RunInput{data, nullptr, nullptr, maskOf(run_)}, options);
    const bool remembered = memory_.second.size() == run_.state().size();
    second_->startFrom(remembered ? ConstRealSpan(memory_.second.span()) : run_.state());
    while (!second_->done()) {
        if (hooks.stop.stop_requested()) {
            second_->stop();
            break;
        }
        const IterationRecord& step = second_->step().step;
        if (hooks.onStep) hooks.onStep({BackwardStep::Phase::forward, 1, step.iteration, step.residual});
    }
}

std::vector<ConstImageRef> Backward::estimates(const BackwardHooks& hooks) {
    std::vector<ConstImageRef> pictures{run_.problem().estimate(run_.state())};
    if (loss_->solves() > 1) {
        if (!second_) solveSecond(hooks);
        pictures.push_back(second_->problem().estimate(second_->state()));
    }
    return pictures;
}

double Backward::loss(const BackwardHooks& hooks) {
    return loss_->value(estimates(hooks));
}

ImplicitGradient Backward::adjointAt(std::size_t i, ConstRealSpan u, const GradientWants& shapes,
                                     const BackwardHooks& hooks) {
    RunSession& run = i == 0 ? run_ : *second_;
    Iterator& iterator = *run.problem().iterator;
    AdjointHooks adjointHooks;
    adjointHooks.stop = hooks.stop;
    if (hooks.onStep)
        adjointHooks.onStep = [&](const AdjointSolver& solver) {
            hooks.onStep({BackwardStep::Phase::adjoint, static_cast<int>(i), solver.record().iteration,
                          solver.record().residual});
        };
    const Buffer& guess = memory_.adjoint[i];
    if (guess.size() == run.state().size()) adjointHooks.guess = guess.span();
    const Recipe& recipe = run.record().recipe;
    ImplicitGradient result = implicitGradient(iterator, run.state(), u, readAdjointParams(recipe), shapes,
                                               toleranceOf(run), adjointHooks);
    if (!lists(result.gradients.parameters, "relaxation") &&
        Registry::builtin().find(recipe, "relaxation").param)
        addRelaxation(iterator, run.state(), result.v.span(), result.gradients.parameters);
    return result;
}

BackwardRecord Backward::gradient(const BackwardWants& wants, const BackwardHooks& hooks) {
    const auto pictures = estimates(hooks);
    const Canvas& canvas = run_.problem().canvas();
    const GradientWants shapes{wants.data ? canvas.shape() : Shape{},
                               wants.kernel ? run_.problem().kernel.pixels.shape() : Shape{}};
    LossGradient direct;
    if (wants.data) direct.data = Image(canvas.picture());
    if (wants.kernel) direct.kernel = Image(shapes.kernel);
    loss_->gradient(pictures, direct);

    BackwardRecord record;
    record.choice = choice_;
    record.loss = direct.value;
    if (second_ && second_->record().summary.status != SolveStatus::converged)
        record.warnings.push_back("The second equilibrium that the loss needs did not converge: " +
                                  second_->record().summary.message);
    Gradients sum = shapes.make();
    memory_.adjoint.resize(pictures.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        ImplicitGradient part = adjointAt(i, direct.estimates[i].samples(), shapes, hooks);
        add(part.gradients, sum);
        note(part, record);
        if (i == 0 && wants.adjoint) {
            record.adjoint = Image(run_.shape());
            canvas.crop(run_.problem().estimate(part.v.span()), record.adjoint);
        }
        memory_.adjoint[i] = std::move(part.v);
    }
    if (wants.data) {  // through the data's extension beyond the rim
        Image data(canvas.picture());
        canvas.extendAdjoint(sum.data, data);
        sum.data = std::move(data);
    }
    addDirect(direct, sum);
    record.parameters = tableOf(run_.record().recipe, sum.parameters);
    record.data = std::move(sum.data);
    record.kernel = std::move(sum.kernel);
    return record;
}

BackwardRecord unrolledGradient(RunSession& run, const LossChoice& choice, int iterations,
                                const BackwardHooks& hooks) {
    if (iterations < 1)
        throw Error("unroll", "unroll is " + std::to_string(iterations) + "; allowed is a number from 1.");
    Problem& problem = run.problem();
    Iterator& iterator = *problem.iterator;
    Loss loss(paramsOf(run, choice), *problem.fidelity);
    if (loss.solves() > 1)
        throw Error("loss", "The loss " + loss.info().name +
                                " needs two equilibria, which unrolled iterations do not have.");
    const Timer timer;
    BackwardRecord record;
    record.choice = choice;
    UnrolledSolve solve(iterator, iterations);
    problem.start(*run.input().blurred, solve.startingPoint(), run.input().start.get());
    while (!solve.done() && !hooks.stop.stop_requested()) {
        record.summary.residual = solve.step();
        record.residuals.push_back(record.summary.residual);
        if (hooks.onStep)
            hooks.onStep({BackwardStep::Phase::forward, 0, static_cast<int>(record.residuals.size()),
                          record.summary.residual});
    }
    record.summary.iterations = static_cast<int>(record.residuals.size());
    record.summary.status = SolveStatus::stopped;
    record.summary.message = "Stopped.";
    if (solve.done()) {
        const ConstImageRef estimate[] = {iterator.estimate(solve.state())};
        LossGradient direct;
        loss.gradient(estimate, direct);
        const UnrolledGradient result =
            solve.backward(direct.estimates[0].samples(), GradientWants{}, hooks.stop);
        record.loss = direct.value;
        record.parameters = tableOf(run.record().recipe, result.gradients.parameters);
        if (result.complete) {
            record.summary.status = SolveStatus::limit;
            record.summary.message = "Went back through all iterations.";
        } else {
            record.summary.message = result.message;
            record.warnings.push_back(result.message);
        }
    }
    record.summary.seconds = timer.seconds();
    return record;
}

Backward::Memory Backward::takeMemory() {
    if (second_) {
        memory_.second = Buffer(second_->state().size());
        copy(second_->state(), memory_.second.span());
    }
    return std::move(memory_);
}

}  // namespace stillpoint
