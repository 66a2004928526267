// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/fixedpoint/krylov.h"

namespace stillpoint {
namespace {

constexpr double kVanished = 20 * static_cast<double>(std::numeric_limits<Real>::epsilon());

// out = a x + b y + c z, in one pass; out may be one of them.
void combineThree(double a, const Buffer& x, double b, const Buffer& y, double c, ConstRealSpan z,
                  RealSpan out) {
    const std::array columns{x.data(), y.data(), z.data()};
    const std::array weights{a, b, c};
    combine(columns, weights, out);
}

}  // namespace

ConjugateGradients::ConjugateGradients(LinearMap map, ConstRealSpan b, const KrylovParams& params)
    : KrylovSolver(std::move(map), b, params), direction_(b.size()), product_(b.size()) {}

void ConjugateGradients::begin(double residualNorm) {
    copy(residual(), direction_.span());
    squared_ = residualNorm * residualNorm;
}

double ConjugateGradients::advance() {
    multiply(direction_.span(), product_.span());
    const double curvature = dot(direction_.span(), product_.span());
    if (!std::isfinite(curvature)) return kNotMeasured;
    if (curvature <= 0) {
        exhaust("Breakdown: the linear map is not positive definite; use minres or gmres.");
        return std::sqrt(squared_);
    }
    const double length = squared_ / curvature;
    axpy(length, direction_.span(), x());
    axpy(-length, product_.span(), residual());
    const double next = normSquared(residual());
    const std::array columns{static_cast<const Real*>(residual().data()),
                             static_cast<const Real*>(direction_.data())};
    const std::array weights{1.0, next / squared_};
    combine(columns, weights, direction_.span());
    squared_ = next;
    return std::sqrt(next);
}

Minres::Minres(LinearMap map, ConstRealSpan b, const KrylovParams& params)
    : KrylovSolver(std::move(map), b, params),
      previous_(b.size()),
      current_(b.size()),
      directionPrevious_(b.size()),
      direction_(b.size()) {}

void Minres::begin(double residualNorm) {
    copy(residual(), current_.span());
    scale(1 / residualNorm, current_.span());
    for (Buffer* buffer : {&previous_, &direction_, &directionPrevious_}) fill(buffer->span(), 0);
    eta_ = residualNorm;
    beta_ = 0;
    cosine_ = cosinePrevious_ = 1;
    sine_ = sinePrevious_ = 0;
}

// Lanczos' three terms, then the QR factorisation of its tridiagonal matrix, whose newest column has the
// entries third, second, diagonal; the residual's storage serves as scratch between its uses.
double Minres::advance() {
    const RealSpan product = residual();
    multiply(current_.span(), product);
    const double alpha = dot(current_.span(), product);
    if (!std::isfinite(alpha)) return kNotMeasured;
    combineThree(-beta_, previous_, -alpha, current_, 1, product, previous_.span());
    const double betaNext = norm(previous_.span());
    if (!std::isfinite(betaNext)) return kNotMeasured;
    largest_ = std::max(largest_, std::abs(alpha) + beta_ + betaNext);
    const bool vanished = betaNext <= kVanished * largest_;

    const double pivot = cosine_ * alpha - cosinePrevious_ * sine_ * beta_;
    const double second = sine_ * alpha + cosinePrevious_ * cosine_ * beta_;
    const double third = sinePrevious_ * beta_;
    const double diagonal = std::hypot(pivot, vanished ? 0.0 : betaNext);
    if (diagonal <= kVanished * largest_) {
        exhaust("Breakdown: the Krylov space holds no solution; the linear map is singular.");
        return std::abs(eta_);
    }
    combineThree(-third / diagonal, directionPrevious_, -second / diagonal, direction_, 1 / diagonal,
                 current_.span(), directionPrevious_.span());
    std::swap(directionPrevious_, direction_);
    cosinePrevious_ = cosine_;
    sinePrevious_ = sine_;
    cosine_ = pivot / diagonal;
    sine_ = vanished ? 0 : betaNext / diagonal;
    axpy(cosine_ * eta_, direction_.span(), x());
    eta_ *= -sine_;
    if (vanished) {
        exhaust("Breakdown: the Krylov space is exhausted; the arithmetic reaches no further.");
    } else {
        scale(1 / betaNext, previous_.span());
        std::swap(previous_, current_);
    }
    beta_ = betaNext;
    return std::abs(eta_);
}

}  // namespace stillpoint
