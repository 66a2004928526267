// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/priors/prior.h"

namespace stillpoint {

struct TikhonovParams {
    double lambda = 0.003;
    static const ParamTable& table();
};

/// g(x) = 1/2 ||x||^2; grad g = x; prox_{w g}(v) = v / (1 + w) (Tikhonov, 1963). Every map is linear, which
/// makes it the prior to test solvers with.
class TikhonovPrior final : public Prior {
 public:
    TikhonovPrior(Shape shape, const TikhonovParams& params) : Prior(shape), params_(params), point_(shape) {}
    Offers offers() const override { return {true, true, true}; }
    double lambda() const override { return params_.lambda; }
    double value(ConstImageRef x) override { return 0.5 * normSquared(x.samples()); }
    void gradient(ConstImageRef x, ImageRef out) override { copy(x, out); }
    double gradientLipschitz() const override { return 1; }
    void lineariseGradient(ConstImageRef) override {}
    void gradientVjp(ConstImageRef v, ImageRef out) override { copy(v, out); }
    void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
              RealSpan memoryOut) override;
    void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) override;
    void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) override;
    double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) override;

 private:
    TikhonovParams params_;
    Image point_;        // v of the last linearisation
    double weight_ = 0;  // and its weight
};

}  // namespace stillpoint
