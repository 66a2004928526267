// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "solver/run/backward.h"
#include "solver/run/run_session.h"
#include "ui/worker/mailbox.h"

namespace stillpoint {

/// What a simulation needs: the recipe names the kernel (and the border model).
struct SimulateOrder {
    std::shared_ptr<const Image> sharp;
    Recipe recipe;
    double noiseSigma = 0;  ///< on the [0,1] scale
    std::uint64_t seed = 0;
    int threads = 0;  ///< 0: all of the machine
    KernelSource kernelSource = makeKernel;
};

/// The thread that computes. One long-lived thread; building, FFT planning, iterating and simulating happen
/// there and nowhere else. Orders come from any thread, return at once and take effect within one iteration;
/// what comes of them is posted to the mailbox. An order that the state does not allow (a step while running,
/// a stop while idle) has no effect; differentiate() says so.
///
/// Frames are made at most every `frameInterval` and only when the last one was taken; always at a pause,
/// after a single step and at the end.
///
/// The destructor asks to stop and waits for at most one iteration or adjoint step (or one build).
class SolveWorker {
 public:
    static constexpr std::chrono::milliseconds kFrameInterval{33};

    explicit SolveWorker(Mailbox& mailbox, std::chrono::milliseconds frameInterval = kFrameInterval);
    ~SolveWorker();
    SolveWorker(const SolveWorker&) = delete;
    SolveWorker& operator=(const SolveWorker&) = delete;

    /// Starts a run; one that is still going is stopped first and reports its end. With `paused` it waits
    /// before its first iteration.
    JobId run(Recipe recipe, RunInput input, RunOptions options = {}, bool paused = false);
    /// Blurs a picture. A simulation that has not begun yet is replaced: the last one wins. A run or backward
    /// pass that is going continues afterwards.
    JobId simulate(SimulateOrder order);

    void pause();
    void resume();
    /// One iteration of a paused run; orders add up.
    void step();
    /// Ends the run and keeps its estimate; a backward pass is cancelled.
    void stop();
    /// Other parameters from the next iteration on; of several orders the last one wins. When the recipe is
    /// wrong or needs a restart the run goes on unchanged and JobFailed{replacing} says why. For a finished
    /// run nothing happens: see continueWith.
    void replaceRecipe(Recipe recipe);
    /// A finished run (not a diverged one) goes on from where it is with this recipe.
    void continueWith(Recipe recipe);

    /// The gradient of a loss at the state of the run, which must be paused or finished and is so again
    /// afterwards: the same as Backward on the session, with the adjoint and the kernel's gradient. Of the
    /// recipe only the keys `backward.*` count; they become the run's. It ends with BackwardDone or
    /// JobFailed, unless a new run is ordered before it begins. Other orders than simulations wait for its
    /// end.
    void differentiate(LossChoice choice, Recipe recipe);
    /// Ends a backward pass that is ordered or going on, within one of its steps; the run stays as it is.
    void cancelBackward();

    /// The contraction factor where the finished run ended, measured in idle time: every other order comes
    /// first, within one step of the power iteration. A backward pass puts it off, what changes, continues or
    /// replaces the run ends it, and so does stop(); then no message comes. Otherwise ContractionMeasured,
    /// after at most three times as long as the run took, and 5 s, with what is known by then. Without effect
    /// unless the run has ended without diverging. A failure is not told: nobody waits for this.
    void measureContraction();

    /// True when nothing is going on, nothing is ordered, and so no message is to come unless somebody gives
    /// an order. (What has been posted may still lie in the mailbox.)
    bool settled() const;

 private:
    struct RunOrder {
        JobId job = 0;
        Recipe recipe;
        RunInput input;
        RunOptions options;
        bool paused = false;
    };
    struct BackwardOrder {
        LossChoice choice;
        Recipe recipe;
        std::stop_source cancel;
    };
    /// What was ordered since the thread looked last.
    struct Orders {
        std::optional<RunOrder> run;
        std::optional<std::pair<JobId, SimulateOrder>> simulate;
        std::optional<Recipe> recipe;
        bool proceed = false;  ///< the recipe is to continue a finished run
        bool stop = false;
        std::optional<bool> pause;
        int steps = 0;
        std::optional<BackwardOrder> backward;
        bool measure = false;
        bool any() const {
            return run || simulate || recipe || stop || pause || steps > 0 || backward || measure;
        }
    };

    template <class Change>
    void order(const Change& change);
    /// The one place where exceptions end: false after posting what went wrong.
    template <class Work>
    bool attempt(JobId job, JobFailed::During during, const Work& work);
    void loop(const std::stop_token& stopToken);
    bool busy() const { return state_ == WorkerState::running || steps_ > 0; }
    void beginMeasuring();
    void measure();
    void endMeasuring();
    void serve(Orders orders, const std::stop_token& stopToken);
    void serveRun(const Orders& orders);
    void simulateNow(JobId job, const SimulateOrder& order);
    void begin(RunOrder order);
    void change(const Recipe& recipe, bool proceed);
    void iterate();
    void tellMarks();
    void differentiateNow(const BackwardOrder& order, const std::stop_token& stopToken);
    void takeBackwardKeys(const Recipe& recipe);
    void tellBackwardStep(const BackwardStep& step);
    void endRun();
    void dropRun();
    void frame(bool always);
    void enter(WorkerState state);

    Mailbox& mailbox_;
    const std::chrono::milliseconds frameInterval_;

    mutable std::mutex mutex_;  ///< guards the next four
    Orders orders_;
    std::stop_source cancel_{std::nostopstate};  ///< of the newest backward pass
    JobId lastJob_ = 0;
    bool settled_ = true;
    std::condition_variable_any wake_;

    // Of the worker thread only.
    std::optional<RunSession> session_;
    JobId job_ = 0;
    WorkerState state_ = WorkerState::idle;
    int steps_ = 0;
    std::size_t marksTold_ = 0;
    std::chrono::steady_clock::time_point lastFrame_{};
    bool measures_ = false;                         ///< the contraction, whenever nothing else is to be done
    std::optional<RadiusMeasurement> measurement_;  ///< of session_; made anew after a backward pass
    double measureSeconds_ = 0;                     ///< it has taken so far

    std::jthread thread_;  ///< last: starts when everything else is there, ends before anything goes
};

}  // namespace stillpoint
