// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of thumb for parameters that a recipe leaves out.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "solver/nn/models.h"
#include "solver/run/components.h"

namespace stillpoint {
namespace {

// Weight of the prior that suits noise of deviation sigma (for photon noise: at mid-grey); see the
// measurements in solver/README.md. The Poisson likelihood is steeper than least squares by 1 / (y + b).
double noiseWeight(const std::string& fidelity, const std::string& prior, double sigma) {
    const double steepness = fidelity == "poisson" ? 2.5 : 1;
    if (prior == "wavelet") return std::max(steepness * 0.4 * std::pow(sigma, 1.25), 1e-6);
    if (prior == "tikhonov") return std::max(steepness * 10 * sigma * sigma, 1e-5);
    return std::max(steepness * 0.1 * std::pow(sigma, 1.1), 1e-6);
}

// For impulse noise the weight says how many wrong pixels together make a feature; their values do not
// matter.
constexpr double kImpulseWeight = 0.03;

// Step of the splittings whose solution does not depend on it: the prior's share, step times weight, is what
// the prox takes off, about 0.02 of white; see the measurements in solver/README.md. For a quadratic prior
// the best step is 1 / sqrt(weight), the geometric mean of the curvatures' inverses.
double splittingStep(const std::string& iterator, const std::string& prior, double weight) {
    if (prior == "tikhonov") return 1 / std::sqrt(weight);
    return (iterator == "chambolle-pock" ? 0.012 : 0.018) / weight;
}

using Offer = std::function<void(const std::string& key, double value)>;

// Steps for which the iterator converges, and fast, with the recipe's prior and fidelity.
void suggestSteps(const Registry& registry, const Recipe& recipe, const Offer& offer) {
    const std::string iterator = registry.valueText(recipe, "iterator");
    const std::string priorName = registry.valueText(recipe, "prior");
    const auto prior = priorComponent(priorName).make({1, 2, 2}, recipe);
    const Image pixel(1, 1, 1);
    BlurOperator identity(makeKernel("box:size=1"), pixel.shape());
    const auto fidelity =
        fidelityComponent(registry.valueText(recipe, "fidelity")).make(identity, pixel, recipe);
    const IteratorNeeds needs = iteratorComponent(iterator).needs(recipe);
    const double priorCurvature = needs.priorGradient ? prior->lambda() * prior->gradientLipschitz() : 0;
    if (needs.fidelityGradient) {
        const double curvature = fidelity->gradientLipschitz();
        // The defaults of the other iterators are made for least squares, whose curvature is 1.
        if (iterator == "gd")
            offer("step", 1.8 / (curvature + priorCurvature));
        else if (curvature != 1)
            offer("step", (iterator == "pgd" ? 1.8 : 1.0) / curvature);
    } else if (needs.priorGradient) {
        offer("step", std::min(1.0, 1.8 / std::max(priorCurvature, 1e-6)));
    }
    if (priorName == "denoiser") return;
    const bool splitting = iterator == "admm" || iterator == "drs" || iterator == "chambolle-pock";
    if (splitting && prior->lambda() > 0) offer("step", splittingStep(iterator, priorName, prior->lambda()));
}

// Level and step as the model was tuned; `recipe` has what was offered so far. Noise that is not known is
// taken to be what the level suits.
void suggestForDenoiser(const Registry& registry, const Recipe& recipe, double noiseSigma,
                        const Offer& offer) {
    const ModelTuning tuning = findModel(registry.valueText(recipe, "prior.model"))->tuning;
    const auto level = [&] { return *parseDouble(registry.valueText(recipe, "prior.sigma")); };
    if (noiseSigma >= 0)
        offer("prior.sigma", tuning.sigma(noiseSigma));
    else
        noiseSigma = level() / tuning.level;
    const std::string iterator = registry.valueText(recipe, "iterator");
    if (iterator == "hqs" || iterator == "admm" || iterator == "drs")
        offer("step", tuning.step(level(), noiseSigma));
}

}  // namespace

Recipe Registry::recommended() const {
    Recipe recipe;
    recipe.set("iterator", "hqs");
    recipe.set("prior", "denoiser");
    return recipe;
}

Recipe Registry::suggest(const Recipe& recipe, double noiseSigma) const {
    Recipe suggested = recipe;
    const std::string prior = valueText(recipe, "prior");
    const bool learned = prior == "denoiser" || prior == "ridge";
    const auto offer = [&](const std::string& key, double value) {
        const KeyedParam keyed = find(recipe, key);
        if (!keyed.param || recipe.find(key)) return;
        const double clamped = std::clamp(value, keyed.param->info.minimum, keyed.param->info.maximum);
        // Two digits are all that such a rule of thumb deserves.
        char text[32];
        std::snprintf(text, sizeof text, "%.1e", clamped);
        std::replace(text, text + sizeof text, ',', '.');
        suggested.set(key, Value(parseDouble(text).value_or(clamped)));
    };
    const std::string fidelity = valueText(recipe, "fidelity");
    if (fidelity == "l1")
        offer("prior.lambda", kImpulseWeight);
    else if (noiseSigma >= 0 && !learned)  // which are told the level instead
        offer("prior.lambda", noiseWeight(fidelity, prior, noiseSigma));
    if (!check(suggested).empty()) return suggested;
    if (prior == "denoiser") suggestForDenoiser(*this, suggested, noiseSigma, offer);
    if (prior == "ridge") {
        const ModelTuning tuning = findModel(valueText(recipe, "prior.model"))->tuning;
        if (noiseSigma >= 0) offer("prior.sigma", tuning.sigma(noiseSigma));
        offer("prior.lambda", tuning.balance);
    }
    suggestSteps(*this, suggested, offer);
    // Their product must not exceed 1, even after rounding.
    if (const auto step = parseDouble(valueText(suggested, "step"));
        step && valueText(recipe, "iterator") == "chambolle-pock")
        offer("dual-step", 0.95 / *step);
    return suggested;
}

}  // namespace stillpoint
