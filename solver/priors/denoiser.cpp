// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/denoiser.h"

#include "solver/core/rng.h"
#include "solver/priors/learned_model.h"

namespace stillpoint {

const ParamTable& DenoiserParams::table() {
    static const ParamTable table =
        ParamTableOf<DenoiserParams>()
            .text("model", &DenoiserParams::model,
                  {.label = "Model",
                   .help = "Name of a trained network that comes with the program, or a weights file "
                           "(safetensors).",
                   .applies = ParamApplies::restart,
                   .suggestions = modelSuggestions(ModelKind::denoiser),
                   .files = "*.safetensors"})
            .real(
                "sigma", &DenoiserParams::sigma,
                {.label = "Level",
                 .symbol = "σ",
                 .help = "Noise that the network is told to remove, on the scale where white is 1: larger is "
                         "smoother.",
                 .minimum = 1e-4,
                 .maximum = 0.3,
                 .step = 0.001,
                 .scale = ParamScale::logarithmic})
            .real(
                "strength", &DenoiserParams::strength,
                {.label = "Strength",
                 .symbol = "α",
                 .help =
                     "Share of the denoiser in its mixture with the unchanged picture. Below 1 the iteration "
                     "contracts more readily.",
                 .minimum = 0.01,
                 .maximum = 1,
                 .step = 0.05})
            .choice(
                "form", &DenoiserParams::form, {"direct", "gradient-step"},
                {.label = "Form",
                 .help = "direct: the network's output. gradient-step: a step down the gradient of half the "
                         "squared distance between a picture and the network's output, which gives the "
                         "prior a value and a symmetric Jacobian and costs twice the time.",
                 .applies = ParamApplies::restart})
            .real(
                "lambda", &DenoiserParams::lambda,
                {.label = "Weight",
                 .symbol = "λ",
                 .help = "Weight of the prior against the data in iterators that take its gradient (gd, and "
                         "pgd with the prior first). The others replace the proximal map by the denoiser, "
                         "which knows only its level.",
                 .minimum = 0,
                 .maximum = 10,
                 .step = 0.001,
                 .scale = ParamScale::logarithmic});
    return table;
}

DenoiserPrior::DenoiserPrior(Shape shape, const DenoiserParams& params)
    : DenoiserPrior(shape, params, modelForPrior(params.model)) {}

DenoiserPrior::DenoiserPrior(Shape shape, const DenoiserParams& params, std::shared_ptr<const Model> model)
    : Prior(shape), params_(params), model_(std::move(model)) {
    checkModelFits(*model_, ModelKind::denoiser, params.model, shape);
}

// The networks are made when they are first needed: the registry makes priors just to ask what they offer.
DenoiserNetwork& DenoiserPrior::network(std::unique_ptr<DenoiserNetwork>& which) {
    if (!which) {
        which = std::make_unique<DenoiserNetwork>(*model_->denoiser(), shape());
        which->setWeights(model_->weights);
        if (residual_.empty()) residual_ = Image(shape());
        if (work_.empty()) work_ = Image(shape());
    }
    return *which;
}

// out = grad g(x) of the form: x - N(x), or (I - J)'(x - N(x)); residual = x - N(x).
void DenoiserPrior::direction(DenoiserNetwork& net, ConstImageRef x, DenoiserNetwork::Keep keep,
                              ImageRef residual, ImageRef out) {
    net.apply(x.samples(), params_.sigma, out.samples(), keep);
    if (!gradientStep()) {
        subtract(x.samples(), out.samples(), out.samples());
        return;
    }
    subtract(x.samples(), out.samples(), residual.samples());
    net.vjp(residual.samples(), out.samples());
    subtract(residual.samples(), out.samples(), out.samples());
}

double DenoiserPrior::jacobianNorm(int steps, std::uint64_t seed, double bound, double scale,
                                   RealSpan gradient) {
    using Keep = DenoiserNetwork::Keep;
    Image right(shape()), left(shape());
    for (std::size_t k = 0; k < right.size(); ++k)
        right.samples()[k] = static_cast<Real>(normalAt(seed, k));  // a constant one is what filters remove
    double size = 0;
    const auto normalise = [](ImageRef x) {
        const double length = norm(x.samples());
        if (length > 0) stillpoint::scale(1 / length, x.samples());
        return length;
    };
    normalise(right);
    for (int k = 0; k < steps; ++k) {
        at_->jvp(right.samples(), left.samples(), Keep::slopes);
        normalise(left);
        at_->vjp(left.samples(), right.samples());
        size = normalise(right);
    }
    if (gradient.empty() || !(size > bound)) return size;
    at_->jvp(right.samples(), product_.samples(), Keep::everything);
    at_->addWeightGradients(left.samples(), scale, gradient, product_.samples());
    return size;
}

std::size_t DenoiserPrior::workBytes(Shape picture) const {
    constexpr std::size_t kCopies = 4;  // of the weights: its own, and as the convolutions want them
    return model_->denoiser()->workBytes(picture, runKeep()) + kCopies * weightCount() * sizeof(Real);
}

double DenoiserPrior::value(ConstImageRef x) {
    DenoiserNetwork& net = network(runs_);
    net.apply(x.samples(), params_.sigma, work_.samples(), DenoiserNetwork::Keep::nothing);
    return 0.5 * params_.strength * distanceSquared(x.samples(), work_.samples());
}

void DenoiserPrior::gradient(ConstImageRef x, ImageRef out) {
    DenoiserNetwork& net = network(runs_);
    direction(net, x, runKeep(), residual_, out);
    scale(params_.strength, out.samples());
}

void DenoiserPrior::prox(ConstImageRef v, double, ConstRealSpan, ImageRef out, RealSpan) {
    DenoiserNetwork& net = network(runs_);
    direction(net, v, runKeep(), residual_, work_);
    if (out.data() != v.data()) copy(v, out);
    axpy(-params_.strength, work_.samples(), out.samples());
}

void DenoiserPrior::linearise(ConstImageRef x) {
    DenoiserNetwork& net = network(at_);
    if (point_.empty()) {
        point_ = Image(shape());
        residualAt_ = Image(shape());
        directionAt_ = Image(shape());
        product_ = Image(shape());
    }
    copy(x, point_);
    direction(net, point_, DenoiserNetwork::Keep::slopes, residualAt_, directionAt_);
}

void DenoiserPrior::lineariseGradient(ConstImageRef x) {
    linearise(x);
}

void DenoiserPrior::lineariseProx(ConstImageRef v, double, ConstRealSpan) {
    linearise(v);
}

// work = (I - J) c for gradient-step, c itself for direct: what the network's own derivatives are multiplied
// by.
ConstImageRef DenoiserPrior::beforeNetwork(ConstImageRef c) {
    if (!gradientStep()) return c;
    at_->jvp(c.samples(), work_.samples(), DenoiserNetwork::Keep::slopes);
    subtract(c.samples(), work_.samples(), work_.samples());
    return work_;
}

// out = (d direction / dx)' c
void DenoiserPrior::multiply(ConstImageRef c, ImageRef out) {
    const ConstImageRef before = beforeNetwork(c);
    at_->vjp(before.samples(), out.samples());
    subtract(before.samples(), out.samples(), out.samples());
}

void DenoiserPrior::gradientVjp(ConstImageRef v, ImageRef out) {
    multiply(v, out);
    scale(params_.strength, out.samples());
}

void DenoiserPrior::proxVjp(ConstImageRef c, ConstRealSpan, ImageRef outV, RealSpan) {
    multiply(c, product_);
    if (outV.data() != c.data()) copy(c, outV);
    axpy(-params_.strength, product_.samples(), outV.samples());
}

// Adds scale <c, d (strength * direction) / d theta>. The slopes do not change with sigma or the weights
// (almost everywhere), so that J does so only through its own filters.
void DenoiserPrior::addInputs(ConstImageRef c, double scale, Gradients& gradients) {
    const double share = scale * params_.strength;
    gradients.parameters.add("prior.strength", scale * dot(c.samples(), directionAt_.samples()));
    const ConstImageRef before = beforeNetwork(c);
    at_->vjp(before.samples(), product_.samples());
    gradients.parameters.add("prior.sigma", -share * at_->sigmaProduct());
    if (gradients.weights.empty()) return;
    const RealSpan weights = gradients.weights.span();
    at_->apply(point_.samples(), params_.sigma, product_.samples(), DenoiserNetwork::Keep::everything);
    at_->addWeightGradients(before.samples(), -share, weights, product_.samples());
    if (!gradientStep()) return;
    at_->jvp(c.samples(), work_.samples(), DenoiserNetwork::Keep::everything);
    at_->addWeightGradients(residualAt_.samples(), -share, weights, product_.samples());
}

void DenoiserPrior::gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) {
    addInputs(v, scale, gradients);
}

double DenoiserPrior::proxInputsVjp(ConstImageRef c, ConstRealSpan, Gradients& gradients) {
    addInputs(c, -1, gradients);
    return 0;
}

}  // namespace stillpoint
