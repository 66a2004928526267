// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/registry.h"

#include <algorithm>
#include <cmath>

#include "solver/deq/adjoint.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/iterators/relaxed.h"
#include "solver/run/backtracking.h"
#include "solver/run/components.h"

namespace stillpoint {
namespace {

const ComponentInfo* findByName(std::span<const ComponentInfo> components, std::string_view name) {
    const auto it =
        std::find_if(components.begin(), components.end(), [&](const auto& c) { return c.name == name; });
    return it == components.end() ? nullptr : &*it;
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
    std::vector<ParamGroup> groups{problem_,
                                   {fidelity.label, "fidelity.", fidelity.table},
                                   {iterator.label, "", iterator.table},
                                   {"Relaxation", "", &RelaxationParams::table()},
                                   {prior.label, "prior.", prior.table},
                                   {"Stopping", "", &FixedPointParams::table()},
                                   {"Anderson acceleration", "anderson.", &AndersonParams::table()}};
    if (iteratorComponent(iterator.name).descends)
        groups.push_back({"Backtracking", "backtracking.", &BacktrackingParams::table()});
    groups.push_back({"Backward pass", "backward.", &AdjointParams::table()});
    groups.push_back({"Backward Anderson", "backward.anderson.", &AndersonParams::table()});
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
    if (const std::string_view local = localKey({"", "backtracking.", nullptr}, key);
        !local.empty() && BacktrackingParams::table().find(local))
        for (const auto& iterator : iteratorComponents())
            if (iterator.descends)
                owners += (owners.empty() ? "iterator " : ", iterator ") + iterator.info.name;
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

namespace {

// What the recipe's fidelity and prior offer, which may depend on their parameters: tiny ones are asked.
struct Offered {
    DataFidelity::Offers fidelity;
    Prior::Offers prior;
    bool priorMemory = false;
};

Offered offeredBy(const FidelityComponent& fidelity, const PriorComponent& prior, const Recipe& recipe) {
    const Image pixel(1, 1, 1);
    BlurOperator identity(makeKernel("box:size=1"), pixel.shape());
    const auto tiny = prior.make({1, 2, 2}, recipe);
    return {fidelity.make(identity, pixel, recipe)->offers(), tiny->offers(), tiny->memorySize() > 0};
}

bool fits(const IteratorNeeds& needs, const Offered& offered) {
    return (offered.fidelity.gradient || !needs.fidelityGradient) &&
           (offered.fidelity.prox || !needs.fidelityProx) &&
           (offered.prior.gradient || !needs.priorGradient) && (offered.prior.prox || !needs.priorProx);
}

// Under which setting a component lacks what others of its name have, and the setting that helps.
struct Circumstance {
    std::string when;
    std::string cure;
};

// "switch g-first off", "choose iterator pgd, hqs or gd": what would work with this fidelity and this prior.
std::string cure(const Recipe& recipe, const IteratorComponent& chosen, const Offered& offered) {
    Recipe plain = recipe;
    plain.erase("g-first");
    if (recipe.find("g-first") && fits(chosen.needs(plain), offered)) return "switch g-first off";
    std::vector<std::string> names;
    for (const auto& iterator : iteratorComponents())
        if (fits(iterator.needs(plain), offered)) names.push_back(iterator.info.name);
    if (names.empty()) return "choose another prior or fidelity";
    std::string list = names.front();
    for (std::size_t i = 1; i < names.size(); ++i) list += (i + 1 < names.size() ? ", " : " or ") + names[i];
    return "choose iterator " + list;
}

void checkBacktracking(const Recipe& recipe, const IteratorComponent& iterator, const ComponentInfo& prior,
                       const Offered& offered, std::vector<Issue>& issues) {
    if (!iterator.descends || !readParams<BacktrackingParams>(recipe, "backtracking.").enabled) return;
    if (!offered.prior.value)
        issues.push_back(
            {"backtracking.enabled", "Backtracking needs a prior with a value, which " + prior.name +
                                         " does not have; switch it off or choose another prior."});
    if (iterator.needs(recipe).priorProx && offered.priorMemory)
        issues.push_back({"backtracking.enabled",
                          "Backtracking needs the prior's exact proximal map; set prior.inner to nested, or "
                          "switch backtracking off."});
}

void checkBackward(const Recipe& recipe, const IteratorComponent& iterator, const PriorComponent& prior,
                   const FidelityComponent& fidelity, std::vector<Issue>& issues) {
    const auto method = readParams<AdjointParams>(recipe, "backward.").solver;
    if (method != AdjointMethod::minres && method != AdjointMethod::cg) return;
    const Image square(1, 2, 2);
    BlurOperator blur(makeKernel("box:size=1"), square.shape());
    const auto tinyFidelity = fidelity.make(blur, square, recipe);
    const auto tinyPrior = prior.make(square.shape(), recipe);
    if (!iterator.make(*tinyFidelity, *tinyPrior, recipe)->symmetricJacobian())
        issues.push_back(
            {"backward.solver", std::string("The adjoint solver ") + name(method) +
                                    " needs an iterator whose Jacobian is symmetric, which that of " +
                                    iterator.info.name + " is not; choose auto, gmres or anderson."});
}

}  // namespace

std::vector<Issue> Registry::compatible(const Recipe& recipe) const {
    std::vector<Issue> issues;
    const IteratorComponent& iterator = iteratorComponent(valueText(recipe, "iterator"));
    const PriorComponent& prior = priorComponent(valueText(recipe, "prior"));
    const FidelityComponent& fidelity = fidelityComponent(valueText(recipe, "fidelity"));
    const IteratorNeeds needs = iterator.needs(recipe);
    Offered offered;
    try {
        offered = offeredBy(fidelity, prior, recipe);
    } catch (const Error& error) {  // a model that cannot be had
        return {{error.key(), error.what()}};
    }
    const auto refuse = [&](bool needed, bool has, const std::string& what, const std::string& owner,
                            const Circumstance& circumstance) {
        if (needed && !has)
            issues.push_back({"iterator", iterator.info.label + " needs " + what + ", which " + owner +
                                              " does not have" + circumstance.when + "; " +
                                              cure(recipe, iterator, offered) + circumstance.cure + "."});
    };
    Circumstance circumstance;
    if (parseDouble(valueText(recipe, "prior.smoothing")) == 0.0)
        circumstance = {" without smoothing", ", or raise prior.smoothing"};
    else if (parseDouble(valueText(recipe, "prior.shifts")).value_or(1) > 1)
        circumstance = {" with several translations", ", or set prior.shifts to 1"};
    refuse(needs.priorGradient, offered.prior.gradient, "a prior with a gradient", prior.info.name,
           circumstance);
    refuse(needs.priorProx, offered.prior.prox, "a prior with a proximal map", prior.info.name, {});
    refuse(needs.fidelityGradient, offered.fidelity.gradient, "a fidelity with a gradient",
           fidelity.info.name, {});
    refuse(needs.fidelityProx, offered.fidelity.prox, "a fidelity with a proximal map", fidelity.info.name,
           {});
    if (!issues.empty()) return issues;
    checkBacktracking(recipe, iterator, prior.info, offered, issues);
    checkBackward(recipe, iterator, prior, fidelity, issues);
    if (valueText(recipe, "criterion") == "objective" && !offered.prior.value)
        issues.push_back({"criterion", "The criterion objective needs a prior with a value, which " +
                                           prior.info.name + " does not have; choose residual."});
    return issues;
}

double Registry::statePictures(const Recipe& recipe) const {
    if (!check(recipe).empty()) return 1;
    const Image picture(1, 8, 8);
    BlurOperator blur(makeKernel("box:size=1"), picture.shape());
    const auto fidelity = fidelityComponent(valueText(recipe, "fidelity")).make(blur, picture, recipe);
    const auto prior = priorComponent(valueText(recipe, "prior")).make(picture.shape(), recipe);
    const auto iterator = iteratorComponent(valueText(recipe, "iterator")).make(*fidelity, *prior, recipe);
    return static_cast<double>(iterator->stateSize()) / static_cast<double>(picture.size());
}

double Registry::fidelityPictures(const Recipe& recipe) const {
    if (!check(recipe).empty()) return 0;
    const bool canvas = valueText(recipe, "boundary") == "unknown";
    const bool separable = valueText(recipe, "fidelity") == "l2" && !canvas;
    const bool prox = iteratorComponent(valueText(recipe, "iterator")).needs(recipe).fidelityProx;
    return (canvas ? 2 : 0) + (prox && !separable ? 8 : 0);
}

std::size_t Registry::priorBytes(const Recipe& recipe, Shape shape) const {
    if (!check(recipe).empty()) return 0;
    return priorComponent(valueText(recipe, "prior")).make({1, 8, 8}, recipe)->workBytes(shape);
}

Shape Registry::canvasShape(const Recipe& recipe, Shape picture, const KernelSource& source) const {
    try {
        const auto params = readParams<ProblemParams>(recipe, "");
        if (params.boundary == Boundary::periodic) return picture;
        return Canvas(picture, source(params.kernel).pixels.shape(), params.boundary).shape();
    } catch (const Error&) {
        return picture;
    }
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
