// SPDX-License-Identifier: GPL-3.0-or-later
// Backward passes of the worker, and the marks that a run makes by itself.
#include <QTest>
#include <cmath>

#include "tests/ui/worker/worker_bench.h"

using namespace stillpoint;
using namespace stillpoint::test;

namespace {

constexpr LossChoice kMse{LossKind::mse, -1};

/// Equal but for rounding: FFT plans may differ from process to process.
bool near(double a, double b) {
    return std::abs(a - b) <= 1e-4 * std::abs(b);
}

bool equal(const Image& a, const Image& b) {
    return a.shape() == b.shape() && std::equal(a.samples().begin(), a.samples().end(), b.samples().begin());
}

Recipe with(Recipe recipe, const char* key, const char* value) {
    recipe.set(key, value);
    return recipe;
}

}  // namespace

class WorkerBackwardTest : public QObject {
    Q_OBJECT

 private slots:
    void isTheGradientOfTheSession() {
        const Recipe converging = recipe("2000", "1e-5");
        const RunInput pictures = input();
        Bench bench;
        const JobId job = bench.worker.run(converging, pictures);
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.differentiate(kMse, converging);
        QVERIFY(bench.until([&] { return !bench.all<BackwardDone>().empty(); }));
        QVERIFY(bench.settled());
        QCOMPARE(bench.state(), WorkerState::finished);
        const BackwardDone done = bench.all<BackwardDone>()[0];
        QCOMPARE(done.job, job);

        RunSession session(converging, pictures);
        while (!session.done()) session.step();
        const BackwardRecord expected =
            Backward(session, kMse).gradient({.data = false, .kernel = true, .adjoint = true});
        const BackwardRecord& got = *done.record;
        QVERIFY(near(got.loss, expected.loss));
        QCOMPARE(got.parameters.size(), expected.parameters.size());
        QVERIFY(got.parameters.size() >= 2);
        for (std::size_t i = 0; i < got.parameters.size(); ++i) {
            QCOMPARE(got.parameters[i].key, expected.parameters[i].key);
            QVERIFY2(near(got.parameters[i].gradient, expected.parameters[i].gradient),
                     got.parameters[i].key.c_str());
        }
        QCOMPARE(got.summary.status, SolveStatus::converged);
        QCOMPARE(got.warnings.size(), std::size_t{0});
        QCOMPARE(got.adjoint.shape(), pictures.blurred->shape());
        QVERIFY(!got.kernel.empty());
        QVERIFY(got.data.empty());
    }

    void tellsEveryStepOfTheAdjoint() {
        Bench bench;
        const JobId job = bench.worker.run(recipe("2000", "1e-5"), input());
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.differentiate(kMse, recipe());
        QVERIFY(bench.until([&] { return !bench.all<BackwardDone>().empty(); }));
        const auto& residuals = bench.all<BackwardDone>()[0].record->residuals;
        const auto steps = bench.all<BackwardStepped>();
        QVERIFY(steps.size() > 1);
        QCOMPARE(steps.size(), residuals.size());
        for (std::size_t i = 0; i < steps.size(); ++i) {
            QCOMPARE(steps[i].job, job);
            QCOMPARE(steps[i].step.iteration, static_cast<int>(i) + 1);
            QCOMPARE(steps[i].step.residual, residuals[i]);
        }
    }

    void takesTheKeysOfTheBackwardPassAndNoOthers() {
        Bench bench;
        bench.worker.run(recipe("20"), input());
        QVERIFY(bench.in(WorkerState::finished));
        const Recipe wanted = with(with(recipe("20"), "backward.solver", "neumann"), "prior.lambda", "0.5");
        bench.worker.differentiate(kMse, wanted);
        QVERIFY(bench.until([&] { return !bench.all<BackwardDone>().empty(); }));
        QCOMPARE(bench.all<BackwardDone>()[0].record->method, AdjointMethod::neumann);
        QCOMPARE(bench.all<RecipeReplaced>().size(), std::size_t{1});
        const RecipeReplaced replaced = bench.all<RecipeReplaced>()[0];
        QCOMPARE(*replaced.recipe.find("backward.solver"), std::string("neumann"));
        QCOMPARE(*replaced.recipe.find("prior.lambda"), std::string("0.01"));
        QVERIFY(replaced.marks.empty());  // the iteration is the same
    }

    void theRunGoesOnAsIfNothingHadBeen_data() {
        QTest::addColumn<bool>("paused");
        QTest::newRow("finished") << false;
        QTest::newRow("paused") << true;
    }

    void theRunGoesOnAsIfNothingHadBeen() {
        QFETCH(bool, paused);
        const RunInput pictures = input();
        const auto estimate = [&](bool backward) {
            const Recipe accelerated = with(recipe(paused ? "20" : "10"), "anderson.enabled", "true");
            Bench bench;
            bench.worker.run(accelerated, pictures, {}, paused);
            for (int i = 0; paused && i < 10; ++i) bench.worker.step();
            bench.until([&] { return bench.points() == 10 && bench.worker.settled(); });
            const WorkerState before = bench.state();
            if (backward) {
                bench.worker.differentiate(kMse, with(accelerated, "backward.solver", "gmres"));
                bench.until([&] { return !bench.all<BackwardDone>().empty() && bench.state() == before; });
            }
            if (paused)
                bench.worker.resume();
            else
                bench.worker.continueWith(with(accelerated, "max-iter", "20"));
            bench.until([&] { return bench.points() == 20 && bench.worker.settled(); });
            return bench.all<RunFinished>().back();
        };
        const RunFinished plain = estimate(false);
        const RunFinished after = estimate(true);
        QCOMPARE(after.record.points.size(), std::size_t{20});
        QVERIFY(equal(*after.estimate, *plain.estimate));
        QCOMPARE(after.record.marks.size(), plain.record.marks.size());
    }

    void whatTheLossNeedsIsNamed() {
        Bench bench;
        RunInput pictures = input();
        pictures.reference = nullptr;
        const JobId job = bench.worker.run(recipe("5"), pictures);
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.differentiate(kMse, recipe());
        QVERIFY(bench.until([&] { return !bench.all<JobFailed>().empty(); }));
        QVERIFY(bench.settled());
        const JobFailed failure = bench.all<JobFailed>()[0];
        QCOMPARE(failure.job, job);
        QVERIFY(failure.during == JobFailed::During::differentiating);
        QCOMPARE(failure.issue.key, std::string("reference"));
        QVERIFY(!failure.issue.text.empty());
        QCOMPARE(bench.state(), WorkerState::finished);
        QVERIFY(bench.all<BackwardDone>().empty());
        bench.worker.continueWith(recipe("9"));
        QVERIFY(bench.until([&] { return bench.points() == 9; }));
    }

    /// Orders follow each other inside the worker, so that the moment is the same each time: a simulation
    /// orders a second one and the backward pass; the second, done just before that pass, orders a third,
    /// which is done after the pass's first step and cancels it.
    void isCancelledWithinOneStep() {
        Bench bench;
        bench.worker.run(recipe("20"), input());
        QVERIFY(bench.in(WorkerState::finished));
        const auto sharp = std::make_shared<const Image>(scenePicture({1, 20, 30}));
        const auto simulate = [&](const std::function<void()>& then) {
            bench.worker.simulate({sharp, recipe(), 0.01, 1, 1, [then](const std::string& spec) {
                                       then();
                                       return makeKernel(spec);
                                   }});
        };
        simulate([&] {
            simulate([&] { simulate([&] { bench.worker.cancelBackward(); }); });
            bench.worker.differentiate(kMse, recipe());
        });
        QVERIFY(bench.until([&] { return !bench.all<BackwardDone>().empty(); }));
        QVERIFY(bench.settled());
        QCOMPARE(bench.all<Simulated>().size(), std::size_t{3});
        QCOMPARE(bench.all<BackwardStepped>().size(), std::size_t{1});
        const BackwardRecord& record = *bench.all<BackwardDone>()[0].record;
        QCOMPARE(record.summary.status, SolveStatus::stopped);
        QVERIFY(!record.warnings.empty());
        QCOMPARE(bench.state(), WorkerState::finished);
        // The next one is not cancelled.
        bench.worker.differentiate(kMse, recipe());
        QVERIFY(bench.until([&] { return bench.all<BackwardDone>().size() == 2; }));
        QCOMPARE(bench.all<BackwardDone>()[1].record->summary.status, SolveStatus::converged);
    }

    void aRunMustRest() {
        Bench bench;
        bench.worker.differentiate(kMse, recipe());
        QVERIFY(bench.settled());
        QCOMPARE(bench.all<JobFailed>().size(), std::size_t{1});
        QVERIFY(bench.all<StateChanged>().empty());
        bench.worker.run(recipe(), input());
        QVERIFY(bench.until([&] { return bench.points() >= 2; }));
        bench.worker.differentiate(kMse, recipe());
        QVERIFY(bench.until([&] { return bench.all<JobFailed>().size() == 2; }));
        QVERIFY(bench.all<JobFailed>()[1].during == JobFailed::During::differentiating);
        bench.worker.stop();
        QVERIFY(bench.in(WorkerState::finished));
        QVERIFY(bench.all<BackwardDone>().empty());
        QVERIFY(bench.all<BackwardStepped>().empty());
    }

    void aNewRunCancelsIt() {
        Bench bench;
        bench.worker.run(recipe("20"), input());
        QVERIFY(bench.in(WorkerState::finished));
        bench.worker.differentiate(kMse, recipe());
        const JobId second = bench.worker.run(recipe("4"), input());
        QVERIFY(bench.until([&] { return bench.all<RunFinished>().size() == 2; }));
        QCOMPARE(bench.all<RunFinished>()[1].job, second);
        QVERIFY(bench.settled());
        QCOMPARE(bench.state(), WorkerState::finished);
    }

    void marksOfBacktrackingAreTold() {
        Recipe tooLong = recipe("30");
        tooLong.set("step", "6");
        tooLong.set("backtracking.enabled", "true");
        Bench bench;
        bench.worker.run(tooLong, input());
        QVERIFY(bench.in(WorkerState::finished));
        const auto replaced = bench.all<RecipeReplaced>();
        QVERIFY(!replaced.empty());
        const RunRecord record = bench.all<RunFinished>()[0].record;
        QCOMPARE(replaced.size(), record.marks.size());
        QCOMPARE(replaced.back().marks.back().text, record.marks.back().text);
        QVERIFY(replaced.back().marks.back().text.find("backtracking") != std::string::npos);
        QCOMPARE(*replaced.back().recipe.find("step"), *record.recipe.find("step"));
    }
};

QTEST_GUILESS_MAIN(WorkerBackwardTest)
#include "tst_worker_backward.moc"
