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

// The recipe, then with every switch of the iterator turned on, then relaxed, for one prior.
std::vector<Recipe> withIteratorVariants(const Recipe& recipe, const ComponentInfo& iterator) {
    std::vector<Recipe> all{recipe};
    for (const auto& param : iterator.table->params()) {
        if (param.kind != ParamKind::boolean) continue;
        all.push_back(recipe);
        all.back().set(param.key, "true");
    }
    if (recipe.find("prior") == "tv" && recipe.find("prior.inner") == "state") {
        all.push_back(recipe);
        all.back().set("relaxation", "0.85");
    }
    return all;
}

// Off the defaults, and large enough that the prior matters on random pictures.
Recipe sweepRecipe(const ComponentInfo& iterator, const ComponentInfo& prior) {
    Recipe recipe;
    recipe.set("iterator", iterator.name);
    recipe.set("prior", prior.name);
    recipe.set("step", iterator.name == "gd" ? "0.2" : "0.8");
    if (iterator.table->find("dual-step")) recipe.set("dual-step", "1.1");
    if (iterator.table->find("momentum")) recipe.set("momentum", "0.6");
    if (prior.table->find("lambda")) recipe.set("prior.lambda", "0.06");
    if (prior.table->find("smoothing")) recipe.set("prior.smoothing", "0.15");
    if (prior.table->find("accuracy")) recipe.set("prior.accuracy", sizeof(Real) == 8 ? "1e-12" : "1e-6");
    return recipe;
}

std::string sweepName(const Recipe& recipe) {
    std::string name = *recipe.find("iterator") + " " + *recipe.find("prior");
    if (const auto inner = recipe.find("prior.inner")) name += " " + *inner;
    if (recipe.find("g-first")) name += " g-first";
    if (recipe.find("relaxation")) name += " relaxed";
    return name;
}

}  // namespace

std::vector<SweepCase> sweepCases() {
    const Registry& registry = Registry::builtin();
    std::vector<SweepCase> cases;
    for (const auto& iterator : registry.iterators())
        for (const auto& prior : registry.priors())
            for (const auto& base : withChoices(sweepRecipe(iterator, prior)))
                for (Recipe recipe : withIteratorVariants(base, iterator)) {
                    // A gradient step on a curved prior must be short.
                    if (iterator.name == "pgd" && recipe.find("g-first")) recipe.set("step", "0.2");
                    if (registry.check(recipe).empty()) cases.push_back({sweepName(recipe), recipe});
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
