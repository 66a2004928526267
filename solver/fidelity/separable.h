// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/fidelity/curved_system.h"
#include "solver/fidelity/fidelity.h"

namespace stillpoint {

/// The proximal map of the conjugate at one pixel, with its derivatives: value = prox_{sigma h*}(a), which is
/// h'(point) for the point with h'(point) + sigma point = a; d value / da, / dy and / d(own parameter).
/// d value / d sigma = -point * jacobian.
struct DualStep {
    Real value, jacobian, point, byData, byOwn;
};

/// f(x) = sum over the trusted samples of h((A x)_i; y_i) for a convex h >= 0 of one number, which Law states
/// (poisson.h, impulse.h, gaussian.h): value, slope h', curvature h'', derivatives of the slope with respect
/// to y and to the law's one own parameter (if any), the conjugate's proximal map. Below, h is 0 for a sample
/// that is ignored, its conjugate's proximal map therefore 0.
///
///     grad f = A' h'(A x)         two transform pairs; measure: one
///     H      = A' D A, D = h''    each product: two transform pairs
/// ||H|| <= max h'', because kernels are not negative and sum to 1.
///
/// The proximal map through A has no closed form. It is solved by Newton's method (semismooth where h''
/// jumps; Qi and Sun, 1993) from p = x on
///     phi(p) = gamma f(p) + 1/2 ||p - x||^2,
/// whose steps solve (I + gamma A'DA) d = -grad phi inexactly by conjugate gradients (CurvedSystem) and are
/// halved until phi falls enough (Armijo; A d is at hand, so trials cost no transform). phi is 1-strongly
/// convex, so ||p - prox|| <= ||grad phi(p)||, and the iteration ends when that is at most
/// accuracy * max(||x||, ||y||). It is a function of x alone: nothing is kept from call to call.
/// Costs 1 + (Newton steps) / 2 + (CG steps) transform pairs; with the passes a CG step takes as long as
/// about 2.5 pairs. To 1e-5, from a blurred and noisy 512x512 photograph, gamma = 0.1 / 1 / 10 (Newton, CG):
///     poisson, background 0.1    2, 3 / 3, 8 / 4, 14
///     l1, smoothing 0.02         6, 15 / 13, 70 / 25, 257
/// When the accuracy cannot be reached, because rounding stops phi from falling or kMostNewtonSteps
/// are done, the best point so far is returned (phi never rises from step to step); lastProx() tells.
///
/// Scratch: one picture; the proximal map needs seven more pictures' worth and the linearisations five,
/// allocated in their first call.
template <class Law>
class SeparableFidelity final : public DataFidelity {
 public:
    static constexpr int kMostNewtonSteps = 60;

    SeparableFidelity(BlurOperator& op, const Observation& observation, const typename Law::Params& params);

    /// A law that is not smooth offers only what is pixel by pixel: measure and the conjugate.
    Offers offers() const override { return {law_.smooth(), law_.smooth()}; }
    Measure measure(ConstImageRef x) override;
    void gradient(ConstImageRef x, ImageRef out) override;
    double gradientLipschitz() const override { return law_.curvatureBound(); }
    void gradientStep(ConstImageRef x, double gamma, ImageRef out) override;
    void lineariseGradient(ConstImageRef x) override;
    void gradientStepVjp(ConstImageRef v, double gamma, ImageRef out) override;
    void prox(ConstImageRef x, double gamma, ImageRef out) override;
    void lineariseProx(ConstImageRef x, double gamma) override;
    void proxVjp(ConstImageRef v, ImageRef out) override;
    double alongGradient(ConstImageRef v) override;
    /// Allocates; called once in a backward pass.
    void inputsVjp(ConstImageRef v, double scale, Gradients& gradients) override;
    void conjugateProx(ConstImageRef a, double sigma, ImageRef out) override;
    void lineariseConjugateProx(ConstImageRef a, double sigma) override;
    void conjugateProxVjp(ConstImageRef v, ImageRef out) override;
    double conjugateProxInputsVjp(ConstImageRef v, Gradients& gradients) override;

    /// What the last prox or lineariseProx took.
    struct ProxReport {
        int newtonSteps = 0;
        int cgSteps = 0;
        bool reached = true;  ///< the accuracy
    };
    const ProxReport& lastProx() const { return report_; }

 private:
    void reserveSystem();
    void evaluatePoint();
    double gradientOfProx(double gamma);
    bool lineSearch(double gamma, double& decrease);

    // At one sample, trusted or not.
    Real trust(std::size_t i) const { return mask_.data() ? mask_.data()[i] : Real(1); }
    double valueAt(std::size_t i, double t) const {
        return static_cast<double>(trust(i)) * law_.value(t, static_cast<double>(y_.data()[i]));
    }
    Real slopeAt(std::size_t i, Real t) const { return trust(i) * law_.slope(t, y_.data()[i]); }
    Real curvatureAt(std::size_t i, Real t) const { return trust(i) * law_.curvature(t, y_.data()[i]); }
    DualStep dualAt(std::size_t i, Real a, Real sigma) const {
        return trust(i) > 0 ? law_.dual(a, sigma, y_.data()[i]) : DualStep{0, 0, a / sigma, 0, 0};
    }

    Law law_;
    double accuracy_;
    Image blurred_;  // A x and what is made of it

    std::unique_ptr<CurvedSystem> system_;
    // Newton's method: t = A p, p - x as a spectrum, h''(t).
    Image proxBlurred_, proxCurvature_;
    ComplexBuffer move_;
    ProxReport report_;

    // The point of linearisation, A times it, h'' there.
    Image point_, pointBlurred_, pointCurvature_;
    double gamma_ = 0;  // of lineariseProx
    Image dualPoint_;   // a of lineariseConjugateProx
    double sigma_ = 0;
};

}  // namespace stillpoint
