// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/jacobian.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <complex>
#include <cstdio>
#include <limits>

#include "solver/core/rng.h"

namespace stillpoint {
namespace {

constexpr double kDifference = sizeof(Real) == 8 ? 1e-6 : 1e-3;
// sin^2 of the angle between two successive vectors below which they count as parallel: one real eigenvalue.
constexpr double kParallel = sizeof(Real) == 8 ? 1e-10 : 1e-5;

}  // namespace

PowerIteration::PowerIteration(Iterator& iterator, ConstRealSpan z, const PowerParams& params)
    : iterator_(iterator), vector_(z.size()), image_(z.size()), params_(params) {
    assert(z.size() == iterator.stateSize());
    for (std::size_t i = 0; i < vector_.size(); ++i) vector_[i] = static_cast<Real>(normalAt(params.seed, i));
    scale(1 / norm(vector_.span()), vector_.span());
    iterator_.linearise(z);
}

double PowerIteration::change() const {
    if (iterations_ <= kPowerWindow) return kNotMeasured;
    const double before = recent_[(iterations_ + 1) % (kPowerWindow + 1)];
    return value_ == before ? 0 : std::abs(value_ - before) / std::max(value_, before);
}

double PowerIteration::step() {
    assert(!done());
    value_ = advance();
    ++iterations_;
    recent_[iterations_ % (kPowerWindow + 1)] = value_;
    if (!std::isfinite(value_)) {
        status_ = SolveStatus::diverged;
        value_ = kNotMeasured;
    } else if (value_ == 0 || change() <= params_.tolerance) {
        status_ = SolveStatus::converged;  // 0: J has swallowed a random vector
    } else if (iterations_ >= params_.maxIter) {
        status_ = SolveStatus::limit;
    }
    return value_;
}

void PowerIteration::stop() {
    if (!done()) status_ = SolveStatus::stopped;
}

SpectralRadius::SpectralRadius(Iterator& iterator, ConstRealSpan z, const PowerParams& params)
    : PowerIteration(iterator, z, params), previous_(z.size()) {}

// With p = previous_, q = vector_ both of norm 1 and s = previousNorm_: s q = J'p, and r = image_ = J'q.
// r = a q + b p is the recurrence in scaled vectors: eigenvalues are the roots of t^2 = a t + s b.
double SpectralRadius::advance() {
    iterator_.vjp(vector_.span(), image_.span());
    const double size = norm(image_.span());
    double radius = size;
    if (previousNorm_ > 0 && std::isfinite(size)) {
        const double cosine = dot(vector_.span(), previous_.span());
        const double along = dot(image_.span(), vector_.span());
        const double before = dot(image_.span(), previous_.span());
        const double squaredSine = 1 - cosine * cosine;
        radius = std::abs(along);
        if (squaredSine > kParallel) {
            const double a = (along - cosine * before) / squaredSine;
            const double b = (before - cosine * along) / squaredSine;
            const std::complex<double> root = std::sqrt(std::complex<double>(a * a / 4 + previousNorm_ * b));
            radius = std::max(std::abs(a / 2 + root), std::abs(a / 2 - root));
        }
    }
    if (!(size > 0)) return size;
    std::swap(previous_, vector_);
    std::swap(vector_, image_);
    scale(1 / size, vector_.span());
    previousNorm_ = size;
    return radius;
}

SpectralNorm::SpectralNorm(Iterator& iterator, ConstRealSpan z, const PowerParams& params)
    : PowerIteration(iterator, z, params),
      z_(z.size()),
      moved_(z.size()),
      length_(kDifference * std::max(norm(z), 1.0)) {
    copy(z, z_.span());
}

double SpectralNorm::advance() {
    copy(z_.span(), moved_.span());
    axpy(length_, vector_.span(), moved_.span());
    iterator_.apply(moved_.span(), image_.span());
    copy(z_.span(), moved_.span());
    axpy(-length_, vector_.span(), moved_.span());
    iterator_.apply(moved_.span(), vector_.span());
    subtract(image_.span(), vector_.span(), image_.span());
    scale(1 / (2 * length_), image_.span());
    iterator_.vjp(image_.span(), vector_.span());
    const double size = norm(vector_.span());  // of J'J d, ||d|| = 1
    if (size > 0 && std::isfinite(size)) scale(1 / size, vector_.span());
    return std::sqrt(size);
}

double predictedIterations(double radius, double residual, double tolerance) {
    if (residual <= tolerance) return 0;
    if (!(radius < 1) || tolerance <= 0) return std::numeric_limits<double>::infinity();
    if (radius <= 0) return 1;
    return std::ceil(std::log(tolerance / residual) / std::log(radius));
}

std::string contractionWarning(double radius) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.5g", radius);
    if (radius >= 1)
        return std::string("The spectral radius of the Jacobian is ") + text.data() +
               ", not below 1: the plain iteration does not converge here, and neither do picard and neumann "
               "backwards; a smaller step or a stronger prior may help.";
    if (radius > 0.9999)
        return std::string("The spectral radius of the Jacobian is ") + text.data() +
               ", hardly below 1: the plain iteration takes very long.";
    return {};
}

}  // namespace stillpoint
