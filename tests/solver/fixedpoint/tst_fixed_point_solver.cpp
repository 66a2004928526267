// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/fixed_point_solver.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

// T(z)_i = a_i z_i + 1
FixedPointSolver::Map diagonal(double first, double last) {
    return [=](ConstRealSpan z, RealSpan out) {
        for (std::size_t i = 0; i < z.size(); ++i) {
            const double a = first + (last - first) * static_cast<double>(i) / static_cast<double>(z.size());
            out[i] = static_cast<Real>(a * static_cast<double>(z[i]) + 1);
        }
    };
}

AndersonParams plain() {
    AndersonParams params;
    params.enabled = false;
    return params;
}

}  // namespace

class TestFixedPointSolver : public QObject {
    Q_OBJECT

 private slots:
    void convergesAndReturnsAnOutputOfTheMap() {
        const auto map = diagonal(0.1, 0.9);
        FixedPointSolver solver(map, 50, {500, kVerify ? 1e-12 : 1e-6, 0}, AndersonParams{});
        while (!solver.done()) solver.step();
        QCOMPARE(solver.summary().status, SolveStatus::converged);
        QVERIFY(!solver.summary().message.empty());
        for (std::size_t i = 0; i < 50; ++i) {
            const double a = 0.1 + 0.8 * static_cast<double>(i) / 50;
            QVERIFY(std::abs(static_cast<double>(solver.state()[i]) - 1 / (1 - a)) < (kVerify ? 1e-9 : 1e-3));
        }
    }

    void residualIsThatOfTheMapBeforeMixing() {
        std::vector<Real> lastZ, lastOut;
        const auto inner = diagonal(0.2, 0.95);
        FixedPointSolver solver(
            [&](ConstRealSpan z, RealSpan out) {
                inner(z, out);
                lastZ.assign(z.begin(), z.end());
                lastOut.assign(out.begin(), out.end());
            },
            30, {25, 0, 0}, AndersonParams{});
        while (!solver.done()) {
            const IterationRecord& record = solver.step();
            double difference = 0, size = 0;
            for (std::size_t i = 0; i < 30; ++i) {
                difference += std::pow(static_cast<double>(lastOut[i]) - static_cast<double>(lastZ[i]), 2);
                size += std::pow(static_cast<double>(lastOut[i]), 2);
            }
            QVERIFY(std::abs(record.residual - std::sqrt(difference / size)) <=
                    1e-5 * record.residual + 1e-8);
            for (std::size_t i = 0; i < 30; ++i) QCOMPARE(solver.state()[i], lastOut[i]);
        }
    }

    void limitAndStop() {
        FixedPointSolver limited(diagonal(0.5, 0.99), 20, {3, 1e-9, 0}, plain());
        while (!limited.done()) limited.step();
        QCOMPARE(limited.summary().status, SolveStatus::limit);
        QCOMPARE(limited.summary().iterations, 3);
        FixedPointSolver stopped(diagonal(0.5, 0.99), 20, {100, 1e-9, 0}, plain());
        stopped.step();
        stopped.stop();
        QVERIFY(stopped.done());
        QCOMPARE(stopped.summary().status, SolveStatus::stopped);
        stopped.stop();
        QCOMPARE(stopped.summary().status, SolveStatus::stopped);
    }

    // The plain iteration diverges: the best output, not the last, is returned, also when it left the history
    // long ago.
    void divergenceKeepsTheBest() {
        int calls = 0;
        const auto map = [&calls](ConstRealSpan z, RealSpan out) {
            ++calls;
            for (std::size_t i = 0; i < z.size(); ++i)
                out[i] = calls <= 4 ? z[i] / 2 + 1 : z[i] * 30;  // good at first, then hopeless
        };
        for (const bool accelerated : {false, true}) {
            calls = 0;
            AndersonParams params;
            params.enabled = accelerated;
            params.delay = 100;  // the same sequence in both
            FixedPointSolver solver(map, 8, {100, 1e-12, 0}, params);
            while (!solver.done()) solver.step();
            QCOMPARE(solver.summary().status, SolveStatus::diverged);
            QCOMPARE(solver.summary().bestIteration, 4);
            QCOMPARE(static_cast<double>(solver.state()[0]), 1.875);  // 1, 1.5, 1.75, 1.875
            QVERIFY(solver.summary().message.find("iteration 4") != std::string::npos);
        }
    }

    void notANumberFromTheMap() {
        FixedPointSolver atOnce(
            [](ConstRealSpan, RealSpan out) { fill(out, std::numeric_limits<double>::quiet_NaN()); }, 5,
            {10, 1e-3, 0}, AndersonParams{});
        atOnce.step();
        QCOMPARE(atOnce.summary().status, SolveStatus::diverged);
        QCOMPARE(static_cast<double>(atOnce.state()[0]), 0.0);  // the starting point

        // Only mixed points are poison here: each is refused with its reason, and the plain step goes on from
        // the last output.
        Buffer last(12);
        const auto inner = diagonal(0.3, 0.9);
        const auto map = [&](ConstRealSpan z, RealSpan out) {
            const bool isPlain = distanceSquared(z, last.span()) == 0;
            inner(z, out);
            if (!isPlain)
                fill(out, std::numeric_limits<double>::infinity());
            else
                copy(out, last.span());
        };
        FixedPointSolver solver(map, 12, {60, 1e-3, 0}, AndersonParams{});
        while (!solver.done()) solver.step();
        QCOMPARE(solver.summary().status, SolveStatus::converged);
        QVERIFY(solver.summary().refusals[static_cast<std::size_t>(Refusal::notFinite)] > 3);
        QVERIFY(solver.summary().evaluations > solver.summary().iterations);
    }

    void residualGrowthIsRefused() {
        // A kink that mixing overshoots: the residual far from the solution is huge.
        const auto map = [](ConstRealSpan z, RealSpan out) {
            for (std::size_t i = 0; i < z.size(); ++i) {
                const double x = static_cast<double>(z[i]);
                const double slope = 0.90 + 0.01 * static_cast<double>(i % 7);
                out[i] = static_cast<Real>(x < 9 ? slope * x + 1 : x - 50);
            }
        };
        AndersonParams params;
        params.growth = 2;
        FixedPointSolver solver(map, 40, {400, 1e-3, 0}, params);
        double best = std::numeric_limits<double>::infinity();
        while (!solver.done()) {
            const auto& record = solver.step();
            if (record.event == StepEvent::refused && record.refusal == Refusal::residualGrew)
                QVERIFY(record.weightCount == 0);
            best = std::min(best, record.residual);
        }
        QVERIFY(solver.summary().refusals[static_cast<std::size_t>(Refusal::residualGrew)] > 0);
        QCOMPARE(solver.summary().bestResidual, best);
    }

    void stallIsReported() {
        // Rotation by 90 degrees about (1, 0): the residual never falls.
        const auto rotation = [](ConstRealSpan z, RealSpan out) {
            out[0] = 1 - z[1];
            out[1] = z[0] - 1;
        };
        FixedPointSolver stuck(rotation, 2, {1000, 1e-6, 20}, plain());
        stuck.startingPoint()[0] = 3;
        while (!stuck.done()) stuck.step();
        QCOMPARE(stuck.summary().status, SolveStatus::stalled);
        QCOMPARE(stuck.summary().iterations, 21);
        FixedPointSolver solved(rotation, 2, {1000, 1e-5, 20}, AndersonParams{});  // which Anderson solves
        solved.startingPoint()[0] = 3;
        while (!solved.done()) solved.step();
        QCOMPARE(solved.summary().status, SolveStatus::converged);
    }

    void replaceKeepsTheStateAndGoesOn() {
        FixedPointSolver solver(diagonal(0.5, 0.9), 20, {5, 1e-7, 0}, AndersonParams{});
        while (!solver.done()) solver.step();
        const double before = static_cast<double>(solver.state()[7]);
        solver.replace(diagonal(0.5, 0.8), {200, 1e-5, 0}, AndersonParams{});
        QVERIFY(!solver.done());
        QCOMPARE(static_cast<double>(solver.state()[7]), before);
        while (!solver.done()) solver.step();
        QCOMPARE(solver.summary().status, SolveStatus::converged);
        QVERIFY(solver.summary().iterations > 5);
    }
};

QTEST_APPLESS_MAIN(TestFixedPointSolver)
#include "tst_fixed_point_solver.moc"
