// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/iterators/half_step.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct ChambollePockParams {
    double step = 12;
    double dualStep = 0.08;
    static const ParamTable& table();
};

/// Primal-dual splitting (Chambolle and Pock, 2011, algorithm 1 with theta = 1) on min h(A x) + lambda g(x),
/// the blur A inside the fidelity h taken apart:
///     x+ = prox_{tau lambda g}(x - tau A'u),   u+ = prox_{sigma h*}(u + sigma A(2 x+ - x))
/// with tau = step, sigma = dual-step. Converges for tau sigma ||A||^2 <= 1, and ||A|| <= 1. It asks of the
/// fidelity only the prox of h*, pixel by pixel, so every fidelity works with it, those without gradient or
/// prox too. At the solution u = grad h(A x). The state is (x, u), followed by the prior's memory if its prox
/// has one. Two blurs and one prior prox an iteration.
class ChambollePock final : public Iterator {
 public:
    ChambollePock(DataFidelity& fidelity, Prior& prior, const ChambollePockParams& params);
    std::size_t stateSize() const override { return 2 * shape().size() + memory_.size(); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    /// Allocates: it is called once in a backward pass.
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    void primalStep(ConstRealSpan z, ImageRef xOut, RealSpan memoryOut);
    void extrapolate(ConstImageRef x, ConstImageRef xNext);
    void dualArgument(ConstImageRef u);
    void backToPrimal(ConstRealSpan v, RealSpan outMemory);

    DataFidelity& fidelity_;
    ChambollePockParams params_;
    HalfStep primal_;
    Image a_;        // x - tau A'u; in products the cotangent of x+, then of a
    Image e_;        // 2 x+ - x; in products its cotangent
    Image w_;        // u + sigma A e; in products its cotangent
    Buffer memory_;  // where a product's memory that nobody wants goes
    Image dual_, extrapolated_,
        cotangent_;  // u and e of the linearisation, scratch; reserved when first needed
};

}  // namespace stillpoint
