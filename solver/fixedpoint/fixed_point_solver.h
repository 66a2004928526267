// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "solver/core/timer.h"
#include "solver/fixedpoint/anderson.h"

namespace stillpoint {

/// What is compared with the tolerance. The objective is no business of this room, which knows vectors only:
/// with it the solver never ends as converged by itself; its owner calls finish().
enum class StopCriterion { residual, objective };

struct FixedPointParams {
    int maxIter = 200;
    double tolerance = 1e-4;
    int stallWindow = 100;
    StopCriterion criterion = StopCriterion::residual;
    static const ParamTable& table();
};

/// Drives z <- T(z) to its fixed point, accelerated by Anderson. Knows vectors only. The caller owns the
/// loop:
///     FixedPointSolver solver(map, size, fixedPoint, anderson);
///     ... fill solver.startingPoint() ...
///     while (!solver.done()) solver.step();
///
/// One step: mix the history into z; evaluate T(z); residual r = T(z) - z; if the output is not finite or
/// ||r|| exceeds `growth` times the best, the mixed step is thrown away, the history restarts and T is
/// evaluated at the last output instead (that costs a second evaluation and is counted by reason); push the
/// pair. The point returned is always an output of T: the newest, or the best after divergence.
///
/// The history also restarts after `restartEvery` mixed steps, and once when the best residual has not fallen
/// by 1 % within half of stallWindow (a history that leads nowhere must not freeze the iteration).
///
/// Stops: converged at residual <= tolerance (criterion residual); limit after maxIter; stalled when the best
/// residual has not fallen by 1 % within stallWindow iterations (0 = never); diverged when a plain step is
/// not finite or its residual is 1e6 times the best. step() allocates nothing and does not throw unless the
/// map does.
class FixedPointSolver {
 public:
    /// Writes T(z) to out; z and out differ.
    using Map = std::function<void(ConstRealSpan z, RealSpan out)>;

    FixedPointSolver(Map map, std::size_t size, const FixedPointParams& params,
                     const AndersonParams& anderson);

    /// z_0, to be filled before the first step.
    RealSpan startingPoint() { return z_.span(); }
    const IterationRecord& step();
    bool done() const { return summary_.status != SolveStatus::running; }
    void stop();
    /// Ends the run for a reason that only the caller can see (a criterion on the objective, say).
    void finish(SolveStatus status, std::string message);

    /// step() in two halves, for callers who evaluate T at the points of several solvers at once
    /// (BatchSolver): write T(z) to out, then accept(). An iteration is complete when accept() returns true;
    /// false means that the mixed point was refused and another request() follows within the same iteration.
    struct Request {
        ConstRealSpan z;
        RealSpan out;
    };
    Request request();
    bool accept();

    /// The returned point: newest output of T, the best one after divergence, z_0 before the first step.
    ConstRealSpan state() const;
    const SolveSummary& summary() const { return summary_; }
    const IterationRecord& record() const { return record_; }

    /// Other options and another map from the next step on: keeps the state, clears the history, and runs on
    /// if it was done (unless diverged) and the new limits allow.
    void replace(Map map, const FixedPointParams& params, const AndersonParams& anderson);

 private:
    void beginIteration();
    bool mixedPoint();
    void restart();
    void refuse(Refusal reason);
    void complete();
    void keepBest(bool always);
    void judge();

    Map map_;
    FixedPointParams params_;
    AndersonParams andersonParams_;
    Anderson anderson_;
    Buffer z_;                    // point of evaluation when it is not simply the last output
    std::optional<Buffer> best_;  // copy of the best output, once it has left the history
    int bestAge_ = 0;             // age of the best output in the history
    bool bestInHistory_ = false;
    double bestNorm_ = 0;        // ||r|| of the best
    double norm_ = 0;            // ||r|| of the newest
    double stallReference_ = 0;  // best relative residual when progress was last seen
    int stallIteration_ = 0;
    bool restartedInStall_ = false;
    int firstIteration_ = 0;  // of the present options, for delay
    int mixedSteps_ = 0;      // since the last restart
    bool iterating_ = false;  // between the first request of an iteration and its completion
    bool mixed_ = false;      // the requested point is a mixed one
    ConstRealSpan requested_;
    Timer timer_;  // of the running half
    IterationRecord record_;
    SolveSummary summary_;
};

}  // namespace stillpoint
