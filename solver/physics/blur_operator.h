// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "solver/fft/fft2d.h"
#include "solver/physics/canvas.h"
#include "solver/physics/kernel.h"

namespace stillpoint {

/// Blur A: x -> k * x (true convolution, kernel centre at (h/2, w/2)) and its adjoint, correlation with k.
/// Pictures live on the canvas of the boundary model, which repeats: (Ax)^ = K x^, where K is the spectrum of
/// the kernel, so ||A|| <= 1. What of A x can be compared with data is for the canvas's window and the
/// fidelity's mask to tell. Pictures are channels x height x width; a kernel of one channel serves all. apply
/// and adjoint cost one forward and one inverse transform and allocate nothing; one thread at a time. Throws
/// Error("kernel", ...) when the kernel is larger than the picture or its channels do not fit.
class BlurOperator {
 public:
    /// For a picture of the given shape, on the boundary's canvas.
    BlurOperator(const Kernel& kernel, Shape picture, Boundary boundary = Boundary::periodic);

    const Canvas& canvas() const { return canvas_; }
    /// Of the canvas.
    const Shape& shape() const { return fft_.shape(); }
    /// out = A x; in and out may be the same.
    void apply(ConstImageRef x, ImageRef out);
    /// out = A' x
    void adjoint(ConstImageRef x, ImageRef out);

    /// Adds scale * d<c, k * x>/dk to `gradient`, for each pixel of the kernel by itself: the correlation of
    /// c with x, cut to the kernel's support and, for a kernel of one channel, summed over the colours.
    /// `gradient` has the shape of the kernel's pixels. Two forward and one inverse transform; allocates.
    void addKernelVjp(double scale, ConstImageRef c, ConstImageRef x, ImageRef gradient);

    const Fft2d& fft() const { return fft_; }
    /// Spectrum K of the kernel for channel c: height x (width/2 + 1).
    std::span<const Complex> transfer(int c) const;
    /// Spectrum-sized scratch of this operator, for those who multiply in the spectrum themselves.
    std::span<Complex> scratch() { return scratch_.span(); }

 private:
    Canvas canvas_;
    Fft2d fft_;
    int kernelChannels_;
    ComplexBuffer transfer_;
    ComplexBuffer scratch_;
};

}  // namespace stillpoint
