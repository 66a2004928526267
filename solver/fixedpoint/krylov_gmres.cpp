// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "solver/fixedpoint/krylov.h"

namespace stillpoint {
namespace {

// A new direction that orthogonalisation leaves shorter than this share of ||A q|| is rounding.
constexpr double kVanished = 20 * static_cast<double>(std::numeric_limits<Real>::epsilon());

}  // namespace

Gmres::Gmres(LinearMap map, ConstRealSpan b, const KrylovParams& params)
    : KrylovSolver(std::move(map), b, params),
      restart_(std::clamp(params.restart, 1, std::min(kMaxRestart, std::max(params.maxIter, 1)))) {
    for (int i = 0; i <= restart_; ++i) basis_.emplace_back(b.size());
    triangle_.resize(static_cast<std::size_t>(restart_ * (restart_ + 1)));
}

void Gmres::begin(double residualNorm) {
    used_ = 0;
    copy(residual(), basis_[0].span());
    scale(1 / residualNorm, basis_[0].span());
    right_.fill(0);
    right_[0] = residualNorm;
}

// w -= Q Q'w for the used_ + 1 directions Q so far, adding Q'w to the newest column; returns ||w||.
double Gmres::orthogonalise(RealSpan w) {
    const auto count = static_cast<std::size_t>(used_ + 1);
    std::array<double, kMaxRestart + 2> weights{};
    for (std::size_t i = 0; i < count; ++i) columns_[i] = basis_[i].data();
    dots(std::span(columns_.data(), count), w, std::span(weights.data(), count));
    for (std::size_t i = 0; i < count; ++i) {
        h(static_cast<int>(i), used_) += weights[i];
        weights[i] = -weights[i];
    }
    columns_[count] = w.data();
    weights[count] = 1;
    combine(std::span(columns_.data(), count + 1), std::span(weights.data(), count + 1), w);
    return norm(w);
}

// The rotations so far on the newest column, and one more that clears the entry below its diagonal.
void Gmres::rotate() {
    const int j = used_;
    for (int i = 0; i < j; ++i) {
        const auto s = static_cast<std::size_t>(i);
        const double upper = h(i, j);
        const double lower = h(i + 1, j);
        h(i, j) = cosine_[s] * upper + sine_[s] * lower;
        h(i + 1, j) = -sine_[s] * upper + cosine_[s] * lower;
    }
    const auto s = static_cast<std::size_t>(j);
    // A column of zeros leaves the residual as it is.
    const double length = std::hypot(h(j, j), h(j + 1, j));
    const bool zero = length <= kVanished * largest_;
    cosine_[s] = zero ? 0 : h(j, j) / length;
    sine_[s] = zero ? 1 : h(j + 1, j) / length;
    h(j, j) = length;
    right_[s + 1] = -sine_[s] * right_[s];
    right_[s] *= cosine_[s];
}

double Gmres::advance() {
    const auto j = static_cast<std::size_t>(used_);
    const RealSpan w = basis_[j + 1].span();
    multiply(basis_[j].span(), w);
    const double before = norm(w);
    if (!std::isfinite(before)) return kNotMeasured;
    largest_ = std::max(largest_, before);
    for (int i = 0; i <= used_ + 1; ++i) h(i, used_) = 0;
    double after = before;
    if (before > 0) after = orthogonalise(w);
    if (before > 0 && after < 0.7071 * before) after = orthogonalise(w);
    const bool vanished = after <= kVanished * largest_;
    if (!vanished) scale(1 / after, w);
    h(used_ + 1, used_) = vanished ? 0 : after;
    rotate();
    ++used_;
    if (vanished) exhaust("Breakdown: the Krylov space holds no solution; the linear map is singular.");
    return std::abs(right_[j + 1]);
}

// x += Q y, R y = right. A pivot that is rounding belongs to a direction that A maps to (almost) nothing.
void Gmres::form() {
    std::array<double, kMaxRestart + 1> y{};
    for (int i = used_ - 1; i >= 0; --i) {
        double sum = right_[static_cast<std::size_t>(i)];
        for (int k = i + 1; k < used_; ++k) sum -= h(i, k) * y[static_cast<std::size_t>(k)];
        y[static_cast<std::size_t>(i)] = h(i, i) > kVanished * largest_ ? sum / h(i, i) : 0;
    }
    const auto count = static_cast<std::size_t>(used_);
    for (std::size_t i = 0; i < count; ++i) columns_[i] = basis_[i].data();
    columns_[count] = x().data();
    y[count] = 1;
    combine(std::span(columns_.data(), count + 1), std::span(y.data(), count + 1), x());
    used_ = 0;
}

}  // namespace stillpoint
