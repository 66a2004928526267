// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "solver/deq/implicit_gradient.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"

namespace stillpoint {

/// Tolerance of the forward and adjoint solves of these tests.
inline constexpr double kSolveTolerance = kVerify ? 1e-13 : 1e-6;

/// A problem with its equilibrium. `from`, if not empty, is the state to start from.
struct Equilibrium {
    std::unique_ptr<Image> data;
    std::unique_ptr<Problem> problem;
    Buffer z;
    double residual = 0;

    Equilibrium(const Recipe& recipe, const Kernel& kernel, const Image& y, ConstRealSpan from = {},
                const Image* mask = nullptr)
        : data(std::make_unique<Image>(y.clone())),
          problem(std::make_unique<Problem>(readParams<ProblemParams>(recipe, ""), kernel.clone(), *data,
                                            recipe, mask)),
          z(problem->iterator->stateSize()) {
        FixedPointParams driver;
        driver.maxIter = 20000;
        driver.tolerance = kSolveTolerance;
        driver.stallWindow = 200;
        AndersonParams anderson;
        anderson.history = 10;
        FixedPointSolver solver([this](ConstRealSpan in, RealSpan out) { problem->iterator->apply(in, out); },
                                z.size(), driver, anderson);
        if (from.size() == z.size())
            copy(from, solver.startingPoint());
        else
            problem->start(*data, solver.startingPoint());
        while (!solver.done()) solver.step();
        copy(solver.state(), z.span());
        residual = solver.summary().bestResidual;
    }
    Iterator& iterator() const { return *problem->iterator; }
    ConstImageRef estimate() const { return iterator().estimate(z.span()); }
};

/// Loss, equilibria and gradients of one recipe, as a user would put them together.
struct WholeSolve {
    Recipe recipe;
    LossParams lossParams;
    Kernel kernel = sweepKernel();
    Image y;
    const Image* mask = nullptr;

    /// The loss of the whole: solves every problem that it is a function of. `warm`: states to start from.
    double loss(const std::vector<Equilibrium>* warm = nullptr) const {
        Equilibrium first(recipe, kernel, y, warm ? warm->front().z.span() : ConstRealSpan{}, mask);
        Loss l(lossParams, *first.problem->fidelity);
        if (l.solves() == 1) {
            const ConstImageRef x[] = {first.estimate()};
            return l.value(x);
        }
        Image moved(y.shape());
        copy(l.probedData(), moved);
        const Equilibrium second(recipe, kernel, moved, first.z.span(), mask);
        const ConstImageRef x[] = {first.estimate(), second.estimate()};
        return l.value(x);
    }
    std::vector<Equilibrium> solve() const {
        std::vector<Equilibrium> equilibria;
        equilibria.emplace_back(recipe, kernel, y, ConstRealSpan{}, mask);
        const Loss l(lossParams, *equilibria[0].problem->fidelity);
        if (l.solves() == 2) {
            Image moved(y.shape());
            copy(l.probedData(), moved);
            equilibria.emplace_back(recipe, kernel, moved, equilibria[0].z.span(), mask);
        }
        return equilibria;
    }
    /// `converged`: every adjoint did.
    Gradients gradient(const std::vector<Equilibrium>& equilibria, const AdjointParams& adjoint,
                       bool& converged) const {
        Loss l(lossParams, *equilibria[0].problem->fidelity);
        std::vector<ConstImageRef> x;
        for (const auto& equilibrium : equilibria) x.push_back(equilibrium.estimate());
        LossGradient direct;
        const Canvas& canvas = equilibria[0].problem->canvas();
        const GradientWants wants{canvas.shape(), kernel.pixels.shape()};
        direct.data = Image(y.shape());
        direct.kernel = Image(wants.kernel);
        l.gradient(x, direct);
        Gradients sum = wants.make();
        converged = true;
        for (std::size_t i = 0; i < equilibria.size(); ++i) {
            const ImplicitGradient part =
                implicitGradient(equilibria[i].iterator(), equilibria[i].z.span(),
                                 direct.estimates[i].samples(), adjoint, wants, 1e-3);
            converged = converged && part.warnings.empty();
            add(part.gradients, sum);
        }
        Image data(y.shape());
        canvas.extendAdjoint(sum.data, data);
        sum.data = std::move(data);
        addDirect(direct, sum);
        return sum;
    }
};

/// Keys of the real parameters that the map depends on, under the recipe's selections. The accuracy of an
/// inner solver is a parameter of its computation, not of the map.
inline std::vector<std::string> mapParameters(const Recipe& recipe) {
    std::vector<std::string> keys;
    for (const auto& group : Registry::builtin().groups(recipe)) {
        const bool ofIterator =
            std::ranges::any_of(Registry::builtin().iterators(),
                                [&](const ComponentInfo& info) { return info.table == group.table; });
        // At relaxation 1 there is no relaxed map, and no derivative by it is listed.
        const bool relaxed = group.table->find("relaxation") && recipe.find("relaxation");
        const bool ofTheMap =
            ofIterator || relaxed || group.prefix == "prior." || group.prefix == "fidelity.";
        if (!ofTheMap) continue;
        for (const auto& param : group.table->params())
            if (param.kind == ParamKind::real && param.key != "accuracy")
                keys.push_back(group.prefix + param.key);
    }
    return keys;
}

/// Combinations whose plain iteration contracts in tens or hundreds of steps. With the others eigenvalues
/// crowd below 1, or come in complex pairs: rates and long unrolled solves would need thousands.
inline bool contractsQuickly(const SweepCase& sweepCase) {
    const std::string prior = *sweepCase.recipe.find("prior");
    return !sweepCase.recipe.find("fidelity") && *sweepCase.recipe.find("iterator") != "momentum" &&
           (prior == "tikhonov" || prior == "tv");
}

inline AdjointParams tightAdjoint(AdjointMethod method = AdjointMethod::automatic) {
    AdjointParams params;
    params.solver = method;
    params.tolerance = kVerify ? 1e-12 : 1e-5;
    params.maxIter = 20000;
    params.restart = kMaxRestart;
    params.anderson.history = 10;
    return params;
}

inline QString both(double a, double b) {
    return QString("%1 against %2").arg(a, 0, 'g', 9).arg(b, 0, 'g', 9);
}

}  // namespace stillpoint
