// SPDX-License-Identifier: GPL-3.0-or-later
// The backward pass of a run, its check by differences, and tuning.
#include "solver/run/backward.h"

#include <QTest>
#include <cmath>

#include "solver/image/metrics.h"
#include "solver/physics/noise.h"
#include "solver/run/gradient_check.h"
#include "solver/run/problem.h"
#include "solver/run/simulate.h"
#include "solver/run/tune.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr double kTolerance = kVerify ? 1e-12 : 1e-6;
constexpr double kSigma = 0.03;

Recipe recipeOf(const char* iterator, const char* prior, double lambda) {
    Recipe recipe;
    recipe.set("kernel", "motion:length=4,angle=30");
    recipe.set("iterator", iterator);
    recipe.set("prior", prior);
    recipe.set("prior.lambda", Value(lambda));
    recipe.set("tolerance", Value(kTolerance));
    recipe.set("backward.tolerance", Value(kVerify ? 1e-11 : 1e-5));
    recipe.set("max-iter", "20000");
    recipe.set("stall-window", "300");
    return Registry::builtin().suggest(recipe, kSigma);
}

}  // namespace

class TestBackward : public QObject {
    Q_OBJECT

    std::shared_ptr<const Image> sharp_, blurred_;

    RunSession solved(const Recipe& recipe, bool reference = true) const {
        RunSession run(recipe, {blurred_, reference ? sharp_ : nullptr});
        while (!run.done()) run.step();
        return run;
    }

 private slots:
    void initTestCase() {
        auto scene = std::make_shared<Image>(Shape{1, 24, 28});
        for (int y = 0; y < 24; ++y)
            for (int x = 0; x < 28; ++x)
                scene->at(0, y, x) =
                    static_cast<Real>((x - 12) * (x - 12) + (y - 11) * (y - 11) < 50 ? 0.8 : 0.25);
        sharp_ = scene;
        NoiseModel noise;
        noise.sigma = kSigma;
        noise.seed = 4;
        Recipe recipe;
        recipe.set("kernel", "motion:length=4,angle=30");
        blurred_ = std::make_shared<Image>(simulateBlur(*scene, recipe, noise));
    }

    void differencesAgree_data() {
        QTest::addColumn<QString>("iterator");
        QTest::addColumn<QString>("prior");
        QTest::addColumn<QString>("loss");
        QTest::newRow("mse") << "gd"
                             << "tikhonov"
                             << "mse";
        QTest::newRow("sure") << "pgd"
                              << "tikhonov"
                              << "sure";
        QTest::newRow("tv") << "hqs"
                            << "tv"
                            << "whiteness";
    }
    void differencesAgree() {
        QFETCH(QString, iterator);
        QFETCH(QString, prior);
        QFETCH(QString, loss);
        const LossChoice choice{lossNamed(loss.toStdString()).kind, kSigma};
        RunSession run = solved(recipeOf(qPrintable(iterator), qPrintable(prior), 0.02));
        const BackwardRecord record = Backward(run, choice).gradient({true, true, true});
        for (const auto& warning : record.warnings) QFAIL(warning.c_str());
        QCOMPARE(record.data.shape(), run.shape());
        QCOMPARE(record.adjoint.shape(), run.shape());
        QVERIFY(!record.kernel.empty() && !record.residuals.empty());
        QVERIFY(record.parameters.size() >= 3);
        int sensitive = 0;
        for (const ParameterGradient& entry : record.parameters) {
            if (entry.key == "prior.accuracy") continue;
            const double difference = finiteDifference(run, choice, entry.key);
            const double error = relativeError(entry.gradient, difference, entry.value, record.loss);
            QVERIFY2(error < (kVerify ? 1e-4 : 0.1), qPrintable(QString("%1: %2 against %3")
                                                                    .arg(QString::fromStdString(entry.key))
                                                                    .arg(entry.gradient)
                                                                    .arg(difference)));
            if (std::abs(difference * entry.value) > 1e-2 * std::abs(record.loss)) ++sensitive;
        }
        QVERIFY(sensitive > 0);
    }

    // The equilibrium does not depend on the relaxation, which is listed all the same at 1.
    void relaxationIsListedAndVanishes() {
        RunSession run = solved(recipeOf("pgd", "tikhonov", 0.02));
        const BackwardRecord record = Backward(run, {}).gradient({});
        bool listed = false;
        for (const auto& entry : record.parameters)
            if (entry.key == "relaxation") {
                listed = true;
                QVERIFY(std::abs(entry.gradient) < (kVerify ? 1e-8 : 1e-2) * record.loss);
            }
        QVERIFY(listed);
        QVERIFY(record.data.empty() && record.adjoint.empty());
    }

    void memorySavesSteps() {
        RunSession run = solved(recipeOf("pgd", "tikhonov", 0.02));
        const LossChoice sure{LossKind::sure, kSigma};
        Backward first(run, sure);
        const BackwardRecord cold = first.gradient({});
        Backward second(run, sure, first.takeMemory());
        const BackwardRecord warm = second.gradient({});
        QVERIFY(warm.summary.iterations < cold.summary.iterations / 2);
        QVERIFY(std::abs(warm.loss / cold.loss - 1) < 1e-2);
    }

    void whatIsMissingIsTold() {
        RunSession run = solved(recipeOf("pgd", "tikhonov", 0.02), false);
        QVERIFY_THROWS_EXCEPTION(Error, Backward(run, {LossKind::mse, -1}));
        QVERIFY_THROWS_EXCEPTION(Error, Backward(run, {LossKind::sure, -1}));
        QVERIFY_THROWS_EXCEPTION(Error, finiteDifference(run, {LossKind::whiteness, -1}, "anderson.history"));
        QVERIFY(suitableLoss(true, 0.1).kind == LossKind::mse);
        QVERIFY(suitableLoss(false, 0.1).kind == LossKind::sure);
        QVERIFY(suitableLoss(false, -1).kind == LossKind::whiteness);
    }

    void stopEndsWithAWarning() {
        RunSession run = solved(recipeOf("pgd", "tv", 0.02));
        std::stop_source stop;
        BackwardHooks hooks;
        hooks.stop = stop.get_token();
        int steps = 0;
        hooks.onStep = [&](const BackwardStep&) {
            if (++steps == 3) stop.request_stop();
        };
        const BackwardRecord record = Backward(run, {}).gradient({}, hooks);
        QVERIFY(record.summary.status == SolveStatus::stopped);
        QCOMPARE(record.summary.iterations, 3);
        QVERIFY(!record.warnings.empty());
    }

    void runsSetOutFromAState() {
        const Recipe recipe = recipeOf("admm", "tv", 0.02);
        RunSession run = solved(recipe);
        RunSession again(recipe, {blurred_, nullptr});
        again.startFrom(run.state());
        while (!again.done()) again.step();
        QVERIFY2(again.record().summary.iterations <= 3,
                 qPrintable(QString::number(again.record().summary.iterations)));
        Buffer wrong(run.state().size() - 1);
        QVERIFY_THROWS_EXCEPTION(Error, again.startFrom(wrong.span()));
        Buffer holes(run.state().size());
        fill(holes.span(), std::numeric_limits<double>::quiet_NaN());
        QVERIFY_THROWS_EXCEPTION(Error, again.startFrom(holes.span()));
    }

    // From weights 100 times off, both ways, the learned one is as good as the best of a grid.
    void tuningFindsTheBestWeight() {
        double best = 0;
        for (double lambda = 1e-4; lambda < 0.3; lambda *= 1.5)
            best = std::max(best, psnr(solved(recipeOf("pgd", "tv", lambda)).estimate(), *sharp_));
        for (const double start : {1e-4, 1.0}) {
            Recipe recipe = recipeOf("pgd", "tv", start);
            recipe.set("tolerance", "1e-5");
            TuneParams params;
            params.parameters = {"prior.lambda"};
            Tuner tuner(recipe, {blurred_, sharp_}, params);
            while (!tuner.done()) tuner.step();
            QVERIFY(tuner.bestStep() != nullptr);
            QVERIFY2(tuner.bestStep()->psnr > best - 0.1,
                     qPrintable(QString("%1 against %2").arg(tuner.bestStep()->psnr).arg(best)));
            QVERIFY(std::abs(psnr(tuner.bestEstimate(), *sharp_) - tuner.bestStep()->psnr) < 1e-9);
            QCOMPARE(*parseDouble(*tuner.best().find("prior.lambda")), tuner.bestStep()->values[0]);
        }
    }

    void severalParametersWithoutReference() {
        TuneParams params;
        params.parameters = {"prior.lambda", "prior.smoothing"};
        params.loss = {LossKind::sure, kSigma};
        params.minimiser.maxEvaluations = 6;
        Tuner tuner(recipeOf("pgd", "tv", 1e-4), {blurred_, nullptr}, params);
        while (!tuner.done()) tuner.step();
        QVERIFY(tuner.steps().size() >= 3);
        QVERIFY(tuner.bestStep()->loss < tuner.steps().front().loss);
        for (const TuneStep& step : tuner.steps()) QCOMPARE(step.gradient.size(), std::size_t{2});
    }

    void wrongParametersAreRefused() {
        const Recipe recipe = recipeOf("pgd", "tv", 0.02);
        const auto tuner = [&](std::vector<std::string> keys) {
            TuneParams params;
            params.parameters = std::move(keys);
            Tuner(recipe, {blurred_, sharp_}, params);
        };
        QVERIFY_THROWS_EXCEPTION(Error, tuner({}));
        QVERIFY_THROWS_EXCEPTION(Error, tuner({"max-iter"}));
        QVERIFY_THROWS_EXCEPTION(Error, tuner({"anderson.beta"}));
        QVERIFY_THROWS_EXCEPTION(Error, tuner({"prior.lambda", "prior.lambda"}));
        const auto keys = tunableParameters(recipe);
        for (const char* key : {"step", "prior.lambda", "prior.smoothing"})
            QVERIFY(std::ranges::find(keys, key) != keys.end());
        TuneParams params;
        params.parameters = {"prior.lambda"};
        QVERIFY_THROWS_EXCEPTION(Error, Tuner(recipe, {blurred_, nullptr}, params));  // mse, no reference
    }
};

QTEST_APPLESS_MAIN(TestBackward)
#include "tst_backward.moc"
