// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/l2.h"

#include "solver/physics/spectral.h"

namespace stillpoint {
namespace {

Complex adjointProduct(Complex k, Complex y) {
    return multiply(std::conj(k), y);
}

double realProduct(Complex a, Complex b) {
    return static_cast<double>(a.real()) * static_cast<double>(b.real()) +
           static_cast<double>(a.imag()) * static_cast<double>(b.imag());
}

}  // namespace

L2Fidelity::L2Fidelity(BlurOperator& op, ConstImageRef y)
    : op_(op),
      data_(op.fft().spectrumSize()),
      scratch_(op.fft().spectrumSize()),
      dataNorm_(norm(y.samples())) {
    assert(y.shape() == op.shape());
    op_.fft().forward(y.samples(), data_.span());
}

// out = inverse(body(x^, K, y^)), with the round trip's normalisation.
template <class Body>
void L2Fidelity::inSpectrum(ConstImageRef x, ImageRef out, const Body& body) {
    assert(x.shape() == shape() && out.shape() == shape());
    const std::span<Complex> spectrum = op_.scratch();
    op_.fft().forward(x.samples(), spectrum);
    multiplySpectrum(op_, spectrum,
                     [&](std::size_t i, Complex s, Complex k) { return body(s, k, data_[i]); });
    op_.fft().inverse(spectrum, out.samples());
}

double L2Fidelity::value(ConstImageRef x) {
    const std::span<Complex> spectrum = op_.scratch();
    op_.fft().forward(x.samples(), spectrum);
    return 0.5 * sumSpectrum(op_, [&](std::size_t i, Complex k) {
               const Complex r = multiply(k, spectrum[i]) - data_[i];
               return realProduct(r, r);
           });
}

void L2Fidelity::gradient(ConstImageRef x, ImageRef out) {
    inSpectrum(x, out, [](Complex s, Complex k, Complex y) { return adjointProduct(k, multiply(k, s) - y); });
}

void L2Fidelity::gradientStep(ConstImageRef x, double gamma, ImageRef out) {
    const Real g = static_cast<Real>(gamma);
    inSpectrum(x, out, [g](Complex s, Complex k, Complex y) {
        return s - g * adjointProduct(k, multiply(k, s) - y);
    });
}

void L2Fidelity::prox(ConstImageRef x, double gamma, ImageRef out) {
    const Real g = static_cast<Real>(gamma);
    inSpectrum(x, out, [g](Complex s, Complex k, Complex y) {
        return (s + g * adjointProduct(k, y)) * (1 / (1 + g * std::norm(k)));
    });
}

void L2Fidelity::gradientStepVjp(ConstImageRef v, double gamma, ImageRef out) {
    const Real g = static_cast<Real>(gamma);
    inSpectrum(v, out, [g](Complex s, Complex k, Complex) { return s * (1 - g * std::norm(k)); });
}

void L2Fidelity::proxVjp(ConstImageRef v, double gamma, ImageRef out) {
    const Real g = static_cast<Real>(gamma);
    inSpectrum(v, out, [g](Complex s, Complex k, Complex) { return s * (1 / (1 + g * std::norm(k))); });
}

double L2Fidelity::gradientStepGammaVjp(ConstImageRef x, ConstImageRef v) {
    const std::span<Complex> xs = op_.scratch();
    op_.fft().forward(x.samples(), xs);
    op_.fft().forward(v.samples(), scratch_.span());
    return -sumSpectrum(op_, [&](std::size_t i, Complex k) {
        return realProduct(scratch_[i], adjointProduct(k, multiply(k, xs[i]) - data_[i]));
    });
}

double L2Fidelity::proxGammaVjp(ConstImageRef x, double gamma, ConstImageRef v) {
    const Real g = static_cast<Real>(gamma);
    const std::span<Complex> xs = op_.scratch();
    op_.fft().forward(x.samples(), xs);
    op_.fft().forward(v.samples(), scratch_.span());
    return -sumSpectrum(op_, [&](std::size_t i, Complex k) {
        const Real scale = 1 / (1 + g * std::norm(k));
        const Complex p = (xs[i] + g * adjointProduct(k, data_[i])) * scale;
        return realProduct(scratch_[i], scale * adjointProduct(k, multiply(k, p) - data_[i]));
    });
}

}  // namespace stillpoint
