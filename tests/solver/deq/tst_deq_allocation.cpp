// SPDX-License-Identifier: GPL-3.0-or-later
// The allocation law for the loops of the backward pass. Not built with sanitizers.
#include <QTest>

#include "solver/deq/adjoint.h"
#include "solver/deq/jacobian.h"
#include "solver/deq/unrolled.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"

using namespace stillpoint;

namespace {

const SweepCase& caseNamed(const std::string& beginning) {
    static const auto cases = sweepCases();
    return *std::ranges::find_if(cases, [&](const auto& c) { return c.name.starts_with(beginning); });
}

}  // namespace

class TestDeqAllocation : public QObject {
    Q_OBJECT

 private slots:
    void adjointSteps_data() {
        QTest::addColumn<int>("method");
        QTest::addColumn<QString>("caseName");
        using enum AdjointMethod;
        for (const auto method : {picard, anderson, gmres, minres, cg, neumann})
            for (const char* name : {"gd tv", "pgd tv state", "hqs tikhonov"})
                if ((method != minres && method != cg) || QString(name).startsWith("gd"))
                    QTest::addRow("%s %s", stillpoint::name(method), name)
                        << static_cast<int>(method) << name;
    }
    void adjointSteps() {
        QFETCH(int, method);
        QFETCH(QString, caseName);
        Image blurred;
        const auto problem = sweepProblem(caseNamed(caseName.toStdString()), {1, 12, 10}, blurred);
        Buffer z(problem->iterator->stateSize());
        problem->start(blurred, z.span());
        const auto u = randomVector(z.size(), 1);
        AdjointParams params;
        params.solver = AdjointMethod(method);
        params.tolerance = 0;
        params.terms = 100;
        params.restart = 7;
        AdjointSolver solver(*problem->iterator, z.span(), u, params, -1);
        solver.step();
        solver.step();
        int steps = 0;
        const AllocationCounter counter;
        long allocations = 0;
        for (; steps < 20 && !solver.done(); ++steps) {
            solver.step();
            if (!solver.done()) allocations = AllocationCounter::count();  // the end writes its message
        }
        QCOMPARE(allocations, 0L);
        QVERIFY(steps >= 10);
    }

    void powerAndUnrolledSteps() {
        Image blurred;
        const auto problem = sweepProblem(caseNamed("pgd tv state"), {1, 12, 10}, blurred);
        Buffer z(problem->iterator->stateSize());
        problem->start(blurred, z.span());
        SpectralRadius radius(*problem->iterator, z.span(), {50, 0, 1});
        SpectralNorm norm(*problem->iterator, z.span(), {50, 0, 1});
        UnrolledSolve unrolled(*problem->iterator, 30);
        radius.step();
        norm.step();
        unrolled.step();
        const AllocationCounter counter;
        for (int k = 0; k < 20; ++k) {
            radius.step();
            norm.step();
            unrolled.step();
        }
        QCOMPARE(AllocationCounter::count(), 0L);
    }
};

QTEST_APPLESS_MAIN(TestDeqAllocation)
#include "tst_deq_allocation.moc"
