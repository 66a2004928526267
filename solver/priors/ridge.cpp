// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/ridge.h"

#include "solver/priors/learned_model.h"

namespace stillpoint {

const ParamTable& RidgeParams::table() {
    static const ParamTable table =
        ParamTableOf<RidgeParams>()
            .text("model", &RidgeParams::model,
                  {.label = "Model",
                   .help = "Name of a trained regulariser that comes with the program, or a weights file "
                           "(safetensors).",
                   .applies = ParamApplies::restart,
                   .suggestions = modelSuggestions(ModelKind::ridge),
                   .files = "*.safetensors"})
            .real("sigma", &RidgeParams::sigma,
                  {.label = "Level",
                   .symbol = "σ",
                   .help = "Noise that the regulariser is scaled for, on the scale where white is 1: larger "
                           "is smoother.",
                   .minimum = 1e-4,
                   .maximum = 0.3,
                   .step = 0.001,
                   .scale = ParamScale::logarithmic})
            .real("lambda", &RidgeParams::lambda,
                  {.label = "Weight",
                   .symbol = "λ",
                   .help = "Weight of the prior against the data: larger is smoother.",
                   .minimum = 0,
                   .maximum = 100,
                   .step = 0.01,
                   .scale = ParamScale::logarithmic});
    return table;
}

RidgePrior::RidgePrior(Shape shape, const RidgeParams& params)
    : RidgePrior(shape, params, modelForPrior(params.model)) {}

RidgePrior::RidgePrior(Shape shape, const RidgeParams& params, std::shared_ptr<const Model> model)
    : Prior(shape), params_(params), model_(std::move(model)) {
    checkModelFits(*model_, ModelKind::ridge, params.model, shape);
    bank_ = model_->bank;
}

// Made when it is first needed: the registry makes priors just to ask what they offer.
RidgeField& RidgePrior::field() {
    if (!field_) {
        field_ = std::make_unique<RidgeField>(bank_, shape());
        at_ = Image(shape());
        work_ = Image(shape());
    }
    return *field_;
}

std::size_t RidgePrior::workBytes(Shape picture) const {
    return RidgeField::workBytes(bank_->architecture(), picture);
}

double RidgePrior::value(ConstImageRef x) {
    return field().value(x, params_.sigma);
}

void RidgePrior::gradient(ConstImageRef x, ImageRef out) {
    field().gradient(x, params_.sigma, out);
}

void RidgePrior::lineariseGradient(ConstImageRef x) {
    field().linearise(x, params_.sigma);
}

void RidgePrior::gradientVjp(ConstImageRef v, ImageRef out) {
    field().hessian(v, out);
}

// Adds scale <v, d grad g / d theta>, and byLipschitz d mu / d theta.
void RidgePrior::addInputs(ConstImageRef v, double scale, double byLipschitz, Gradients& gradients) {
    const bool weights = !gradients.weights.empty();
    RidgeBank::Derivatives by(bank_->architecture());
    gradients.parameters.add("prior.sigma", scale * field().derivatives(v, weights, by));
    if (!weights) return;
    by.lipschitz = scale != 0 ? byLipschitz / scale : 0;
    bank_->addGradient(by, params_.sigma, scale, gradients.weights.span());
}

void RidgePrior::gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) {
    addInputs(v, scale, 0, gradients);
}

void RidgePrior::prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
                      RealSpan memoryOut) {
    RidgeField& g = field();
    const double s = stepFor(weight);
    const auto in = v.samples();
    const auto at = at_.samples();
    for (std::size_t k = 0; k < in.size(); ++k) at[k] = in[k] + memory[k];
    g.gradient(at_, params_.sigma, work_);
    const auto slope = work_.samples();
    const auto to = out.samples();
    const auto keep = static_cast<Real>(1 - s), share = static_cast<Real>(s * weight);
    for (std::size_t k = 0; k < in.size(); ++k) {
        const Real place = keep * memory[k] - share * slope[k];
        to[k] = in[k] + place;
        memoryOut[k] = place;
    }
}

void RidgePrior::lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) {
    RidgeField& g = field();
    if (direction_.empty()) {
        direction_ = Image(shape());
        gradientAt_ = Image(shape());
        cotangent_ = Image(shape());
    }
    weight_ = weight;
    copy(v, at_);
    axpy(1, memory, at_.samples());
    g.linearise(at_, params_.sigma);
    g.gradient(at_, params_.sigma, gradientAt_);
    copy(memory, direction_.samples());
    axpy(weight, gradientAt_.samples(), direction_.samples());
}

// With q = c + cMemory and h = H q: outV = c - s w h, outMemory = (1 - s) q - s w h.
void RidgePrior::proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) {
    RidgeField& g = field();
    const double s = stepFor(weight_);
    copy(c, cotangent_);
    axpy(1, cMemory, cotangent_.samples());
    g.hessian(cotangent_, work_);
    const auto q = cotangent_.samples();
    const auto h = work_.samples();
    const auto in = c.samples();
    const auto to = outV.samples();
    const auto keep = static_cast<Real>(1 - s), share = static_cast<Real>(s * weight_);
    for (std::size_t k = 0; k < q.size(); ++k) {
        to[k] = in[k] - share * h[k];
        outMemory[k] = keep * q[k] - share * h[k];
    }
}

// d+ = d - s direction; s depends on the weight and on mu.
double RidgePrior::proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) {
    const double s = stepFor(weight_);
    copy(c, cotangent_);
    axpy(1, cMemory, cotangent_.samples());
    const double along = dot(cotangent_.samples(), direction_.samples());
    addInputs(cotangent_, -s * weight_, weight_ * s * s * along, gradients);
    return bank_->lipschitz() * s * s * along - s * dot(cotangent_.samples(), gradientAt_.samples());
}

}  // namespace stillpoint
