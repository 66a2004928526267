// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/core/param.h"
#include "solver/nn/models.h"
#include "solver/priors/prior.h"
#include "solver/priors/ridge_field.h"

namespace stillpoint {

struct RidgeParams {
    std::string model = "ridge-colour";
    double sigma = 0.03;
    double lambda = 1;
    static const ParamTable& table();
};

/// A learned regulariser g(x) = sum of profiles of filter responses (see RidgeBank; weakly convex ridge
/// regulariser: Goujon, Neumayer and Unser, 2024), for a picture with noise of deviation sigma. Everything a
/// classical prior has: a value, a true gradient with a known Lipschitz constant mu, and a symmetric Hessian.
/// gd and pgd with the prior first descend on f + lambda g for steps below 2 / (L_f + lambda mu) and 2 /
/// (lambda mu).
///
/// prox: one gradient step an iteration on its own problem w g(u) + 1/2 ||u - v||^2, of length s = 1 / (1 +
/// w mu), whose place d = u - v is the memory:
///     u = v + d,   d+ = d - s (d + w grad g(u)),   out = v + d+.
/// At a fixed point of the whole iteration out is the exact prox, wherever w < 1, for which the problem has
/// one solution only.
///
/// Cost: one gradient of g a call and one product with its Hessian; see RidgeField.
class RidgePrior final : public Prior {
 public:
    /// Throws Error("prior.model", sentence) if the model cannot be had or does not fit the picture.
    RidgePrior(Shape shape, const RidgeParams& params);
    RidgePrior(Shape shape, const RidgeParams& params, std::shared_ptr<const Model> model);

    Offers offers() const override { return {true, true, true}; }
    double lambda() const override { return params_.lambda; }
    std::size_t weightCount() const override { return model_->weights.size(); }
    std::size_t workBytes(Shape picture) const override;

    double value(ConstImageRef x) override;
    void gradient(ConstImageRef x, ImageRef out) override;
    double gradientLipschitz() const override { return bank_->lipschitz(); }
    void lineariseGradient(ConstImageRef x) override;
    void gradientVjp(ConstImageRef v, ImageRef out) override;
    void gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) override;

    std::size_t memorySize() const override { return shape().size(); }
    void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
              RealSpan memoryOut) override;
    void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) override;
    void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) override;
    double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) override;

 private:
    RidgeField& field();
    double stepFor(double weight) const { return 1 / (1 + weight * bank_->lipschitz()); }
    void addInputs(ConstImageRef v, double scale, double byLipschitz, Gradients& gradients);

    RidgeParams params_;
    std::shared_ptr<const Model> model_;
    std::shared_ptr<const RidgeBank> bank_;
    std::unique_ptr<RidgeField> field_;
    Image at_, work_;  // scratch
    // Of the linearisation of prox: its step's direction d + w grad g(u), grad g(u), the weight.
    Image direction_, gradientAt_, cotangent_;
    double weight_ = 0;
};

}  // namespace stillpoint
