// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <vector>

#include "solver/run/simulate.h"
#include "tests/ui/worker/worker_bench.h"

using namespace stillpoint;
using namespace stillpoint::test;

class SolveWorkerTest : public QObject {
    Q_OBJECT

 private slots:
    void runsToTheEndAndLosesNoNumber() {
        Bench bench;
        QVERIFY(bench.worker.settled());
        const JobId job = bench.worker.run(recipe("300"), input());
        QVERIFY(bench.in(WorkerState::finished));
        QVERIFY(bench.settled());

        const auto points = bench.all<PointAdded>();
        QCOMPARE(points.size(), std::size_t{300});
        for (std::size_t i = 0; i < points.size(); ++i) {
            QCOMPARE(points[i].job, job);
            QCOMPARE(points[i].point.step.iteration, static_cast<int>(i) + 1);
            QVERIFY(std::isfinite(points[i].point.psnr));
        }
        const auto finished = bench.all<RunFinished>();
        QCOMPARE(finished.size(), std::size_t{1});
        QCOMPARE(finished[0].record.summary.status, SolveStatus::limit);
        QCOMPARE(finished[0].record.points.size(), std::size_t{300});
        QVERIFY(finished[0].estimate);
        QVERIFY(finished[0].record.psnr > finished[0].record.psnrInput);
        // The last frame is the returned estimate.
        QCOMPARE(bench.frames.back().iteration, 300);
        QCOMPARE(bench.frames.back().picture, finished[0].estimate);
    }

    void tellsTheStatesInOrder() {
        Bench bench;
        bench.worker.run(recipe("5"), input());
        QVERIFY(bench.in(WorkerState::finished));
        std::vector<WorkerState> states;
        for (const auto& change : bench.all<StateChanged>()) states.push_back(change.state);
        QCOMPARE(states, (std::vector{WorkerState::building, WorkerState::running, WorkerState::finished}));
        QCOMPARE(bench.all<RunStarted>().size(), std::size_t{1});
        QVERIFY(bench.all<RunStarted>()[0].record.recipe.find("anderson.history").has_value());
    }

    void pausesStepsAndResumes() {
        Bench bench;
        bench.worker.run(recipe(), input());
        QVERIFY(bench.until([&] { return bench.points() >= 3; }));
        bench.worker.pause();
        QVERIFY(bench.in(WorkerState::paused));
        QVERIFY(bench.settled());
        const std::size_t paused = bench.points();

        bench.worker.step();
        QVERIFY(bench.settled());
        QCOMPARE(bench.points(), paused + 1);
        QCOMPARE(bench.frames.back().iteration, static_cast<int>(paused) + 1);
        for (int i = 0; i < 4; ++i) bench.worker.step();
        QVERIFY(bench.settled());
        QCOMPARE(bench.points(), paused + 5);
        QCOMPARE(bench.state(), WorkerState::paused);

        bench.worker.resume();
        QVERIFY(bench.until([&] { return bench.points() >= paused + 10; }));
        QCOMPARE(bench.state(), WorkerState::running);
        bench.worker.stop();
        QVERIFY(bench.in(WorkerState::finished));
    }

    void startsPaused() {
        Bench bench;
        bench.worker.run(recipe(), input(), {}, true);
        bench.worker.step();
        QVERIFY(bench.in(WorkerState::paused));
        QVERIFY(bench.settled());
        QCOMPARE(bench.points(), std::size_t{1});
    }

    void stopKeepsTheEstimate() {
        Bench bench;
        bench.worker.run(recipe(), input());
        QVERIFY(bench.until([&] { return bench.points() >= 3; }));
        bench.worker.stop();
        QVERIFY(bench.in(WorkerState::finished));
        QVERIFY(bench.settled());
        const auto finished = bench.all<RunFinished>();
        QCOMPARE(finished.size(), std::size_t{1});
        QCOMPARE(finished[0].record.summary.status, SolveStatus::stopped);
        QCOMPARE(finished[0].record.points.size(), bench.points());
        QVERIFY(finished[0].estimate);
        QVERIFY(finished[0].record.psnr > finished[0].record.psnrInput);
    }

    void stopsAPausedRun() {
        Bench bench;
        bench.worker.run(recipe(), input(), {}, true);
        bench.worker.stop();
        QVERIFY(bench.in(WorkerState::finished));
        QCOMPARE(bench.all<RunFinished>()[0].record.summary.status, SolveStatus::stopped);
    }

    void ordersWithoutARunDoNothing() {
        Bench bench;
        bench.worker.pause();
        bench.worker.step();
        bench.worker.resume();
        bench.worker.stop();
        bench.worker.replaceRecipe(recipe("7"));
        QVERIFY(bench.settled());
        QVERIFY(bench.log.empty());
    }

    void liveChangeLeavesAMark() {
        Bench bench;
        const JobId job = bench.worker.run(recipe(), input(), {}, true);
        for (int i = 0; i < 3; ++i) bench.worker.step();
        QVERIFY(bench.until([&] { return bench.points() == 3; }));
        Recipe changed = recipe();
        changed.set("prior.lambda", std::string("0.02"));
        bench.worker.replaceRecipe(changed);
        bench.worker.step();
        QVERIFY(bench.until([&] { return bench.points() == 4; }));

        const auto replaced = bench.all<RecipeReplaced>();
        QCOMPARE(replaced.size(), std::size_t{1});
        QCOMPARE(replaced[0].job, job);
        QCOMPARE(*replaced[0].recipe.find("prior.lambda"), std::string("0.02"));
        QCOMPARE(replaced[0].marks.size(), std::size_t{1});
        QCOMPARE(replaced[0].marks[0].iteration, 3);
        QVERIFY(replaced[0].marks[0].text.find("prior.lambda") != std::string::npos);
        QVERIFY(bench.all<JobFailed>().empty());
    }

    void ofSeveralChangesTheLastWins() {
        Bench bench;
        bench.worker.run(recipe(), input(), {}, true);
        bench.worker.step();
        QVERIFY(bench.until([&] { return bench.points() == 1; }));
        for (const char* lambda : {"0.02", "0.03", "0.04"}) {
            Recipe changed = recipe();
            changed.set("prior.lambda", std::string(lambda));
            bench.worker.replaceRecipe(changed);
        }
        QVERIFY(bench.until([&] {
            const auto replaced = bench.all<RecipeReplaced>();
            return !replaced.empty() && replaced.back().recipe.find("prior.lambda") == "0.04";
        }));
    }

    void aWrongChangeIsReportedAndTheRunGoesOn() {
        Bench bench;
        bench.worker.run(recipe(), input(), {}, true);
        Recipe wrong = recipe();
        wrong.set("prior.lambda", std::string("-1"));
        bench.worker.replaceRecipe(wrong);
        QVERIFY(bench.until([&] { return !bench.all<JobFailed>().empty(); }));
        const JobFailed failure = bench.all<JobFailed>()[0];
        QVERIFY(failure.during == JobFailed::During::replacing);
        QCOMPARE(failure.issue.key, std::string("prior.lambda"));
        QVERIFY(!failure.issue.text.empty());
        bench.worker.step();
        QVERIFY(bench.until([&] { return bench.points() == 1; }));
    }

    void whatNeedsARestartIsRefused() {
        Bench bench;
        bench.worker.run(recipe(), input(), {}, true);
        Recipe other = recipe();
        other.set("kernel", std::string("disk:radius=2"));
        bench.worker.replaceRecipe(other);
        QVERIFY(bench.until([&] { return !bench.all<JobFailed>().empty(); }));
        QCOMPARE(bench.all<JobFailed>()[0].issue.key, std::string("kernel"));
        QVERIFY(bench.all<RecipeReplaced>().empty());
    }

    void buildingFaultsCarryTheirKey() {
        Bench bench;
        Recipe wrong = recipe();
        wrong.set("kernel", std::string("gaussian:sigma=-3"));
        const JobId job = bench.worker.run(wrong, input());
        QVERIFY(bench.until([&] { return !bench.all<JobFailed>().empty(); }));
        const JobFailed failure = bench.all<JobFailed>()[0];
        QCOMPARE(failure.job, job);
        QVERIFY(failure.during == JobFailed::During::building);
        QCOMPARE(failure.issue.key, std::string("kernel"));
        QVERIFY(bench.in(WorkerState::idle));
        // The worker is as good as new.
        bench.worker.run(recipe("3"), input());
        QVERIFY(bench.in(WorkerState::finished));
        QCOMPARE(bench.points(), std::size_t{3});
    }

    void continuesARunThatReachedItsLimit() {
        Bench bench;
        bench.worker.run(recipe("10"), input());
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.replaceRecipe(recipe("20"));  // does nothing to a finished run
        QVERIFY(bench.settled());
        QCOMPARE(bench.points(), std::size_t{10});
        bench.worker.continueWith(recipe("20"));
        QVERIFY(bench.until([&] { return bench.all<RunFinished>().size() == 2; }));
        QCOMPARE(bench.points(), std::size_t{20});
        QCOMPARE(bench.all<PointAdded>().back().point.step.iteration, 20);
        bench.worker.continueWith(recipe("20"));
        QVERIFY(bench.until([&] { return !bench.all<JobFailed>().empty(); }));
    }

    void aNewRunEndsTheOldOne() {
        Bench bench;
        const JobId first = bench.worker.run(recipe(), input());
        QVERIFY(bench.until([&] { return bench.points() >= 2; }));
        const JobId second = bench.worker.run(recipe("4"), input());
        QVERIFY(second > first);
        QVERIFY(bench.until([&] { return bench.all<RunFinished>().size() == 2; }));
        QCOMPARE(bench.all<RunFinished>()[0].job, first);
        QCOMPARE(bench.all<RunFinished>()[0].record.summary.status, SolveStatus::stopped);
        QCOMPARE(bench.all<RunFinished>()[1].job, second);
    }

    void simulates() {
        Bench bench;
        const auto sharp = std::make_shared<const Image>(scenePicture({3, 20, 30}));
        const JobId job = bench.worker.simulate({sharp, recipe(), 0.02, 5, 1, makeKernel});
        QVERIFY(bench.until([&] { return !bench.all<Simulated>().empty(); }));
        const Simulated result = bench.all<Simulated>()[0];
        QCOMPARE(result.job, job);
        const Image expected = simulateBlur(*sharp, recipe(), 0.02, 5);
        QVERIFY(std::equal(expected.samples().begin(), expected.samples().end(),
                           result.blurred->samples().begin()));
        QVERIFY(bench.settled());
        QCOMPARE(bench.state(), WorkerState::idle);
    }

    void simulationFaultsCarryTheirKey() {
        Bench bench;
        Recipe wrong = recipe();
        wrong.set("kernel", std::string("disk:radius=-1"));
        bench.worker.simulate(
            {std::make_shared<const Image>(scenePicture({1, 20, 30})), wrong, 0.01, 1, 1, makeKernel});
        QVERIFY(bench.until([&] { return !bench.all<JobFailed>().empty(); }));
        QVERIFY(bench.all<JobFailed>()[0].during == JobFailed::During::simulating);
        QCOMPARE(bench.all<JobFailed>()[0].issue.key, std::string("kernel"));
    }

    void framesWaitUntilTheLastOneWasTaken() {
        Mailbox mailbox;
        SolveWorker worker(mailbox, std::chrono::milliseconds(0));
        worker.run(recipe("50"), input());
        QTRY_VERIFY_WITH_TIMEOUT(worker.settled(), 30000);
        // Nobody looked: the first frame stayed until the end put the result in its place.
        const auto mail = mailbox.take();
        QVERIFY(mail.frame.has_value());
        QCOMPARE(mail.frame->iteration, 50);
        std::size_t points = 0;
        for (const Message& message : mail.messages) points += std::holds_alternative<PointAdded>(message);
        QCOMPARE(points, std::size_t{50});
    }

    void isDestroyedCleanly_data() {
        QTest::addColumn<int>("moment");
        QTest::newRow("idle") << 0;
        QTest::newRow("ordered") << 1;
        QTest::newRow("running") << 2;
        QTest::newRow("paused") << 3;
        QTest::newRow("finished") << 4;
        QTest::newRow("differentiating") << 5;
    }

    void isDestroyedCleanly() {
        QFETCH(int, moment);
        const RunInput pictures = input({3, 64, 64});
        {
            Bench bench;
            if (moment > 0) bench.worker.run(recipe(), pictures);
            if (moment > 1) QVERIFY(bench.until([&] { return bench.points() >= 2; }));
            if (moment == 3) bench.worker.pause();
            if (moment == 4) bench.worker.stop();
            if (moment == 5) {
                // Ten thousand products: long enough to be met on its way.
                Recipe neumann = recipe();
                neumann.set("backward.solver", std::string("neumann"));
                neumann.set("backward.terms", std::string("10000"));
                bench.worker.pause();
                bench.worker.differentiate({LossKind::mse}, neumann);
                QVERIFY(bench.until([&] { return !bench.all<BackwardStepped>().empty(); }));
            } else if (moment > 2) {
                QVERIFY(bench.settled());
            }
        }
        // Nothing holds the pictures any more.
        QCOMPARE(pictures.blurred.use_count(), 1L);
    }
};

QTEST_GUILESS_MAIN(SolveWorkerTest)
#include "tst_solve_worker.moc"
