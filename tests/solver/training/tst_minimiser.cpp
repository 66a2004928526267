// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/minimiser.h"

#include <QTest>
#include <cmath>
#include <functional>
#include <limits>

using namespace stillpoint;

namespace {

using Vector = std::vector<double>;
using Function = std::function<double(std::span<const double>, Vector& gradient)>;

std::unique_ptr<Minimiser> minimised(const Function& function, const Vector& start, MinimiserParams params,
                                     double lower = -10, double upper = 10) {
    auto minimiser = makeMinimiser(start, Vector(start.size(), lower), Vector(start.size(), upper), params);
    while (!minimiser->done()) {
        Vector gradient(start.size());
        const double value = function(minimiser->point(), gradient);
        minimiser->tell(value, gradient);
    }
    return minimiser;
}

double rosenbrock(std::span<const double> x, Vector& g) {
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    g[0] = -2 * a - 40 * x[0] * b;
    g[1] = 20 * b;
    return a * a + 10 * b * b + 1e-3;
}

// Flat far away on both sides, as a loss is in the logarithm of a weight.
double valley(std::span<const double> x, Vector& g) {
    const double t = x[0] - 1.5, e = std::exp(-0.2 * t * t);
    g[0] = 0.4 * t * e;
    return 1.01 - e;
}

MinimiserParams params(MinimiserKind kind, int evaluations) {
    MinimiserParams p;
    p.kind = kind;
    p.maxEvaluations = evaluations;
    return p;
}

}  // namespace

class TestMinimiser : public QObject {
    Q_OBJECT

 private slots:
    void lbfgsFollowsACurvedValley() {
        const auto m = minimised(rosenbrock, {-1.2, 1}, params(MinimiserKind::lbfgs, 60));
        QVERIFY2(m->bestValue() < 1.001e-3, qPrintable(QString::number(m->bestValue())));
        QVERIFY(std::abs(m->best()[0] - 1) < 1e-2 && std::abs(m->best()[1] - 1) < 2e-2);
        QVERIFY(m->evaluations() < 60);
        QVERIFY(!m->ending().empty());
    }

    // From 100 times too small and too large, on a logarithmic scale: ln 100 = 4.6.
    void farStartsReachTheMinimum() {
        for (const double start : {-3.1, 6.1}) {
            const auto fast = minimised(valley, {start}, params(MinimiserKind::lbfgs, 15));
            QVERIFY2(fast->bestValue() < 0.0101, qPrintable(QString::number(fast->bestValue())));
            const auto slow = minimised(valley, {start}, params(MinimiserKind::adam, 60));
            QVERIFY2(slow->bestValue() < 0.0105, qPrintable(QString::number(slow->bestValue())));
        }
    }

    void staysInTheBox() {
        const Function slope = [](std::span<const double> x, Vector& g) {
            g[0] = 1;
            g[1] = 2 * (x[1] - 0.3);
            return x[0] + (x[1] - 0.3) * (x[1] - 0.3) + 5;
        };
        for (const auto kind : {MinimiserKind::lbfgs, MinimiserKind::adam}) {
            const auto m = minimised(slope, {0.5, -0.9}, params(kind, 80), -1, 1);
            QCOMPARE(m->best()[0], -1.0);
            QVERIFY2(std::abs(m->best()[1] - 0.3) < 0.05, (m->ending() + " " + std::to_string(m->best()[1]) +
                                                           " after " + std::to_string(m->evaluations()))
                                                              .c_str());
        }
        // The start is moved into it.
        QCOMPARE(makeMinimiser({7}, {-1}, {1}, {})->point()[0], 1.0);
    }

    void whatIsNotFiniteIsAWall() {
        const Function wall = [](std::span<const double> x, Vector& g) {
            g[0] = 2 * (x[0] - 0.9);
            return x[0] > 1 ? std::numeric_limits<double>::quiet_NaN() : (x[0] - 0.9) * (x[0] - 0.9) + 1;
        };
        for (const auto kind : {MinimiserKind::lbfgs, MinimiserKind::adam}) {
            const auto m = minimised(wall, {-2}, params(kind, 60));
            QVERIFY2(m->bestValue() < 1.001, qPrintable(QString::number(m->bestValue())));
        }
        const auto nowhere = minimised([](std::span<const double>, Vector&) { return INFINITY; }, {0},
                                       params(MinimiserKind::lbfgs, 60));
        QCOMPARE(nowhere->evaluations(), 1);
        QVERIFY(nowhere->best().empty() && !std::isfinite(nowhere->bestValue()));
    }

    void endsWhereTheGradientVanishes() {
        const auto m = minimised(
            [](std::span<const double>, Vector& g) {
                g[0] = 0;
                return 2.0;
            },
            {0.5}, params(MinimiserKind::lbfgs, 60));
        QCOMPARE(m->evaluations(), 1);
        QCOMPARE(m->bestValue(), 2.0);
    }
};

QTEST_APPLESS_MAIN(TestMinimiser)
#include "tst_minimiser.moc"
