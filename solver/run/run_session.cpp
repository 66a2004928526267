// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/run_session.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/core/parallel.h"
#include "solver/core/timer.h"
#include "solver/image/metrics.h"
#include "solver/run/backtracking.h"
#include "solver/run/problem.h"

namespace stillpoint {

struct RunSession::Parts {
    RunInput input;
    RunOptions options;
    std::unique_ptr<Problem> problem;
    std::unique_ptr<FixedPointSolver> solver;
    RunRecord record;
    double dataSecondsBefore = 0;  // of problems that live changes have replaced
    double priorSecondsBefore = 0;
    double accelerationSeconds = 0;
    double metricsSeconds = 0;
    double buildSeconds = 0;

    FixedPointParams fixedPoint;
    double lastObjective = kNotMeasured;  // for criterion objective

    BacktrackingParams backtracking;
    double backtrackingSeconds = 0;
    long refusedEvaluations = 0;  // of T, with steps that were too long
    std::string stepBefore;       // at the last border, if it has been shortened since
    std::string stepWanted;       // by the recipe that was last given

    FixedPointSolver::Map map();
    void applyDescending(ConstRealSpan z, RealSpan out);
    void shortenStep();
    void settleStep();
    void readRecipe(const Recipe& full);
    void take(std::unique_ptr<Problem> next);
    std::unique_ptr<Problem> rebuilt(const Recipe& full) const;
    SolveSummary summary() const;
    Image window;  // of the estimate, where the canvas is larger
    /// On the canvas.
    ConstImageRef estimate() const { return problem->estimate(solver->state()); }
    ConstImageRef picture();
    void measure(CurvePoint& point);
    void judgeObjective(CurvePoint& point);
    void updateParts();
};

namespace {

void checkInput(const RunInput& input) {
    if (!input.blurred || input.blurred->empty()) throw Error("input", "There is no picture to restore.");
    if (!allFinite(input.blurred->samples()))
        throw Error("input", "The picture has samples that are not finite; every sample must be a number.");
    if (input.reference && input.reference->shape() != input.blurred->shape())
        throw Error("reference", "The reference is " + sizeText(input.reference->shape()) + "; it must be " +
                                     sizeText(input.blurred->shape()) + " like the picture.");
}

}  // namespace

ConstImageRef RunSession::Parts::picture() {
    const ConstImageRef x = estimate();
    if (problem->canvas().whole()) return x;
    problem->canvas().crop(x, window);
    return window;
}

void RunSession::Parts::measure(CurvePoint& point) {
    const TimedScope timed(metricsSeconds);
    const ConstImageRef x = estimate();
    if (input.reference) point.psnr = psnr(picture(), *input.reference);
    const auto [value, misfit] = problem->fidelity->measure(x);
    point.misfit = misfit / std::max(problem->fidelity->dataNorm(), 1e-30);
    if (problem->prior->offers().value) {
        const double lambda = problem->prior->lambda();
        point.objective = value + (lambda > 0 ? lambda * problem->prior->value(x) : 0);
    }
}

// Relative change of f + lambda g over one iteration against the tolerance.
void RunSession::Parts::judgeObjective(CurvePoint& point) {
    if (fixedPoint.criterion != StopCriterion::objective) return;
    if (std::isnan(point.objective)) {
        const TimedScope timed(metricsSeconds);
        point.objective = objectiveAt(*problem, estimate()).value;
    }
    const double change = std::abs(point.objective - lastObjective);
    lastObjective = point.objective;
    if (!solver->done() && change <= fixedPoint.tolerance * std::abs(point.objective))
        solver->finish(SolveStatus::converged,
                       "Converged: the objective's relative change is at or below the tolerance.");
}

void RunSession::Parts::updateParts() {
    auto& parts = record.secondsPerPart;
    parts["build"] = buildSeconds;
    parts["data"] = dataSecondsBefore + problem->iterator->dataSeconds();
    parts["prior"] = priorSecondsBefore + problem->iterator->priorSeconds();
    parts["acceleration"] = accelerationSeconds;
    parts["metrics"] = metricsSeconds;
    if (backtracking.enabled || backtrackingSeconds > 0) parts["backtracking"] = backtrackingSeconds;
}

// A problem of the same picture and kernel, whose pixels are reused whatever has become of the file they came
// from.
std::unique_ptr<Problem> RunSession::Parts::rebuilt(const Recipe& full) const {
    return std::make_unique<Problem>(problem->params, problem->kernel.clone(), *input.blurred, full,
                                     input.mask.get());
}

void RunSession::Parts::take(std::unique_ptr<Problem> next) {
    dataSecondsBefore += problem->iterator->dataSeconds();
    priorSecondsBefore += problem->iterator->priorSeconds();
    std::swap(problem, next);
}

void RunSession::Parts::readRecipe(const Recipe& full) {
    record.recipe = full;
    backtracking = readParams<BacktrackingParams>(full, "backtracking.");
    fixedPoint = readParams<FixedPointParams>(full, "");
    lastObjective = kNotMeasured;
}

SolveSummary RunSession::Parts::summary() const {
    SolveSummary summary = solver->summary();
    summary.evaluations += refusedEvaluations;
    return summary;
}

FixedPointSolver::Map RunSession::Parts::map() {
    if (backtracking.enabled) return [this](ConstRealSpan z, RealSpan out) { applyDescending(z, out); };
    return [iterator = problem->iterator.get()](ConstRealSpan z, RealSpan out) { iterator->apply(z, out); };
}

void RunSession::Parts::applyDescending(ConstRealSpan z, RealSpan out) {
    problem->iterator->apply(z, out);
    const auto objective = [&](ConstRealSpan state) {
        const TimedScope timed(backtrackingSeconds);
        return objectiveAt(*problem, problem->iterator->estimate(state));
    };
    const Objective before = objective(z);
    for (int trial = 0; trial < backtracking.max; ++trial) {
        const double step = *parseDouble(*record.recipe.find("step"));
        if (descendsEnough(before, objective(out), step, distanceSquared(z, out), backtracking)) return;
        shortenStep();
        problem->iterator->apply(z, out);
        ++refusedEvaluations;
    }
}

void RunSession::Parts::shortenStep() {
    const TimedScope timed(buildSeconds);
    const std::string current = *record.recipe.find("step");
    if (stepBefore.empty()) stepBefore = current;
    // Four digits, so that the recipe and the mark tell the step that is used.
    char text[32];
    std::snprintf(text, sizeof text, "%.3e", backtracking.eta * *parseDouble(current));
    std::replace(text, text + sizeof text, ',', '.');
    record.recipe.set("step", Value(parseDouble(text).value_or(0)));
    take(rebuilt(record.recipe));
}

// At the border after an iteration that has shortened the step.
void RunSession::Parts::settleStep() {
    record.marks.push_back(
        {solver->summary().iterations - 1,
         "step " + stepBefore + " -> " + *record.recipe.find("step") + " by backtracking"});
    stepBefore.clear();
    if (solver->done()) return;
    solver->replace(map(), fixedPoint, readParams<AndersonParams>(record.recipe, "anderson."));
}

RunSession::RunSession(const Recipe& recipe, RunInput input, RunOptions options)
    : parts_(std::make_unique<Parts>()) {
    checkInput(input);
    Parts& p = *parts_;
    p.input = std::move(input);
    p.options = std::move(options);
    setThreadCount(p.options.threads > 0 ? p.options.threads : hardwareThreads());
    {
        const TimedScope timed(p.buildSeconds);
        p.problem = build(recipe, *p.input.blurred, p.options.kernelSource, p.input.mask.get());
        if (!p.problem->canvas().whole()) p.window = Image(shape());
        p.readRecipe(Registry::builtin().complete(recipe));
        p.stepWanted = p.record.recipe.find("step").value_or("");
        p.solver = std::make_unique<FixedPointSolver>(p.map(), p.problem->iterator->stateSize(), p.fixedPoint,
                                                      readParams<AndersonParams>(recipe, "anderson."));
        p.problem->start(*p.input.blurred, p.solver->startingPoint(), p.input.start.get());
        p.record.points.reserve(static_cast<std::size_t>(p.fixedPoint.maxIter));
    }
    p.record.channels = shape().channels;
    p.record.height = shape().height;
    p.record.width = shape().width;
    p.record.threads = threadCount();
    if (p.input.reference) p.record.psnrInput = psnr(*p.input.blurred, *p.input.reference);
    p.updateParts();
}

RunSession::~RunSession() = default;
RunSession::RunSession(RunSession&&) noexcept = default;
RunSession& RunSession::operator=(RunSession&&) noexcept = default;

const CurvePoint& RunSession::step() {
    Parts& p = *parts_;
    CurvePoint point;
    point.step = p.solver->step();
    point.step.evaluations += p.refusedEvaluations;
    p.accelerationSeconds += point.step.accelerationSeconds;
    if (p.options.measure) p.measure(point);
    p.judgeObjective(point);
    p.record.points.push_back(point);
    if (!p.stepBefore.empty()) p.settleStep();
    p.record.summary = p.summary();
    return p.record.points.back();
}

bool RunSession::done() const {
    return parts_->solver->done();
}

void RunSession::stop() {
    parts_->solver->stop();
    parts_->record.summary = parts_->summary();
}

Shape RunSession::shape() const {
    return parts_->input.blurred->shape();
}

void RunSession::startFrom(ConstRealSpan state) {
    const RealSpan z = parts_->solver->startingPoint();
    if (state.size() != z.size())
        throw Error("start", "The state to start from has " + std::to_string(state.size()) +
                                 " numbers; this run's has " + std::to_string(z.size()) + ".");
    if (!allFinite(state)) throw Error("start", "The state to start from has numbers that are not finite.");
    copy(state, z);
}

ConstRealSpan RunSession::state() const {
    return parts_->solver->state();
}

Problem& RunSession::problem() {
    return *parts_->problem;
}

const RunInput& RunSession::input() const {
    return parts_->input;
}

const RunOptions& RunSession::options() const {
    return parts_->options;
}

void RunSession::estimate(ImageRef out) const {
    parts_->problem->canvas().crop(parts_->estimate(), out);
}

Image RunSession::estimate() const {
    Image picture(shape());
    estimate(picture);
    return picture;
}

namespace {

// "prior.lambda 0.01 -> 0.02, step 1 -> 1.5", or empty when nothing differs.
std::string changeText(const Recipe& before, const Recipe& after) {
    std::string text;
    for (const auto& [key, value] : after.entries()) {
        const auto old = before.find(key);
        if (old && *old == value) continue;
        text += (text.empty() ? "" : ", ") + key + " " + old.value_or("-") + " -> " + value;
    }
    return text;
}

// Whether the iteration itself is another one.
bool changesIteration(const Recipe& before, const Recipe& after) {
    return std::ranges::any_of(after.entries(), [&](const auto& entry) {
        return !entry.first.starts_with("backward.") && before.find(entry.first) != entry.second;
    });
}

void refuseRestartKeys(const Recipe& before, const Recipe& after) {
    const Registry& registry = Registry::builtin();
    for (const auto& [key, value] : after.entries()) {
        const KeyedParam keyed = registry.find(after, key);
        if (keyed.param && keyed.param->info.applies == ParamApplies::restart && before.find(key) != value)
            throw Error(key, key + " cannot change while the run goes on; start a new run.");
    }
}

}  // namespace

void RunSession::replaceRecipe(const Recipe& recipe) {
    Parts& p = *parts_;
    const Registry& registry = Registry::builtin();
    const auto issues = registry.check(recipe);
    if (!issues.empty()) throw Error(issues.front());
    Recipe full = registry.complete(recipe);
    const std::string wanted = full.find("step").value_or("");
    if (full.find("backtracking.enabled") == "true" && wanted == p.stepWanted)
        full.set("step", *p.record.recipe.find("step"));
    const std::string changes = changeText(p.record.recipe, full);
    if (changes.empty()) return;
    refuseRestartKeys(p.record.recipe, full);
    if (!changesIteration(p.record.recipe, full)) {
        p.readRecipe(full);
        return;
    }

    const TimedScope timed(p.buildSeconds);
    auto problem = p.rebuilt(full);
    if (problem->iterator->stateSize() != p.problem->iterator->stateSize())
        throw Error("prior", "This change needs a state of another size; start a new run.");
    p.take(std::move(problem));
    p.readRecipe(full);
    p.stepWanted = wanted;
    p.solver->replace(p.map(), p.fixedPoint, readParams<AndersonParams>(full, "anderson."));
    p.record.points.reserve(static_cast<std::size_t>(p.fixedPoint.maxIter));
    p.record.marks.push_back({p.solver->summary().iterations, changes});
    p.record.summary = p.summary();
}

const RunRecord& RunSession::record() const {
    parts_->updateParts();
    return parts_->record;
}

const RunRecord& RunSession::finish() {
    Parts& p = *parts_;
    {
        const TimedScope timed(p.metricsSeconds);
        p.record.summary = p.summary();
        if (p.input.reference) {
            const ConstImageRef x = p.picture();
            p.record.psnr = psnr(x, *p.input.reference);
            p.record.psnrInterior = psnr(x, *p.input.reference, p.problem->kernel.radius());
            p.record.ssim = ssim(x, *p.input.reference);
        }
        if (!p.options.measure && !p.record.points.empty()) p.measure(p.record.points.back());
    }
    p.updateParts();
    return p.record;
}

}  // namespace stillpoint
