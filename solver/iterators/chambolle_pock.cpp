// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/chambolle_pock.h"

#include "solver/core/timer.h"

namespace stillpoint {

const ParamTable& ChambollePockParams::table() {
    using P = ChambollePockParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .real("step", &P::step,
                  {.label = "Step",
                   .symbol = "τ",
                   .help =
                       "Length of the step on the picture. Any value converges, to the same picture, as long "
                       "as its product with the dual step is at most 1; best is about 0.01 divided by the "
                       "weight of the prior.",
                   .minimum = 1e-6,
                   .maximum = 1e6,
                   .step = 0.05,
                   .scale = ParamScale::logarithmic})
            .real("dual-step", &P::dualStep,
                  {.label = "Dual step",
                   .symbol = "σ",
                   .help =
                       "Length of the step on the dual variable, which lives where the data are. Its product "
                       "with the step must be at most 1, or the iteration may diverge.",
                   .minimum = 1e-6,
                   .maximum = 1e6,
                   .step = 0.05,
                   .scale = ParamScale::logarithmic});
    return table;
}

ChambollePock::ChambollePock(DataFidelity& fidelity, Prior& prior, const ChambollePockParams& params)
    : Iterator(fidelity.shape()),
      fidelity_(fidelity),
      params_(params),
      primal_(fidelity, prior, StepOn::prior, StepBy::prox, params.step, priorSeconds_),
      a_(shape()),
      e_(shape()),
      w_(shape()),
      memory_(prior.memorySize()) {}

void ChambollePock::primalStep(ConstRealSpan z, ImageRef xOut, RealSpan memoryOut) {
    {
        const TimedScope timed(dataSeconds_);
        fidelity_.op().adjoint(picture(z, 1), a_);
        scale(-params_.step, a_.samples());
        axpy(1, picture(z, 0).samples(), a_.samples());
    }
    primal_.apply(a_, beyond(z, 2), xOut, memoryOut);
}

// e_ = 2 x+ - x
void ChambollePock::extrapolate(ConstImageRef x, ConstImageRef xNext) {
    subtract(xNext.samples(), x.samples(), e_.samples());
    axpy(1, xNext.samples(), e_.samples());
}

// w_ = u + sigma A e
void ChambollePock::dualArgument(ConstImageRef u) {
    fidelity_.op().apply(e_, w_);
    scale(params_.dualStep, w_.samples());
    axpy(1, u.samples(), w_.samples());
}

void ChambollePock::apply(ConstRealSpan z, RealSpan out) {
    primalStep(z, picture(out, 0), beyond(out, 2));
    const TimedScope timed(dataSeconds_);
    extrapolate(picture(z, 0), picture(out, 0));
    dualArgument(picture(z, 1));
    fidelity_.conjugateProx(w_, params_.dualStep, picture(out, 1));
}

void ChambollePock::linearise(ConstRealSpan z) {
    for (Image* reserved : {&dual_, &extrapolated_, &cotangent_})
        if (reserved->empty()) *reserved = Image(shape());
    primalStep(z, cotangent_, memory_.span());
    primal_.linearise(a_, beyond(z, 2));
    extrapolate(picture(z, 0), cotangent_);
    dualArgument(picture(z, 1));
    fidelity_.lineariseConjugateProx(w_, params_.dualStep);
    copy(picture(z, 1), dual_);
    copy(e_, extrapolated_);
}

// Cotangents: of w in w_, of e in e_, of x+ in cotangent_, of a in a_.
void ChambollePock::backToPrimal(ConstRealSpan v, RealSpan outMemory) {
    fidelity_.conjugateProxVjp(picture(v, 1), w_);
    fidelity_.op().adjoint(w_, e_);
    scale(params_.dualStep, e_.samples());
    copy(picture(v, 0), cotangent_);
    axpy(2, e_.samples(), cotangent_.samples());
    primal_.vjp(cotangent_, beyond(v, 2), a_, outMemory);
}

void ChambollePock::vjp(ConstRealSpan v, RealSpan out) {
    backToPrimal(v, beyond(out, 2));
    subtract(a_.samples(), e_.samples(), picture(out, 0).samples());
    fidelity_.op().apply(a_, picture(out, 1));
    scale(-params_.step, picture(out, 1).samples());
    axpy(1, w_.samples(), picture(out, 1).samples());
}

void ChambollePock::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    backToPrimal(v, memory_.span());
    const double byConjugate = fidelity_.conjugateProxInputsVjp(picture(v, 1), gradients);
    primal_.inputsVjp(cotangent_, beyond(v, 2), gradients);
    BlurOperator& op = fidelity_.op();
    // e_ holds sigma A'c_w, so <c_w, A e> = <e_, e> / sigma; and <c_a, A'u> = <A c_a, u>.
    const double alongE = dot(e_.samples(), extrapolated_.samples()) / params_.dualStep;
    gradients.parameters.add("dual-step", byConjugate + alongE);
    op.apply(a_, e_);
    gradients.parameters.add("step", -dot(e_.samples(), dual_.samples()));
    if (gradients.kernel.empty()) return;
    op.addKernelVjp(params_.dualStep, w_, extrapolated_, gradients.kernel);
    op.addKernelVjp(-params_.step, dual_, a_, gradients.kernel);
}

}  // namespace stillpoint
