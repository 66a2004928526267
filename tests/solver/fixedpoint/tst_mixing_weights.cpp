// SPDX-License-Identifier: GPL-3.0-or-later
// The small least-squares problems of Anderson acceleration against dense factorisations of the same vectors.
#include "solver/fixedpoint/mixing_weights.h"

#include <QTest>
#include <cmath>

#include "solver/fixedpoint/anderson.h"
#include "tests/support/dense.h"
#include "tests/support/laws.h"

using namespace stillpoint;

namespace {

constexpr int kLength = 40;

Matrix random(int columns, std::uint64_t seed) {
    return randomMatrix(columns, kLength, seed).transpose();
}

// Residuals r_0 .. r_m whose differences share a direction; the scaled ones have about the given condition.
Matrix residuals(int columns, double condition, std::uint64_t seed) {
    Matrix mixer = Matrix::Identity(columns, columns) / condition;
    mixer.row(0).setOnes();
    const Matrix differences = product(orthonormalBasis(random(columns, seed)), mixer);
    Matrix all(kLength, columns + 1);
    all.col(0) = random(1, seed + 1);
    for (int c = 0; c < columns; ++c) all.col(c + 1) = all.col(c) + differences.col(c);
    return all;
}

Vector exactWeights(const Matrix& r) {
    const auto columns = r.cols() - 1;
    const Matrix d = r.rightCols(columns) - r.leftCols(columns);
    const Vector gamma = leastSquares(d, r.col(columns));
    Vector weights = Vector::Zero(columns + 1);
    weights(columns) = 1;
    for (Eigen::Index a = 0; a < columns; ++a) {
        weights(a + 1) -= gamma(a);
        weights(a) += gamma(a);
    }
    return weights;
}

SmallMatrix gramOf(const Matrix& r) {
    return transposeProduct(r, r);
}

}  // namespace

class TestMixingWeights : public QObject {
    Q_OBJECT

 private slots:
    void equalsDenseLeastSquares() {
        for (const int columns : {1, 2, 5, 9}) {
            const Matrix r = residuals(columns, 10, 3);
            const MixingWeights mixing = weightsFromGram(gramOf(r), 0, 1e6);
            QCOMPARE(mixing.columns, columns);
            QVERIFY((mixing.weights - exactWeights(r)).norm() < 1e-9);
            QVERIFY(std::abs(mixing.weights.sum() - 1) < 1e-12);
            const Matrix d = r.rightCols(columns) - r.leftCols(columns);
            const double condition = conditionNumber(d.colwise().normalized());
            QVERIFY(std::abs(mixing.condition / condition - 1) < 1e-6);
            QVERIFY(std::abs(mixedNormSquared(gramOf(r), mixing.weights) -
                             times(r, mixing.weights).squaredNorm()) < 1e-9);
        }
    }

    // A middle column that repeats a newer direction goes, the older independent ones stay.
    void onlyDependentColumnsAreDropped() {
        Matrix r = residuals(5, 3, 8);
        Matrix d = r.rightCols(5) - r.leftCols(5);
        d.col(2) = 0.5 * d.col(4);  // the newest, halved
        for (int c = 0; c < 5; ++c) r.col(c + 1) = r.col(c) + d.col(c);
        const MixingWeights mixing = weightsFromGram(gramOf(r), 0, 1e5);
        QCOMPARE(mixing.columns, 4);
        Matrix kept(kLength, 4);
        kept << d.col(0), d.col(1), d.col(3), d.col(4);
        const Vector best = r.col(5) - times(kept, leastSquares(kept, r.col(5)));
        QVERIFY((times(r, mixing.weights) - best).norm() < 1e-9);
    }

    void conditionStaysBelowItsBound() {
        const Matrix r = residuals(8, 1e6, 5);
        int previous = 9;
        for (const double bound : {1e7, 1e4, 100.0, 5.0, 1.5}) {
            const MixingWeights mixing = weightsFromGram(gramOf(r), 0, bound);
            QVERIFY(mixing.columns == 0 || mixing.condition <= bound);
            QVERIFY(mixing.columns <= previous);
            previous = mixing.columns;
        }
        QVERIFY(previous < 8);
    }

    // The ridge weighs against the squared length-1 columns, so multiplying all residuals changes nothing.
    void ridgeIsRelative() {
        const Matrix r = residuals(4, 10, 6);
        const MixingWeights one = weightsFromGram(gramOf(r), 1e-3, 1e6);
        const MixingWeights other = weightsFromGram(gramOf(1e-6 * r), 1e-3, 1e6);
        QVERIFY((one.weights - other.weights).norm() < 1e-9);
        QVERIFY((one.weights - exactWeights(r)).norm() > 1e-6);
    }

    void absoluteRidgeSolvesTheBorderedSystem() {
        const Matrix r = residuals(3, 10, 7);
        const double ridge = 0.1;
        Matrix bordered = Matrix::Zero(5, 5);
        bordered.topRightCorner(1, 4).setOnes();
        bordered.bottomLeftCorner(4, 1).setOnes();
        bordered.bottomRightCorner(4, 4) = transposeProduct(r, r) + ridge * Matrix::Identity(4, 4);
        Vector right = Vector::Zero(5);
        right(0) = 1;
        const Vector expected = exactSolution(bordered, right).tail(4);
        QVERIFY((weightsWithAbsoluteRidge(gramOf(r), ridge).weights - expected).norm() < 1e-10);
    }

    // With a bound beyond what the Gram matrix resolves, the differences themselves are orthogonalised: the
    // weights equal a dense QR at condition 1e8, where the Gram matrix has lost every digit.
    void orthogonalisationBeyondTheGramMatrix() {
        if (!kVerify) QSKIP("In float the residuals' own rounding is the limit: nothing to orthogonalise.");
        const Matrix r = residuals(6, 1e8, 9);
        AndersonParams params;
        params.history = 7;
        params.ridge = 0;
        params.conditionBound = 1e11;
        params.weightCap = 1e16;
        Anderson anderson(kLength, params);
        for (int i = 0; i < 7; ++i) {
            const RealSpan out = anderson.nextOutput();
            std::vector<Real> z(kLength);
            for (int k = 0; k < kLength; ++k) {
                out[static_cast<std::size_t>(k)] = static_cast<Real>(r(k, i));  // T(z) - 0 is the residual
                z[static_cast<std::size_t>(k)] = 0;
            }
            anderson.push(z);
        }
        std::vector<Real> z(kLength);
        const Anderson::Mix mix = anderson.mix(z);
        QCOMPARE(mix.refusal, Refusal::none);
        QCOMPARE(mix.columns, 6);
        QVERIFY2(mix.condition > 1e7, qPrintable(QString::number(mix.condition)));
        const Vector exact = exactWeights(r);
        double error = 0;
        for (int i = 0; i < 7; ++i)
            error = std::max(error, std::abs(mix.weights[static_cast<std::size_t>(i)] - exact(i)));
        QVERIFY2(error < 1e-5 * exact.norm(), qPrintable(QString::number(error)));
        const MixingWeights byGram = weightsFromGram(gramOf(r), 0, 1e11);
        QVERIFY(byGram.columns < 6 || (byGram.weights - exact).norm() > 1e-3 * exact.norm());
    }
};

QTEST_APPLESS_MAIN(TestMixingWeights)
#include "tst_mixing_weights.moc"
