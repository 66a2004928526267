// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/mixing_weights.h"

#include <Eigen/Cholesky>
#include <Eigen/SVD>
#include <algorithm>
#include <array>
#include <cmath>

namespace stillpoint {
namespace {

// Scaled differences, newest first.
struct Differences {
    SmallVector lengths;  // |d|, 0 for one that has vanished
    SmallMatrix correlation;
    SmallVector right;
};

Differences differencesOf(const SmallMatrix& gram) {
    const auto newest = gram.rows() - 1;
    Differences d{SmallVector(newest), SmallMatrix(newest, newest), SmallVector(newest)};
    for (Eigen::Index a = 0; a < newest; ++a) {
        const auto i = newest - 1 - a;
        const double squared = gram(i + 1, i + 1) - 2 * gram(i + 1, i) + gram(i, i);
        // Below this the difference of two Gram entries is rounding, not length.
        const double floor = 1e-15 * (gram(i + 1, i + 1) + gram(i, i));
        d.lengths(a) = squared > floor ? std::sqrt(squared) : 0;
        const double scaleA = d.lengths(a) > 0 ? 1 / d.lengths(a) : 0;
        d.right(a) = scaleA * (gram(i + 1, newest) - gram(i, newest));
        for (Eigen::Index b = 0; b < a; ++b) {
            const auto j = newest - 1 - b;
            const double product = gram(i + 1, j + 1) - gram(i + 1, j) - gram(i, j + 1) + gram(i, j);
            const double scaleB = d.lengths(b) > 0 ? 1 / d.lengths(b) : 0;
            d.correlation(a, b) = d.correlation(b, a) = product * scaleA * scaleB;
        }
        d.correlation(a, a) = 1;
    }
    return d;
}

// R' R = C and R' right = b over the first `used` kept columns, for any smaller `used` too.
struct Factorisation {
    SmallMatrix r;
    SmallVector right;
    std::array<int, kMaxHistory> kept{};
    std::size_t used = 0;
};

// Of the columns that the newer ones do not span, by Cholesky in the order of age.
Factorisation independentColumns(const Differences& d, double conditionBound) {
    const auto columns = d.lengths.size();
    Factorisation f{SmallMatrix::Zero(columns, columns), SmallVector::Zero(columns)};
    for (Eigen::Index a = 0; a < columns; ++a) {
        if (!(d.lengths(a) > 0)) continue;
        const auto column = static_cast<Eigen::Index>(f.used);
        double left = 1;
        double right = d.right(a);
        for (Eigen::Index k = 0; k < column; ++k) {
            double entry = d.correlation(a, f.kept[static_cast<std::size_t>(k)]);
            for (Eigen::Index l = 0; l < k; ++l) entry -= f.r(l, column) * f.r(l, k);
            entry /= f.r(k, k);
            f.r(k, column) = entry;
            left -= entry * entry;
            right -= entry * f.right(k);
        }
        if (!(left * conditionBound * conditionBound > 1)) continue;
        f.r(column, column) = std::sqrt(left);
        f.right(column) = right / f.r(column, column);
        f.kept[f.used++] = static_cast<int>(a);
    }
    return f;
}

// min ||R gamma - right||^2 + ridge ||gamma||^2 for an upper triangle R with a positive diagonal: each row of
// sqrt(ridge) I is rotated into R, as in a QR factorisation of both.
SmallVector dampedSolution(SmallMatrix r, SmallVector right, double ridge) {
    const auto size = r.rows();
    SmallVector row(size);
    for (Eigen::Index i = 0; ridge > 0 && i < size; ++i) {
        row.setZero();
        row(i) = std::sqrt(ridge);
        double rowRight = 0;
        for (Eigen::Index k = i; k < size; ++k) {
            const double length = std::hypot(r(k, k), row(k));
            const double cosine = r(k, k) / length, sine = row(k) / length;
            const auto rotate = [&](double& x, double& y) {
                const double rotated = cosine * x + sine * y;
                y = cosine * y - sine * x;
                x = rotated;
            };
            for (Eigen::Index l = k; l < size; ++l) rotate(r(k, l), row(l));
            rotate(right(k), rowRight);
        }
    }
    for (Eigen::Index k = size; k-- > 0;) {
        for (Eigen::Index l = k + 1; l < size; ++l) right(k) -= r(k, l) * right(l);
        right(k) /= r(k, k);
    }
    return right;
}

// alpha from gamma: sum alpha_i r_i = r_newest - sum gamma_a (r_(i+1) - r_i) / |d_a|, a counted from the
// newest.
SmallVector weightsOf(const SmallVector& gamma, std::span<const int> kept, const SmallVector& lengths,
                      Eigen::Index residuals) {
    SmallVector weights = SmallVector::Zero(residuals);
    weights(residuals - 1) = 1;
    for (Eigen::Index k = 0; k < gamma.size(); ++k) {
        const int a = kept[static_cast<std::size_t>(k)];
        const auto i = residuals - 2 - a;
        const double g = gamma(k) / lengths(a);
        weights(i + 1) -= g;
        weights(i) += g;
    }
    return weights;
}

double conditionOf(const SmallMatrix& square) {
    const Eigen::JacobiSVD<SmallMatrix, Eigen::NoQRPreconditioner> svd(square);
    if (svd.info() != Eigen::Success) return kNotMeasured;
    const auto& values = svd.singularValues();
    return values(0) / std::max(values(values.size() - 1), 1e-300);
}

}  // namespace

MixingWeights weightsFromGram(const SmallMatrix& gram, double ridge, double conditionBound) {
    const Differences d = differencesOf(gram);
    const Factorisation f = independentColumns(d, conditionBound);
    for (std::size_t used = f.used; used > 0; --used) {
        MixingWeights mixing = weightsFromFactor(f.r, f.right, d.lengths, std::span(f.kept.data(), used),
                                                 static_cast<int>(gram.rows()), ridge);
        if (mixing.condition <= conditionBound) return mixing;
    }
    return {};
}

MixingWeights weightsWithAbsoluteRidge(const SmallMatrix& gram, double ridge) {
    const auto used = gram.rows();
    const SmallMatrix matrix = gram + ridge * SmallMatrix::Identity(used, used);
    const SmallVector solution = matrix.ldlt().solve(SmallVector::Ones(used));
    return {solution / solution.sum(), static_cast<int>(used) - 1, std::sqrt(conditionOf(matrix))};
}

MixingWeights weightsFromFactor(const SmallMatrix& r, const SmallVector& right, const SmallVector& lengths,
                                std::span<const int> kept, int residuals, double ridge) {
    const auto used = static_cast<Eigen::Index>(kept.size());
    if (used == 0) return {};
    const SmallMatrix square = r.topLeftCorner(used, used);
    const SmallVector gamma = dampedSolution(square, right.head(used), ridge);
    return {weightsOf(gamma, kept, lengths, residuals), static_cast<int>(used), conditionOf(square)};
}

double mixedNormSquared(const SmallMatrix& gram, const SmallVector& weights) {
    return std::max(weights.dot(gram * weights), 0.0);
}

}  // namespace stillpoint
