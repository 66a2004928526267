// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/vec.h"
#include "solver/image/image.h"
#include "solver/priors/prior.h"

namespace stillpoint {

/// One map T on one flat state vector z; its fixed point is the solution. The estimate x (a picture) is the
/// first part of z; dual variables and memories follow. T depends on z alone. Works in its own scratch: one
/// thread at a time; apply allocates nothing, the linearisation only in its first call.
///
/// The vector-Jacobian products are taken at the z of the last linearise(z).
class Iterator {
 public:
    explicit Iterator(Shape shape) : shape_(shape) {}
    virtual ~Iterator() = default;
    Iterator(const Iterator&) = delete;
    Iterator& operator=(const Iterator&) = delete;

    const Shape& shape() const { return shape_; }
    virtual std::size_t stateSize() const = 0;
    /// z whose estimate is x0, and from which T sets out at x0; duals and memories are 0.
    virtual void start(ConstImageRef x0, RealSpan z) const {
        fill(z, 0);
        copy(x0.samples(), z.first(shape_.size()));
    }
    /// View of the estimate in z.
    ConstImageRef estimate(ConstRealSpan z) const { return {z.data(), shape_}; }
    ImageRef estimate(RealSpan z) const { return {z.data(), shape_}; }

    /// out = T(z); z and out differ.
    virtual void apply(ConstRealSpan z, RealSpan out) = 0;
    virtual void linearise(ConstRealSpan z) = 0;
    /// out = (dT/dz)' v; v and out differ.
    virtual void vjp(ConstRealSpan v, RealSpan out) = 0;
    /// Whether dT/dz is symmetric at every z, so that symmetric solvers may be used for the adjoint.
    virtual bool symmetricJacobian() const { return false; }
    /// Adds <v, dT/dtheta> for every real parameter theta of the iterator, the fidelity and the prior, by
    /// full key, and for y and the kernel's pixels where `gradients` wants them.
    virtual void inputsVjp(ConstRealSpan v, Gradients& gradients) = 0;

    /// Seconds spent in the two halves of T since construction.
    double dataSeconds() const { return dataSeconds_; }
    double priorSeconds() const { return priorSeconds_; }

 protected:
    /// The k-th picture in a state that begins with several; the estimate is number 0.
    ConstImageRef picture(ConstRealSpan z, std::size_t k) const {
        return {z.subspan(k * shape_.size(), shape_.size()), shape_};
    }
    ImageRef picture(RealSpan z, std::size_t k) const {
        return {z.subspan(k * shape_.size(), shape_.size()), shape_};
    }
    /// What follows the first `pictures` pictures: the prior's memory.
    ConstRealSpan beyond(ConstRealSpan z, std::size_t pictures) const {
        return z.subspan(pictures * shape_.size());
    }
    RealSpan beyond(RealSpan z, std::size_t pictures) const { return z.subspan(pictures * shape_.size()); }

    double dataSeconds_ = 0;
    double priorSeconds_ = 0;

 private:
    Shape shape_;
};

}  // namespace stillpoint
