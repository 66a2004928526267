// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/registry.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "solver/deq/adjoint.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/run/components.h"

namespace stillpoint {
namespace {

const ComponentInfo* findByName(std::span<const ComponentInfo> components, std::string_view name) {
    const auto it =
        std::find_if(components.begin(), components.end(), [&](const auto& c) { return c.name == name; });
    return it == components.end() ? nullptr : &*it;
}

// Weight of the prior that suits white noise of deviation sigma; see the measurements in solver/README.md.
double noiseWeight(const std::string& prior, double sigma) {
    if (prior == "tikhonov") return std::max(10 * sigma * sigma, 1e-5);
    return std::max(0.1 * std::pow(sigma, 1.1), 1e-6);
}

// Key within the group's table, or empty when the full key does not begin with the group's prefix.
std::string_view localKey(const ParamGroup& group, std::string_view key) {
    if (!key.starts_with(group.prefix)) return {};
    const std::string_view rest = key.substr(group.prefix.size());
    return rest.find('.') == std::string_view::npos ? rest : std::string_view{};
}

}  // namespace

const Registry& Registry::builtin() {
    static const Registry registry;
    return registry;
}

Registry::Registry() : problem_{"Method", "", &ProblemParams::table()} {
    for (const auto& component : iteratorComponents()) iterators_.push_back(component.info);
    for (const auto& component : priorComponents()) priors_.push_back(component.info);
    for (const auto& component : fidelityComponents()) fidelities_.push_back(component.info);
}

std::vector<ParamGroup> Registry::groups(const Recipe& recipe) const {
    const ProblemParams defaults;
    const auto selected = [&](std::span<const ComponentInfo> components, const char* key,
                              const std::string& fallback) {
        const ComponentInfo* info = findByName(components, recipe.find(key).value_or(fallback));
        return info ? *info : *findByName(components, fallback);
    };
    const ComponentInfo iterator = selected(iterators_, "iterator", defaults.iterator);
    const ComponentInfo prior = selected(priors_, "prior", defaults.prior);
    const ComponentInfo fidelity = selected(fidelities_, "fidelity", defaults.fidelity);
    std::vector<ParamGroup> groups{
        problem_,
        {fidelity.label, "fidelity.", fidelity.table},
        {iterator.label, "", iterator.table},
        {prior.label, "prior.", prior.table},
        {"Stopping", "", &FixedPointParams::table()},
        {"Anderson acceleration", "anderson.", &AndersonParams::table()},
        {"Backward pass", "backward.", &AdjointParams::table()},
        {"Anderson acceleration of the backward pass", "backward.anderson.", &AndersonParams::table()}};
    std::erase_if(groups, [](const ParamGroup& group) { return group.table->params().empty(); });
    return groups;
}

KeyedParam Registry::find(const Recipe& recipe, std::string_view key) const {
    for (const auto& group : groups(recipe)) {
        const std::string_view local = localKey(group, key);
        if (local.empty()) continue;
        if (const Param* param = group.table->find(local)) return {std::string(key), param};
    }
    return {std::string(key), nullptr};
}

namespace {

// "prior.steps is not a parameter of prior tikhonov; it belongs to prior tv." or "... is not a parameter."
std::string unknownKeyText(const Registry& registry, const Recipe& recipe, const std::string& key) {
    std::string owners;
    const auto collect = [&](std::span<const ComponentInfo> components, const char* what,
                             const std::string& prefix) {
        for (const auto& info : components)
            if (const std::string_view local = localKey({"", prefix, info.table}, key);
                !local.empty() && info.table->find(local))
                owners += (owners.empty() ? "" : ", ") + std::string(what) + " " + info.name;
    };
    collect(registry.fidelities(), "fidelity", "fidelity.");
    collect(registry.iterators(), "iterator", "");
    collect(registry.priors(), "prior", "prior.");
    if (owners.empty()) return key + " is not a parameter; the list of parameters tells which there are.";
    return key + " is not a parameter of iterator " + registry.valueText(recipe, "iterator") +
           " with prior " + registry.valueText(recipe, "prior") + "; it belongs to " + owners + ".";
}

}  // namespace

std::vector<Issue> Registry::check(const Recipe& recipe) const {
    std::vector<Issue> issues;
    for (const auto& [key, text] : recipe.entries()) {
        const KeyedParam keyed = find(recipe, key);
        if (!keyed.param) {
            issues.push_back({key, unknownKeyText(*this, recipe, key)});
            continue;
        }
        const auto parsed = parseValue(*keyed.param, key, text);
        if (const auto* issue = std::get_if<Issue>(&parsed)) issues.push_back(*issue);
    }
    if (issues.empty()) issues = compatible(recipe);
    return issues;
}

// What components offer may depend on their parameters: tiny ones are asked.
std::vector<Issue> Registry::compatible(const Recipe& recipe) const {
    std::vector<Issue> issues;
    const IteratorComponent& iterator = iteratorComponent(valueText(recipe, "iterator"));
    const PriorComponent& prior = priorComponent(valueText(recipe, "prior"));
    const FidelityComponent& fidelity = fidelityComponent(valueText(recipe, "fidelity"));
    const IteratorNeeds needs = iterator.needs(recipe);
    const auto refuse = [&](const std::string& what, const std::string& cure) {
        issues.push_back({"iterator", iterator.info.label + " needs " + what + "; " + cure});
    };
    const Prior::Offers priorOffers = prior.make({1, 2, 2}, recipe)->offers();
    if (needs.priorGradient && !priorOffers.gradient)
        refuse("the prior's gradient, which " + prior.info.name + " has only with smoothing above 0",
               "choose pgd or hqs, or raise prior.smoothing.");
    if (needs.priorProx && !priorOffers.prox)
        refuse("a prior with a proximal map, which " + prior.info.name + " does not have", "choose gd.");
    const Image pixel(1, 1, 1);
    BlurOperator identity(makeKernel("box:size=1"), pixel.shape());
    const DataFidelity::Offers offers = fidelity.make(identity, pixel, recipe)->offers();
    if (needs.fidelityGradient && !offers.gradient)
        refuse("a fidelity with a gradient, which " + fidelity.info.name + " does not have here",
               "choose another fidelity or iterator.");
    if (needs.fidelityProx && !offers.prox)
        refuse("a fidelity with a proximal map, which " + fidelity.info.name + " does not have here",
               "choose another fidelity or iterator.");
    if (!issues.empty()) return issues;
    const auto method = readParams<AdjointParams>(recipe, "backward.").solver;
    if (method != AdjointMethod::minres && method != AdjointMethod::cg) return issues;
    const Image square(1, 2, 2);
    BlurOperator blur(makeKernel("box:size=1"), square.shape());
    const auto tinyFidelity = fidelity.make(blur, square, recipe);
    const auto tinyPrior = prior.make(square.shape(), recipe);
    if (!iterator.make(*tinyFidelity, *tinyPrior, recipe)->symmetricJacobian())
        issues.push_back({"backward.solver", std::string("The adjoint solver ") + name(method) +
                                                 " needs an iterator whose Jacobian is symmetric, which " +
                                                 iterator.info.name +
                                                 " is not; choose auto, gmres or anderson."});
    return issues;
}

std::string Registry::valueText(const Recipe& recipe, std::string_view key) const {
    if (auto text = recipe.find(key)) return *text;
    const KeyedParam keyed = find(recipe, key);
    return keyed.param ? toText(keyed.param->defaultValue) : std::string{};
}

Recipe Registry::complete(const Recipe& recipe) const {
    Recipe full = recipe;
    for (const auto& group : groups(recipe))
        for (const auto& param : group.table->params())
            if (!full.find(group.prefix + param.key)) full.set(group.prefix + param.key, param.defaultValue);
    return full;
}

Recipe Registry::suggest(const Recipe& recipe, double noiseSigma) const {
    Recipe suggested = recipe;
    const std::string prior = valueText(recipe, "prior");
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
    if (noiseSigma >= 0) offer("prior.lambda", noiseWeight(prior, noiseSigma));
    if (valueText(recipe, "iterator") == "gd") {
        if (!check(suggested).empty()) return suggested;
        const auto tiny = priorComponent(prior).make({1, 2, 2}, suggested);
        const double bound = 1 + tiny->lambda() * tiny->gradientLipschitz();
        offer("step", 1.8 / bound);
    }
    return suggested;
}

void readParams(const Recipe& recipe, const ParamGroup& group, void* params) {
    for (const auto& param : group.table->params()) {
        const std::string key = group.prefix + param.key;
        const auto text = recipe.find(key);
        if (!text) continue;
        const auto parsed = parseValue(param, key, *text);
        if (const auto* issue = std::get_if<Issue>(&parsed)) throw Error(*issue);
        param.write(params, std::get<Value>(parsed));
    }
}

AdjointParams readAdjointParams(const Recipe& recipe) {
    auto params = readParams<AdjointParams>(recipe, "backward.");
    params.anderson = readParams<AndersonParams>(recipe, "backward.anderson.");
    return params;
}

}  // namespace stillpoint
