// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/iterators/iterator.h"
#include "tests/support/dense.h"

namespace stillpoint {

/// T(z) = gain (M z + offset 1), of which everything is known. The estimate is the first `estimate` numbers,
/// as a picture of one row.
class MatrixIterator final : public Iterator {
 public:
    explicit MatrixIterator(Matrix matrix, int estimate = 0);

    std::size_t stateSize() const override { return static_cast<std::size_t>(matrix_.rows()); }
    void apply(ConstRealSpan z, RealSpan out) override;
    void linearise(ConstRealSpan z) override;
    void vjp(ConstRealSpan v, RealSpan out) override;
    void inputsVjp(ConstRealSpan v, Gradients& gradients) override;
    bool symmetricJacobian() const override { return symmetric_; }

    Matrix jacobian() const;
    /// (I - J')^-1 u
    Vector exactAdjoint(const Vector& u) const;
    Buffer equilibrium() const;

    double gain = 1;
    double offset = 1;
    long applications = 0;
    long linearisations = 0;
    long products = 0;
    long badProduct = 0;  ///< that many-th product has a NaN

 private:
    Vector image(const Vector& z) const;  // M z + offset 1

    Matrix matrix_;
    bool symmetric_;
    Vector point_;
};

/// Not normal, of the given spectral radius.
Matrix contraction(int n, double radius, std::uint64_t seed);

/// Exactly symmetric with eigenvalues evenly from `lowest` to `highest`.
Matrix symmetricContraction(int n, double lowest, double highest, std::uint64_t seed);

}  // namespace stillpoint
