// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/admm.h"

namespace stillpoint {

const ParamTable& AdmmParams::table() {
    static const ParamTable table =
        ParamTableOf<AdmmParams>()
            .real("step", &AdmmParams::step,
                  {.label = "Step",
                   .symbol = "γ",
                   .help = "Length of both proximal steps. Any value converges, to the same picture; best is "
                           "about 0.02 divided by the weight of the prior.",
                   .minimum = 1e-6,
                   .maximum = 1e6,
                   .step = 0.05,
                   .scale = ParamScale::logarithmic})
            .boolean(
                "g-first", &AdmmParams::gFirst,
                {.label = "Prior first",
                 .help = "The prior's proximal map before that of the data. The estimate is then what the "
                         "data step returns; both agree at the solution.",
                 .applies = ParamApplies::restart});
    return table;
}

Admm::Admm(DataFidelity& fidelity, Prior& prior, const AdmmParams& params)
    : Iterator(fidelity.shape()),
      first_(fidelity, prior, params.gFirst ? StepOn::prior : StepOn::data, StepBy::prox, params.step,
             params.gFirst ? priorSeconds_ : dataSeconds_),
      second_(fidelity, prior, params.gFirst ? StepOn::data : StepOn::prior, StepBy::prox, params.step,
              params.gFirst ? dataSeconds_ : priorSeconds_),
      a_(shape()),
      b_(shape()),
      memory_(prior.memorySize()) {}

// a_ = x - u, b_ = p + u
void Admm::firstHalf(ConstRealSpan z, RealSpan memoryOut) {
    subtract(picture(z, 0).samples(), picture(z, 1).samples(), a_.samples());
    first_.apply(a_, beyond(z, 2), b_, memoryOut);
    axpy(1, picture(z, 1).samples(), b_.samples());
}

void Admm::apply(ConstRealSpan z, RealSpan out) {
    firstHalf(z, beyond(out, 2));
    second_.apply(b_, beyond(z, 2), picture(out, 0), beyond(out, 2));
    subtract(b_.samples(), picture(out, 0).samples(), picture(out, 1).samples());
}

void Admm::linearise(ConstRealSpan z) {
    firstHalf(z, memory_.span());
    first_.linearise(a_, beyond(z, 2));
    second_.linearise(b_, beyond(z, 2));
}

// Cotangents of x+ in a_ and of b = p + u in b_: u+ = b - x+.
void Admm::backThroughSecond(ConstRealSpan v, RealSpan outMemory) {
    subtract(picture(v, 0).samples(), picture(v, 1).samples(), a_.samples());
    second_.vjp(a_, beyond(v, 2), b_, outMemory);
    axpy(1, picture(v, 1).samples(), b_.samples());
}

void Admm::vjp(ConstRealSpan v, RealSpan out) {
    backThroughSecond(v, beyond(out, 2));
    first_.vjp(b_, beyond(v, 2), picture(out, 0), beyond(out, 2));
    subtract(b_.samples(), picture(out, 0).samples(), picture(out, 1).samples());
}

void Admm::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    backThroughSecond(v, memory_.span());
    second_.inputsVjp(a_, beyond(v, 2), gradients);
    first_.inputsVjp(b_, beyond(v, 2), gradients);
}

}  // namespace stillpoint
