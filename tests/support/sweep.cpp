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

}  // namespace

std::vector<SweepCase> sweepCases() {
    const Registry& registry = Registry::builtin();
    std::vector<SweepCase> cases;
    for (const auto& iterator : registry.iterators())
        for (const auto& prior : registry.priors()) {
            Recipe base;
            base.set("iterator", iterator.name);
            base.set("prior", prior.name);
            // Off the defaults, and large enough that the prior matters on random pictures.
            base.set("step", iterator.name == "gd" ? "0.2" : "0.8");
            if (prior.table->find("lambda")) base.set("prior.lambda", "0.06");
            if (prior.table->find("smoothing")) base.set("prior.smoothing", "0.15");
            if (prior.table->find("accuracy"))
                base.set("prior.accuracy", sizeof(Real) == 8 ? "1e-12" : "1e-6");
            for (const auto& variant : withVariants({iterator.name + " " + prior.name, base}))
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
