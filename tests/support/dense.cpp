// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/dense.h"

#include <Eigen/LU>
#include <Eigen/QR>

#include "tests/support/pictures.h"

namespace stillpoint {

Vector toVector(ConstRealSpan x) {
    Vector v(static_cast<Eigen::Index>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) v(static_cast<Eigen::Index>(i)) = static_cast<double>(x[i]);
    return v;
}

void toReals(const Vector& v, RealSpan x) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(v(static_cast<Eigen::Index>(i)));
}

Matrix randomMatrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
    const auto numbers = randomVector(static_cast<std::size_t>(rows * columns), seed);
    Matrix a(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j)
            a(i, j) = static_cast<double>(numbers[static_cast<std::size_t>(i * columns + j)]);
    return a;
}

Matrix randomMatrix(Eigen::Index size, std::uint64_t seed) {
    return randomMatrix(size, size, seed);
}

Vector randomDenseVector(Eigen::Index size, std::uint64_t seed) {
    return toVector(randomVector(static_cast<std::size_t>(size), seed));
}

Vector times(const Matrix& a, const Vector& x) {
    return a * x;
}

Vector transposeTimes(const Matrix& a, const Vector& x) {
    return a.transpose() * x;
}

Matrix product(const Matrix& a, const Matrix& b) {
    return a * b;
}

Matrix transposeProduct(const Matrix& a, const Matrix& b) {
    return a.transpose() * b;
}

Matrix orthonormalBasis(const Matrix& columns) {
    // Eigen's HouseholderQR works in blocks, at four times the compile time.
    const Eigen::Index rows = columns.rows(), count = columns.cols();
    Matrix reflectors = columns;
    Vector factors(count), workspace(count);
    double length = 0;
    for (Eigen::Index k = 0; k < count; ++k) {
        reflectors.col(k).tail(rows - k).makeHouseholderInPlace(factors(k), length);
        reflectors.bottomRightCorner(rows - k, count - k - 1)
            .applyHouseholderOnTheLeft(reflectors.col(k).tail(rows - k - 1), factors(k), workspace.data());
    }
    Matrix basis = Matrix::Identity(rows, count);
    for (Eigen::Index k = count; k-- > 0;)
        basis.bottomRightCorner(rows - k, count - k)
            .applyHouseholderOnTheLeft(reflectors.col(k).tail(rows - k - 1), factors(k), workspace.data());
    return basis;
}

Vector exactSolution(const Matrix& a, const Vector& b) {
    return a.fullPivLu().solve(b);
}

Vector leastSquares(const Matrix& a, const Vector& b) {
    return a.completeOrthogonalDecomposition().solve(b);
}

Matrix symmetricMatrix(const Vector& eigenvalues, const Matrix& directions) {
    const Matrix q = orthonormalBasis(directions);
    const Matrix scaled = q * eigenvalues.asDiagonal();
    const Matrix a = scaled * q.transpose();
    return 0.5 * (a + a.transpose());
}

Matrix symmetricMatrix(const Vector& eigenvalues, std::uint64_t seed) {
    return symmetricMatrix(eigenvalues, randomMatrix(eigenvalues.size(), seed));
}

Vector evenly(Eigen::Index values, double first, double last) {
    return Vector::LinSpaced(values, first, last);
}

}  // namespace stillpoint
