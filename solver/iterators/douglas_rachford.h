// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/iterators/half_step.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct DouglasRachfordParams {
    double step = 18;
    bool gFirst = false;
    static const ParamTable& table();
};

/// Douglas-Rachford splitting (Lions and Mercier, 1979; as in Combettes and Pesquet, 2011, section 10.4) on
/// min f + lambda g:
///     p = prox_{gamma f}(s),   q = prox_{gamma lambda g}(2 p - s),   s+ = s + q - p,   x+ = q
/// With `gFirst` the roles of f and g change places, and the estimate is the output of the data step. For
/// convex f and g it converges for any gamma, to the minimiser of f + lambda g. ADMM is this iteration with
/// the other order, in other variables. The state is (x, s), followed by the prior's memory if its prox has
/// one; T does not look at x. One data prox and one prior prox an iteration.
class DouglasRachford final : public Iterator {
 public:
    DouglasRachford(DataFidelity& fidelity, Prior& prior, const DouglasRachfordParams& params);
    std::size_t stateSize() const override { return 2 * shape().size() + memory_.size(); }
    /// x = s = x0
    void start(ConstImageRef x0, RealSpan z) const override;
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    void firstHalf(ConstRealSpan z, RealSpan memoryOut);
    void backThroughSecond(ConstRealSpan v, RealSpan outMemory);

    HalfStep first_, second_;
    Image p_;          // output of the first half; in products its cotangent
    Image reflected_;  // 2 p - s; in products the cotangent of q
    Buffer memory_;    // where a product's memory that nobody wants goes
};

}  // namespace stillpoint
