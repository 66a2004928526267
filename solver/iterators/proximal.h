// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/iterators/half_step.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

/// Proximal gradient descent (forward-backward splitting; Combettes and Wajs, 2005).
struct PgdParams {
    double step = 1;
    bool gFirst = false;
    static const ParamTable& table();
};
/// Half-quadratic splitting (Geman and Yang, 1995).
struct HqsParams {
    double step = 1;
    bool gFirst = false;
    static const ParamTable& table();
};

/// Two half steps one after the other, on the data first or, with `gFirst`, on the prior first:
///     PGD           T(x) = prox_{gamma lambda g}(x - gamma grad f(x))      contracts for gamma < 2 / L_f
///     PGD, g first  T(x) = prox_{gamma f}(x - gamma lambda grad g(x))      for gamma < 2 / (lambda L_g)
///     HQS           T(x) = prox_{gamma lambda g}(prox_{gamma f}(x))        for any gamma, on which its fixed
///     HQS, g first  T(x) = prox_{gamma f}(prox_{gamma lambda g}(x))        point depends
/// Both forms of PGD solve min f + lambda g. Both forms of HQS solve the same problem in two pictures, p near
/// the data and q in the prior's set, min f(p) + lambda g(q) + ||p - q||^2 / (2 gamma); the estimate is q, or
/// p with g first. The state is x, followed by the prior's memory if its prox has one. One data step and one
/// prior step an iteration.
class ProximalSplitting final : public Iterator {
 public:
    /// `by`: kind of the first half step; the second is a prox.
    ProximalSplitting(DataFidelity& fidelity, Prior& prior, StepBy by, bool gFirst, double step);
    std::size_t stateSize() const override;
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    HalfStep first_, second_;
    Image between_;
    Buffer memory_;  // where a product's memory that nobody wants goes
};

}  // namespace stillpoint
