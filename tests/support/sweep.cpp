// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sweep.h"

#include "tests/support/networks.h"
#include "tests/support/pictures.h"

namespace stillpoint {
namespace {

// Values of a prior's parameter that change the formula of the map, beside its real parameters.
std::vector<std::string> variants(const Param& param) {
    // One translation, and a number that covers no grid evenly. One wavelet stands for all, which differ by
    // their taps alone.
    if (param.key == "shifts") return {"1", "3"};
    if (param.key == "family") return {"db2"};
    if (param.kind == ParamKind::choice) return param.choices;
    return {};
}

// Copies of a case, one for every variant of the selected prior's parameters.
std::vector<SweepCase> withVariants(const SweepCase& sweepCase) {
    std::vector<SweepCase> all{sweepCase};
    for (const auto& group : Registry::builtin().groups(sweepCase.recipe)) {
        if (group.prefix != "prior.") continue;
        for (const auto& param : group.table->params()) {
            const auto values = variants(param);
            if (values.empty()) continue;
            std::vector<SweepCase> next;
            for (const auto& base : all)
                for (const auto& value : values) {
                    next.push_back(base);
                    next.back().name += " " + value;
                    next.back().recipe.set(group.prefix + param.key, value);
                }
            all = std::move(next);
        }
    }
    return all;
}

// The case, then with every switch of the iterator turned on, then relaxed, for one prior.
std::vector<SweepCase> withIteratorVariants(const SweepCase& sweepCase, const ComponentInfo& iterator) {
    const Recipe& recipe = sweepCase.recipe;
    std::vector<SweepCase> all{sweepCase};
    // Nested is slow, and the state's dual has taken each variant; so has least squares.
    if (recipe.find("prior.inner") == "nested" || recipe.find("fidelity")) return all;
    for (const auto& param : iterator.table->params()) {
        if (param.kind != ParamKind::boolean) continue;
        all.push_back(sweepCase);
        all.back().name += " " + param.key;
        all.back().recipe.set(param.key, "true");
    }
    if (recipe.find("prior") == "tv" && recipe.find("prior.inner") == "state") {
        all.push_back(sweepCase);
        all.back().name += " relaxed";
        all.back().recipe.set("relaxation", "0.85");
    }
    return all;
}

// Off the defaults, and large enough that the prior matters on random pictures.
Recipe sweepRecipe(const ComponentInfo& iterator, const ComponentInfo& prior, const ComponentInfo& fidelity) {
    const char* accuracy = sizeof(Real) == 8 ? "1e-12" : "1e-6";
    Recipe base;
    base.set("iterator", iterator.name);
    base.set("prior", prior.name);
    base.set("step", iterator.name == "gd" ? "0.2" : "0.8");
    if (iterator.table->find("dual-step")) base.set("dual-step", "1.1");
    if (iterator.table->find("momentum")) base.set("momentum", "0.6");
    if (prior.table->find("lambda")) base.set("prior.lambda", "0.06");
    if (prior.table->find("model"))
        base.set("prior.model", prior.name == "ridge" ? testRidge() : testModel());
    if (prior.table->find("strength")) base.set("prior.strength", "0.7");
    if (prior.table->find("smoothing")) base.set("prior.smoothing", "0.15");
    if (prior.table->find("accuracy")) base.set("prior.accuracy", accuracy);
    if (fidelity.name == "l2") return base;
    base.set("fidelity", fidelity.name);
    base.set("step", "0.1");
    if (fidelity.table->find("background")) base.set("fidelity.background", "0.3");
    if (fidelity.table->find("smoothing")) base.set("fidelity.smoothing", "0.3");
    if (fidelity.table->find("accuracy")) base.set("fidelity.accuracy", accuracy);
    return base;
}

// How a prior is differentiated does not depend on the fidelity: beside l2, one linear and one with memory.
bool inSweep(const Recipe& recipe) {
    if (!recipe.find("fidelity")) return true;
    const std::string prior = *recipe.find("prior");
    return prior == "tikhonov" || (prior == "tv" && recipe.find("prior.inner") == "state");
}

}  // namespace

std::vector<SweepCase> sweepCases() {
    const Registry& registry = Registry::builtin();
    std::vector<SweepCase> cases;
    const auto add = [&](const ComponentInfo& iterator, const ComponentInfo& prior,
                         const ComponentInfo& fidelity) {
        const SweepCase base{iterator.name + " " + prior.name, sweepRecipe(iterator, prior, fidelity)};
        for (const auto& variant : withVariants(base))
            for (SweepCase sweepCase : withIteratorVariants(variant, iterator)) {
                // A gradient step on a curved prior must be short.
                if (iterator.name == "pgd" && sweepCase.recipe.find("g-first"))
                    sweepCase.recipe.set("step", "0.2");
                if (fidelity.name != "l2") sweepCase.name += " " + fidelity.name;
                if (inSweep(sweepCase.recipe) && registry.check(sweepCase.recipe).empty())
                    cases.push_back(std::move(sweepCase));
            }
    };
    for (const auto& fidelity : registry.fidelities())
        for (const auto& iterator : registry.iterators())
            for (const auto& prior : registry.priors()) add(iterator, prior, fidelity);
    return cases;
}

std::vector<Shape> sweepShapes() {
    return {{1, 12, 10}, {3, 11, 13}};
}

Kernel sweepKernel() {
    return lopsidedKernel(4, 5);
}

std::unique_ptr<Problem> sweepProblem(const SweepCase& sweepCase, Shape shape, Image& blurred) {
    blurred = randomPicture(shape, 77);
    return std::make_unique<Problem>(readParams<ProblemParams>(sweepCase.recipe, ""), sweepKernel(), blurred,
                                     sweepCase.recipe);
}

}  // namespace stillpoint
