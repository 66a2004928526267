// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/contraction.h"

#include "solver/run/problem.h"

namespace stillpoint {
namespace {

template <class Power>
void carryOut(Power& power, int number, const BackwardHooks& hooks) {
    while (!power.done()) {
        if (hooks.stop.stop_requested()) return power.stop();
        power.step();
        if (hooks.onStep)
            hooks.onStep({BackwardStep::Phase::adjoint, number, power.iterations(), power.change()});
    }
}

}  // namespace

RadiusMeasurement::RadiusMeasurement(RunSession& run)
    : run_(run), power_(std::make_unique<SpectralRadius>(*run.problem().iterator, run.state())) {}

Contraction RadiusMeasurement::result() const {
    Contraction result;
    result.radius = power_->value();
    result.radiusIterations = power_->iterations();
    result.settled = power_->status() == SolveStatus::converged;
    const RunRecord& record = run_.record();
    const double tolerance = readParams<FixedPointParams>(record.recipe, "").tolerance;
    const double first = record.points.empty() ? 1 : record.points.front().step.residual;
    result.predictedIterations = predictedIterations(result.radius, first, tolerance);
    result.warning = contractionWarning(result.radius);
    return result;
}

Contraction contractionAt(RunSession& run, const BackwardHooks& hooks) {
    Contraction result;
    {
        RadiusMeasurement radius(run);
        carryOut(radius, 0, hooks);
        result = radius.result();
    }
    SpectralNorm norm(*run.problem().iterator, run.state());
    carryOut(norm, 1, hooks);
    result.norm = norm.value();
    result.normIterations = norm.iterations();
    return result;
}

}  // namespace stillpoint
