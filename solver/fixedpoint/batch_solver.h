// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "solver/fixedpoint/fixed_point_solver.h"

namespace stillpoint {

/// Several fixed points z_i = T_i(z_i) of equal size at once, for maps that are cheaper on many states
/// together (a network). Each state has its own history, weights, safeguard, tolerance and status, so that
/// its iterates are those of a FixedPointSolver by itself, whatever its neighbours do; a state that is done
/// is no longer evaluated.
///     BatchSolver batch(map, count, size, fixedPoint, anderson);
///     ... fill batch.startingPoint(i) ...
///     while (!batch.done()) batch.step();
/// No allocation in step(). One thread at a time.
class BatchSolver {
 public:
    struct Item {
        int state = 0;  ///< i
        ConstRealSpan z;
        RealSpan out;
    };
    /// Writes T_i(z) to out for every item; the items are of different states.
    using Map = std::function<void(std::span<const Item> items)>;

    BatchSolver(Map map, int count, std::size_t size, const FixedPointParams& params,
                const AndersonParams& anderson);

    int count() const { return static_cast<int>(solvers_.size()); }
    RealSpan startingPoint(int i) { return solver(i).startingPoint(); }
    /// One evaluation for each state that is not done: an iteration, or the second half of one whose mixed
    /// point was refused.
    void step();
    bool done() const;
    void stop();

    ConstRealSpan state(int i) const { return solver(i).state(); }
    const SolveSummary& summary(int i) const { return solver(i).summary(); }
    const IterationRecord& record(int i) const { return solver(i).record(); }

 private:
    FixedPointSolver& solver(int i) { return solvers_[static_cast<std::size_t>(i)]; }
    const FixedPointSolver& solver(int i) const { return solvers_[static_cast<std::size_t>(i)]; }

    Map map_;
    std::vector<FixedPointSolver> solvers_;
    std::vector<Item> items_;
};

}  // namespace stillpoint
