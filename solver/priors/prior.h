// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/vec.h"
#include "solver/image/gradients.h"

namespace stillpoint {

/// A regulariser g on pictures of one shape, used as lambda g. What a prior can do it says in offers();
/// calling what it does not offer is a programming mistake. Works in its own scratch: one thread at a time;
/// nothing allocates after construction except in the linearisations' first call.
///
/// A prox that is computed by an inner iteration may keep that iteration's variable as `memory`: the caller
/// owns it and makes it part of the state z, so that T stays a function of z alone (a hidden warm start would
/// make T a moving map, on which Anderson fails). memorySize() is 0 for all others.
///
/// Vector-Jacobian products are taken at the point given to the last linearise call, so that a backward
/// iteration does the work of the forward map once and not in every product.
class Prior {
 public:
    struct Offers {
        bool value = false;
        bool gradient = false;
        bool prox = false;
    };
    explicit Prior(Shape shape) : shape_(shape) {}
    virtual ~Prior() = default;
    Prior(const Prior&) = delete;
    Prior& operator=(const Prior&) = delete;

    const Shape& shape() const { return shape_; }
    virtual Offers offers() const = 0;
    /// Weight of g in the objective f + lambda g.
    virtual double lambda() const = 0;

    virtual double value(ConstImageRef x);
    /// out = grad g(x); in and out differ.
    virtual void gradient(ConstImageRef x, ImageRef out);
    /// Bound on the Lipschitz constant of grad g.
    virtual double gradientLipschitz() const;
    virtual void lineariseGradient(ConstImageRef x);
    /// out = H' v, H the Jacobian of grad g.
    virtual void gradientVjp(ConstImageRef v, ImageRef out);
    /// Whether that Jacobian is symmetric: not for a gradient that is one by name only (see DenoiserPrior).
    virtual bool symmetricHessian() const { return true; }
    /// Adds scale * <v, d grad g / d theta> for the prior's own parameters theta other than lambda, and for
    /// its weights where `gradients` wants them.
    virtual void gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients);

    /// Number of weights (trainable numbers); 0 for priors that are not learned.
    virtual std::size_t weightCount() const { return 0; }

    /// About how many bytes the maps of such a prior reserve for a picture of this shape beyond a few
    /// pictures of scratch: activations and weights of a network.
    virtual std::size_t workBytes(Shape) const { return 0; }

    virtual std::size_t memorySize() const { return 0; }
    /// out = prox_{weight g}(v) = argmin_u weight g(u) + 1/2 ||u - v||^2, or with memory one or more steps
    /// towards it that start at `memory`; memoryOut is where they end. v and out may be the same.
    virtual void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out, RealSpan memoryOut);
    virtual void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory);
    /// (outV, outMemory) = transposed Jacobian of (v, memory) -> (out, memoryOut), applied to the cotangents
    /// c, cMemory.
    virtual void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory);
    /// Returns <(c, cMemory), d(out, memoryOut)/d weight> and adds the same for the prior's own parameters
    /// and weights.
    virtual double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients);

 private:
    Shape shape_;
};

}  // namespace stillpoint
