// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/batch_solver.h"

#include <QTest>
#include <cmath>

#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr std::size_t kSize = 50;

// Maps of very different speed, each with a kink, so that some mixed points are refused.
void apply(int state, ConstRealSpan z, RealSpan out) {
    const auto shift = randomVector(kSize, 20 + static_cast<std::uint64_t>(state));
    const double rate = state == 0 ? 0.3 : (state == 1 ? 0.995 : 0.9);
    for (std::size_t i = 0; i < kSize; ++i) {
        const double x = static_cast<double>(z[i]);
        const double slope = rate * static_cast<double>(i + 1) / static_cast<double>(kSize);
        out[i] =
            static_cast<Real>((x > 1 ? slope * x : 0.2 * x + slope - 0.2) + static_cast<double>(shift[i]));
    }
}

const FixedPointParams kParams{300, 1e-5, 0};

}  // namespace

class TestBatchSolver : public QObject {
    Q_OBJECT

 private slots:
    // Values, iteration counts and statuses are those of each state by itself.
    void neighboursDoNotMatter() {
        AndersonParams anderson;
        anderson.growth = 1;
        anderson.interval = 1;
        constexpr int kCount = 4;
        int largestItems = 0, smallestItems = kCount;
        BatchSolver batch(
            [&](std::span<const BatchSolver::Item> items) {
                largestItems = std::max(largestItems, static_cast<int>(items.size()));
                smallestItems = std::min(smallestItems, static_cast<int>(items.size()));
                for (const auto& item : items) {
                    apply(item.state, item.z, item.out);
                    if (item.state == 3) item.out[7] = std::numeric_limits<Real>::quiet_NaN();
                }
            },
            kCount, kSize, kParams, anderson);
        while (!batch.done()) batch.step();
        QCOMPARE(largestItems, kCount);
        QVERIFY(smallestItems < kCount);  // states that are done are left out
        QCOMPARE(batch.summary(3).status, SolveStatus::diverged);

        long refused = 0;
        for (int i = 0; i < 3; ++i) {
            FixedPointSolver alone([&](ConstRealSpan z, RealSpan out) { apply(i, z, out); }, kSize, kParams,
                                   anderson);
            while (!alone.done()) alone.step();
            QCOMPARE(batch.summary(i).status, SolveStatus::converged);
            QCOMPARE(batch.summary(i).iterations, alone.summary().iterations);
            QCOMPARE(batch.summary(i).evaluations, alone.summary().evaluations);
            QCOMPARE(batch.summary(i).residual, alone.summary().residual);
            QVERIFY(std::ranges::equal(batch.state(i), alone.state()));
            for (const long count : alone.summary().refusals) refused += count;
        }
        QVERIFY(refused > 0);
    }

    void stopEndsAll() {
        BatchSolver batch(
            [](std::span<const BatchSolver::Item> items) {
                for (const auto& item : items) apply(item.state, item.z, item.out);
            },
            2, kSize, kParams, AndersonParams{});
        batch.step();
        batch.stop();
        QVERIFY(batch.done());
        QCOMPARE(batch.summary(0).status, SolveStatus::stopped);
        QCOMPARE(batch.summary(1).iterations, 1);
    }
};

QTEST_APPLESS_MAIN(TestBatchSolver)
#include "tst_batch_solver.moc"
