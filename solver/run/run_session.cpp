// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/run_session.h"

#include <cmath>

#include "solver/core/parallel.h"
#include "solver/core/timer.h"
#include "solver/image/metrics.h"
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

    FixedPointSolver::Map map() {
        return
            [iterator = problem->iterator.get()](ConstRealSpan z, RealSpan out) { iterator->apply(z, out); };
    }
    ConstImageRef estimate() const { return problem->iterator->estimate(solver->state()); }
    void measure(CurvePoint& point);
    void updateParts();
};

namespace {

void checkInput(const RunInput& input) {
    if (!input.blurred || input.blurred->empty()) throw Error("input", "There is no picture to restore.");
    if (!allFinite(input.blurred->samples()))
        throw Error("input", "The picture has samples that are not finite; every sample must be a number.");
    if (input.reference && input.reference->shape() != input.blurred->shape()) {
        const auto text = [](const Shape& s) {
            return std::to_string(s.width) + " x " + std::to_string(s.height) + " with " +
                   std::to_string(s.channels) + (s.channels == 1 ? " channel" : " channels");
        };
        throw Error("reference", "The reference is " + text(input.reference->shape()) + "; it must be " +
                                     text(input.blurred->shape()) + " like the picture.");
    }
}

}  // namespace

void RunSession::Parts::measure(CurvePoint& point) {
    const TimedScope timed(metricsSeconds);
    const ConstImageRef x = estimate();
    if (input.reference) point.psnr = psnr(x, *input.reference);
    const auto [value, misfit] = problem->fidelity->measure(x);
    point.misfit = misfit / std::max(problem->fidelity->dataNorm(), 1e-30);
    if (problem->prior->offers().value) {
        const double lambda = problem->prior->lambda();
        point.objective = value + (lambda > 0 ? lambda * problem->prior->value(x) : 0);
    }
}

void RunSession::Parts::updateParts() {
    auto& parts = record.secondsPerPart;
    parts["build"] = buildSeconds;
    parts["data"] = dataSecondsBefore + problem->iterator->dataSeconds();
    parts["prior"] = priorSecondsBefore + problem->iterator->priorSeconds();
    parts["acceleration"] = accelerationSeconds;
    parts["metrics"] = metricsSeconds;
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
        p.problem = build(recipe, *p.input.blurred, p.options.kernelSource);
        const auto fixedPoint = readParams<FixedPointParams>(recipe, "");
        p.solver = std::make_unique<FixedPointSolver>(p.map(), p.problem->iterator->stateSize(), fixedPoint,
                                                      readParams<AndersonParams>(recipe, "anderson."));
        p.problem->start(*p.input.blurred, p.solver->startingPoint());
        p.record.points.reserve(static_cast<std::size_t>(fixedPoint.maxIter));
    }
    p.record.recipe = Registry::builtin().complete(recipe);
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
    p.accelerationSeconds += point.step.accelerationSeconds;
    if (p.options.measure) p.measure(point);
    p.record.points.push_back(point);
    p.record.summary = p.solver->summary();
    return p.record.points.back();
}

bool RunSession::done() const {
    return parts_->solver->done();
}

void RunSession::stop() {
    parts_->solver->stop();
    parts_->record.summary = parts_->solver->summary();
}

Shape RunSession::shape() const {
    return parts_->input.blurred->shape();
}

void RunSession::estimate(ImageRef out) const {
    copy(parts_->estimate(), out);
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
    const Recipe full = registry.complete(recipe);
    const std::string changes = changeText(p.record.recipe, full);
    if (changes.empty()) return;
    refuseRestartKeys(p.record.recipe, full);

    const TimedScope timed(p.buildSeconds);
    // The kernel has not changed: its pixels are reused, whatever has become of the file they came from.
    auto problem =
        std::make_unique<Problem>(p.problem->params, p.problem->kernel.clone(), *p.input.blurred, full);
    if (problem->iterator->stateSize() != p.problem->iterator->stateSize())
        throw Error("prior", "This change needs a state of another size; start a new run.");
    p.dataSecondsBefore += p.problem->iterator->dataSeconds();
    p.priorSecondsBefore += p.problem->iterator->priorSeconds();
    std::swap(p.problem, problem);
    const auto fixedPoint = readParams<FixedPointParams>(full, "");
    p.solver->replace(p.map(), fixedPoint, readParams<AndersonParams>(full, "anderson."));
    p.record.points.reserve(static_cast<std::size_t>(fixedPoint.maxIter));
    p.record.recipe = full;
    p.record.marks.push_back({p.solver->summary().iterations, changes});
    p.record.summary = p.solver->summary();
}

const RunRecord& RunSession::record() const {
    parts_->updateParts();
    return parts_->record;
}

const RunRecord& RunSession::finish() {
    Parts& p = *parts_;
    {
        const TimedScope timed(p.metricsSeconds);
        p.record.summary = p.solver->summary();
        if (p.input.reference) {
            const ConstImageRef x = p.estimate();
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
