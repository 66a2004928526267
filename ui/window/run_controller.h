// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <vector>

#include "ui/worker/solve_worker.h"

namespace stillpoint {

/// The window's end of the worker: gives its orders and brings its messages as signals, frames about thirty
/// times a second, numbers about ten times, everything at once when a run ends. The timer rests while the
/// worker has nothing to say. GUI thread.
class RunController : public QObject {
    Q_OBJECT

 public:
    explicit RunController(QObject* parent = nullptr);

    JobId run(const Recipe& recipe, const RunInput& input, bool paused);
    JobId simulate(const SimulateOrder& order);
    void pause();
    void resume();
    void step();
    void stop();
    /// Live change; several within a sixth of a second become one, so that dragging a slider does not fill
    /// the curve with marks.
    void replaceRecipe(const Recipe& recipe);
    void continueWith(const Recipe& recipe);
    /// See SolveWorker::differentiate.
    void differentiate(const LossChoice& choice, const Recipe& recipe);
    void cancelBackward();
    /// See SolveWorker::measureContraction.
    void measureContraction();

    WorkerState state() const { return state_; }
    /// Building, running or paused (also while it is differentiated).
    bool isActive() const;
    bool isDifferentiating() const { return state_ == WorkerState::differentiating; }
    /// Nothing is going on and nothing more will come, not even a contraction factor.
    bool isAtRest() const { return !timer_.isActive(); }
    /// The newest run, 0 if there was none.
    JobId currentJob() const { return job_; }

 signals:
    void stateChanged(stillpoint::WorkerState state);
    void started(const stillpoint::RunStarted& message);
    void pointsAdded(int job, const std::vector<stillpoint::CurvePoint>& points);
    void recipeReplaced(const stillpoint::RecipeReplaced& message);
    void frameArrived(const stillpoint::Frame& frame);
    void finished(const stillpoint::RunFinished& message);
    void simulated(const stillpoint::Simulated& message);
    void backwardStepped(int job, const std::vector<stillpoint::BackwardStep>& steps);
    void backwardDone(const stillpoint::BackwardDone& message);
    void contractionMeasured(const stillpoint::ContractionMeasured& message);
    void failed(const stillpoint::JobFailed& message);

 private:
    void ordered();
    void pull();
    void flushPoints();
    void enter(WorkerState state);
    void handle(Message& message);

    Mailbox mailbox_;
    QTimer timer_;
    QTimer changeTimer_;
    QElapsedTimer sinceFlush_;
    Recipe change_;
    std::vector<CurvePoint> points_;
    JobId pointsJob_ = 0;
    std::vector<BackwardStep> backwardSteps_;
    JobId job_ = 0;
    bool ordered_ = false;  ///< since the last look into the mailbox
    WorkerState state_ = WorkerState::idle;
    WorkerState resting_ = WorkerState::idle;  ///< of the run while it is differentiated
    SolveWorker worker_;                       ///< last: ends before the mailbox
};

}  // namespace stillpoint
