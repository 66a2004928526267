// SPDX-License-Identifier: GPL-3.0-or-later
// The allocation law: after its first two steps the loop asks for no memory. Not built with sanitizers.
#include <QTest>

#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/run/run_session.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"

using namespace stillpoint;

namespace {

// What oneDNN makes for each of its calls, whose interface leaves no choice: tables of arguments.
constexpr std::size_t kArgumentTables = 2048;

// Of ten steps after the first two: how many that count.
long allocationsOf(Recipe recipe, int threads) {
    const auto picture =
        std::make_shared<Image>(randomPicture(kVerify ? Shape{3, 32, 30} : Shape{3, 90, 70}, 1));
    recipe.set("tolerance", "0");
    recipe.set("max-iter", "50");
    RunOptions options;
    options.threads = threads;
    RunSession session(recipe, {picture, picture}, options);
    session.step();
    session.step();
    const AllocationCounter counter;
    for (int k = 0; k < 10; ++k) session.step();
    const bool tables = recipe.find("prior") == "denoiser" && AllocationCounter::largest() <= kArgumentTables;
    return tables ? 0 : AllocationCounter::count();
}

}  // namespace

class TestAllocation : public QObject {
    Q_OBJECT

 private slots:
    void theCounterCounts() {
        const AllocationCounter counter;
        const Buffer buffer(10);
        QVERIFY(AllocationCounter::count() >= 1);
        const std::string heap(1000, 'x');
        QVERIFY(AllocationCounter::count() >= 2);
    }

    void solverSteps() {
        for (const int history : {1, 5, kMaxHistory}) {
            AndersonParams params;
            params.history = history;
            FixedPointSolver solver(
                [](ConstRealSpan z, RealSpan out) {
                    for (std::size_t i = 0; i < z.size(); ++i)
                        out[i] = static_cast<Real>(0.5 + 0.4 * static_cast<double>(i % 9) / 9) * z[i] + 1;
                },
                40000, {100, -1, 0}, params);
            solver.step();
            solver.step();
            const AllocationCounter counter;
            for (int k = 0; k < 40; ++k) solver.step();
            QCOMPARE(AllocationCounter::count(), 0L);
        }
    }

    void sessionSteps_data() {
        QTest::addColumn<int>("caseIndex");
        const auto cases = sweepCases();
        for (std::size_t c = 0; c < cases.size(); ++c)
            QTest::addRow("%s", cases[c].name.c_str()) << static_cast<int>(c);
    }
    void sessionSteps() {
        QFETCH(int, caseIndex);
        QCOMPARE(allocationsOf(sweepCases()[static_cast<std::size_t>(caseIndex)].recipe, 1), 0L);
    }

    void sessionStepsWithSeveralThreads() { QCOMPARE(allocationsOf({}, 2), 0L); }

    // On a canvas larger than the picture, with samples that are ignored.
    void sessionStepsOnACanvas() {
        for (const char* iterator : {"hqs", "pgd", "gd", "chambolle-pock"}) {
            Recipe recipe;
            recipe.set("boundary", "unknown");
            recipe.set("clip-level", Value(0.9));
            recipe.set("iterator", iterator);
            recipe.set("prior", "tikhonov");
            QCOMPARE(allocationsOf(recipe, 1), 0L);
        }
    }

    void backtrackingThatFindsTheStepGoodEnough() {
        Recipe recipe;
        recipe.set("prior", "tikhonov");
        recipe.set("backtracking.enabled", "true");
        QCOMPARE(allocationsOf(recipe, 1), 0L);
    }

    // Of every fidelity, for primal-dual iterators.
    void conjugateSteps() {
        for (const auto& component : fidelityComponents()) {
            const Image y = randomPicture(kVerify ? Shape{3, 32, 30} : Shape{3, 90, 70}, 1);
            BlurOperator op(sweepKernel(), y.shape());
            const auto fidelity = component.make(op, y, Recipe());
            Image out(y.shape());
            const AllocationCounter counter;
            fidelity->conjugateProx(y, 0.5, out);
            QCOMPARE(AllocationCounter::count(), 0L);
        }
    }
};

QTEST_APPLESS_MAIN(TestAllocation)
#include "tst_allocation.moc"
