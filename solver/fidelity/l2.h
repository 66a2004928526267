// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/fidelity/fidelity.h"

namespace stillpoint {

struct L2Params {
    double accuracy = 1e-5;  ///< of the proximal map where samples are ignored (gaussian.h)
    static const ParamTable& table();
};

/// f(x) = 1/2 ||A x - y||^2, for Gaussian noise, all samples trusted. Everything happens in the spectrum:
/// with K the kernel's and y^ the data's spectrum, every step costs one forward and one inverse transform and
/// one pass over the spectrum.
///     gradient step  x - gamma A'(A x - y):              (1 - gamma |K|^2) x^ + gamma conj(K) y^
///     prox           (I + gamma A'A)^-1 (x + gamma A'y): a division
/// H = A'A; ||H|| <= 1, because kernels are not negative and sum to 1.
class L2Fidelity final : public DataFidelity {
 public:
    L2Fidelity(BlurOperator& op, ConstImageRef y);

    Offers offers() const override { return {true, true}; }
    /// One forward transform (Parseval).
    Measure measure(ConstImageRef x) override;
    void gradient(ConstImageRef x, ImageRef out) override;
    double gradientLipschitz() const override { return 1; }
    void gradientStep(ConstImageRef x, double gamma, ImageRef out) override;
    void lineariseGradient(ConstImageRef x) override;
    void gradientStepVjp(ConstImageRef v, double gamma, ImageRef out) override;
    void prox(ConstImageRef x, double gamma, ImageRef out) override;
    void lineariseProx(ConstImageRef x, double gamma) override;
    void proxVjp(ConstImageRef v, ImageRef out) override;
    double alongGradient(ConstImageRef v) override;
    void inputsVjp(ConstImageRef v, double scale, Gradients& gradients) override;
    void conjugateProx(ConstImageRef a, double sigma, ImageRef out) override;
    void lineariseConjugateProx(ConstImageRef a, double sigma) override;
    void conjugateProxVjp(ConstImageRef v, ImageRef out) override;
    double conjugateProxInputsVjp(ConstImageRef v, Gradients& gradients) override;

 private:
    template <class Body>
    void inSpectrum(ConstImageRef x, ImageRef out, const Body& body);

    ComplexBuffer data_;   // y^
    ComplexBuffer point_;  // spectrum of the point of linearisation, reserved when first needed
    double gamma_ = 0;     // of lineariseProx
    Image dualPoint_;      // a of lineariseConjugateProx, reserved when first needed
    double sigma_ = 0;
};

}  // namespace stillpoint
