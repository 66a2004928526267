// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/fidelity/fidelity.h"
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
    ProximalSplitting(DataFidelity& fidelity, Prior& prior, DataStep dataStep, double step);
    std::size_t stateSize() const override { return shape().size() + prior_.memorySize(); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    ConstRealSpan memory(ConstRealSpan z) const { return z.subspan(shape().size()); }
    RealSpan memory(RealSpan z) const { return z.subspan(shape().size()); }
    void dataStep(ConstImageRef x, ImageRef out);
    void dataStepVjp(ConstImageRef v, ImageRef out);

    DataFidelity& fidelity_;
    Prior& prior_;
    DataStep dataStep_;
    double step_;
    Image between_;     // output of the data step
    Buffer cotangent_;  // state-sized scratch of the products
};

}  // namespace stillpoint
