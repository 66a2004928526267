// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Dense>
#include <cmath>

#include "solver/iterators/iterator.h"
#include "tests/support/pictures.h"

namespace stillpoint {

/// T(z) = gain (M z + offset 1), of which everything is known. The estimate is the first `estimate` numbers,
/// as a picture of one row.
class MatrixIterator final : public Iterator {
 public:
    explicit MatrixIterator(Eigen::MatrixXd matrix, int estimate = 0)
        : Iterator({1, 1, estimate > 0 ? estimate : static_cast<int>(matrix.rows())}),
          matrix_(std::move(matrix)),
          symmetric_(matrix_ == matrix_.transpose()) {}

    std::size_t stateSize() const override { return static_cast<std::size_t>(matrix_.rows()); }
    void apply(ConstRealSpan z, RealSpan out) override {
        ++applications;
        write((gain * (matrix_ * read(z) + offset * Eigen::VectorXd::Ones(matrix_.rows()))).eval(), out);
    }
    void linearise(ConstRealSpan z) override {
        ++linearisations;
        point_ = read(z);
    }
    void vjp(ConstRealSpan v, RealSpan out) override {
        ++products;
        write((gain * matrix_.transpose() * read(v)).eval(), out);
        if (products == badProduct) out[0] = std::numeric_limits<Real>::quiet_NaN();
    }
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override {
        const Eigen::VectorXd c = read(v);
        gradients.parameters.add("gain",
                                 c.dot(matrix_ * point_ + offset * Eigen::VectorXd::Ones(matrix_.rows())));
        gradients.parameters.add("offset", gain * c.sum());
    }
    bool symmetricJacobian() const override { return symmetric_; }

    Eigen::MatrixXd jacobian() const { return gain * matrix_; }
    /// (I - J')^-1 u
    Eigen::VectorXd exactAdjoint(const Eigen::VectorXd& u) const {
        const Eigen::Index n = matrix_.rows();
        return (Eigen::MatrixXd::Identity(n, n) - jacobian().transpose()).partialPivLu().solve(u);
    }
    Buffer equilibrium() const {
        const Eigen::Index n = matrix_.rows();
        Buffer z(stateSize());
        write((Eigen::MatrixXd::Identity(n, n) - jacobian())
                  .partialPivLu()
                  .solve(gain * offset * Eigen::VectorXd::Ones(n))
                  .eval(),
              z.span());
        return z;
    }

    static Eigen::VectorXd read(ConstRealSpan x) {
        Eigen::VectorXd v(static_cast<Eigen::Index>(x.size()));
        for (std::size_t i = 0; i < x.size(); ++i)
            v(static_cast<Eigen::Index>(i)) = static_cast<double>(x[i]);
        return v;
    }
    static void write(const Eigen::VectorXd& v, RealSpan x) {
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(v(static_cast<Eigen::Index>(i)));
    }

    double gain = 1;
    double offset = 1;
    long applications = 0;
    long linearisations = 0;
    long products = 0;
    long badProduct = 0;  ///< that many-th product has a NaN

 private:
    Eigen::MatrixXd matrix_;
    bool symmetric_;
    Eigen::VectorXd point_;
};

inline Eigen::MatrixXd randomMatrix(int n, std::uint64_t seed) {
    const auto numbers = randomVector(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), seed);
    Eigen::MatrixXd a(n, n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j)
            a(i, j) = static_cast<double>(numbers[static_cast<std::size_t>(i * n + j)]);
    return a;
}

inline double spectralRadius(const Eigen::MatrixXd& a) {
    return a.eigenvalues().cwiseAbs().maxCoeff();
}

/// Not normal, of the given spectral radius.
inline Eigen::MatrixXd contraction(int n, double radius, std::uint64_t seed) {
    const Eigen::MatrixXd a = randomMatrix(n, seed);
    return radius / spectralRadius(a) * a;
}

/// Exactly symmetric with eigenvalues evenly from `lowest` to `highest`.
inline Eigen::MatrixXd symmetricContraction(int n, double lowest, double highest, std::uint64_t seed) {
    const Eigen::MatrixXd q = Eigen::HouseholderQR<Eigen::MatrixXd>(randomMatrix(n, seed)).householderQ();
    const Eigen::MatrixXd a = q * Eigen::VectorXd::LinSpaced(n, lowest, highest).asDiagonal() * q.transpose();
    return 0.5 * (a + a.transpose());
}

}  // namespace stillpoint
