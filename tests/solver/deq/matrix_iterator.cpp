// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/solver/deq/matrix_iterator.h"

#include <limits>
#include <utility>

namespace stillpoint {

MatrixIterator::MatrixIterator(Matrix matrix, int estimate)
    : Iterator({1, 1, estimate > 0 ? estimate : static_cast<int>(matrix.rows())}),
      matrix_(std::move(matrix)),
      symmetric_(matrix_ == matrix_.transpose()) {}

Vector MatrixIterator::image(const Vector& z) const {
    return (times(matrix_, z).array() + offset).matrix();
}

void MatrixIterator::apply(ConstRealSpan z, RealSpan out) {
    ++applications;
    toReals(gain * image(toVector(z)), out);
}

void MatrixIterator::linearise(ConstRealSpan z) {
    ++linearisations;
    point_ = toVector(z);
}

void MatrixIterator::vjp(ConstRealSpan v, RealSpan out) {
    ++products;
    toReals(gain * transposeTimes(matrix_, toVector(v)), out);
    if (products == badProduct) out[0] = std::numeric_limits<Real>::quiet_NaN();
}

void MatrixIterator::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    const Vector c = toVector(v);
    gradients.parameters.add("gain", c.dot(image(point_)));
    gradients.parameters.add("offset", gain * c.sum());
}

Matrix MatrixIterator::jacobian() const {
    return gain * matrix_;
}

Vector MatrixIterator::exactAdjoint(const Vector& u) const {
    const Matrix transposed = jacobian().transpose();
    return exactSolution(Matrix::Identity(u.size(), u.size()) - transposed, u);
}

Buffer MatrixIterator::equilibrium() const {
    const Eigen::Index n = matrix_.rows();
    Buffer z(stateSize());
    toReals(exactSolution(Matrix::Identity(n, n) - jacobian(), Vector::Constant(n, gain * offset)), z.span());
    return z;
}

Matrix contraction(int n, double radius, std::uint64_t seed) {
    const Matrix a = randomMatrix(n, seed);
    return radius / spectralRadius(a) * a;
}

Matrix symmetricContraction(int n, double lowest, double highest, std::uint64_t seed) {
    return symmetricMatrix(evenly(n, lowest, highest), seed);
}

}  // namespace stillpoint
