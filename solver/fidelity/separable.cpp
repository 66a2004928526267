// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/separable.h"

#include <algorithm>
#include <cmath>

#include "solver/fidelity/gaussian.h"
#include "solver/fidelity/impulse.h"
#include "solver/fidelity/pixel_loops.h"
#include "solver/fidelity/poisson.h"
#include "solver/physics/spectral.h"

namespace stillpoint {
namespace {

constexpr int kMostCgSteps = 500;         // of one Newton step
constexpr int kMostVjpSteps = 2000;       // of a product, which is solved to the end
constexpr int kMostHalvings = 40;         // of one line search
constexpr double kEnoughDecrease = 1e-4;  // of Armijo's rule
constexpr double kRounding = 1e-13;       // relative error of a sum over all pixels, in double
constexpr double kLoosest = 0.1;          // relative accuracy of an inner solve

void reserve(Image& picture, const Shape& shape) {
    if (picture.empty()) picture = Image(shape);
}

double wide(Real value) {
    return static_cast<double>(value);
}

}  // namespace

template <class Law>
SeparableFidelity<Law>::SeparableFidelity(BlurOperator& op, const Observation& observation,
                                          const typename Law::Params& params)
    : DataFidelity(op, observation), law_(params), accuracy_(params.accuracy), blurred_(op.shape()) {}

template <class Law>
DataFidelity::Measure SeparableFidelity<Law>::measure(ConstImageRef x) {
    op_.apply(x, blurred_);
    const Real* t = blurred_.samples().data();
    const Real* y = y_.data();
    const double value =
        sumPixels(shape().size(), [=, this](std::size_t i) { return valueAt(i, wide(t[i])); });
    const double squared = sumPixels(shape().size(), [=, this](std::size_t i) {
        const double r = wide(t[i]) - wide(y[i]);
        return wide(trust(i)) * r * r;
    });
    return {value, std::sqrt(squared)};
}

template <class Law>
void SeparableFidelity<Law>::gradient(ConstImageRef x, ImageRef out) {
    op_.apply(x, blurred_);
    Real* t = blurred_.samples().data();
    forPixels(shape().size(), [=, this](std::size_t i) { t[i] = slopeAt(i, t[i]); });
    op_.adjoint(blurred_, out);
}

template <class Law>
void SeparableFidelity<Law>::gradientStep(ConstImageRef x, double gamma, ImageRef out) {
    gradient(x, blurred_);
    const Real g = static_cast<Real>(gamma);
    const Real* from = x.data();
    const Real* slope = blurred_.samples().data();
    Real* to = out.data();
    forPixels(shape().size(), [=](std::size_t i) { to[i] = from[i] - g * slope[i]; });
}

template <class Law>
void SeparableFidelity<Law>::evaluatePoint() {
    for (Image* picture : {&pointBlurred_, &pointCurvature_}) reserve(*picture, shape());
    op_.apply(point_, pointBlurred_);
    const Real* t = pointBlurred_.samples().data();
    Real* d = pointCurvature_.samples().data();
    forPixels(shape().size(), [=, this](std::size_t i) { d[i] = curvatureAt(i, t[i]); });
}

template <class Law>
void SeparableFidelity<Law>::lineariseGradient(ConstImageRef x) {
    reserve(point_, shape());
    copy(x, point_);
    evaluatePoint();
}

template <class Law>
void SeparableFidelity<Law>::gradientStepVjp(ConstImageRef v, double gamma, ImageRef out) {
    op_.apply(v, blurred_);
    Real* work = blurred_.samples().data();
    const Real* d = pointCurvature_.samples().data();
    forPixels(shape().size(), [=](std::size_t i) { work[i] *= d[i]; });
    op_.adjoint(blurred_, blurred_);
    const Real g = static_cast<Real>(gamma);
    const Real* from = v.data();
    Real* to = out.data();
    forPixels(shape().size(), [=](std::size_t i) { to[i] = from[i] - g * work[i]; });
}

template <class Law>
double SeparableFidelity<Law>::alongGradient(ConstImageRef v) {
    op_.apply(v, blurred_);
    const Real* along = blurred_.samples().data();
    const Real* t = pointBlurred_.samples().data();
    return sumPixels(shape().size(),
                     [=, this](std::size_t i) { return wide(along[i]) * wide(slopeAt(i, t[i])); });
}

// <v, A' h'(A x)> = <A v, h'(A x)>
template <class Law>
void SeparableFidelity<Law>::inputsVjp(ConstImageRef v, double scale, Gradients& gradients) {
    Image along(shape());
    op_.apply(v, along);
    const Real s = static_cast<Real>(scale);
    const Real* c = along.samples().data();
    const Real* t = pointBlurred_.samples().data();
    const Real* y = y_.data();
    const double byOwn = sumPixels(shape().size(), [=, this](std::size_t i) {
        return wide(c[i] * trust(i)) * wide(law_.slopeByOwn(t[i], y[i]));
    });
    if constexpr (!Law::kOwnKey.empty()) gradients.parameters.add(Law::kOwnKey, scale * byOwn);
    if (!gradients.data.empty()) {
        Real* byData = gradients.data.samples().data();
        forPixels(shape().size(), [=, this](std::size_t i) {
            byData[i] += s * c[i] * trust(i) * law_.slopeByData(t[i], y[i]);
        });
    }
    if (gradients.kernel.empty()) return;
    Image slope(shape());
    Real* h = slope.samples().data();
    Real* bent = along.samples().data();
    const Real* d = pointCurvature_.samples().data();
    forPixels(shape().size(), [=, this](std::size_t i) {
        h[i] = slopeAt(i, t[i]);
        bent[i] *= d[i];
    });
    op_.addKernelVjp(scale, slope, v, gradients.kernel);
    op_.addKernelVjp(scale, along, point_, gradients.kernel);
}

template <class Law>
void SeparableFidelity<Law>::reserveSystem() {
    if (system_) return;
    system_ = std::make_unique<CurvedSystem>(op_);
    move_ = ComplexBuffer(op_.fft().spectrumSize());
    proxBlurred_ = Image(shape());
    proxCurvature_ = Image(shape());
}

// Puts -grad phi(p) on the right side and h'' into proxCurvature_; returns ||grad phi(p)||.
template <class Law>
double SeparableFidelity<Law>::gradientOfProx(double gamma) {
    const Real* t = proxBlurred_.samples().data();
    Real* slope = system_->work().samples().data();
    Real* d = proxCurvature_.samples().data();
    forPixels(shape().size(), [=, this](std::size_t i) {
        slope[i] = slopeAt(i, t[i]);
        d[i] = curvatureAt(i, t[i]);
    });
    const std::span<Complex> slopes = op_.scratch();
    op_.fft().forward(system_->work().samples(), slopes);
    const std::span<Complex> right = system_->rightSide();
    const Real g = static_cast<Real>(gamma);
    return std::sqrt(sumSpectrum(op_, [&](std::size_t i, Complex k) {
        right[i] = -(move_[i] + g * multiply(std::conj(k), slopes[i]));
        return static_cast<double>(std::norm(right[i]));
    }));
}

// Halves the step until phi has fallen enough, or by no more than rounding; then moves p. False when even the
// smallest step lets phi rise. phi(p + a d) - phi(p) comes from sums of h and three inner products.
template <class Law>
bool SeparableFidelity<Law>::lineSearch(double gamma, double& decrease) {
    const std::span<Complex> d = system_->solution();
    const double moved = sumSpectrum(op_, [&](std::size_t i, Complex) { return wide(std::norm(move_[i])); });
    const double cross =
        sumSpectrum(op_, [&](std::size_t i, Complex) { return realProduct(move_[i], d[i]); });
    const double square = sumSpectrum(op_, [&](std::size_t i, Complex) { return wide(std::norm(d[i])); });
    Real* t = proxBlurred_.samples().data();
    const Real* along = system_->blurredSolution().data();
    const std::size_t pixels = shape().size();
    const auto dataTerm = [&](double step) {
        return sumPixels(pixels,
                         [=, this](std::size_t i) { return valueAt(i, wide(t[i]) + step * wide(along[i])); });
    };
    const double slope = cross + gamma * sumPixels(pixels, [=, this](std::size_t i) {
                                     return wide(slopeAt(i, t[i])) * wide(along[i]);
                                 });
    const double value = dataTerm(0);
    const double slack = kRounding * (gamma * value + 0.5 * moved);
    double step = 1;
    for (int halving = 0; halving < kMostHalvings; ++halving, step /= 2) {
        const double change = gamma * (dataTerm(step) - value) + step * cross + 0.5 * step * step * square;
        if (!(change <= kEnoughDecrease * step * std::min(slope, 0.0) + slack)) continue;
        const Real a = static_cast<Real>(step);
        forPixels(pixels, [=](std::size_t i) { t[i] += a * along[i]; });
        forPixels(move_.size(), [&](std::size_t i) { move_[i] += a * d[i]; });
        decrease = -change > slack ? -change : 0;
        return true;
    }
    return false;
}

template <class Law>
void SeparableFidelity<Law>::prox(ConstImageRef x, double gamma, ImageRef out) {
    reserveSystem();
    report_ = {0, 0, false};
    std::fill(move_.begin(), move_.end(), Complex{});
    op_.apply(x, proxBlurred_);
    const double size = std::max(norm(x.samples()), dataNorm());
    const double wanted = accuracy_ * size;
    double decrease = 1;
    double last = 0;
    for (;;) {
        const double error = gradientOfProx(gamma);
        report_.reached = error <= wanted;
        // At the floor of rounding neither phi nor its gradient falls any more.
        const bool stuck = decrease == 0 && error > 0.5 * last;
        if (report_.reached || stuck || report_.newtonSteps >= kMostNewtonSteps || !std::isfinite(error))
            break;
        // A quadratic needs one solve to the end, others are worth that only near theirs.
        const double loose = Law::kQuadratic ? 0 : std::sqrt(error / size);
        const double inner =
            std::clamp(loose, std::min((Law::kQuadratic ? 0.5 : 0.1) * wanted / error, kLoosest), kLoosest);
        report_.cgSteps += system_->solve(proxCurvature_, gamma, inner, kMostCgSteps);
        if (!lineSearch(gamma, decrease)) break;
        ++report_.newtonSteps;
        last = error;
    }
    const std::span<Complex> scratch = op_.scratch();
    multiplySpectrum(op_, scratch, [&](std::size_t i, Complex, Complex) { return move_[i]; });
    op_.fft().inverse(scratch, blurred_.samples());
    const Real* from = x.data();
    const Real* move = blurred_.samples().data();
    Real* to = out.data();
    forPixels(shape().size(), [=](std::size_t i) { to[i] = from[i] + move[i]; });
}

template <class Law>
void SeparableFidelity<Law>::lineariseProx(ConstImageRef x, double gamma) {
    reserve(point_, shape());
    prox(x, gamma, point_);
    evaluatePoint();
    gamma_ = gamma;
}

template <class Law>
void SeparableFidelity<Law>::proxVjp(ConstImageRef v, ImageRef out) {
    op_.fft().forward(v.samples(), system_->rightSide());
    const double accuracy = std::max(0.1 * accuracy_, sizeof(Real) == 8 ? 1e-13 : 1e-7);
    system_->solve(pointCurvature_, gamma_, accuracy, kMostVjpSteps);
    const std::span<Complex> scratch = op_.scratch();
    multiplySpectrum(op_, scratch, [&](std::size_t i, Complex, Complex) { return system_->solution()[i]; });
    op_.fft().inverse(scratch, out.samples());
}

template <class Law>
void SeparableFidelity<Law>::conjugateProx(ConstImageRef a, double sigma, ImageRef out) {
    const Real s = static_cast<Real>(sigma);
    const Real* from = a.data();
    Real* to = out.data();
    forPixels(shape().size(), [=, this](std::size_t i) { to[i] = dualAt(i, from[i], s).value; });
}

template <class Law>
void SeparableFidelity<Law>::lineariseConjugateProx(ConstImageRef a, double sigma) {
    reserve(dualPoint_, shape());
    copy(a, dualPoint_);
    sigma_ = sigma;
}

template <class Law>
void SeparableFidelity<Law>::conjugateProxVjp(ConstImageRef v, ImageRef out) {
    const Real s = static_cast<Real>(sigma_);
    const Real* a = dualPoint_.samples().data();
    const Real* from = v.data();
    Real* to = out.data();
    forPixels(shape().size(), [=, this](std::size_t i) { to[i] = dualAt(i, a[i], s).jacobian * from[i]; });
}

template <class Law>
double SeparableFidelity<Law>::conjugateProxInputsVjp(ConstImageRef v, Gradients& gradients) {
    const Real s = static_cast<Real>(sigma_);
    const Real* a = dualPoint_.samples().data();
    const Real* c = v.data();
    if (!gradients.data.empty()) {
        Real* byData = gradients.data.samples().data();
        forPixels(shape().size(),
                  [=, this](std::size_t i) { byData[i] += c[i] * dualAt(i, a[i], s).byData; });
    }
    if constexpr (!Law::kOwnKey.empty())
        gradients.parameters.add(Law::kOwnKey, sumPixels(shape().size(), [=, this](std::size_t i) {
                                     return wide(c[i]) * wide(dualAt(i, a[i], s).byOwn);
                                 }));
    return sumPixels(shape().size(), [=, this](std::size_t i) {
        const DualStep at = dualAt(i, a[i], s);
        return -wide(c[i]) * wide(at.point) * wide(at.jacobian);
    });
}

template class SeparableFidelity<PoissonLaw>;
template class SeparableFidelity<ImpulseLaw>;
template class SeparableFidelity<GaussianLaw>;

}  // namespace stillpoint
