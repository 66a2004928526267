// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/gradient_descent.h"

#include "solver/core/timer.h"

namespace stillpoint {

const ParamTable& GradientDescentParams::table() {
    static const ParamTable table = ParamTableOf<GradientDescentParams>().real(
        "step", &GradientDescentParams::step,
        {.label = "Step",
         .symbol = "γ",
         .help = "Length of a gradient step. It must stay below 2 / (1 + λ L), L the curvature of the prior "
                 "(8 / smoothing for "
                 "total variation), or the iteration diverges.",
         .minimum = 1e-6,
         .maximum = 10,
         .step = 0.05,
         .scale = ParamScale::logarithmic});
    return table;
}

GradientDescent::GradientDescent(DataFidelity& fidelity, Prior& prior, const GradientDescentParams& params)
    : Iterator(fidelity.shape()), fidelity_(fidelity), prior_(prior), params_(params), gradient_(shape()) {
    assert(prior.offers().gradient);
}

void GradientDescent::apply(ConstRealSpan z, RealSpan out) {
    {
        const TimedScope timed(dataSeconds_);
        fidelity_.gradientStep(estimate(z), params_.step, estimate(out));
    }
    const TimedScope timed(priorSeconds_);
    prior_.gradient(estimate(z), gradient_);
    axpy(-params_.step * prior_.lambda(), gradient_.samples(), out);
}

void GradientDescent::linearise(ConstRealSpan z) {
    if (point_.empty()) point_ = Image(shape());
    copy(estimate(z), point_);
    fidelity_.lineariseGradient(point_);
    prior_.lineariseGradient(point_);
}

void GradientDescent::vjp(ConstRealSpan v, RealSpan out) {
    fidelity_.gradientStepVjp(estimate(v), params_.step, estimate(out));
    prior_.gradientVjp(estimate(v), gradient_);
    axpy(-params_.step * prior_.lambda(), gradient_.samples(), out);
}

void GradientDescent::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    prior_.gradient(point_, gradient_);
    const double alongPrior = dot(v, gradient_.samples());
    ParameterGradients& parameters = gradients.parameters;
    parameters.add("step", -fidelity_.alongGradient(estimate(v)) - prior_.lambda() * alongPrior);
    parameters.add("prior.lambda", -params_.step * alongPrior);
    prior_.gradientInputsVjp(estimate(v), -params_.step * prior_.lambda(), gradients);
    fidelity_.inputsVjp(estimate(v), -params_.step, gradients);
}

}  // namespace stillpoint
