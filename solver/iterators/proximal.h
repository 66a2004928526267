// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/fidelity/l2.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

/// Proximal gradient descent (forward-backward splitting).
struct PgdParams {
    double step = 1;
    static const ParamTable& table();
};
/// Half-quadratic splitting.
struct HqsParams {
    double step = 1;
    static const ParamTable& table();
};

/// A data step, then the prior's prox:
///     PGD  T(x) = prox_{gamma lambda g}(x - gamma grad f(x))     contracts for gamma < 2
///     HQS  T(x) = prox_{gamma lambda g}(prox_{gamma f}(x))       for any gamma, on which its fixed point
///     depends
/// The state is x, followed by the prior's memory if it has any. One transform pair and one prox a step.
class ProximalSplitting final : public Iterator {
 public:
    enum class DataStep { gradient, prox };
    ProximalSplitting(L2Fidelity& fidelity, Prior& prior, DataStep dataStep, double step);
    std::size_t stateSize() const override { return shape().size() + prior_.memorySize(); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void parameterVjp(ConstRealSpan v, ParameterGradients& gradients) override;

 private:
    ConstRealSpan memory(ConstRealSpan z) const { return z.subspan(shape().size()); }
    RealSpan memory(RealSpan z) const { return z.subspan(shape().size()); }
    void dataStep(ConstImageRef x, ImageRef out);

    L2Fidelity& fidelity_;
    Prior& prior_;
    DataStep dataStep_;
    double step_;
    Image between_;     // output of the data step
    Image point_;       // x of the linearisation
    Buffer cotangent_;  // state-sized scratch of the products
};

}  // namespace stillpoint
