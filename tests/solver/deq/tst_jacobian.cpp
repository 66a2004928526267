// SPDX-License-Identifier: GPL-3.0-or-later
// Spectral radius and norm against Eigen's eigenvalues and against the iteration that they predict.
#include "solver/deq/jacobian.h"

#include <QTest>
#include <cmath>

#include "tests/solver/deq/matrix_iterator.h"
#include "tests/solver/deq/whole_solve.h"
#include "tests/support/laws.h"

using namespace stillpoint;

namespace {

template <class Power>
double run(Iterator& iterator, ConstRealSpan z, const PowerParams& params, SolveStatus expected) {
    Power power(iterator, z, params);
    while (!power.done()) power.step();
    if (power.status() != expected) qWarning("status %s", name(power.status()));
    return power.status() == expected ? power.value() : -1;
}

const PowerParams kThorough{4000, kVerify ? 1e-8 : 1e-5, 1};

}  // namespace

class TestJacobian : public QObject {
    Q_OBJECT

 private slots:
    // Gaussian matrices: the largest eigenvalues are real, of either sign, or complex pairs.
    void radiusOfMatrices() {
        int complexPairs = 0;
        for (std::uint64_t seed = 1; seed <= 8; ++seed) {
            MatrixIterator iterator(contraction(12, 0.9, seed));
            const Eigen::VectorXcd eigenvalues = eigenvaluesOf(iterator.jacobian());
            Eigen::Index largest = 0;
            eigenvalues.cwiseAbs().maxCoeff(&largest);
            if (std::abs(eigenvalues(largest).imag()) > 1e-8) ++complexPairs;
            const Buffer z = iterator.equilibrium();
            const double radius = run<SpectralRadius>(iterator, z.span(), kThorough, SolveStatus::converged);
            QVERIFY2(std::abs(radius - 0.9) < 0.01 * 0.9, qPrintable(QString::number(radius)));
        }
        QVERIFY2(complexPairs >= 1 && complexPairs <= 7, qPrintable(QString::number(complexPairs)));
    }

    void radiusOfSignPairsAndOfOneNumber() {
        Matrix pair = Matrix::Zero(3, 3);
        pair.diagonal() << 0.7, -0.7, 0.1;
        MatrixIterator twoSigns(pair);
        QVERIFY(std::abs(run<SpectralRadius>(twoSigns, twoSigns.equilibrium().span(), kThorough,
                                             SolveStatus::converged) -
                         0.7) < 1e-3);
        Matrix turn(2, 2);
        turn << 0, 0.6, -0.6, 0;
        MatrixIterator rotation(turn);
        QVERIFY(std::abs(run<SpectralRadius>(rotation, rotation.equilibrium().span(), kThorough,
                                             SolveStatus::converged) -
                         0.6) < 1e-3);
        MatrixIterator number(Matrix::Constant(1, 1, -1.5));
        QVERIFY(std::abs(run<SpectralRadius>(number, number.equilibrium().span(), kThorough,
                                             SolveStatus::converged) -
                         1.5) < 1e-5);
        MatrixIterator nothing(Matrix::Zero(4, 4));
        QCOMPARE(
            run<SpectralRadius>(nothing, nothing.equilibrium().span(), kThorough, SolveStatus::converged),
            0.0);
    }

    void normOfMatrices() {
        for (std::uint64_t seed = 1; seed <= 4; ++seed) {
            MatrixIterator iterator(contraction(12, 0.9, seed));
            const double exact = singularValues(iterator.jacobian())(0);
            const Buffer z = iterator.equilibrium();
            const double value = run<SpectralNorm>(iterator, z.span(), kThorough, SolveStatus::converged);
            QVERIFY2(std::abs(value - exact) < 0.01 * exact,
                     qPrintable(QString("%1 %2").arg(value).arg(exact)));
            QVERIFY(value > 0.9);  // never below the radius
        }
    }

    void endsAndBadNumbers() {
        MatrixIterator iterator(contraction(12, 0.9, 1));
        const Buffer z = iterator.equilibrium();
        SpectralRadius limited(iterator, z.span(), {15, 0, 1});
        while (!limited.done()) limited.step();
        QCOMPARE(limited.status(), SolveStatus::limit);
        QCOMPARE(limited.iterations(), 15);
        QVERIFY(limited.change() > 0);
        SpectralNorm stopped(iterator, z.span(), {15, 0, 1});
        stopped.step();
        QVERIFY(std::isnan(stopped.change()));
        stopped.stop();
        QCOMPARE(stopped.status(), SolveStatus::stopped);
        iterator.badProduct = iterator.products + 3;
        SpectralRadius bad(iterator, z.span());
        while (!bad.done()) bad.step();
        QCOMPARE(bad.status(), SolveStatus::diverged);
        QVERIFY(std::isnan(bad.value()));
    }

    // The last residuals of the plain iteration fall by the radius that the power method finds.
    void tailOfThePlainIteration_data() {
        QTest::addColumn<int>("caseIndex");
        const auto cases = sweepCases();
        for (std::size_t c = 0; c < cases.size(); ++c)
            if (contractsQuickly(cases[c])) QTest::addRow("%s", cases[c].name.c_str()) << static_cast<int>(c);
    }
    void tailOfThePlainIteration() {
        QFETCH(int, caseIndex);
        Image blurred;
        const auto problem =
            sweepProblem(sweepCases()[static_cast<std::size_t>(caseIndex)], {1, 9, 8}, blurred);
        Iterator& iterator = *problem->iterator;
        AndersonParams plain;
        plain.enabled = false;
        FixedPointParams driver;
        driver.maxIter = 20000;
        driver.tolerance = kVerify ? 1e-11 : 2e-6;
        driver.stallWindow = 0;
        FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { iterator.apply(z, out); },
                                iterator.stateSize(), driver, plain);
        problem->start(blurred, solver.startingPoint());
        std::vector<double> residuals;
        while (!solver.done()) residuals.push_back(solver.step().residual);
        QCOMPARE(solver.summary().status, SolveStatus::converged);
        // Over many steps, because two eigenvalues of one size and other signs make the ratio alternate.
        const std::size_t span = std::min<std::size_t>(40, residuals.size() / 3);
        const double ratio = std::pow(residuals.back() / residuals[residuals.size() - 1 - span],
                                      1.0 / static_cast<double>(span));
        SpectralRadius power(iterator, solver.state(), kThorough);
        while (!power.done()) power.step();
        QVERIFY2(std::abs(power.value() - ratio) < (kVerify ? 0.01 : 0.03) * ratio,
                 qPrintable(QString("%1 %2 %3").arg(power.value()).arg(ratio).arg(name(power.status()))));
        const double predicted =
            predictedIterations(power.value(), residuals[residuals.size() / 2], driver.tolerance);
        const double actual = static_cast<double>(residuals.size() - 1 - residuals.size() / 2);
        QVERIFY2(std::abs(predicted - actual) < 0.15 * actual + 3,
                 qPrintable(QString("%1 %2").arg(predicted).arg(actual)));
    }

    void predictionsAndWarnings() {
        QCOMPARE(predictedIterations(0.5, 1, 0.125), 3.0);
        QCOMPARE(predictedIterations(0.5, 1e-5, 1e-4), 0.0);
        QVERIFY(std::isinf(predictedIterations(1, 1, 1e-3)));
        QVERIFY(std::isinf(predictedIterations(kNotMeasured, 1, 1e-3)));
        QCOMPARE(predictedIterations(0, 1, 1e-3), 1.0);
        QVERIFY(contractionWarning(0.95).empty());
        QVERIFY(QString::fromStdString(contractionWarning(1.02)).contains("does not converge"));
        QVERIFY(QString::fromStdString(contractionWarning(0.99995)).contains("very long"));
    }
};

QTEST_APPLESS_MAIN(TestJacobian)
#include "tst_jacobian.moc"
