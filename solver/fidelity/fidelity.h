// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/image/gradients.h"
#include "solver/physics/blur_operator.h"

namespace stillpoint {

/// What was measured, on the operator's canvas: y, and which of its samples are trusted (1) or ignored (0):
/// those beyond the picture's rim, clipped or dead. An empty mask trusts all.
struct Observation {
    ConstImageRef y;
    ConstImageRef mask = {};
    Observation(ConstImageRef data, ConstImageRef itsMask = {}) : y(data), mask(itsMask) {}
    Observation(const Image& data) : y(data.ref()) {}
};

/// How well a picture explains the data: f(x) = sum of h((A x)_i; y_i) over the trusted samples i, with an h
/// that depends on the noise. What a fidelity can do it says in offers(); calling what it does not offer is a
/// programming mistake. Pictures have the shape of y; in and out may be the same. Works in its own scratch
/// and the operator's: one thread at a time; nothing allocates after construction except in the first call of
/// the linearisations and of a prox that is an inner iteration.
///
/// Derivatives are taken at the point of the last linearise call:
///   after lineariseGradient(x)       the point is x
///   after lineariseProx(x, gamma)    the point is p = prox_{gamma f}(x), which satisfies p + gamma grad f(p)
///   = x,
/// so that the derivatives of both steps come from those of grad f at the point:
///   gradient step x - gamma grad f(x):  (I - gamma H) v;          d/dgamma: -alongGradient(v)
///   prox:                               w = (I + gamma H)^-1 v;   d/dgamma: -alongGradient(w)
/// and for y, the kernel and the own parameters inputsVjp(v, -gamma, ...) or inputsVjp(w, -gamma, ...).
class DataFidelity {
 public:
    struct Offers {
        bool gradient = false;
        bool prox = false;
    };
    /// Keeps a reference to the operator and a view of y and mask; all must outlive this.
    DataFidelity(BlurOperator& op, const Observation& observation);
    virtual ~DataFidelity() = default;
    DataFidelity(const DataFidelity&) = delete;
    DataFidelity& operator=(const DataFidelity&) = delete;

    const Shape& shape() const { return op_.shape(); }
    BlurOperator& op() { return op_; }
    ConstImageRef data() const { return y_; }
    ConstImageRef mask() const { return mask_; }   ///< empty: all samples are trusted
    double dataNorm() const { return dataNorm_; }  ///< ||y||, of the trusted samples

    virtual Offers offers() const = 0;
    struct Measure {
        double value = 0;   ///< f(x)
        double misfit = 0;  ///< ||y - A x||, of the trusted samples
    };
    /// At most one transform pair.
    virtual Measure measure(ConstImageRef x) = 0;
    double value(ConstImageRef x) { return measure(x).value; }

    /// out = grad f(x)
    virtual void gradient(ConstImageRef x, ImageRef out);
    /// Bound on the Lipschitz constant of grad f.
    virtual double gradientLipschitz() const;
    /// out = x - gamma grad f(x)
    virtual void gradientStep(ConstImageRef x, double gamma, ImageRef out);
    virtual void lineariseGradient(ConstImageRef x);
    /// out = (I - gamma H) v, H the Hessian of f at the point (symmetric).
    virtual void gradientStepVjp(ConstImageRef v, double gamma, ImageRef out);

    /// out = prox_{gamma f}(x) = argmin_p gamma f(p) + 1/2 ||p - x||^2
    virtual void prox(ConstImageRef x, double gamma, ImageRef out);
    virtual void lineariseProx(ConstImageRef x, double gamma);
    /// out = (I + gamma H)^-1 v with the gamma of the linearisation (symmetric).
    virtual void proxVjp(ConstImageRef v, ImageRef out);

    /// <v, grad f> at the point.
    virtual double alongGradient(ConstImageRef v);
    /// Adds scale * <v, d grad f / d theta> at the point, for theta = y, the kernel's pixels and the own
    /// parameters.
    virtual void inputsVjp(ConstImageRef v, double scale, Gradients& gradients);

    /// For primal-dual methods, every fidelity, pixel by pixel: out = prox_{sigma h*}(a) = a - sigma prox_{h
    /// / sigma} (a / sigma), h* the conjugate of h. a lives where y does.
    virtual void conjugateProx(ConstImageRef a, double sigma, ImageRef out) = 0;
    virtual void lineariseConjugateProx(ConstImageRef a, double sigma) = 0;
    /// out = J v, J the diagonal Jacobian with respect to a.
    virtual void conjugateProxVjp(ConstImageRef v, ImageRef out) = 0;
    /// Returns <v, d out / d sigma> and adds <v, d out / d theta> for y and the own parameters.
    virtual double conjugateProxInputsVjp(ConstImageRef v, Gradients& gradients) = 0;

 protected:
    BlurOperator& op_;
    ConstImageRef y_, mask_;

 private:
    double dataNorm_;
};

}  // namespace stillpoint
