// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/fidelity/fidelity.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct GradientDescentParams {
    double step = 1;
    static const ParamTable& table();
};

/// GD: T(x) = x - gamma (grad f(x) + lambda grad g(x)). Contracts for gamma < 2 / (1 + lambda L), L =
/// Lipschitz constant of grad g. Needs a prior with a gradient. One transform pair and one prior gradient a
/// step.
class GradientDescent final : public Iterator {
 public:
    GradientDescent(DataFidelity& fidelity, Prior& prior, const GradientDescentParams& params);
    std::size_t stateSize() const override { return shape().size(); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;
    /// I - gamma (Hessian of f + lambda Hessian of g)
    bool symmetricJacobian() const override { return prior_.symmetricHessian(); }

 private:
    DataFidelity& fidelity_;
    Prior& prior_;
    GradientDescentParams params_;
    Image gradient_;
    Image point_;  // of the linearisation
};

}  // namespace stillpoint
