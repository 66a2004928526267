// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/iterators/half_step.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct MomentumParams {
    double step = 1;
    double momentum = 0.7;
    static const ParamTable& table();
};

/// Proximal gradient descent with constant momentum beta (Nesterov, 2004, constant step scheme, with a prox):
///     e = x + beta (x - x_prev),   x+ = prox_{gamma lambda g}(e - gamma grad f(e)),   x_prev+ = x
/// The momentum is constant so that T stays one map; its fixed points are those of PGD. The state is (x,
/// x_prev), followed by the prior's memory if its prox has one. One data step and one prior prox an
/// iteration.
class Momentum final : public Iterator {
 public:
    Momentum(DataFidelity& fidelity, Prior& prior, const MomentumParams& params);
    std::size_t stateSize() const override { return 2 * shape().size() + memory_.size(); }
    /// x = x_prev = x0
    void start(ConstImageRef x0, RealSpan z) const override;
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    void extrapolate(ConstRealSpan z);

    double momentum_;
    HalfStep data_, prior_;
    Image e_;           // in products the cotangent of the data step's output
    Image between_;     // output of the data step; in products the cotangent of e
    Image difference_;  // x - x_prev of the linearisation, reserved when first needed
    Buffer memory_;     // where a product's memory that nobody wants goes
};

}  // namespace stillpoint
