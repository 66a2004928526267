// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/mixing_weights.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
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

using Kept = Eigen::Matrix<int, Eigen::Dynamic, 1, Eigen::ColMajor, kMaxHistory, 1>;

// Columns that the newer ones do not span, by Cholesky in the order of age.
Kept independentColumns(const Differences& d, double conditionBound) {
    const auto columns = d.lengths.size();
    SmallMatrix factor = SmallMatrix::Zero(columns, columns);
    Kept kept(columns);
    Eigen::Index used = 0;
    for (Eigen::Index a = 0; a < columns; ++a) {
        if (!(d.lengths(a) > 0)) continue;
        double left = 1;
        for (Eigen::Index k = 0; k < used; ++k) {
            double entry = d.correlation(a, kept(k));
            for (Eigen::Index l = 0; l < k; ++l) entry -= factor(used, l) * factor(k, l);
            factor(used, k) = entry / factor(k, k);
            left -= factor(used, k) * factor(used, k);
        }
        if (!(left * conditionBound * conditionBound > 1)) continue;
        factor(used, used) = std::sqrt(left);
        kept(used++) = static_cast<int>(a);
    }
    kept.conservativeResize(used);
    return kept;
}

// alpha from gamma: sum alpha_i r_i = r_newest - sum gamma_a (r_(i+1) - r_i) / |d_a|, a counted from the
// newest.
SmallVector weightsOf(const SmallVector& gamma, const Kept& kept, const SmallVector& lengths,
                      Eigen::Index residuals) {
    SmallVector weights = SmallVector::Zero(residuals);
    weights(residuals - 1) = 1;
    for (Eigen::Index k = 0; k < kept.size(); ++k) {
        const auto i = residuals - 2 - kept(k);
        const double g = gamma(k) / lengths(kept(k));
        weights(i + 1) -= g;
        weights(i) += g;
    }
    return weights;
}

double conditionOf(const SmallVector& eigenvalues) {
    return std::sqrt(eigenvalues.maxCoeff() / std::max(eigenvalues.minCoeff(), 1e-300));
}

}  // namespace

MixingWeights weightsFromGram(const SmallMatrix& gram, double ridge, double conditionBound) {
    const Differences d = differencesOf(gram);
    Kept kept = independentColumns(d, conditionBound);
    while (kept.size() > 0) {
        const auto used = kept.size();
        SmallMatrix correlation(used, used);
        SmallVector right(used);
        for (Eigen::Index k = 0; k < used; ++k) {
            right(k) = d.right(kept(k));
            for (Eigen::Index l = 0; l < used; ++l) correlation(k, l) = d.correlation(kept(k), kept(l));
        }
        const Eigen::SelfAdjointEigenSolver<SmallMatrix> eigen(correlation);
        const double condition = conditionOf(eigen.eigenvalues());
        if (condition <= conditionBound) {
            SmallVector gamma = eigen.eigenvectors().transpose() * right;
            gamma.array() /= eigen.eigenvalues().array() + ridge;
            gamma = eigen.eigenvectors() * gamma;
            return {weightsOf(gamma, kept, d.lengths, gram.rows()), static_cast<int>(used), condition};
        }
        kept.conservativeResize(used - 1);
    }
    return {};
}

MixingWeights weightsWithAbsoluteRidge(const SmallMatrix& gram, double ridge) {
    const auto used = gram.rows();
    const SmallMatrix matrix = gram + ridge * SmallMatrix::Identity(used, used);
    const SmallVector solution = matrix.ldlt().solve(SmallVector::Ones(used));
    const Eigen::SelfAdjointEigenSolver<SmallMatrix> eigen(matrix, Eigen::EigenvaluesOnly);
    return {solution / solution.sum(), static_cast<int>(used) - 1, conditionOf(eigen.eigenvalues())};
}

MixingWeights weightsFromFactor(const SmallMatrix& r, const SmallVector& right, const SmallVector& lengths,
                                std::span<const int> kept, int residuals, double ridge) {
    const auto used = static_cast<Eigen::Index>(kept.size());
    if (used == 0) return {};
    using Stacked =
        Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, 2 * kMaxHistory, kMaxHistory>;
    using StackedVector = Eigen::Matrix<double, Eigen::Dynamic, 1, Eigen::ColMajor, 2 * kMaxHistory, 1>;
    Stacked matrix = Stacked::Zero(2 * used, used);
    matrix.topRows(used) = r.topLeftCorner(used, used);
    matrix.bottomRows(used).diagonal().setConstant(std::sqrt(ridge));
    StackedVector stackedRight = StackedVector::Zero(2 * used);
    stackedRight.head(used) = right.head(used);
    const SmallVector gamma = Eigen::HouseholderQR<Stacked>(matrix).solve(stackedRight);
    const Eigen::JacobiSVD<SmallMatrix, Eigen::NoQRPreconditioner> svd(
        SmallMatrix(r.topLeftCorner(used, used)));
    const double condition = svd.singularValues()(0) / std::max(svd.singularValues()(used - 1), 1e-300);
    Kept indices(used);
    for (Eigen::Index k = 0; k < used; ++k) indices(k) = kept[static_cast<std::size_t>(k)];
    return {weightsOf(gamma, indices, lengths, residuals), static_cast<int>(used), condition};
}

double mixedNormSquared(const SmallMatrix& gram, const SmallVector& weights) {
    return std::max(weights.dot(gram * weights), 0.0);
}

}  // namespace stillpoint
