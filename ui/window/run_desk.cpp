// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/run_desk.h"

#include <QLocale>

#include "ui/io/kernel_source.h"
#include "ui/params/number_text.h"
#include "ui/plot/convergence_plot.h"
#include "ui/view/picture_view.h"
#include "ui/window/run_memory.h"

namespace stillpoint {
namespace {

double number(const Recipe& recipe, const char* key) {
    return parseDouble(Registry::builtin().valueText(recipe, key)).value_or(kNotMeasured);
}

}  // namespace

RunDesk::RunDesk(Document& document, RunsModel& runs, ConvergencePlot& plot, PictureView& view,
                 QObject* parent)
    : QObject(parent), document_(document), runs_(runs), plot_(plot), view_(view) {
    connect(&document, &Document::inputChanged, this, &RunDesk::inputChanged);
    connect(&document, &Document::recipeChanged, this, &RunDesk::recipeChanged);
    connect(&runs, &RunsModel::overlayChanged, this,
            [this](int id, bool on) { plot_.setRunVisible(id, on); });
    connect(&runs, &RunsModel::renamed, this,
            [this](int id, const QString& name) { plot_.renameRun(id, name); });
    connect(&runs, &RunsModel::removed, this, [this](int id) {
        plot_.removeRun(id);
        if (id == shown_) show(-1);
    });
    connectController();
}

void RunDesk::connectController() {
    connect(&controller_, &RunController::started, this, &RunDesk::onStarted);
    connect(&controller_, &RunController::pointsAdded, this, &RunDesk::onPoints);
    connect(&controller_, &RunController::recipeReplaced, this, &RunDesk::onReplaced);
    connect(&controller_, &RunController::frameArrived, this, &RunDesk::onFrame);
    connect(&controller_, &RunController::finished, this, &RunDesk::onFinished);
    connect(&controller_, &RunController::simulated, this, &RunDesk::onSimulated);
    connect(&controller_, &RunController::failed, this, &RunDesk::onFailed);
    connect(&controller_, &RunController::stateChanged, this, &RunDesk::onState);
    connect(&controller_, &RunController::contractionMeasured, this, [this](const ContractionMeasured& m) {
        runs_.setContraction(m.job, m.contraction);
        if (m.job == shown_) emit progressed();
    });
}

QString RunDesk::whyNot() const {
    if (document_.isEmpty()) return tr("There is no picture yet: open, paste or drop one, or take a sample.");
    if (!document_.kernelFault().isEmpty()) return document_.kernelFault();
    if (!simulationFault_.isEmpty()) return simulationFault_;
    const auto issues = Registry::builtin().check(document_.recipe());
    return issues.empty() ? QString() : QString::fromStdString(issues.front().text);
}

std::int64_t RunDesk::memoryNeeded() const {
    if (document_.isEmpty()) return 0;
    const Recipe recipe = document_.recipe();
    return runMemory(
        recipe, Registry::builtin().canvasShape(recipe, document_.picture().image->shape(), kernelFromSpec));
}

QString RunDesk::memoryWarning() const {
    const std::int64_t need = memoryNeeded();
    const std::int64_t free = memoryFree();
    if (need <= free) return {};
    return tr("This run needs about %1 of memory, but only %2 are free. A shorter history or a smaller "
              "picture needs less.")
        .arg(memoryText(need), memoryText(free));
}

int RunDesk::activeRun() const {
    return controller_.isActive() ? controller_.currentJob() : -1;
}

bool RunDesk::canContinue() const {
    const RunEntry* run = shownRun();
    return run && controller_.state() == WorkerState::finished && run->id == controller_.currentJob() &&
           run->record.summary.status == SolveStatus::limit;
}

int RunDesk::continueBy() const {
    const RunEntry* run = shownRun();
    return run ? static_cast<int>(run->record.points.size()) : 0;
}

void RunDesk::toggle() {
    switch (controller_.state()) {
        case WorkerState::running:
        case WorkerState::building:
            controller_.pause();
            break;
        case WorkerState::paused:
            controller_.resume();
            break;
        case WorkerState::differentiating:
            break;  // the action is greyed out and says why
        default:
            if (mayStart(Wanted::run)) start(Wanted::run);
    }
}

void RunDesk::step() {
    if (controller_.state() == WorkerState::paused)
        controller_.step();
    else if (!controller_.isActive() && mayStart(Wanted::pausedStep))
        start(Wanted::pausedStep);
}

void RunDesk::stop() {
    wanted_ = Wanted::nothing;
    controller_.isDifferentiating() ? controller_.cancelBackward() : controller_.stop();
}

void RunDesk::restart() {
    if (!mayStart(Wanted::run)) return;
    if (controller_.isActive()) controller_.stop();
    start(Wanted::run);
}

void RunDesk::startAnyway() {
    if (refused_ == Wanted::nothing || !whyNot().isEmpty()) return;
    if (controller_.isActive()) controller_.stop();
    start(refused_);
}

bool RunDesk::mayStart(Wanted wanted) {
    if (!whyNot().isEmpty()) {
        const auto issues = Registry::builtin().check(document_.recipe());
        if (!issues.empty())
            emit fieldFault(QString::fromStdString(issues.front().key),
                            QString::fromStdString(issues.front().text));
        emit message(Tone::error, whyNot());
        return false;
    }
    const QString tooMuch = memoryWarning();
    refused_ = tooMuch.isEmpty() ? Wanted::nothing : wanted;
    if (!tooMuch.isEmpty()) {
        emit memoryShort(tooMuch);
        emit changed();
    }
    return tooMuch.isEmpty();
}

void RunDesk::start(Wanted wanted) {
    refused_ = Wanted::nothing;
    emit restartNeeded({});
    if (document_.needsSimulation()) {
        wanted_ = wanted;
        simulate();
        emit changed();
    } else {
        launch(wanted == Wanted::pausedStep);
    }
}

void RunDesk::launch(bool paused) {
    wanted_ = Wanted::nothing;
    const Recipe recipe = document_.recipe();
    const RunInput input = document_.input();
    sent_ = recipe;
    held_ = memoryNeeded();
    const int id = controller_.run(recipe, input, paused);
    if (paused) controller_.step();

    RunEntry entry;
    entry.id = id;
    entry.origin = document_.origin();
    entry.input = input;
    entry.record.recipe = recipe;
    const RunEntry& added = runs_.add(std::move(entry));
    plot_.addRun(id, added.name, added.style.colour, added.style.dash);
    plot_.setTolerance(number(recipe, "tolerance"));
    runs_.setActivity(id, tr("Preparing"));
    show(id);
    emit runStarted(id);
    emit changed();
}

void RunDesk::continueRun() {
    if (!canContinue()) return;
    const int limit = static_cast<int>(shownRun()->record.points.size()) + continueBy();
    document_.draft().set("max-iter", std::to_string(limit));
    const Recipe recipe = liveRecipe(shownRun()->record.recipe, document_.recipe());
    sent_ = recipe;
    controller_.continueWith(recipe);
    document_.draftEdited();
}

void RunDesk::simulate() {
    SimulateOrder order;
    order.sharp = document_.picture().image;
    order.recipe = document_.recipe();
    order.noiseSigma = document_.problem().noiseSigma;
    order.seed = static_cast<std::uint64_t>(document_.problem().seed);
    order.kernelSource = kernelFromSpec;
    simulation_ = controller_.simulate(order);
}

bool RunDesk::isAboutDocument(const RunEntry& run) const {
    return run.origin.picture.image == document_.picture().image;
}

void RunDesk::inputChanged() {
    simulationFault_.clear();
    if (const RunEntry* run = runs_.find(activeRun())) {
        if (isAboutDocument(*run)) {
            offerRestart();
            emit changed();
            return;
        }
        controller_.stop();  // another picture was opened; what has been reached stays in the table
    }
    if (document_.needsSimulation() && document_.kernelFault().isEmpty()) simulate();
    show(-1);
}

void RunDesk::offerRestart() {
    const RunEntry* run = runs_.find(activeRun());
    if (!run) return;
    QString what = restartLabels(sent_, document_.recipe());
    if (what.isEmpty() && run->input.blurred != document_.input().blurred) what = tr("The input picture");
    if (what.isEmpty() && run->input.reference != document_.input().reference) what = tr("The reference");
    emit restartNeeded(what);
}

void RunDesk::recipeChanged() {
    simulationFault_.clear();
    if (controller_.isActive()) {
        const Recipe wanted = document_.recipe();
        const Recipe live = liveRecipe(sent_, wanted);
        if (!(live == sent_)) controller_.replaceRecipe(live);
        sent_ = live;
        offerRestart();
    }
    const RunEntry* run = shownRun();
    const bool old = run && run->id != activeRun();
    plot_.setTolerance(number(old ? run->record.recipe : document_.recipe(), "tolerance"));
    emit changed();
}

void RunDesk::show(int id) {
    shown_ = runs_.find(id) ? id : -1;
    plot_.setCurrentRun(shown_);
    const RunEntry* run = shownRun();
    if (!run) {
        showInput();
    } else {
        view_.setInput(run->input.blurred);
        view_.setReference(run->input.reference);
        const bool latest = frame_.job == id && frame_.iteration > 0 && !run->estimate;
        view_.setEstimate(latest ? frame_.picture : run->estimate);
        plot_.setTolerance(number(run->record.recipe, "tolerance"));
        if (latest)
            badge(frame_.iteration, frame_.residual, {});
        else
            badge(run->record.summary.iterations, run->record.summary.residual, endText(run->record.summary));
    }
    emit changed();
    emit progressed();
}

void RunDesk::showInput() {
    const RunInput input = document_.input();
    view_.setEstimate(nullptr);
    view_.setReference(input.reference);
    const auto shown = view_.input();
    const bool sameSize =
        shown && !document_.isEmpty() && shown->shape() == document_.picture().image->shape();
    if (input.blurred)
        view_.setInput(input.blurred);
    else if (!sameSize)  // until the simulation comes: the sharp picture, unless an older simulation is there
        view_.setInput(document_.picture().image);
    view_.setBadge({});
}

void RunDesk::badge(int iteration, double residual, const QString& end) {
    if (iteration == 0) {
        view_.setBadge({});
        return;
    }
    QString text =
        tr("iterate %1 · residual %2").arg(QLocale().toString(iteration), scientificText(residual, 2));
    if (!end.isEmpty()) text = end + " · " + text;
    view_.setBadge(text);
}

void RunDesk::onStarted(const RunStarted& message) {
    runs_.setRecipe(message.job, message.record.recipe, {});
    emit changed();
}

void RunDesk::onPoints(int job, const std::vector<CurvePoint>& points) {
    runs_.appendPoints(job, points);
    plot_.appendPoints(job, points);
    if (job == shown_) emit progressed();
}

void RunDesk::onReplaced(const RecipeReplaced& message) {
    runs_.setRecipe(message.job, message.recipe, message.marks);
    plot_.setMarks(message.job, message.marks);
    if (message.job == shown_) plot_.setTolerance(number(message.recipe, "tolerance"));
    emit changed();
}

void RunDesk::onFrame(const Frame& frame) {
    frame_ = frame;
    if (frame.job != shown_) return;
    const RunEntry* run = shownRun();
    if (frame.iteration > 0) view_.setEstimate(frame.picture);
    const bool ended = run->record.summary.status != SolveStatus::running;
    badge(frame.iteration, frame.residual, ended ? endText(run->record.summary) : QString());
}

void RunDesk::onFinished(const RunFinished& message) {
    runs_.finish(message.job, message.record, message.estimate);
    const SolveSummary& summary = message.record.summary;
    frame_ = {};  // the table keeps the estimate
    if (message.job == shown_) {
        view_.setEstimate(message.estimate);
        badge(summary.iterations, summary.residual, endText(summary));
    }
    if (summary.status == SolveStatus::diverged || summary.status == SolveStatus::stalled)
        emit this->message(endTone(summary.status),
                           endText(summary) + ": " + QString::fromStdString(summary.message));
    if (freeMemory() > held_) controller_.measureContraction();  // it takes about as much as the run
    emit runFinished(message.job);
    emit progressed();
    emit changed();
}

void RunDesk::onSimulated(const Simulated& message) {
    if (message.job != simulation_ || !document_.needsSimulation()) return;
    document_.setSimulation(message.blurred, message.sharp);
    const Wanted wanted = wanted_;
    if (wanted != Wanted::nothing) launch(wanted == Wanted::pausedStep);
}

void RunDesk::onFailed(const JobFailed& failure) {
    const QString text = QString::fromStdString(failure.issue.text);
    switch (failure.during) {
        case JobFailed::During::simulating:
            if (failure.job != simulation_) return;
            wanted_ = Wanted::nothing;
            simulationFault_ = text;
            break;
        case JobFailed::During::building:
            held_ = 0;
            runs_.removeRows(runs_.rowOf(failure.job), 1);
            break;
        case JobFailed::During::running:
            held_ = 0;
            runs_.setActivity(failure.job, tr("Failed"));
            break;
        case JobFailed::During::replacing:
            if (const RunEntry* run = runs_.find(failure.job)) sent_ = run->record.recipe;
            break;
        case JobFailed::During::differentiating:
            break;
    }
    emit fieldFault(QString::fromStdString(failure.issue.key), text);
    emit message(Tone::error, text);
    emit changed();
}

void RunDesk::onState(WorkerState state) {
    const int job = controller_.currentJob();
    if (state == WorkerState::running) runs_.setActivity(job, tr("Running"));
    if (state == WorkerState::paused) runs_.setActivity(job, tr("Paused"));
    emit changed();
}

}  // namespace stillpoint
