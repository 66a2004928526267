// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "solver/core/param.h"
#include "solver/priors/prior.h"
#include "solver/priors/tv_dual.h"

namespace stillpoint {

/// How the prox of TV, which has no closed form, becomes a map of the state alone.
enum class TvInner {
    state,  ///< its dual variable is part of z; each iteration makes `steps` dual steps
    nested  ///< solved from zero to `accuracy` in every iteration
};

struct TvParams {
    double lambda = 0.001;
    double smoothing = 0.002;
    TvInner inner = TvInner::state;
    int steps = 2;
    double accuracy = 1e-5;
    static const ParamTable& table();
};

/// Isotropic total variation of each channel (Rudin, Osher and Fatemi, 1992), smoothed near zero as by Huber:
///     g(x) = sum over pixels phi(|Dx|),   phi(t) = t^2 / (2 e) for t <= e, t - e/2 beyond,
/// D forward differences (row difference, column difference), zero at the last row and column; e = smoothing,
/// e = 0 is plain TV, which has no gradient. |grad g| is Lipschitz with constant 8 / e.
///
/// prox by its dual: with q = (two planes per channel), |q| <= w at each pixel,
///     u = v - D'q,   q+ = P(q + s D u),   P(a) = a' / max(1, |a'| / w),  a' = a w / (w + s e),
/// projected gradient ascent with s = 1/8 (Chambolle, 2004; Huber term as in Chambolle and Pock, 2011,
/// section 6.2).
///
/// `state`: q is memory and joins z; `steps` of the recursion per call. At a fixed point of the whole
/// iteration q is the exact dual, so the equilibrium is the same as with an exact prox (Loris and Verhoeven,
/// 2011; Chen, Huang and Zhang, 2013). `nested`: accelerated (Beck and Teboulle, 2009) from q = 0 until the
/// duality gap proves ||u - prox|| <= accuracy ||v||; its Jacobian (I + w H)^-1 is applied by conjugate
/// gradients. Cost: one dual step is one pass over v and q, about 20 bytes a sample.
class TvPrior final : public Prior {
 public:
    TvPrior(Shape shape, const TvParams& params);
    Offers offers() const override { return {true, params_.smoothing > 0, true}; }
    double lambda() const override { return params_.lambda; }
    double value(ConstImageRef x) override;
    void gradient(ConstImageRef x, ImageRef out) override;
    double gradientLipschitz() const override { return 8 / params_.smoothing; }
    void lineariseGradient(ConstImageRef x) override;
    void gradientVjp(ConstImageRef v, ImageRef out) override;
    void gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) override;
    std::size_t memorySize() const override;
    void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
              RealSpan memoryOut) override;
    void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) override;
    void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) override;
    double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) override;

    /// The nested solver by itself: accelerated dual steps from zero until the gap proves `accuracy` or
    /// `maxSteps` are done. Returns the number of steps.
    int solveProx(ConstImageRef v, double weight, double accuracy, int maxSteps, ImageRef out);

 private:
    bool inState() const { return params_.inner == TvInner::state; }
    TvDual dual(double weight) const { return {weight, params_.smoothing}; }
    void multiplyHessian(ConstImageRef v, ImageRef out);
    void solveLinearised(ConstImageRef c);
    void backThroughSteps(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory);

    TvParams params_;
    TvRows rows_;
    Buffer dualA_, dualB_, dualC_;  // fields of 2 planes a channel
    Image u_;                       // scratch picture

    // The last linearisation, reserved when first needed.
    struct Linearisation {
        double weight = 0;
        Image point;               // x of the gradient, u of the nested prox, v of the prox in state
        std::vector<Buffer> path;  // state: arguments of the projection, one field a step
        Buffer field;              // D point
        Buffer cotangent, work;    // fields
        Image solution, direction, remainder, product;     // conjugate gradients
        double weightGradient = 0, smoothingGradient = 0;  // collected by backThroughSteps
    } at_;
};

}  // namespace stillpoint
