// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "solver/iterators/iterator.h"
#include "solver/physics/blur_operator.h"
#include "solver/run/registry.h"

namespace stillpoint {

/// The factories behind the registry's names. To add a prior or an iterator: its header, its source, one
/// entry here.
struct PriorComponent {
    ComponentInfo info;
    std::function<std::unique_ptr<Prior>(Shape, const Recipe&)> make;
};
struct IteratorComponent {
    ComponentInfo info;
    /// Which half of the prior it calls.
    bool needsGradient = false;
    bool needsProx = false;
    std::function<std::unique_ptr<Iterator>(L2Fidelity&, Prior&, const Recipe&)> make;
};
std::span<const PriorComponent> priorComponents();
std::span<const IteratorComponent> iteratorComponents();
/// Throw Error for an unknown name.
const PriorComponent& priorComponent(std::string_view name);
const IteratorComponent& iteratorComponent(std::string_view name);

/// Where z starts.
enum class Start { blurred, adjoint, zeros };

/// The selections of a recipe.
struct ProblemParams {
    std::string kernel = "gaussian:sigma=1.6";
    Boundary boundary = Boundary::periodic;
    std::string fidelity = "l2";
    std::string iterator = "pgd";
    std::string prior = "tv";
    Start start = Start::blurred;
    static const ParamTable& table();
};

}  // namespace stillpoint
