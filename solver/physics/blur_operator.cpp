// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/blur_operator.h"

#include <string>

#include "solver/core/error.h"
#include "solver/physics/spectral.h"

namespace stillpoint {
namespace {

std::string sizeText(const Shape& shape) {
    return std::to_string(shape.width) + " x " + std::to_string(shape.height);
}

const Kernel& checked(const Kernel& kernel, const Shape& shape) {
    const Shape& k = kernel.pixels.shape();
    if (k.height > shape.height || k.width > shape.width)
        throw Error("kernel", "The kernel has " + sizeText(k) +
                                  " pixels; allowed are at most the picture's " + sizeText(shape) + ".");
    if (k.channels != 1 && k.channels != shape.channels)
        throw Error("kernel", "The kernel has " + std::to_string(k.channels) +
                                  " channels; allowed are 1 or the picture's " +
                                  std::to_string(shape.channels) + ".");
    return kernel;
}

// The kernel on the picture's grid, its centre moved to pixel (0, 0) and the rest wrapped around.
Image wrapped(const Image& kernel, const Shape& shape) {
    Image grid(kernel.channels(), shape.height, shape.width);
    for (int c = 0; c < kernel.channels(); ++c)
        for (int i = 0; i < kernel.height(); ++i)
            for (int j = 0; j < kernel.width(); ++j) {
                const int y = (i - kernel.height() / 2 + shape.height) % shape.height;
                const int x = (j - kernel.width() / 2 + shape.width) % shape.width;
                grid.at(c, y, x) = kernel.at(c, i, j);
            }
    return grid;
}

}  // namespace

BlurOperator::BlurOperator(const Kernel& kernel, Shape picture, Boundary boundary)
    : canvas_(picture, kernel.pixels.shape(), boundary),
      fft_((checked(kernel, picture), canvas_.shape())),
      kernelChannels_(kernel.pixels.channels()),
      transfer_(static_cast<std::size_t>(kernelChannels_) * fft_.planeSpectrumSize()),
      scratch_(fft_.spectrumSize()) {
    const Image grid = wrapped(kernel.pixels, shape());
    const Fft2d fft(grid.shape());
    fft.forward(grid.samples(), transfer_.span());
}

std::span<const Complex> BlurOperator::transfer(int c) const {
    const std::size_t plane = fft_.planeSpectrumSize();
    return transfer_.span().subspan(kernelChannels_ == 1 ? 0 : static_cast<std::size_t>(c) * plane, plane);
}

void BlurOperator::apply(ConstImageRef x, ImageRef out) {
    assert(x.shape() == shape() && out.shape() == shape());
    fft_.forward(x.samples(), scratch());
    multiplySpectrum(*this, scratch(), [](std::size_t, Complex s, Complex k) { return multiply(k, s); });
    fft_.inverse(scratch(), out.samples());
}

void BlurOperator::adjoint(ConstImageRef x, ImageRef out) {
    assert(x.shape() == shape() && out.shape() == shape());
    fft_.forward(x.samples(), scratch());
    multiplySpectrum(*this, scratch(),
                     [](std::size_t, Complex s, Complex k) { return multiply(std::conj(k), s); });
    fft_.inverse(scratch(), out.samples());
}

void BlurOperator::addKernelVjp(double scale, ConstImageRef c, ConstImageRef x, ImageRef gradient) {
    assert(c.shape() == shape() && x.shape() == shape() && gradient.channels() == kernelChannels_);
    ComplexBuffer cotangent(fft_.spectrumSize());
    Image correlation(shape());
    fft_.forward(c.samples(), cotangent.span());
    fft_.forward(x.samples(), scratch());
    multiplySpectrum(*this, scratch(),
                     [&](std::size_t i, Complex s, Complex) { return multiply(cotangent[i], std::conj(s)); });
    fft_.inverse(scratch(), correlation.samples());
    for (int channel = 0; channel < shape().channels; ++channel)
        for (int i = 0; i < gradient.height(); ++i)
            for (int j = 0; j < gradient.width(); ++j) {
                const int row = (i - gradient.height() / 2 + shape().height) % shape().height;
                const int column = (j - gradient.width() / 2 + shape().width) % shape().width;
                gradient.at(kernelChannels_ == 1 ? 0 : channel, i, j) +=
                    static_cast<Real>(scale * static_cast<double>(correlation.at(channel, row, column)));
            }
}

}  // namespace stillpoint
