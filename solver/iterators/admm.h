// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/iterators/half_step.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct AdmmParams {
    double step = 18;
    bool gFirst = false;
    static const ParamTable& table();
};

/// Alternating direction method of multipliers (Boyd et al., 2011, equations 3.5 to 3.7) on min f(p) + lambda
/// g(x) with p = x, in the scaled form with dual u:
///     p = prox_{gamma f}(x - u),   x+ = prox_{gamma lambda g}(p + u),   u+ = u + p - x+
/// With `gFirst` the roles of f and g change places, and the estimate is the output of the data step. For
/// convex f and g it converges for any gamma, to the minimiser of f + lambda g. The state is (x, u), followed
/// by the prior's memory if its prox has one. One data prox and one prior prox an iteration.
class Admm final : public Iterator {
 public:
    Admm(DataFidelity& fidelity, Prior& prior, const AdmmParams& params);
    std::size_t stateSize() const override { return 2 * shape().size() + memory_.size(); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    void firstHalf(ConstRealSpan z, RealSpan memoryOut);
    void backThroughSecond(ConstRealSpan v, RealSpan outMemory);

    HalfStep first_, second_;
    Image a_;        // x - u; in products the cotangent of x+
    Image b_;        // p + u; in products its cotangent
    Buffer memory_;  // where a product's memory that nobody wants goes
};

}  // namespace stillpoint
