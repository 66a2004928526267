// SPDX-License-Identifier: GPL-3.0-or-later
// Apart from dense.cpp, because Eigen's eigenvalues alone compile as long as all of it.
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <cmath>
#include <complex>

#include "tests/support/dense.h"

namespace stillpoint {

Eigen::VectorXcd eigenvaluesOf(const Matrix& a) {
    const Matrix t = Eigen::RealSchur<Matrix>(a, false).matrixT();
    Eigen::VectorXcd values = t.diagonal().cast<std::complex<double>>();
    // The blocks of two that Schur's form leaves on the diagonal are complex pairs.
    for (Eigen::Index k = 0; k + 1 < t.rows(); ++k) {
        if (t(k + 1, k) == 0) continue;
        const double half = 0.5 * (t(k, k) - t(k + 1, k + 1));
        const double imaginary = std::sqrt(std::abs(half * half + t(k + 1, k) * t(k, k + 1)));
        values(k) = {t(k + 1, k + 1) + half, imaginary};
        values(k + 1) = std::conj(values(k));
    }
    return values;
}

double spectralRadius(const Matrix& a) {
    return eigenvaluesOf(a).cwiseAbs().maxCoeff();
}

Vector singularValues(const Matrix& a) {
    if (a.rows() < a.cols()) return singularValues(a.transpose());
    const Matrix r = a.colPivHouseholderQr().matrixR().topRows(a.cols()).triangularView<Eigen::Upper>();
    return Eigen::JacobiSVD<Matrix, Eigen::NoQRPreconditioner>(r).singularValues();
}

double conditionNumber(const Matrix& a) {
    const Vector values = singularValues(a);
    return values(0) / values(values.size() - 1);
}

}  // namespace stillpoint
