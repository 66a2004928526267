// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/core/param.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct RelaxationParams {
    double relaxation = 1;
    static const ParamTable& table();
};

/// Relaxation of any iterator (Krasnoselskii, 1955; Mann, 1953):
///     T_rho(z) = z + rho (T(z) - z),
/// with the same fixed points as T. rho below 1 damps, above 1 goes further; a T that is averaged with
/// constant a (1/2 for Douglas-Rachford and ADMM, 2 / (4 - gamma) for PGD) converges for rho < 1 / a. The
/// derivative with respect to rho is <v, T(z) - z>: zero at a fixed point, so the equilibrium does not depend
/// on rho. Costs one pass over the state; for rho = 1 use T itself.
class Relaxed final : public Iterator {
 public:
    Relaxed(std::unique_ptr<Iterator> iterator, double relaxation);
    std::size_t stateSize() const override { return iterator_->stateSize(); }
    bool symmetricJacobian() const override { return iterator_->symmetricJacobian(); }
    void start(ConstImageRef x0, RealSpan z) const override { iterator_->start(x0, z); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;

 private:
    std::unique_ptr<Iterator> iterator_;
    double relaxation_;
    Buffer residual_;   // T(z) - z of the linearisation, reserved when first needed
    Buffer cotangent_;  // rho v, reserved when first needed
};

}  // namespace stillpoint
