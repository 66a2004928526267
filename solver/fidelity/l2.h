// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/physics/blur_operator.h"

namespace stillpoint {

/// f(x) = 1/2 ||A x - y||^2, the misfit of Gaussian noise. Everything happens in the spectrum: with K the
/// kernel's and y^ the data's spectrum, every step below costs one forward and one inverse transform and one
/// pass over the spectrum. Pictures are channels x height x width like y. Nothing allocates; one thread at a
/// time. in and out may be the same.
class L2Fidelity {
 public:
    /// Keeps a reference to the operator and the spectrum of y.
    L2Fidelity(BlurOperator& op, ConstImageRef y);

    const Shape& shape() const { return op_.shape(); }
    /// Largest eigenvalue of A'A that any kernel can have here (kernels are not negative and sum to 1).
    static constexpr double gradientLipschitz() { return 1; }

    /// f(x): one forward transform (Parseval).
    double value(ConstImageRef x);
    double dataNorm() const { return dataNorm_; }  ///< ||y||
    /// out = A'(A x - y)
    void gradient(ConstImageRef x, ImageRef out);
    /// out = x - gamma A'(A x - y); spectrum (1 - gamma |K|^2) x^ + gamma conj(K) y^.
    void gradientStep(ConstImageRef x, double gamma, ImageRef out);
    /// out = prox_{gamma f}(x) = (I + gamma A'A)^-1 (x + gamma A'y); a division in the spectrum.
    void prox(ConstImageRef x, double gamma, ImageRef out);

    /// out = (I - gamma A'A) v: the Jacobian of gradientStep is symmetric.
    void gradientStepVjp(ConstImageRef v, double gamma, ImageRef out);
    /// out = (I + gamma A'A)^-1 v: the Jacobian of prox is symmetric.
    void proxVjp(ConstImageRef v, double gamma, ImageRef out);
    /// <v, d gradientStep(x, gamma) / d gamma> = -<v, A'(A x - y)>. Two forward transforms.
    double gradientStepGammaVjp(ConstImageRef x, ConstImageRef v);
    /// <v, d prox(x, gamma) / d gamma> = -<v, (I + gamma A'A)^-1 A'(A p - y)>, p the prox. Two forward
    /// transforms.
    double proxGammaVjp(ConstImageRef x, double gamma, ConstImageRef v);

 private:
    template <class Body>
    void inSpectrum(ConstImageRef x, ImageRef out, const Body& body);

    BlurOperator& op_;
    ComplexBuffer data_;     // y^
    ComplexBuffer scratch_;  // second spectrum for the products with a gradient
    double dataNorm_;
};

}  // namespace stillpoint
