// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

#include "solver/fixedpoint/record.h"

namespace stillpoint {

/// Small dense problems of Anderson acceleration, at most kMaxHistory in size, without memory from the heap.
using SmallMatrix =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, kMaxHistory, kMaxHistory>;
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, Eigen::ColMajor, kMaxHistory, 1>;

/// Weights that minimise ||sum alpha_i r_i||, sum alpha_i = 1.
struct MixingWeights {
    SmallVector weights;              ///< one for each residual, oldest first; empty when none is usable
    int columns = 0;                  ///< residual differences that were kept
    double condition = kNotMeasured;  ///< of the kept differences, each scaled to length 1
};

/// The differences d_a = r_(a+1) - r_a through the Gram matrix G_ij = <r_i, r_j> (oldest first): with each
/// d_a scaled to length 1, C their matrix of correlations and b_a = <d_a, r_newest>,
///     (C + ridge I) gamma = b,   sum alpha_i r_i = r_newest - sum gamma_a d_a.
/// Rank-revealing in the order of age: a Cholesky factorisation of C that starts at the newest difference
/// leaves out each column that depends on the newer ones (remaining length below 1 / conditionBound); then
/// the oldest of the kept columns go until the condition number is at most conditionBound. Exact to about
/// condition^2 times the rounding of double, so a condition beyond 1e6 asks for weightsByOrthogonalisation.
MixingWeights weightsFromGram(const SmallMatrix& gram, double ridge, double conditionBound);

/// min ||sum alpha_i r_i||^2 + ridge ||alpha||^2 over all columns, sum alpha_i = 1: an absolute ridge, as in
/// deepinv.
MixingWeights weightsWithAbsoluteRidge(const SmallMatrix& gram, double ridge);

/// From an orthogonal factorisation D = Q R of the scaled differences in the order `kept` (indices a, newest
/// first), with right = Q' r_newest and lengths |d_a|: min ||R gamma - right||^2 + ridge ||gamma||^2. Exact
/// to about condition times the rounding.
MixingWeights weightsFromFactor(const SmallMatrix& r, const SmallVector& right, const SmallVector& lengths,
                                std::span<const int> kept, int residuals, double ridge);

/// ||sum alpha_i r_i||^2 from the Gram matrix, never negative.
double mixedNormSquared(const SmallMatrix& gram, const SmallVector& weights);

}  // namespace stillpoint
