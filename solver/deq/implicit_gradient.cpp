// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/implicit_gradient.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillpoint {

Gradients GradientWants::make() const {
    Gradients gradients;
    if (data.size() > 0) gradients.data = Image(data);
    if (kernel.size() > 0) gradients.kernel = Image(kernel);
    if (weights > 0) gradients.weights = Buffer(weights);
    return gradients;
}

ImplicitGradient implicitGradient(Iterator& iterator, ConstRealSpan z, ConstRealSpan u,
                                  const AdjointParams& params, const GradientWants& wants,
                                  double forwardTolerance, const AdjointHooks& hooks) {
    AdjointSolver solver(iterator, z, u, params, forwardTolerance, hooks.guess);
    while (!solver.done()) {
        if (hooks.stop.stop_requested()) {
            solver.stop();
            break;
        }
        solver.step();
        if (hooks.onStep) hooks.onStep(solver);
    }
    return collectGradient(solver, wants);
}

ImplicitGradient collectGradient(const AdjointSolver& solver, const GradientWants& wants) {
    assert(solver.done());
    ImplicitGradient result;
    result.v = Buffer(solver.solution().size());
    copy(solver.solution(), result.v.span());
    result.adjoint = solver.summary();
    result.method = solver.method();
    result.residuals.assign(solver.residuals().begin(), solver.residuals().end());
    result.forwardResidual = solver.forwardResidual();
    result.warnings = solver.warnings();
    result.gradients = wants.make();
    if (!solver.linearised()) {
        for (Image* picture : {&result.gradients.data, &result.gradients.kernel})
            fill(picture->samples(), kNotMeasured);
        fill(result.gradients.weights.span(), kNotMeasured);
        return result;
    }
    solver.iterator().inputsVjp(result.v.span(), result.gradients);
    const auto& entries = result.gradients.parameters.entries();
    if (std::ranges::any_of(entries, [](const auto& entry) { return !std::isfinite(entry.second); }))
        result.warnings.push_back("A gradient is not finite.");
    return result;
}

void addDirect(const LossGradient& loss, Gradients& gradients) {
    if (!gradients.data.empty() && !loss.data.empty()) axpy(1, loss.data.samples(), gradients.data.samples());
    if (!gradients.kernel.empty() && !loss.kernel.empty())
        axpy(1, loss.kernel.samples(), gradients.kernel.samples());
}

void add(const Gradients& other, Gradients& gradients) {
    for (const auto& [key, value] : other.parameters.entries()) gradients.parameters.add(key, value);
    if (!gradients.data.empty()) axpy(1, other.data.samples(), gradients.data.samples());
    if (!gradients.kernel.empty()) axpy(1, other.kernel.samples(), gradients.kernel.samples());
    if (!gradients.weights.empty()) axpy(1, other.weights.span(), gradients.weights.span());
}

}  // namespace stillpoint
