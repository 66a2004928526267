// SPDX-License-Identifier: GPL-3.0-or-later
// Krylov solvers against dense solutions of Eigen.
#include "solver/fixedpoint/krylov.h"

#include <QTest>
#include <cmath>

#include "tests/support/dense.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr double kTight = kVerify ? 1e-12 : 1e-6;
constexpr KrylovMethod kMethods[] = {KrylovMethod::gmres, KrylovMethod::minres, KrylovMethod::cg};

LinearMap mapOf(const Matrix& a, long* products = nullptr) {
    return [a, products](ConstRealSpan x, RealSpan y) {
        toReals(times(a, toVector(x)), y);
        if (products) ++*products;
    };
}

Buffer randomBuffer(int n, std::uint64_t seed) {
    Buffer b(static_cast<std::size_t>(n));
    std::ranges::copy(randomVector(b.size(), seed), b.begin());
    return b;
}

std::unique_ptr<KrylovSolver> solved(KrylovMethod method, const Matrix& a, const Buffer& b,
                                     const KrylovParams& params) {
    auto solver = makeKrylov(method, mapOf(a), b.span(), params);
    while (!solver->done()) solver->step();
    return solver;
}

double relativeError(const KrylovSolver& solver, const Vector& expected) {
    return (toVector(solver.solution()) - expected).norm() / expected.norm();
}

// ||b - A x|| / ||b|| by Eigen.
double residualOf(const KrylovSolver& solver, const Matrix& a, const Buffer& b) {
    const Vector right = toVector(b.span());
    return (right - times(a, toVector(solver.solution()))).norm() / right.norm();
}

// Non-normal, spectrum in a disk around 1: of the kind I - J'.
Matrix shiftedMatrix(int n, double radius, std::uint64_t seed) {
    return Matrix::Identity(n, n) + radius / std::sqrt(n) * randomMatrix(n, seed);
}

}  // namespace

class TestKrylov : public QObject {
    Q_OBJECT

 private slots:
    void solvesNonsymmetric() {
        const Matrix a = shiftedMatrix(60, 0.9, 1);
        const Buffer b = randomBuffer(60, 2);
        const auto solver = solved(KrylovMethod::gmres, a, b, {200, kTight, 60});
        QCOMPARE(solver->summary().status, SolveStatus::converged);
        QVERIFY(relativeError(*solver, exactSolution(a, toVector(b.span()))) < 50 * kTight);
        QVERIFY(residualOf(*solver, a, b) < 2 * kTight);
        // Restarted: more iterations, the same solution.
        const auto restarted = solved(KrylovMethod::gmres, a, b, {2000, kTight, 7});
        QCOMPARE(restarted->summary().status, SolveStatus::converged);
        QVERIFY(relativeError(*restarted, exactSolution(a, toVector(b.span()))) < 50 * kTight);
        QVERIFY(restarted->summary().iterations > solver->summary().iterations);
    }

    // The defining property: no x of the Krylov space has a smaller residual.
    void gmresMinimisesTheResidual() {
        const int n = 20;
        const Matrix a = shiftedMatrix(n, 0.8, 3);
        const Buffer b = randomBuffer(n, 4);
        const Vector right = toVector(b.span());
        Gmres solver(mapOf(a), b.span(), {8, 0, 20});
        Matrix space(n, 0);
        Vector power = right;
        while (!solver.done()) {
            space.conservativeResize(n, space.cols() + 1);
            space.rightCols(1) = power.normalized();
            power = times(a, space.rightCols(1));
            const Matrix images = product(a, space);
            const double best = (right - times(images, leastSquares(images, right))).norm() / right.norm();
            const double residual = solver.step().residual;
            QVERIFY2(std::abs(residual - best) < (kVerify ? 1e-11 : 1e-5),
                     qPrintable(QString("%1 %2").arg(residual).arg(best)));
        }
        QCOMPARE(solver.summary().status, SolveStatus::limit);
    }

    void solvesSymmetricPositiveDefinite_data() {
        QTest::addColumn<int>("method");
        for (const auto method : kMethods)
            QTest::addRow("method %d", static_cast<int>(method)) << static_cast<int>(method);
    }
    void solvesSymmetricPositiveDefinite() {
        QFETCH(int, method);
        const Matrix a = symmetricMatrix(evenly(50, 0.05, 2), 5);
        const Buffer b = randomBuffer(50, 6);
        const auto solver = solved(KrylovMethod(method), a, b, {300, kTight, 60});
        QCOMPARE(solver->summary().status, SolveStatus::converged);
        QVERIFY(relativeError(*solver, exactSolution(a, toVector(b.span()))) < 100 * kTight);
    }

    void minresSolvesIndefinite() {
        Vector eigenvalues = evenly(40, -1, 2);
        for (auto& value : eigenvalues)
            if (std::abs(value) < 0.1) value = 0.1;
        const Matrix a = symmetricMatrix(eigenvalues, 7);
        const Buffer b = randomBuffer(40, 8);
        const auto solver = solved(KrylovMethod::minres, a, b, {300, kTight, 1});
        QCOMPARE(solver->summary().status, SolveStatus::converged);
        QVERIFY(relativeError(*solver, exactSolution(a, toVector(b.span()))) < 100 * kTight);
        // Minimal residuals: those of GMRES on the same matrix.
        Minres minres(mapOf(a), b.span(), {10, 0, 1});
        Gmres gmres(mapOf(a), b.span(), {10, 0, 20});
        for (int k = 0; k < 9; ++k)
            QVERIFY(std::abs(minres.step().residual - gmres.step().residual) < (kVerify ? 1e-10 : 1e-4));
        const auto cg = solved(KrylovMethod::cg, symmetricMatrix(-Vector::Ones(40), 7), b, {300, kTight, 1});
        QCOMPARE(cg->summary().status, SolveStatus::stalled);
        QVERIFY(QString::fromStdString(cg->summary().message).contains("positive definite"));
    }

    // b in the range of a singular matrix: a solution exists, and the one without a part in the null space is
    // found.
    void solvesSingularConsistent() {
        Vector eigenvalues = evenly(30, 0, 2);
        const Matrix a = symmetricMatrix(eigenvalues, 9);
        Buffer b(30);
        mapOf(a)(randomBuffer(30, 10).span(), b.span());
        const Vector expected = leastSquares(a, toVector(b.span()));
        for (const auto method : kMethods) {
            const auto solver = solved(method, a, b, {500, kVerify ? 1e-11 : 2e-6, 60});
            QCOMPARE(solver->summary().status, SolveStatus::converged);
            QVERIFY2(relativeError(*solver, expected) < (kVerify ? 1e-9 : 1e-3),
                     qPrintable(QString::number(relativeError(*solver, expected))));
        }
    }

    // No solution exists: said so, and x stays finite.
    void reportsSingularInconsistent() {
        Matrix a = Matrix::Zero(4, 4);
        a.diagonal() << 1, 2, 3, 0;
        Buffer b(4);
        for (auto& value : b) value = 1;
        for (const auto method : {KrylovMethod::gmres, KrylovMethod::minres}) {
            const auto solver = solved(method, a, b, {50, 1e-6, 20});
            QVERIFY2(solver->summary().status == SolveStatus::stalled, name(solver->summary().status));
            QVERIFY(QString::fromStdString(solver->summary().message).contains("singular"));
            QVERIFY(std::abs(solver->summary().residual - 0.5) < 1e-3);  // |b|'s part in the null space
            QVERIFY(allFinite(solver->solution()));
        }
        const auto nothing = solved(KrylovMethod::gmres, Matrix::Zero(4, 4), b, {50, 1e-6, 20});
        QCOMPARE(nothing->summary().status, SolveStatus::stalled);
        QCOMPARE(nothing->summary().residual, 1.0);
    }

    // GMRES(1) on a quarter turn makes no progress for ever.
    void reportsStagnation() {
        Matrix a(2, 2);
        a << 0, 1, -1, 0;
        Buffer b(2);
        b[0] = 1;
        const auto stuck = solved(KrylovMethod::gmres, a, b, {100, 1e-6, 1});
        QCOMPARE(stuck->summary().status, SolveStatus::stalled);
        QVERIFY(stuck->summary().iterations < 5);
        QVERIFY(QString::fromStdString(stuck->summary().message).contains("restart"));
        QCOMPARE(solved(KrylovMethod::gmres, a, b, {100, 1e-6, 2})->summary().status, SolveStatus::converged);
    }

    void endsEarlyWhenTheSpaceHoldsTheSolution() {
        const Buffer b = randomBuffer(25, 11);
        Vector eigenvalues = Vector::Constant(25, 2);
        eigenvalues.head(5).setConstant(0.5);
        eigenvalues.tail(5).setConstant(1.25);
        for (const auto method : kMethods) {
            const auto solver = solved(method, symmetricMatrix(eigenvalues, 12), b, {100, kTight, 25});
            QCOMPARE(solver->summary().status, SolveStatus::converged);
            QVERIFY2(solver->summary().iterations <= (kVerify ? 3 : 5),
                     qPrintable(QString::number(solver->summary().iterations)));
        }
    }

    void oneUnknown() {
        Buffer b(1);
        b[0] = 3;
        for (const auto method : kMethods) {
            const auto solver = solved(method, Matrix::Constant(1, 1, 4), b, {10, kTight, 20});
            QCOMPARE(solver->summary().status, SolveStatus::converged);
            QCOMPARE(solver->summary().iterations, 1);
            QVERIFY(std::abs(static_cast<double>(solver->solution()[0]) - 0.75) < 1e-6);
        }
    }

    void zeroAndBadRightHandSides() {
        long products = 0;
        for (const auto method : kMethods) {
            const Buffer zero(3);
            const auto solver = makeKrylov(method, mapOf(Matrix::Identity(3, 3), &products), zero.span(), {});
            QVERIFY(solver->done());
            QCOMPARE(solver->summary().status, SolveStatus::converged);
            QCOMPARE(norm(solver->solution()), 0.0);
            Buffer bad(3);
            bad[1] = std::numeric_limits<Real>::quiet_NaN();
            const auto refused = makeKrylov(method, mapOf(Matrix::Identity(3, 3), &products), bad.span(), {});
            QCOMPARE(refused->summary().status, SolveStatus::diverged);
        }
        QCOMPARE(products, 0L);
    }

    // NaN from the map at any product: diverged, with a finite x.
    void notFiniteProducts() {
        const Matrix a = symmetricMatrix(evenly(12, 0.2, 2), 13);
        const Buffer b = randomBuffer(12, 14);
        for (const auto method : kMethods)
            for (const long bad : {1L, 2L, 5L}) {
                long products = 0;
                const auto inner = mapOf(a, &products);
                auto solver = makeKrylov(method,
                                         [&](ConstRealSpan x, RealSpan y) {
                                             inner(x, y);
                                             if (products == bad)
                                                 y[3] = std::numeric_limits<Real>::infinity();
                                         },
                                         b.span(), {50, 1e-5, 12});
                while (!solver->done()) solver->step();
                QCOMPARE(solver->summary().status, SolveStatus::diverged);
                QVERIFY(allFinite(solver->solution()));
            }
    }

    // The residual that decides is formed from x, whatever the recurrences say: a map whose products are
    // wrong after some time must not be called solved.
    void theTrueResidualDecides() {
        const Matrix a = symmetricMatrix(evenly(30, 0.1, 2), 15);
        const Buffer b = randomBuffer(30, 16);
        for (const auto method : kMethods) {
            const auto solver = solved(method, a, b, {400, kVerify ? 1e-17 : 1e-9, 30});
            QCOMPARE(solver->summary().status, SolveStatus::stalled);
            QVERIFY(std::abs(solver->summary().residual - residualOf(*solver, a, b)) <
                    (kVerify ? 1e-14 : 1e-6));
        }
    }

    // Where x is 1e4 times b, rounding alone makes a residual of 1e4 eps.
    void roundoffOfALargeSolution() {
        Vector eigenvalues = evenly(30, 0.5, 2);
        eigenvalues(0) = kVerify ? 1e-8 : 1e-3;
        const Matrix a = symmetricMatrix(eigenvalues, 23);
        const Buffer b = randomBuffer(30, 24);
        for (const auto method : kMethods) {
            KrylovParams params{400, kVerify ? 1e-15 : 1e-7, 30};
            QCOMPARE(solved(method, a, b, params)->summary().status, SolveStatus::stalled);
            params.roundoff = 8 * static_cast<double>(std::numeric_limits<Real>::epsilon());
            const auto solver = solved(method, a, b, params);
            QVERIFY2(solver->summary().status == SolveStatus::converged, solver->summary().message.c_str());
            QVERIFY(QString::fromStdString(solver->summary().message).contains("arithmetic"));
            QVERIFY(solver->summary().residual <=
                    params.roundoff * norm(solver->solution()) / norm(b.span()) * (1 + 1e-9));
            QVERIFY(relativeError(*solver, exactSolution(a, toVector(b.span()))) < (kVerify ? 1e-6 : 1e-2));
        }
    }

    void scaleOfTheRightHandSideDoesNotMatter() {
        const Matrix a = symmetricMatrix(evenly(30, 0.1, 2), 17);
        for (const auto method : kMethods) {
            const auto plain = solved(method, a, randomBuffer(30, 18), {100, 1e-5, 30});
            for (const double factor : {0x1p-26, 0x1p26}) {
                Buffer b = randomBuffer(30, 18);
                scale(factor, b.span());
                const auto scaled = solved(method, a, b, {100, 1e-5, 30});
                QCOMPARE(scaled->summary().iterations, plain->summary().iterations);
                const Vector back = toVector(scaled->solution()) / factor;
                QVERIFY((back - toVector(plain->solution())).norm() <= 1e-6 * back.norm());
            }
        }
    }

    void startsFromAGuess() {
        const Matrix a = symmetricMatrix(evenly(30, 0.1, 2), 19);
        const Buffer b = randomBuffer(30, 20);
        const Vector solution = exactSolution(a, toVector(b.span()));
        for (const auto method : kMethods) {
            const auto cold = solved(method, a, b, {100, 1e-5, 30});
            const auto warm = makeKrylov(method, mapOf(a), b.span(), {100, 1e-5, 30});
            for (int i = 0; i < 30; ++i)
                warm->startingPoint()[static_cast<std::size_t>(i)] =
                    static_cast<Real>(solution(i) + 1e-4 * std::sin(i));
            while (!warm->done()) warm->step();
            QCOMPARE(warm->summary().status, SolveStatus::converged);
            QVERIFY(warm->summary().iterations < cold->summary().iterations);
            QVERIFY(relativeError(*warm, solution) < 1e-3);
        }
    }

    void stops() {
        const Matrix a = symmetricMatrix(evenly(30, 0.1, 2), 21);
        const Buffer b = randomBuffer(30, 22);
        for (const auto method : kMethods) {
            const auto solver = makeKrylov(method, mapOf(a), b.span(), {100, 1e-6, 30});
            for (int k = 0; k < 4; ++k) solver->step();
            const double residual = solver->record().residual;
            solver->stop();
            QCOMPARE(solver->summary().status, SolveStatus::stopped);
            QVERIFY(std::abs(residual - residualOf(*solver, a, b)) < 1e-5);
            QVERIFY(residual < 1 && residual > 0);
        }
    }
};

QTEST_APPLESS_MAIN(TestKrylov)
#include "tst_krylov.moc"
