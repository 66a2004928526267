// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/core/param.h"
#include "solver/nn/models.h"
#include "solver/priors/prior.h"

namespace stillpoint {

/// What a network's output N(x) makes of the prior.
enum class DenoiserForm {
    direct,       ///< D(x) = N(x)
    gradientStep  ///< D(x) = x - grad g(x) with g(x) = 1/2 ||x - N(x)||^2
};

struct DenoiserParams {
    std::string model = "fast";
    double sigma = 0.03;
    double strength = 1;
    DenoiserForm form = DenoiserForm::direct;
    double lambda = 0.1;
    static const ParamTable& table();
};

/// A learned denoiser in the place of a prior. With D of the chosen form and D_a(x) = x - a (x - D(x)),
/// a = strength, which draws D towards the identity:
///
/// prox (pgd, hqs, admm, drs, ...): D_a(v), whatever the weight: the level sigma that the network is told
/// takes its place (plug-and-play: Venkatakrishnan, Bouman and Wohlberg, 2013).
///
/// gradient (gd, and pgd with the prior first): x - D_a(x), times lambda. For `direct` this is regularisation
/// by denoising (Romano, Elad and Milanfar, 2017), which is the gradient of nothing: no value, a Jacobian
/// without symmetry. For `gradient-step` it is a grad g, g = 1/2 ||x - N(x)||^2 (Hurault, Leclaire and
/// Papadakis, 2022), with grad g = (I - J)'(x - N(x)), J = dN/dx, and since N is piecewise affine the Hessian
/// (I - J)'(I - J): symmetric, and not negative, wherever no unit stands at its kink. There grad g jumps (g
/// itself does not): an iteration may end in a small cycle about a jump, with residuals of 1e-4 to 1e-6.
///
/// Cost: direct, one pass through the network; gradient-step, one and one back; products the same again.
/// Whether an equilibrium exists depends on the weights: see the measured contraction factor of a run.
class DenoiserPrior final : public Prior {
 public:
    /// Throws Error("prior.model", sentence) if the model cannot be had or does not fit the picture.
    DenoiserPrior(Shape shape, const DenoiserParams& params);
    DenoiserPrior(Shape shape, const DenoiserParams& params, std::shared_ptr<const Model> model);
    /// Spectral norm of dD/dx (strength 1, direct form) at the last linearisation, by `steps` of power
    /// iteration on J'J from a random start. With `gradient` (flat as the weights): adds scale * d norm / d
    /// weights where the norm is above `bound`. Runs the network anew: `steps` products each way, and one for
    /// the gradient.
    double jacobianNorm(int steps, std::uint64_t seed, double bound, double scale, RealSpan gradient);

    Offers offers() const override { return {gradientStep(), true, true}; }
    double lambda() const override { return params_.lambda; }
    std::size_t weightCount() const override { return model_->weights.size(); }

    std::size_t workBytes(Shape picture) const override;

    double value(ConstImageRef x) override;
    void gradient(ConstImageRef x, ImageRef out) override;
    /// For a network that does not expand distances; no network's own constant is known exactly.
    double gradientLipschitz() const override { return params_.strength * (gradientStep() ? 4 : 2); }
    void lineariseGradient(ConstImageRef x) override;
    void gradientVjp(ConstImageRef v, ImageRef out) override;
    bool symmetricHessian() const override { return gradientStep(); }
    void gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) override;

    void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
              RealSpan memoryOut) override;
    void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) override;
    void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) override;
    double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) override;

 private:
    bool gradientStep() const { return params_.form == DenoiserForm::gradientStep; }
    /// What the maps themselves need of the network.
    DenoiserNetwork::Keep runKeep() const {
        return gradientStep() ? DenoiserNetwork::Keep::slopes : DenoiserNetwork::Keep::nothing;
    }
    DenoiserNetwork& network(std::unique_ptr<DenoiserNetwork>& which);
    void direction(DenoiserNetwork& net, ConstImageRef x, DenoiserNetwork::Keep keep, ImageRef residual,
                   ImageRef out);
    void linearise(ConstImageRef x);
    ConstImageRef beforeNetwork(ConstImageRef c);
    void multiply(ConstImageRef c, ImageRef out);
    void addInputs(ConstImageRef c, double scale, Gradients& gradients);

    DenoiserParams params_;
    std::shared_ptr<const Model> model_;
    std::unique_ptr<DenoiserNetwork> runs_,
        at_;                 // of the maps, of the linearisation, which the maps must not disturb
    Image residual_, work_;  // scratch
    Image point_, residualAt_, directionAt_, product_;  // of the linearisation
};

}  // namespace stillpoint
