// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/backward_desk.h"

#include "ui/params/number_text.h"

namespace stillpoint {
namespace {

using Compare = PictureView::Compare;

double noiseOf(const ProblemChoice& problem) {
    if (problem.mode == ProblemChoice::Mode::simulate) return problem.noiseSigma;
    return problem.noiseKnown ? problem.knownSigma : -1;
}

/// The run's recipe with the keys of the backward pass as they are wanted now.
Recipe withBackwardKeys(Recipe run, const Recipe& wanted) {
    for (const auto& [key, value] : wanted.entries())
        if (key.starts_with("backward.")) run.set(key, value);
    return run;
}

}  // namespace

BackwardDesk::BackwardDesk(Document& document, RunsModel& runs, RunDesk& desk, BackwardPanel& panel,
                           PictureView& view)
    : document_(document), runs_(runs), desk_(desk), panel_(panel), view_(view) {
    connect(&desk, &RunDesk::changed, this, &BackwardDesk::refresh);
    connect(&desk.controller(), &RunController::backwardStepped, this, &BackwardDesk::onSteps);
    connect(&desk.controller(), &RunController::backwardDone, this, &BackwardDesk::onDone);
    connect(&desk.controller(), &RunController::failed, this, &BackwardDesk::onFailed);
    connect(&runs, &RunsModel::removed, this, [this](int id) { results_.erase(id); });
    connect(&runs, &RunsModel::renamed, this, &BackwardDesk::refresh);
    connect(&panel, &BackwardPanel::computeRequested, this, &BackwardDesk::compute);
    connect(&panel, &BackwardPanel::cancelRequested, &desk, &RunDesk::stop);
    connect(&panel, &BackwardPanel::adjointToggled, this, &BackwardDesk::showAdjoint);
    connect(&view, &PictureView::compareChanged, this, [this](Compare compare) {
        if (compare != Compare::adjoint) before_ = compare;
        panel_.setAdjointShown(compare == Compare::adjoint, view_.adjoint() != nullptr);
    });
    refresh();
}

bool BackwardDesk::isGoing() const {
    const BackwardResult* newest = result(desk_.controller().currentJob());
    return desk_.controller().isDifferentiating() || (newest && newest->going);
}

QString BackwardDesk::whyNot() const {
    const RunEntry* run = desk_.shownRun();
    if (!run) return tr("There is no run yet: its solution is what is differentiated.");
    if (isGoing()) return tr("A gradient is being computed.");
    const WorkerState state = desk_.state();
    const bool newest = run->id == desk_.controller().currentJob();
    if (newest && (state == WorkerState::running || state == WorkerState::building))
        return tr("The run goes on: pause it or wait for its end.");
    const bool rests = state == WorkerState::paused || state == WorkerState::finished;
    if (!newest || !rests)
        return tr(
            "Only the newest run can be differentiated, because its solver is still there. Run this one "
            "again.");
    if (run->record.points.empty()) return tr("The run has not done an iteration yet.");
    if (run->record.summary.status == SolveStatus::diverged)
        return tr("The run diverged: there is no equilibrium to differentiate.");
    return {};
}

const BackwardResult* BackwardDesk::result(int run) const {
    const auto found = results_.find(run);
    return found == results_.end() ? nullptr : &found->second;
}

void BackwardDesk::compute() {
    if (!whyNot().isEmpty()) return;
    const RunEntry& run = *desk_.shownRun();
    BackwardResult result;
    result.choice = panel_.choice();
    result.recipe = withBackwardKeys(run.record.recipe, document_.recipe());
    result.iterations = static_cast<int>(run.record.points.size());
    desk_.controller().differentiate(result.choice, result.recipe);
    results_[run.id] = std::move(result);
    emit began();
    refresh();
}

void BackwardDesk::showAdjoint(bool shown) {
    view_.setCompare(shown ? Compare::adjoint : before_);
}

void BackwardDesk::onSteps(int run, const std::vector<BackwardStep>& steps) {
    const auto found = results_.find(run);
    if (found == results_.end() || steps.empty()) return;
    BackwardResult& result = found->second;
    for (const BackwardStep& step : steps)
        if (step.phase == BackwardStep::Phase::adjoint && step.equilibrium == 0)
            result.residuals.push_back(step.residual);
    result.last = steps.back();
    refresh();
}

void BackwardDesk::onDone(const BackwardDone& message) {
    const auto found = results_.find(message.job);
    if (found == results_.end()) return;
    BackwardResult& result = found->second;
    result.record = message.record;
    result.residuals = message.record->residuals;
    result.going = false;
    refresh();
    emit changed();
}

void BackwardDesk::onFailed(const JobFailed& failure) {
    if (failure.during != JobFailed::During::differentiating) return;
    results_.erase(failure.job);
    refresh();
}

void BackwardDesk::refresh() {
    // A new run takes the place of a pass that has not begun.
    std::erase_if(results_, [this](const auto& entry) {
        return entry.second.going && entry.first != desk_.controller().currentJob();
    });
    const RunEntry* run = desk_.shownRun();
    BackwardPanel::Known known;
    if (run) known = {run->id, run->input.reference != nullptr, noiseOf(run->origin.problem)};
    panel_.setKnown(known);
    const QString reason = whyNot();
    panel_.setReason(reason);
    const BackwardResult* shown = run ? result(run->id) : nullptr;
    QString empty = tr("No gradient yet: press Ctrl+B.");
    if (!reason.isEmpty()) empty = reason;
    QString note;
    if (shown && !shown->going && static_cast<int>(run->record.points.size()) != shown->iterations)
        note = tr("The run has gone on since: this is the gradient at iterate %1.").arg(shown->iterations);
    panel_.showResult(shown, run ? run->name : QString(), run ? run->style.colour : QColor(), empty, note);
    std::shared_ptr<const Image> adjoint;
    if (shown && shown->record && !shown->record->adjoint.empty())
        adjoint = std::shared_ptr<const Image>(shown->record, &shown->record->adjoint);
    view_.setAdjoint(adjoint);
    panel_.setAdjointShown(view_.compare() == Compare::adjoint, adjoint != nullptr);
}

}  // namespace stillpoint
