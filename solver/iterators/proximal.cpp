// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/proximal.h"

namespace stillpoint {

const ParamTable& PgdParams::table() {
    static const ParamTable table =
        ParamTableOf<PgdParams>()
            .real("step", &PgdParams::step,
                  {.label = "Step",
                   .symbol = "γ",
                   .help = "Length of the data step. Any value below 2 converges, to the same picture; "
                           "1 is a good choice.",
                   .minimum = 1e-6,
                   .maximum = 10,
                   .step = 0.05,
                   .scale = ParamScale::logarithmic})
            .boolean(
                "g-first", &PgdParams::gFirst,
                {.label = "Prior first",
                 .help = "A gradient step on the prior, then the proximal map of the data, instead of the "
                         "other way round: the same solution. Needs a prior with a gradient; the step must "
                         "stay below 2 / (λ L), L the curvature of the prior.",
                 .applies = ParamApplies::restart});
    return table;
}

const ParamTable& HqsParams::table() {
    static const ParamTable table =
        ParamTableOf<HqsParams>()
            .real("step", &HqsParams::step,
                  {.label = "Step",
                   .symbol = "γ",
                   .help = "Strength of each data step. Larger values need fewer iterations; the result "
                           "depends on the value, unlike that of PGD.",
                   .minimum = 1e-6,
                   .maximum = 1e6,
                   .step = 0.05,
                   .scale = ParamScale::logarithmic})
            .boolean(
                "g-first", &HqsParams::gFirst,
                {.label = "Prior first",
                 .help = "The prior's proximal map, then that of the data. The estimate is then what the "
                         "data step returns: closer to the data, noisier.",
                 .applies = ParamApplies::restart});
    return table;
}

ProximalSplitting::ProximalSplitting(DataFidelity& fidelity, Prior& prior, StepBy by, bool gFirst,
                                     double step)
    : Iterator(fidelity.shape()),
      first_(fidelity, prior, gFirst ? StepOn::prior : StepOn::data, by, step,
             gFirst ? priorSeconds_ : dataSeconds_),
      second_(fidelity, prior, gFirst ? StepOn::data : StepOn::prior, StepBy::prox, step,
              gFirst ? dataSeconds_ : priorSeconds_),
      between_(shape()),
      memory_(first_.memorySize() + second_.memorySize()) {}

std::size_t ProximalSplitting::stateSize() const {
    return shape().size() + memory_.size();
}

void ProximalSplitting::apply(ConstRealSpan z, RealSpan out) {
    first_.apply(estimate(z), beyond(z, 1), between_, beyond(out, 1));
    second_.apply(between_, beyond(z, 1), estimate(out), beyond(out, 1));
}

void ProximalSplitting::linearise(ConstRealSpan z) {
    first_.apply(estimate(z), beyond(z, 1), between_, memory_.span());
    first_.linearise(estimate(z), beyond(z, 1));
    second_.linearise(between_, beyond(z, 1));
}

void ProximalSplitting::vjp(ConstRealSpan v, RealSpan out) {
    second_.vjp(estimate(v), beyond(v, 1), between_, beyond(out, 1));
    first_.vjp(between_, beyond(v, 1), estimate(out), beyond(out, 1));
}

void ProximalSplitting::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    second_.inputsVjp(estimate(v), beyond(v, 1), gradients);
    second_.vjp(estimate(v), beyond(v, 1), between_, memory_.span());
    first_.inputsVjp(between_, beyond(v, 1), gradients);
}

}  // namespace stillpoint
