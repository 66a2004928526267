// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <functional>

#include "ui/io/memory_check.h"
#include "ui/runs/runs_model.h"
#include "ui/theme/palettes.h"
#include "ui/window/document.h"
#include "ui/window/recipe_changes.h"
#include "ui/window/run_controller.h"

namespace stillpoint {

class ConvergencePlot;
class PictureView;

/// The main job: simulates what the document asks for, starts, pauses, steps, stops and restarts runs, hands
/// changed parameters to a run that goes on, and brings what comes back to the runs table, the plot and the
/// picture view. When a run has ended its contraction is measured while the worker has nothing else to do.
/// Nothing restarts by itself: what needs a restart is offered (restartNeeded). GUI thread.
class RunDesk : public QObject {
    Q_OBJECT

 public:
    RunDesk(Document& document, RunsModel& runs, ConvergencePlot& plot, PictureView& view, QObject* parent);

    WorkerState state() const { return controller_.state(); }
    /// For what else is done with the run at rest.
    RunController& controller() { return controller_; }
    bool isActive() const { return controller_.isActive() || wanted_ != Wanted::nothing; }
    /// Why no run can start now; empty if one can.
    QString whyNot() const;
    /// About how many bytes a run would take as things are; 0 without a picture.
    std::int64_t memoryNeeded() const;
    /// How many a run could take: what is free, and what the run before holds.
    std::int64_t memoryFree() const { return freeMemory() + held_; }
    /// A sentence if a run needs more than that; empty otherwise.
    QString memoryWarning() const;
    /// Free memory in bytes; replaced by tests.
    std::function<std::int64_t()> freeMemory = availableMemory;
    /// The run whose picture is shown; null if it is the document's input alone.
    const RunEntry* shownRun() const { return runs_.find(shown_); }
    /// Id of the run that is going on, -1 if none is.
    int activeRun() const;
    /// Whether the shown run ended at its iteration limit and is the newest, so that it can go on.
    bool canContinue() const;
    int continueBy() const;

    /// Run, pause or resume, whichever fits.
    void toggle();
    void step();
    /// Ends the run; while it is differentiated, only that.
    void stop();
    void restart();
    /// What the last start was for, although memory is short.
    void startAnyway();
    /// More iterations for a run that reached its limit.
    void continueRun();
    /// Shows a run's pictures; -1: the document's input.
    void show(int id);

 signals:
    /// Of the worker, the shown run or what can be done.
    void changed();
    /// The shown run's numbers have grown.
    void progressed();
    /// What has been changed needs a restart; empty: nothing does any more.
    void restartNeeded(const QString& what);
    void message(stillpoint::Tone tone, const QString& text);
    /// Nothing was started because memory would run out; startAnyway() does it all the same.
    void memoryShort(const QString& sentence);
    /// A fault of a field ("prior.lambda", "kernel", "noise-sigma", "reference").
    void fieldFault(const QString& key, const QString& sentence);
    void runStarted(int id);
    void runFinished(int id);

 private:
    enum class Wanted { nothing, run, pausedStep };

    void inputChanged();
    void recipeChanged();
    void simulate();
    /// Whether a run can start; says so if it cannot.
    bool mayStart(Wanted wanted);
    void start(Wanted wanted);
    void launch(bool paused);
    void connectController();
    void onStarted(const RunStarted& message);
    void onPoints(int job, const std::vector<CurvePoint>& points);
    void onReplaced(const RecipeReplaced& message);
    void onFrame(const Frame& frame);
    void onFinished(const RunFinished& message);
    void onSimulated(const Simulated& message);
    void onFailed(const JobFailed& message);
    void onState(WorkerState state);
    void showInput();
    void offerRestart();
    /// Whether the run that goes on is about the picture that is open.
    bool isAboutDocument(const RunEntry& run) const;
    void badge(int iteration, double residual, const QString& end);

    Document& document_;
    RunsModel& runs_;
    ConvergencePlot& plot_;
    PictureView& view_;
    RunController controller_;
    Wanted wanted_ = Wanted::nothing;
    Wanted refused_ = Wanted::nothing;  ///< for want of memory
    std::int64_t held_ = 0;             ///< bytes of the newest run, which the next one takes over
    JobId simulation_ = 0;              ///< the newest one ordered
    QString simulationFault_;           ///< why it could not be done; until something changes
    int shown_ = -1;
    Frame frame_;  ///< the newest, for coming back to the run that goes on
    Recipe sent_;  ///< what the run that goes on works with, as far as ordered
};

}  // namespace stillpoint
