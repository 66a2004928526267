// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sweep.h"

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
    if (recipe.find("prior.inner") == "nested")
        return all;  // slow, and the state's dual has taken each variant
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

}  // namespace

std::vector<SweepCase> sweepCases() {
    const Registry& registry = Registry::builtin();
    std::vector<SweepCase> cases;
    for (const auto& iterator : registry.iterators())
        for (const auto& prior : registry.priors())
            for (const auto& base :
                 withVariants({iterator.name + " " + prior.name, sweepRecipe(iterator, prior)}))
                for (SweepCase variant : withIteratorVariants(base, iterator)) {
                    // A gradient step on a curved prior must be short.
                    if (iterator.name == "pgd" && variant.recipe.find("g-first"))
                        variant.recipe.set("step", "0.2");
                    if (registry.check(variant.recipe).empty()) cases.push_back(variant);
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
