// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/contraction.h"

#include "solver/run/problem.h"

namespace stillpoint {
namespace {

void carryOut(PowerIteration& power, int number, const BackwardHooks& hooks) {
    while (!power.done()) {
        if (hooks.stop.stop_requested()) return power.stop();
        power.step();
        if (hooks.onStep)
            hooks.onStep({BackwardStep::Phase::adjoint, number, power.iterations(), power.change()});
    }
}

}  // namespace

Contraction contractionAt(RunSession& run, const BackwardHooks& hooks) {
    Iterator& iterator = *run.problem().iterator;
    Contraction result;
    {
        SpectralRadius radius(iterator, run.state());
        carryOut(radius, 0, hooks);
        result.radius = radius.value();
        result.radiusIterations = radius.iterations();
    }
    {
        SpectralNorm norm(iterator, run.state());
        carryOut(norm, 1, hooks);
        result.norm = norm.value();
        result.normIterations = norm.iterations();
    }
    const RunRecord& record = run.record();
    const double tolerance = readParams<FixedPointParams>(record.recipe, "").tolerance;
    const double first = record.points.empty() ? 1 : record.points.front().step.residual;
    result.predictedIterations = predictedIterations(result.radius, first, tolerance);
    result.warning = contractionWarning(result.radius);
    return result;
}

}  // namespace stillpoint
