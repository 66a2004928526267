// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/douglas_rachford.h"

namespace stillpoint {

const ParamTable& DouglasRachfordParams::table() {
    using P = DouglasRachfordParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .real("step", &P::step,
                  {.label = "Step",
                   .symbol = "γ",
                   .help = "Length of both proximal steps. Any value converges, to the same picture; best is "
                           "about 0.02 divided by the weight of the prior.",
                   .minimum = 1e-6,
                   .maximum = 1e6,
                   .step = 0.05,
                   .scale = ParamScale::logarithmic})
            .boolean(
                "g-first", &P::gFirst,
                {.label = "Prior first",
                 .help = "The prior's proximal map before that of the data. The estimate is then what the "
                         "data step returns; both agree at the solution.",
                 .applies = ParamApplies::restart});
    return table;
}

DouglasRachford::DouglasRachford(DataFidelity& fidelity, Prior& prior, const DouglasRachfordParams& params)
    : Iterator(fidelity.shape()),
      first_(fidelity, prior, params.gFirst ? StepOn::prior : StepOn::data, StepBy::prox, params.step,
             params.gFirst ? priorSeconds_ : dataSeconds_),
      second_(fidelity, prior, params.gFirst ? StepOn::data : StepOn::prior, StepBy::prox, params.step,
              params.gFirst ? dataSeconds_ : priorSeconds_),
      p_(shape()),
      reflected_(shape()),
      memory_(prior.memorySize()) {}

void DouglasRachford::start(ConstImageRef x0, RealSpan z) const {
    Iterator::start(x0, z);
    copy(x0, picture(z, 1));
}

void DouglasRachford::firstHalf(ConstRealSpan z, RealSpan memoryOut) {
    first_.apply(picture(z, 1), beyond(z, 2), p_, memoryOut);
    subtract(p_.samples(), picture(z, 1).samples(), reflected_.samples());
    axpy(1, p_.samples(), reflected_.samples());
}

void DouglasRachford::apply(ConstRealSpan z, RealSpan out) {
    firstHalf(z, beyond(out, 2));
    second_.apply(reflected_, beyond(z, 2), picture(out, 0), beyond(out, 2));
    // s + q - p = q - (2 p - s) + p
    subtract(picture(out, 0).samples(), reflected_.samples(), picture(out, 1).samples());
    axpy(1, p_.samples(), picture(out, 1).samples());
}

void DouglasRachford::linearise(ConstRealSpan z) {
    firstHalf(z, memory_.span());
    first_.linearise(picture(z, 1), beyond(z, 2));
    second_.linearise(reflected_, beyond(z, 2));
}

// Cotangents c of q in reflected_ and, with r = J'c that of 2 p - s, 2 r - v_s of p in p_.
void DouglasRachford::backThroughSecond(ConstRealSpan v, RealSpan outMemory) {
    copy(picture(v, 0), reflected_);
    axpy(1, picture(v, 1).samples(), reflected_.samples());
    second_.vjp(reflected_, beyond(v, 2), p_, outMemory);
    scale(2, p_.samples());
    axpy(-1, picture(v, 1).samples(), p_.samples());
}

void DouglasRachford::vjp(ConstRealSpan v, RealSpan out) {
    backThroughSecond(v, beyond(out, 2));
    first_.vjp(p_, beyond(v, 2), picture(out, 1), beyond(out, 2));
    // To s: v_s - r = (v_s - (2 r - v_s)) / 2, beside what comes through p.
    axpy(-0.5, p_.samples(), picture(out, 1).samples());
    axpy(0.5, picture(v, 1).samples(), picture(out, 1).samples());
    fill(picture(out, 0).samples(), 0);
}

void DouglasRachford::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    backThroughSecond(v, memory_.span());
    second_.inputsVjp(reflected_, beyond(v, 2), gradients);
    first_.inputsVjp(p_, beyond(v, 2), gradients);
}

}  // namespace stillpoint
