// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/half_step.h"

#include "solver/core/timer.h"

namespace stillpoint {

HalfStep::HalfStep(DataFidelity& fidelity, Prior& prior, StepOn on, StepBy by, double step, double& seconds)
    : fidelity_(fidelity),
      prior_(prior),
      on_(on),
      by_(by),
      step_(step),
      seconds_(seconds),
      gradient_(on == StepOn::prior && by == StepBy::gradient ? Image(fidelity.shape()) : Image()) {
    [[maybe_unused]] const bool gradient = by == StepBy::gradient;
    if (on == StepOn::data) assert(gradient ? fidelity.offers().gradient : fidelity.offers().prox);
    if (on == StepOn::prior) assert(gradient ? prior.offers().gradient : prior.offers().prox);
}

void HalfStep::apply(ConstImageRef in, ConstRealSpan memory, ImageRef out, RealSpan memoryOut) {
    const TimedScope timed(seconds_);
    if (on_ == StepOn::data) {
        if (by_ == StepBy::gradient)
            fidelity_.gradientStep(in, step_, out);
        else
            fidelity_.prox(in, step_, out);
    } else if (by_ == StepBy::prox) {
        prior_.prox(in, weight(), memory, out, memoryOut);
    } else {
        prior_.gradient(in, gradient_);
        copy(in, out);
        axpy(-weight(), gradient_.samples(), out.samples());
    }
}

void HalfStep::linearise(ConstImageRef in, ConstRealSpan memory) {
    if (work_.empty()) work_ = Image(in.shape());
    if (on_ == StepOn::data) {
        if (by_ == StepBy::gradient)
            fidelity_.lineariseGradient(in);
        else
            fidelity_.lineariseProx(in, step_);
    } else if (by_ == StepBy::prox) {
        prior_.lineariseProx(in, weight(), memory);
    } else {
        copy(in, work_);
        prior_.lineariseGradient(in);
    }
}

void HalfStep::vjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef out, RealSpan outMemory) {
    if (on_ == StepOn::data) {
        if (by_ == StepBy::gradient)
            fidelity_.gradientStepVjp(c, step_, out);
        else
            fidelity_.proxVjp(c, out);
    } else if (by_ == StepBy::prox) {
        prior_.proxVjp(c, cMemory, out, outMemory);
    } else {
        prior_.gradientVjp(c, gradient_);
        copy(c, out);
        axpy(-weight(), gradient_.samples(), out.samples());
    }
}

void HalfStep::inputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) {
    if (on_ == StepOn::data)
        dataInputsVjp(c, gradients);
    else
        priorInputsVjp(c, cMemory, gradients);
}

// The derivatives of both data steps are those of grad f, behind (I + gamma H)^-1 in the prox's case.
void HalfStep::dataInputsVjp(ConstImageRef c, Gradients& gradients) {
    if (by_ == StepBy::prox)
        fidelity_.proxVjp(c, work_);
    else
        copy(c, work_);
    gradients.parameters.add("step", -fidelity_.alongGradient(work_));
    fidelity_.inputsVjp(work_, -step_, gradients);
}

// Step and lambda act through their product, the weight.
void HalfStep::priorInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) {
    double byWeight = 0;
    if (by_ == StepBy::prox) {
        byWeight = prior_.proxInputsVjp(c, cMemory, gradients);
    } else {
        prior_.gradient(work_, gradient_);
        byWeight = -dot(c.samples(), gradient_.samples());
        prior_.gradientInputsVjp(c, -weight(), gradients);
    }
    gradients.parameters.add("step", prior_.lambda() * byWeight);
    gradients.parameters.add("prior.lambda", step_ * byWeight);
}

}  // namespace stillpoint
