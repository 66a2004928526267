// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/priors/prior.h"

namespace stillpoint {

/// No prior has no parameters.
struct NoneParams {
    static const ParamTable& table();
};

/// g = 0: plain least squares, to see what a prior is for.
class NonePrior final : public Prior {
 public:
    NonePrior(Shape shape, const NoneParams&) : Prior(shape) {}
    Offers offers() const override { return {true, true, true}; }
    double lambda() const override { return 0; }
    double value(ConstImageRef) override { return 0; }
    void gradient(ConstImageRef, ImageRef out) override { fill(out.samples(), 0); }
    double gradientLipschitz() const override { return 0; }
    void lineariseGradient(ConstImageRef) override {}
    void gradientVjp(ConstImageRef, ImageRef out) override { fill(out.samples(), 0); }
    void prox(ConstImageRef v, double, ConstRealSpan, ImageRef out, RealSpan) override { copy(v, out); }
    void lineariseProx(ConstImageRef, double, ConstRealSpan) override {}
    void proxVjp(ConstImageRef c, ConstRealSpan, ImageRef outV, RealSpan) override { copy(c, outV); }
    double proxInputsVjp(ConstImageRef, ConstRealSpan, Gradients&) override { return 0; }
};

}  // namespace stillpoint
