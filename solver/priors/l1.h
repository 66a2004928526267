// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/priors/prior.h"

namespace stillpoint {

struct L1Params {
    double lambda = 0.001;
    static const ParamTable& table();
};

/// g(x) = ||x||_1, for pictures that are mostly black, such as stars; no gradient.
/// prox_{w g}(v) = sign(v) max(|v| - w, 0), soft thresholding.
class L1Prior final : public Prior {
 public:
    L1Prior(Shape shape, const L1Params& params) : Prior(shape), params_(params), point_(shape) {}
    Offers offers() const override { return {true, false, true}; }
    double lambda() const override { return params_.lambda; }
    double value(ConstImageRef x) override;
    void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
              RealSpan memoryOut) override;
    void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) override;
    void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) override;
    double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) override;

 private:
    L1Params params_;
    Image point_;        // v of the last linearisation
    double weight_ = 0;  // and its weight
};

}  // namespace stillpoint
