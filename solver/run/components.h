// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "solver/fidelity/fidelity.h"
#include "solver/iterators/iterator.h"
#include "solver/physics/blur_operator.h"
#include "solver/physics/trust.h"
#include "solver/run/registry.h"

namespace stillpoint {

/// The factories behind the registry's names. To add a fidelity, a prior or an iterator: its header, its
/// source, one entry here.
struct PriorComponent {
    ComponentInfo info;
    std::function<std::unique_ptr<Prior>(Shape, const Recipe&)> make;
};
struct FidelityComponent {
    ComponentInfo info;
    std::function<std::unique_ptr<DataFidelity>(BlurOperator&, const Observation&, const Recipe&)> make;
};
/// What an iterator calls; may depend on its own parameters.
struct IteratorNeeds {
    bool fidelityGradient = false;
    bool fidelityProx = false;
    bool priorGradient = false;
    bool priorProx = false;
};
struct IteratorComponent {
    ComponentInfo info;
    bool descends = false;  ///< lowers f + lambda g in each iteration if the step is short enough
    std::function<IteratorNeeds(const Recipe&)> needs;
    std::function<std::unique_ptr<Iterator>(DataFidelity&, Prior&, const Recipe&)> make;
};
std::span<const FidelityComponent> fidelityComponents();
std::span<const PriorComponent> priorComponents();
std::span<const IteratorComponent> iteratorComponents();
/// Throw Error for an unknown name.
const FidelityComponent& fidelityComponent(std::string_view name);
const PriorComponent& priorComponent(std::string_view name);
const IteratorComponent& iteratorComponent(std::string_view name);

/// The recipe's iterator, relaxed if the recipe says so.
std::unique_ptr<Iterator> makeIterator(DataFidelity& fidelity, Prior& prior, const Recipe& recipe);

/// Where z starts.
enum class Start { blurred, adjoint, zeros, wiener, picture };

/// The selections of a recipe.
struct ProblemParams {
    std::string kernel = "gaussian:sigma=1.6";
    Boundary boundary = Boundary::periodic;
    double clipLevel = 0;  ///< see TrustParams
    double deadLevel = 0;
    std::string fidelity = "l2";
    std::string iterator = "pgd";
    std::string prior = "tv";
    Start start = Start::blurred;
    static const ParamTable& table();
};

}  // namespace stillpoint
