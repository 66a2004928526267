// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "solver/core/vec.h"

namespace stillpoint {

/// Dense linear algebra in double for references in tests. The factorisations and products of Eigen are
/// compiled once, in dense.cpp and dense_spectrum.cpp: no other test includes more than <Eigen/Core> or
/// multiplies matrices by operator *.
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Vector toVector(ConstRealSpan x);
/// Rounds to Real; sizes must agree.
void toReals(const Vector& v, RealSpan x);

/// Standard normal numbers, entry (i, j) being number i * columns + j of the stream.
Matrix randomMatrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed);
Matrix randomMatrix(Eigen::Index size, std::uint64_t seed);
Vector randomDenseVector(Eigen::Index size, std::uint64_t seed);

/// a x
Vector times(const Matrix& a, const Vector& x);
/// a' x
Vector transposeTimes(const Matrix& a, const Vector& x);
/// a b
Matrix product(const Matrix& a, const Matrix& b);
/// a' b
Matrix transposeProduct(const Matrix& a, const Matrix& b);

/// Q of the thin QR factorisation by Householder reflections: orthonormal columns that span those of
/// `columns`, which must not be more than its rows.
Matrix orthonormalBasis(const Matrix& columns);
/// a^-1 b by LU with complete pivoting, for a regular square matrix.
Vector exactSolution(const Matrix& a, const Vector& b);
/// Of all minimisers of ||a x - b|| the shortest, whatever the rank of a, by QR with column pivoting.
Vector leastSquares(const Matrix& a, const Vector& b);

/// Those of a square matrix, in no order.
Eigen::VectorXcd eigenvaluesOf(const Matrix& a);
/// The largest modulus of an eigenvalue.
double spectralRadius(const Matrix& a);
/// Largest first.
Vector singularValues(const Matrix& a);
/// Largest over smallest singular value.
double conditionNumber(const Matrix& a);

/// Exactly symmetric, with the given eigenvalues; eigenvectors from orthonormalBasis(directions).
Matrix symmetricMatrix(const Vector& eigenvalues, const Matrix& directions);
/// The same with random eigenvectors.
Matrix symmetricMatrix(const Vector& eigenvalues, std::uint64_t seed);
/// `values` numbers at even distances from `first` to `last`.
Vector evenly(Eigen::Index values, double first, double last);

}  // namespace stillpoint
