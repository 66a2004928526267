// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/l2.h"

#include <algorithm>
#include <cmath>

#include "solver/core/vec.h"
#include "solver/physics/spectral.h"

namespace stillpoint {
namespace {

Complex adjointProduct(Complex k, Complex y) {
    return multiply(std::conj(k), y);
}

}  // namespace

const ParamTable& L2Params::table() {
    static const ParamTable table = ParamTableOf<L2Params>().real(
        "accuracy", &L2Params::accuracy,
        {.label = "Accuracy",
         .help =
             "Largest distance of the computed proximal point from the exact one, relative to the size of "
             "the picture. Counts only where samples are ignored, as beyond an unknown rim, and for "
             "iterators that use the proximal map; keep it well below the tolerance of the iteration.",
         .minimum = 1e-12,
         .maximum = 0.1,
         .step = 1e-6,
         .scale = ParamScale::logarithmic});
    return table;
}

L2Fidelity::L2Fidelity(BlurOperator& op, ConstImageRef y)
    : DataFidelity(op, y), data_(op.fft().spectrumSize()) {
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

DataFidelity::Measure L2Fidelity::measure(ConstImageRef x) {
    const std::span<Complex> spectrum = op_.scratch();
    op_.fft().forward(x.samples(), spectrum);
    const double squared = sumSpectrum(op_, [&](std::size_t i, Complex k) {
        const Complex r = multiply(k, spectrum[i]) - data_[i];
        return realProduct(r, r);
    });
    return {0.5 * squared, std::sqrt(squared)};
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

void L2Fidelity::lineariseGradient(ConstImageRef x) {
    if (point_.empty()) point_ = ComplexBuffer(data_.size());
    op_.fft().forward(x.samples(), point_.span());
}

void L2Fidelity::gradientStepVjp(ConstImageRef v, double gamma, ImageRef out) {
    const Real g = static_cast<Real>(gamma);
    inSpectrum(v, out, [g](Complex s, Complex k, Complex) { return s * (1 - g * std::norm(k)); });
}

void L2Fidelity::lineariseProx(ConstImageRef x, double gamma) {
    lineariseGradient(x);
    gamma_ = gamma;
    const Real g = static_cast<Real>(gamma);
    // multiplySpectrum folds in the normalisation of a round trip, which must not be here.
    const Real planeSize = static_cast<Real>(shape().planeSize());
    multiplySpectrum(op_, point_.span(), [&](std::size_t i, Complex s, Complex k) {
        return (s + g * adjointProduct(k, data_[i])) * (planeSize / (1 + g * std::norm(k)));
    });
}

void L2Fidelity::proxVjp(ConstImageRef v, ImageRef out) {
    const Real g = static_cast<Real>(gamma_);
    inSpectrum(v, out, [g](Complex s, Complex k, Complex) { return s * (1 / (1 + g * std::norm(k))); });
}

double L2Fidelity::alongGradient(ConstImageRef v) {
    const std::span<Complex> spectrum = op_.scratch();
    op_.fft().forward(v.samples(), spectrum);
    return sumSpectrum(op_, [&](std::size_t i, Complex k) {
        return realProduct(spectrum[i], adjointProduct(k, multiply(k, point_[i]) - data_[i]));
    });
}

// <v, A'(A x - y)> = <A v, A x - y>. Allocates: it is called once in a backward pass.
void L2Fidelity::inputsVjp(ConstImageRef v, double scale, Gradients& gradients) {
    if (gradients.data.empty() && gradients.kernel.empty()) return;
    Image blurred(shape());
    op_.apply(v, blurred);
    if (!gradients.data.empty()) axpy(-scale, blurred.samples(), gradients.data.samples());
    if (gradients.kernel.empty()) return;
    Image x(shape()), misfit(shape());
    std::ranges::copy(point_.span(), op_.scratch().begin());
    multiplySpectrum(op_, op_.scratch(), [](std::size_t, Complex s, Complex) { return s; });
    op_.fft().inverse(op_.scratch(), x.samples());
    op_.apply(x, misfit);
    axpy(-1, y_.samples(), misfit.samples());
    op_.addKernelVjp(scale, misfit, v, gradients.kernel);
    op_.addKernelVjp(scale, blurred, x, gradients.kernel);
}

// h(t) = (t - y)^2 / 2, so prox_{sigma h*}(a) = (a - sigma y) / (1 + sigma).
void L2Fidelity::conjugateProx(ConstImageRef a, double sigma, ImageRef out) {
    const Real s = static_cast<Real>(sigma);
    const Real factor = 1 / (1 + s);
    const Real* from = a.data();
    const Real* y = y_.data();
    Real* to = out.data();
    parallelRanges(shape().size(), 16384, [=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) to[i] = (from[i] - s * y[i]) * factor;
    });
}

void L2Fidelity::lineariseConjugateProx(ConstImageRef a, double sigma) {
    if (dualPoint_.empty()) dualPoint_ = Image(shape());
    copy(a, dualPoint_);
    sigma_ = sigma;
}

void L2Fidelity::conjugateProxVjp(ConstImageRef v, ImageRef out) {
    copy(v, out);
    scale(1 / (1 + sigma_), out.samples());
}

// d/dsigma (a - sigma y) / (1 + sigma) = -(y + a) / (1 + sigma)^2
double L2Fidelity::conjugateProxInputsVjp(ConstImageRef v, Gradients& gradients) {
    if (!gradients.data.empty()) axpy(-sigma_ / (1 + sigma_), v.samples(), gradients.data.samples());
    return -(dot(v.samples(), y_.samples()) + dot(v.samples(), dualPoint_.samples())) /
           ((1 + sigma_) * (1 + sigma_));
}

}  // namespace stillpoint
