// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/proximal.h"

#include "solver/core/timer.h"

namespace stillpoint {

const ParamTable& PgdParams::table() {
    static const ParamTable table = ParamTableOf<PgdParams>().real(
        "step", &PgdParams::step,
        {.label = "Step",
         .symbol = "γ",
         .help = "Length of the data step. Any value below 2 converges, to the same picture; "
                 "1 is a good choice.",
         .minimum = 1e-6,
         .maximum = 10,
         .step = 0.05,
         .scale = ParamScale::logarithmic});
    return table;
}

const ParamTable& HqsParams::table() {
    static const ParamTable table = ParamTableOf<HqsParams>().real(
        "step", &HqsParams::step,
        {.label = "Step",
         .symbol = "γ",
         .help = "Strength of each data step. Larger values need fewer iterations; the result "
                 "depends on the value, unlike that of PGD.",
         .minimum = 1e-6,
         .maximum = 1e6,
         .step = 0.05,
         .scale = ParamScale::logarithmic});
    return table;
}

ProximalSplitting::ProximalSplitting(DataFidelity& fidelity, Prior& prior, DataStep dataStep, double step)
    : Iterator(fidelity.shape()),
      fidelity_(fidelity),
      prior_(prior),
      dataStep_(dataStep),
      step_(step),
      between_(shape()) {
    assert(prior.offers().prox);
}

void ProximalSplitting::dataStep(ConstImageRef x, ImageRef out) {
    if (dataStep_ == DataStep::gradient)
        fidelity_.gradientStep(x, step_, out);
    else
        fidelity_.prox(x, step_, out);
}

void ProximalSplitting::apply(ConstRealSpan z, RealSpan out) {
    {
        const TimedScope timed(dataSeconds_);
        dataStep(estimate(z), between_);
    }
    const TimedScope timed(priorSeconds_);
    prior_.prox(between_, step_ * prior_.lambda(), memory(z), estimate(out), memory(out));
}

void ProximalSplitting::linearise(ConstRealSpan z) {
    if (cotangent_.size() != stateSize()) cotangent_ = Buffer(stateSize());
    dataStep(estimate(z), between_);
    if (dataStep_ == DataStep::gradient)
        fidelity_.lineariseGradient(estimate(z));
    else
        fidelity_.lineariseProx(estimate(z), step_);
    prior_.lineariseProx(between_, step_ * prior_.lambda(), memory(z));
}

void ProximalSplitting::dataStepVjp(ConstImageRef v, ImageRef out) {
    if (dataStep_ == DataStep::gradient)
        fidelity_.gradientStepVjp(v, step_, out);
    else
        fidelity_.proxVjp(v, out);
}

void ProximalSplitting::vjp(ConstRealSpan v, RealSpan out) {
    prior_.proxVjp(estimate(v), memory(v), estimate(out), memory(out));
    dataStepVjp(estimate(out), estimate(out));
}

void ProximalSplitting::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    // The prox sees the weight gamma lambda; the data step sees gamma once more.
    const double byWeight = prior_.proxParameterVjp(estimate(v), memory(v), gradients.parameters);
    const RealSpan c = cotangent_.span();
    prior_.proxVjp(estimate(v), memory(v), estimate(c), memory(c));
    if (dataStep_ == DataStep::prox) fidelity_.proxVjp(estimate(c), estimate(c));
    gradients.parameters.add("step", prior_.lambda() * byWeight - fidelity_.alongGradient(estimate(c)));
    gradients.parameters.add("prior.lambda", step_ * byWeight);
    fidelity_.inputsVjp(estimate(c), -step_, gradients);
}

}  // namespace stillpoint
