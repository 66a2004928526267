// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/batch_solver.h"

#include <algorithm>

namespace stillpoint {

BatchSolver::BatchSolver(Map map, int count, std::size_t size, const FixedPointParams& params,
                         const AndersonParams& anderson)
    : map_(std::move(map)) {
    solvers_.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) solvers_.emplace_back(FixedPointSolver::Map{}, size, params, anderson);
    items_.reserve(solvers_.size());
}

void BatchSolver::step() {
    items_.clear();
    for (int i = 0; i < count(); ++i) {
        if (solver(i).done()) continue;
        const auto [z, out] = solver(i).request();
        items_.push_back({i, z, out});
    }
    if (items_.empty()) return;
    map_(items_);
    for (const Item& item : items_) solver(item.state).accept();
}

bool BatchSolver::done() const {
    return std::ranges::all_of(solvers_, [](const FixedPointSolver& solver) { return solver.done(); });
}

void BatchSolver::stop() {
    for (auto& solver : solvers_) solver.stop();
}

}  // namespace stillpoint
