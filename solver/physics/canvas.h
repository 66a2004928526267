// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "solver/image/image.h"

namespace stillpoint {

/// What lies beyond the picture's rim. All but `periodic` let the estimate live on a canvas that is larger
/// than the picture, by the kernel's support and on to a size that transforms like, so that light comes in
/// from beyond the rim.
enum class Boundary {
    periodic,  ///< the picture repeats: right for data simulated that way; the canvas is the picture
    unknown,   ///< nothing is known there: A = M K, M takes the window out (Almeida and Figueiredo, 2013)
    taper,     ///< the rim's samples go on and fade into those of the opposite rim: fast, roughly right
    reflect    ///< the same with the picture's mirror image
};

/// The picture as a window on the canvas that the estimate and the blur live on, and the linear map that
/// continues data beyond the window (E; each canvas row and column is a blend of two of the picture's).
/// A value; the methods are threaded (extendAdjoint is not) and allocate nothing, except where told.
class Canvas {
 public:
    /// The kernel's shape tells how far light travels.
    Canvas(Shape picture, Shape kernel, Boundary boundary);

    Boundary boundary() const { return boundary_; }
    const Shape& picture() const { return picture_; }
    const Shape& shape() const { return shape_; }
    /// The window's upper left pixel.
    int top() const { return top_; }
    int left() const { return left_; }
    /// Nothing but the picture.
    bool whole() const { return picture_ == shape_; }

    /// out = the window of `canvas`.
    void crop(ConstImageRef canvas, ImageRef out) const;
    /// The adjoint of crop: the picture in its window, 0 around it.
    void place(ConstImageRef picture, ImageRef out) const;
    /// out = E picture; inside the window the picture itself. For `unknown` as for `taper`, for first
    /// estimates.
    void extend(ConstImageRef picture, ImageRef out) const;
    /// out = E' canvas
    void extendAdjoint(ConstImageRef canvas, ImageRef out) const;

 private:
    /// One canvas row (or column) as (1 - second) * [a] + second * [b] of the picture's.
    struct Blend {
        int a, b;
        Real second;
    };
    std::vector<Blend> blends(int window, int start, int size) const;

    Boundary boundary_;
    Shape picture_, shape_;
    int top_ = 0, left_ = 0;
    std::vector<Blend> rows_, columns_;
};

/// The smallest even number from n on without prime factors above 5.
int transformSize(int n);

}  // namespace stillpoint
