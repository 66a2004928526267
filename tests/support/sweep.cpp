// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sweep.h"

#include "tests/support/pictures.h"

namespace stillpoint {
namespace {

// Copies of each recipe, one for every value of every choice parameter of the selected components.
std::vector<Recipe> withChoices(const Recipe& recipe) {
    std::vector<Recipe> all{recipe};
    for (const auto& group : Registry::builtin().groups(recipe)) {
        if (group.prefix != "prior.") continue;
        for (const auto& param : group.table->params()) {
            if (param.kind != ParamKind::choice) continue;
            std::vector<Recipe> next;
            for (const auto& base : all)
                for (const auto& choice : param.choices) {
                    next.push_back(base);
                    next.back().set(group.prefix + param.key, choice);
                }
            all = std::move(next);
        }
    }
    return all;
}

}  // namespace

namespace {

// Off the defaults, and large enough that the prior matters on random pictures.
Recipe sweepRecipe(const ComponentInfo& iterator, const ComponentInfo& prior, const ComponentInfo& fidelity) {
    const char* accuracy = sizeof(Real) == 8 ? "1e-12" : "1e-6";
    Recipe base;
    base.set("iterator", iterator.name);
    base.set("prior", prior.name);
    base.set("step", iterator.name == "gd" ? "0.2" : "0.8");
    if (prior.table->find("lambda")) base.set("prior.lambda", "0.06");
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
    for (const auto& fidelity : registry.fidelities())
        for (const auto& iterator : registry.iterators())
            for (const auto& prior : registry.priors())
                for (const auto& recipe : withChoices(sweepRecipe(iterator, prior, fidelity))) {
                    if (!inSweep(recipe) || !registry.check(recipe).empty()) continue;
                    std::string name = iterator.name + " " + prior.name;
                    if (const auto inner = recipe.find("prior.inner")) name += " " + *inner;
                    if (recipe.find("fidelity")) name += " " + fidelity.name;
                    cases.push_back({name, recipe});
                }
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
