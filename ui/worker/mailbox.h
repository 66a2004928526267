// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "solver/image/image.h"
#include "solver/run/backward.h"
#include "solver/run/contraction.h"
#include "solver/run/run_record.h"

namespace stillpoint {

/// Number of a run or of a simulation, given by the SolveWorker: 1, 2, ... Later orders have larger numbers.
using JobId = int;

/// What the worker does. idle: nothing to do, no session. finished: the session of the last run is kept, it
/// can be continued with other parameters. differentiating: a backward pass through a run that is paused or
/// finished, which it is again afterwards.
enum class WorkerState { idle, simulating, building, running, paused, finished, differentiating };

/// From the worker to the window. All are values or shared pictures that nobody changes any more.
struct StateChanged {
    JobId job = 0;
    WorkerState state = WorkerState::idle;
};
/// The problem of a run has been built: `record` has the complete recipe and sizes, and no points yet.
struct RunStarted {
    JobId job = 0;
    RunRecord record;
};
struct PointAdded {
    JobId job = 0;
    CurvePoint point;
};
/// Parameters were changed at an iteration border, by an order or by the run itself (backtracking).
struct RecipeReplaced {
    JobId job = 0;
    Recipe recipe;               ///< complete, as of now
    std::vector<RunMark> marks;  ///< all marks of the run
};
/// The run has ended; its final numbers (with all points) and its estimate. Comes again if a run is
/// continued.
struct RunFinished {
    JobId job = 0;
    RunRecord record;
    std::shared_ptr<const Image> estimate;
};
struct Simulated {
    JobId job = 0;
    std::shared_ptr<const Image> blurred;
    std::shared_ptr<const Image> sharp;  ///< the part of the order's picture that `blurred` shows
};
/// A step of the backward pass of a run.
struct BackwardStepped {
    JobId job = 0;
    BackwardStep step;
};
/// The backward pass of a run has ended; if it was cancelled, with what had been reached and a warning.
struct BackwardDone {
    JobId job = 0;
    std::shared_ptr<const BackwardRecord> record;
};
/// How the map contracts where a finished run ended (radius and what it predicts, without the norm).
struct ContractionMeasured {
    JobId job = 0;
    Contraction contraction;
};
/// What could not be done. replacing: the run goes on with its old parameters; running: it is lost;
/// differentiating: there is no gradient, the run is as it was.
struct JobFailed {
    enum class During { simulating, building, replacing, running, differentiating };
    JobId job = 0;
    During during = During::building;
    Issue issue;  ///< key of the field at fault (may be empty) and a sentence
};
using Message = std::variant<StateChanged, RunStarted, PointAdded, RecipeReplaced, RunFinished, Simulated,
                             BackwardStepped, BackwardDone, ContractionMeasured, JobFailed>;

/// An estimate to look at. Frames may be skipped, messages never are.
struct Frame {
    JobId job = 0;
    int iteration = 0;
    double residual = kNotMeasured;
    std::shared_ptr<const Image> picture;
};

/// Between the worker thread, which posts, and the GUI thread, which takes on a timer. Messages queue up in
/// order and none is lost; of the frames only the newest is kept. No call waits longer than it takes the
/// other side to move a vector. Any thread may call anything.
class Mailbox {
 public:
    void post(Message message);
    void postFrame(Frame frame);
    /// Whether a frame would overwrite one that nobody has seen.
    bool hasFrame() const;

    struct Mail {
        std::vector<Message> messages;  ///< oldest first
        std::optional<Frame> frame;
        bool empty() const { return messages.empty() && !frame; }
    };
    /// Everything that has come since the last call.
    Mail take();

 private:
    mutable std::mutex mutex_;
    Mail mail_;
};

}  // namespace stillpoint
