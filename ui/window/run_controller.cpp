// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/run_controller.h"

#include <chrono>
#include <type_traits>
#include <utility>

#include "ui/io/kernel_source.h"

namespace stillpoint {
namespace {

using namespace std::chrono_literals;

constexpr qint64 kPlotMilliseconds = 100;

}  // namespace

RunController::RunController(QObject* parent) : QObject(parent), worker_(mailbox_) {
    timer_.setInterval(SolveWorker::kFrameInterval);
    connect(&timer_, &QTimer::timeout, this, &RunController::pull);
    changeTimer_.setSingleShot(true);
    changeTimer_.setInterval(160ms);
    connect(&changeTimer_, &QTimer::timeout, this, [this] {
        worker_.replaceRecipe(change_);
        ordered();
    });
    sinceFlush_.start();
}

void RunController::ordered() {
    ordered_ = true;
    if (!timer_.isActive()) timer_.start();
}

bool RunController::isActive() const {
    const WorkerState state = isDifferentiating() ? resting_ : state_;
    return state == WorkerState::building || state == WorkerState::running || state == WorkerState::paused;
}

JobId RunController::run(const Recipe& recipe, const RunInput& input, bool paused) {
    changeTimer_.stop();
    RunOptions options;
    options.kernelSource = kernelFromSpec;
    job_ = worker_.run(recipe, input, options, paused);
    ordered();
    state_ = WorkerState::building;
    emit stateChanged(state_);
    return job_;
}

JobId RunController::simulate(const SimulateOrder& order) {
    ordered();
    return worker_.simulate(order);
}

void RunController::pause() {
    worker_.pause();
    ordered();
}

void RunController::resume() {
    worker_.resume();
    ordered();
}

void RunController::step() {
    worker_.step();
    ordered();
}

void RunController::stop() {
    worker_.stop();
    ordered();
}

void RunController::replaceRecipe(const Recipe& recipe) {
    change_ = recipe;
    if (!changeTimer_.isActive()) changeTimer_.start();
}

void RunController::continueWith(const Recipe& recipe) {
    changeTimer_.stop();
    worker_.continueWith(recipe);
    ordered();
}

void RunController::differentiate(const LossChoice& choice, const Recipe& recipe) {
    worker_.differentiate(choice, recipe);
    ordered();
}

void RunController::cancelBackward() {
    worker_.cancelBackward();
    ordered();
}

void RunController::measureContraction() {
    worker_.measureContraction();
    ordered();
}

void RunController::pull() {
    // Asked before taking: whatever was posted until then is in the mail.
    const bool settled = worker_.settled();
    ordered_ = false;
    auto mail = mailbox_.take();
    for (Message& message : mail.messages) handle(message);
    if (mail.frame && mail.frame->job == job_) emit frameArrived(*mail.frame);
    if (settled || sinceFlush_.elapsed() >= kPlotMilliseconds) flushPoints();
    if (settled && !ordered_ && !changeTimer_.isActive()) timer_.stop();
}

void RunController::flushPoints() {
    sinceFlush_.restart();
    if (!points_.empty()) emit pointsAdded(pointsJob_, std::exchange(points_, {}));
    if (!backwardSteps_.empty()) emit backwardStepped(job_, std::exchange(backwardSteps_, {}));
}

void RunController::enter(WorkerState state) {
    if (state == WorkerState::differentiating && state_ != WorkerState::simulating) resting_ = state_;
    state_ = state;
    emit stateChanged(state);
}

void RunController::handle(Message& message) {
    if (auto* added = std::get_if<PointAdded>(&message)) {
        if (added->job != pointsJob_) flushPoints();
        pointsJob_ = added->job;
        points_.push_back(added->point);
        return;
    }
    if (const auto* stepped = std::get_if<BackwardStepped>(&message)) {
        if (stepped->job == job_) backwardSteps_.push_back(stepped->step);
        return;
    }
    flushPoints();  // what comes after the numbers is told after them
    std::visit(
        [this](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            if constexpr (std::is_same_v<M, StateChanged>) {
                if (m.job < job_) return;  // of a run that has been replaced meanwhile
                enter(m.state);
            } else if constexpr (std::is_same_v<M, RunStarted>) {
                emit started(m);
            } else if constexpr (std::is_same_v<M, RecipeReplaced>) {
                emit recipeReplaced(m);
            } else if constexpr (std::is_same_v<M, RunFinished>) {
                emit finished(m);
            } else if constexpr (std::is_same_v<M, Simulated>) {
                emit simulated(m);
            } else if constexpr (std::is_same_v<M, BackwardDone>) {
                emit backwardDone(m);
            } else if constexpr (std::is_same_v<M, ContractionMeasured>) {
                emit contractionMeasured(m);
            } else if constexpr (std::is_same_v<M, JobFailed>) {
                emit failed(m);
            }
        },
        message);
}

}  // namespace stillpoint
