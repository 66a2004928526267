// SPDX-License-Identifier: GPL-3.0-or-later
// The contraction factor, measured by the worker while it has nothing else to do.
#include "tests/ui/worker/worker_bench.h"

using namespace stillpoint;
using namespace stillpoint::test;

namespace {

bool measured(Bench& bench, std::size_t count = 1) {
    return bench.until([&] { return bench.all<ContractionMeasured>().size() == count; });
}

}  // namespace

class WorkerContractionTest : public QObject {
    Q_OBJECT

 private slots:
    void isThatOfTheSession() {
        const Recipe converging = recipe("2000", "1e-4");
        const RunInput pictures = input();
        Bench bench;
        const JobId job = bench.worker.run(converging, pictures);
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.measureContraction();
        QVERIFY(measured(bench));
        QVERIFY(bench.settled());
        const ContractionMeasured got = bench.all<ContractionMeasured>()[0];
        QCOMPARE(got.job, job);

        RunSession session(converging, pictures);
        while (!session.done()) session.step();
        const Contraction expected = contractionAt(session);
        QVERIFY(std::abs(got.contraction.radius - expected.radius) < 1e-3);
        QVERIFY(got.contraction.settled);
        QVERIFY(got.contraction.predictedIterations > 0);
        QCOMPARE(bench.state(), WorkerState::finished);
    }

    void needsARunThatHasEnded() {
        Bench bench;
        bench.worker.measureContraction();
        QVERIFY(bench.settled());
        bench.worker.run(recipe(), input());
        QVERIFY(bench.until([&] { return bench.points() >= 2; }));
        bench.worker.measureContraction();
        bench.worker.stop();
        QVERIFY(bench.in(WorkerState::finished));
        QVERIFY(bench.settled());
        QVERIFY(bench.all<ContractionMeasured>().empty());
        QVERIFY(bench.all<JobFailed>().empty());
    }

    void otherOrdersComeFirst() {
        const RunInput pictures = input({3, 150, 200});  // long enough to be in the middle of it
        const Recipe few = recipe("20");
        Bench bench;
        bench.worker.run(few, pictures);
        QVERIFY(bench.in(WorkerState::finished));
        // A backward pass puts it off.
        bench.worker.measureContraction();
        bench.worker.differentiate({LossKind::mse, -1}, few);
        QVERIFY(bench.until([&] { return !bench.all<BackwardDone>().empty(); }));
        QVERIFY(bench.all<ContractionMeasured>().empty());
        QVERIFY(measured(bench));
        // So does a simulation.
        bench.worker.measureContraction();
        bench.worker.simulate({pictures.reference, few, 0.01, 1});
        QVERIFY(bench.until([&] { return !bench.all<Simulated>().empty(); }));
        QVERIFY(measured(bench, 2));
        QCOMPARE(bench.state(), WorkerState::finished);
    }

    void isCancelledByWhatChangesTheRun_data() {
        QTest::addColumn<int>("by");
        QTest::newRow("stop") << 0;
        QTest::newRow("continue") << 1;
        QTest::newRow("another run") << 2;
    }

    void isCancelledByWhatChangesTheRun() {
        QFETCH(int, by);
        const RunInput pictures = input({3, 150, 200});
        Bench bench;
        bench.worker.run(recipe("20"), pictures);
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.measureContraction();
        if (by == 0) bench.worker.stop();
        if (by == 1) bench.worker.continueWith(recipe("25"));
        if (by == 2) bench.worker.run(recipe("5"), pictures);
        QVERIFY(bench.until([&] { return bench.points() == 20 + std::size_t(by == 0 ? 0 : 5); }));
        QVERIFY(bench.settled());
        QVERIFY(bench.all<ContractionMeasured>().empty());
        QCOMPARE(bench.state(), WorkerState::finished);
    }

    void theEndDoesNotWaitForIt() {
        Bench bench;
        bench.worker.run(recipe("3"), input({3, 150, 200}));
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.measureContraction();
    }
};

QTEST_GUILESS_MAIN(WorkerContractionTest)
#include "tst_worker_contraction.moc"
