// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/anderson.h"

#include <QTest>
#include <cmath>

#include "solver/fixedpoint/fixed_point_solver.h"
#include "tests/support/dense.h"
#include "tests/support/laws.h"

using namespace stillpoint;

namespace {

// T(z) = J z + u with J of the given eigenvalues in a random orthogonal basis.
struct AffineMap {
    Matrix j;
    Vector u;
    AffineMap(const Vector& eigenvalues, const Vector& shift) : u(shift) {
        const auto n = eigenvalues.size();
        Matrix random(n, n);
        for (int c = 0; c < n; ++c)
            random.col(c) = randomDenseVector(n, 1000 + static_cast<std::uint64_t>(c));
        j = symmetricMatrix(eigenvalues, random);
    }
    void operator()(ConstRealSpan z, RealSpan out) const { toReals(times(j, toVector(z)) + u, out); }
};

Vector spread(int n, double largest) {
    return evenly(n, largest / n, largest);
}

AndersonParams free(int history) {
    AndersonParams params;
    params.history = history;
    params.interval = 1;
    params.ridge = 0;
    params.conditionBound = 1e14;
    params.weightCap = 1e14;
    params.growth = 1e6;
    return params;
}

int iterationsTo(double tolerance, const AffineMap& map, AndersonParams params, int limit = 2000) {
    FixedPointSolver solver(map, static_cast<std::size_t>(map.u.size()), {limit, tolerance, 0}, params);
    while (!solver.done()) solver.step();
    return solver.summary().status == SolveStatus::converged ? solver.summary().iterations : limit + 1;
}

}  // namespace

class TestAnderson : public QObject {
    Q_OBJECT

 private slots:
    // Walker and Ni (2011), theorem 2.2: with full memory on an affine map, iterate k + 1 of Anderson is the
    // map of GMRES iterate k. GMRES here is the plain minimisation over the Krylov space.
    void equalsGmresOnAffineMaps() {
        const int n = 12;
        const AffineMap map(spread(n, 0.9), randomDenseVector(n, 7));
        const Matrix a = Matrix::Identity(n, n) - map.j;
        std::vector<Vector> points;
        FixedPointSolver solver(
            [&](ConstRealSpan z, RealSpan out) {
                points.push_back(toVector(z));
                map(z, out);
            },
            static_cast<std::size_t>(n), {9, 0, 0}, free(12));
        while (!solver.done()) solver.step();
        QCOMPARE(points.size(), std::size_t{9});
        Matrix krylov(n, 0);
        Vector next = map.u;  // residual of the start at 0
        for (std::size_t k = 0; k + 1 < points.size(); ++k) {
            Vector gmres = Vector::Zero(n);
            if (krylov.cols() > 0) {
                const Matrix basis = orthonormalBasis(krylov);
                gmres = times(basis, leastSquares(product(a, basis), map.u));
            }
            const Vector expected = times(map.j, gmres) + map.u;
            const double error = (points[k + 1] - expected).norm() / expected.norm();
            QVERIFY2(error < (kVerify ? 1e-10 : 2e-4),
                     qPrintable(QString("k %1 error %2").arg(k).arg(error)));
            krylov.conservativeResize(n, krylov.cols() + 1);
            krylov.col(krylov.cols() - 1) = next;
            next = times(a, next);
        }
    }

    // Iterates for s T(z / s) are s times the iterates, whatever s: the ridge is relative.
    void scaleOfTheProblemDoesNotMatter() {
        const int n = 40;
        const Vector u = randomDenseVector(n, 3);
        const int reference = iterationsTo(1e-5, AffineMap(spread(n, 0.95), u), AndersonParams{});
        QVERIFY(reference < 60);
        for (const double s : {1e3, 1e-2, 3e-6}) {
            const int count = iterationsTo(1e-5, AffineMap(spread(n, 0.95), s * u), AndersonParams{});
            QVERIFY2(std::abs(count - reference) <= 3,
                     qPrintable(QString("%1 against %2").arg(count).arg(reference)));
        }
    }

    // The absolute ridge has the floor that the relative one is there to avoid.
    void absoluteRidgeDependsOnScale() {
        const int n = 40;
        AndersonParams absolute;
        absolute.ridgeScaling = RidgeScaling::absolute;
        absolute.ridge = 1e-4;
        const Vector u = randomDenseVector(n, 3);
        const int large = iterationsTo(1e-5, AffineMap(spread(n, 0.95), 1000 * u), absolute);
        const int small = iterationsTo(1e-5, AffineMap(spread(n, 0.95), 1e-2 * u), absolute);
        QVERIFY(large < 80);
        QVERIFY(small > 2 * large);
    }

    void mixingCutsIterations() {
        const int n = 120;
        const AffineMap map(spread(n, 0.95), randomDenseVector(n, 5));
        AndersonParams off;
        off.enabled = false;
        const int plain = iterationsTo(1e-5, map, off);
        const int mixed = iterationsTo(1e-5, map, AndersonParams{});
        QVERIFY2(mixed * 3 < plain, qPrintable(QString("%1 against %2").arg(mixed).arg(plain)));
        AndersonParams one;
        one.history = 1;
        QCOMPARE(iterationsTo(1e-5, map, one), plain);  // one iterate is no mixing
    }

    void weightsSumToOne() {
        const int n = 30;
        const AffineMap map(spread(n, 0.97), randomDenseVector(n, 8));
        FixedPointSolver solver(map, std::size_t{30}, {40, 1e-6, 0}, AndersonParams{});
        int mixed = 0;
        while (!solver.done()) {
            const IterationRecord& record = solver.step();
            if (record.weightCount < 2) continue;
            ++mixed;
            double sum = 0;
            for (const double w : record.usedWeights()) sum += w;
            QVERIFY(std::abs(sum - 1) < 1e-9);
            QVERIFY(record.gain <=
                    1 + 1e-9);  // the minimum is not above the newest residual, which is one candidate
            QVERIFY(record.condition >= 1 && record.condition <= AndersonParams{}.conditionBound);
        }
        QVERIFY(mixed > 5);
    }

    // More columns than dimensions, a dimension of one, a map that repeats itself: columns vanish or are
    // dropped, and the answer is still found.
    void rankDeficientHistories() {
        for (const int n : {1, 2, 3}) {
            const AffineMap map(spread(n, 0.9), randomDenseVector(n, 20));
            AndersonParams params;
            params.history = 10;
            const int count = iterationsTo(kVerify ? 1e-12 : 1e-6, map, params);
            QVERIFY2(count <= 30, qPrintable(QString("n %1: %2").arg(n).arg(count)));
        }
        const AffineMap repeated(Vector::Constant(8, 0.5),
                                 randomDenseVector(8, 21));  // all residuals parallel
        QVERIFY(iterationsTo(kVerify ? 1e-12 : 1e-6, repeated, AndersonParams{}) <= 30);
    }

    // Condition 1e10: eigenvalues of I - J from 1e-10 to 1.
    void badlyConditionedMap() {
        const int n = 20;
        Vector eigenvalues(n);
        for (int i = 0; i < n; ++i) eigenvalues(i) = 1 - std::pow(10.0, -10.0 * i / (n - 1));
        const AffineMap map(eigenvalues, randomDenseVector(n, 30));
        AndersonParams off;
        off.enabled = false;
        const auto residualAfter = [&](const AndersonParams& params) {
            FixedPointSolver solver(map, std::size_t{20}, {150, 0, 0}, params);
            while (!solver.done()) solver.step();
            return solver.summary().bestResidual;
        };
        AndersonParams ten;
        ten.history = 10;
        QVERIFY(residualAfter(ten) < residualAfter(off));
    }

    // Mixing in every third iteration needs no more iterations than mixing in each, on a slow linear map with
    // a short history, and the plain steps in between carry no weights.
    void intervalMixesEveryNthIteration() {
        const int n = 120;
        const AffineMap map(spread(n, 0.99), randomDenseVector(n, 9));
        AndersonParams each;
        each.interval = 1;
        AndersonParams third;
        third.interval = 3;
        const int mixedEach = iterationsTo(1e-5, map, each);
        const int mixedThird = iterationsTo(1e-5, map, third);
        QVERIFY2(mixedThird <= mixedEach,
                 qPrintable(QString("%1 against %2").arg(mixedThird).arg(mixedEach)));
        FixedPointSolver solver(map, std::size_t{120}, {20, 0, 0}, third);
        while (!solver.done()) {
            const IterationRecord& record = solver.step();
            const bool mixes = record.iteration > 1 && (record.iteration - 1) % 3 == 0;
            QCOMPARE(record.weightCount > 1, mixes);
        }
    }

    void restartsByRule() {
        const int n = 60;
        const AffineMap map(spread(n, 0.99), randomDenseVector(n, 10));
        AndersonParams params;
        params.interval = 1;
        params.restartEvery = 4;
        FixedPointSolver solver(map, std::size_t{60}, {40, 0, 0}, params);
        int mixedSteps = 0, restarts = 0;
        while (!solver.done()) {
            const IterationRecord& record = solver.step();
            if (record.event == StepEvent::accepted) QVERIFY(++mixedSteps <= 4);
            if (record.event != StepEvent::restart) continue;
            QCOMPARE(mixedSteps, 4);
            QCOMPARE(record.weightCount, 0);
            mixedSteps = 0;
            ++restarts;
        }
        QVERIFY(restarts >= 5);
    }

    // Every pair is stale as soon as the newest residual is smaller: only one iterate is left, which is no
    // mixing.
    void stalePairsAreLeftOut() {
        const int n = 60;
        const AffineMap map(spread(n, 0.9), randomDenseVector(n, 11));
        AndersonParams params;
        params.stale = 1;
        AndersonParams off;
        off.enabled = false;
        QCOMPARE(iterationsTo(1e-4, map, params), iterationsTo(1e-4, map, off));
        params.stale = 1e4;
        QVERIFY(iterationsTo(1e-4, map, params) < iterationsTo(1e-4, map, off));
    }

    // z+ = sum alpha (beta T(z_i) + (1 - beta) z_i) with beta (1 - gain / 2).
    void dampingByGain() {
        const std::size_t n = 30;
        const AffineMap map(spread(30, 0.95), randomDenseVector(30, 12));
        for (const bool damped : {false, true}) {
            AndersonParams params = free(3);
            params.beta = 0.8;
            params.gainDamping = damped;
            Anderson anderson(n, params);
            std::vector<std::vector<Real>> points{std::vector<Real>(n)};
            std::vector<std::vector<Real>> outputs;
            for (int k = 0; k < 3; ++k) {
                map(points.back(), anderson.nextOutput());
                anderson.push(points.back());
                outputs.emplace_back(anderson.newest().begin(), anderson.newest().end());
                points.push_back(outputs.back());
            }
            std::vector<Real> z(n);
            const Anderson::Mix mix = anderson.mix(z);
            QCOMPARE(mix.refusal, Refusal::none);
            QCOMPARE(mix.weightCount, 3);
            QVERIFY(mix.gain > 0 && mix.gain < 1);
            const double beta = damped ? 0.8 * (1 - mix.gain / 2) : 0.8;
            for (std::size_t i = 0; i < n; ++i) {
                double expected = 0;
                for (std::size_t k = 0; k < 3; ++k)
                    expected += mix.weights[k] * (beta * static_cast<double>(outputs[k][i]) +
                                                  (1 - beta) * static_cast<double>(points[k][i]));
                QVERIFY(std::abs(static_cast<double>(z[i]) - expected) < (kVerify ? 1e-12 : 1e-4));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestAnderson)
#include "tst_anderson.moc"
