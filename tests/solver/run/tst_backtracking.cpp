// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/backtracking.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "solver/run/run_session.h"
#include "solver/run/simulate.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Recipe recipeOf(const char* iterator, const char* prior, const char* step, bool backtracking) {
    Recipe recipe;
    recipe.set("kernel", "gaussian:sigma=0.4");
    recipe.set("iterator", iterator);
    recipe.set("prior", prior);
    if (std::string(prior) != "none") recipe.set("prior.lambda", "0.05");
    if (std::string(prior) == "tv") {
        recipe.set("prior.inner", "nested");
        recipe.set("prior.smoothing", "0.1");
        recipe.set("prior.accuracy", kVerify ? "1e-9" : "1e-6");
    }
    recipe.set("step", step);
    recipe.set("tolerance", kVerify ? (std::string(prior) == "tv" ? "1e-7" : "1e-9") : "1e-5");
    recipe.set("max-iter", "2000");
    if (backtracking) recipe.set("backtracking.enabled", "true");
    return recipe;
}

RunInput input() {
    static const auto blurred = [] {
        Recipe recipe;
        recipe.set("kernel", "gaussian:sigma=0.4");
        return std::make_shared<const Image>(simulateBlur(scenePicture({1, 24, 20}), recipe, 0.02, 3));
    }();
    return {.blurred = blurred, .reference = {}, .start = {}};
}

RunOptions oneThread() {  // tiny pictures
    RunOptions options;
    options.threads = 1;
    return options;
}

double stepOf(const RunRecord& record) {
    return *parseDouble(*record.recipe.find("step"));
}

}  // namespace

class TestBacktracking : public QObject {
    Q_OBJECT

 private slots:
    void theTest() {
        const BacktrackingParams params;  // gamma 0.1
        const auto enough = [&](double before, double after, double rounding = 0) {
            return descendsEnough({before, rounding}, {after, 0}, 0.5, 2,
                                  params);  // needs 0.1 / 0.5 * 2 = 0.4
        };
        QVERIFY(enough(1, 0.6 - 1e-9));
        QVERIFY(!enough(1, 0.6 + 1e-9));
        QVERIFY(!enough(1, 1.1));
        QVERIFY(enough(1, 1.1, 0.51));
        QVERIFY(enough(kInfinity, 5));
        QVERIFY(!enough(5, kInfinity));
        QVERIFY(!enough(kInfinity, kInfinity));
        QVERIFY(!enough(5, std::nan("")));
    }

    void findsAStepAndTheSameSolution_data() {
        QTest::addColumn<QString>("iterator");
        QTest::addColumn<QString>("prior");
        QTest::addColumn<bool>("anderson");
        for (const auto& [iterator, prior] :
             {std::pair{"pgd", "tikhonov"}, {"pgd", "l1"}, {"pgd", "tv"}, {"gd", "tikhonov"}, {"gd", "tv"}})
            for (const bool anderson : {true, false}) {
                if (iterator == std::string("pgd") && prior == std::string("tv") && !anderson)
                    continue;  // slow
                QTest::addRow("%s %s %s", iterator, prior, anderson ? "anderson" : "plain")
                    << iterator << prior << anderson;
            }
    }
    void findsAStepAndTheSameSolution() {
        QFETCH(QString, iterator);
        QFETCH(QString, prior);
        QFETCH(bool, anderson);
        // The proximal form is stable below 2, gradient descent below 2 / (1 + 0.05 L).
        const double curvature = iterator == "pgd" ? 0 : (prior == "tv" ? 0.05 * 80 : 0.05);
        const double stable = 2 / (1 + curvature);
        Recipe recipe =
            recipeOf(qPrintable(iterator), qPrintable(prior), qPrintable(QString::number(3 * stable)), true);
        recipe.set("anderson.enabled", anderson ? "true" : "false");
        RunSession session(recipe, input(), oneThread());
        long counted = 0;
        while (!session.done()) counted = session.step().step.evaluations;
        const RunRecord& record = session.record();
        QCOMPARE(record.summary.status, SolveStatus::converged);
        QVERIFY(stepOf(record) < 3 * stable);
        QVERIFY(stepOf(record) > 0.1 * stable);
        QVERIFY(!record.marks.empty());

        // Refused applications are counted: each mark stands for log(ratio) / log(eta) of them.
        const double shrinks = std::round(std::log(stepOf(record) / (3 * stable)) / std::log(0.9));
        QCOMPARE(record.summary.evaluations, counted);
        QVERIFY(record.summary.evaluations >= record.summary.iterations + static_cast<long>(shrinks));
        if (!anderson)
            QCOMPARE(record.summary.evaluations, record.summary.iterations + static_cast<long>(shrinks));

        recipe = recipeOf(qPrintable(iterator), qPrintable(prior), qPrintable(QString::number(0.5 * stable)),
                          false);
        RunSession steady(recipe, input(), oneThread());
        while (!steady.done()) steady.step();
        QCOMPARE(steady.record().summary.status, SolveStatus::converged);
        const Image a = session.estimate(), b = steady.estimate();
        QVERIFY(std::sqrt(distanceSquared(a.samples(), b.samples())) <
                (kVerify ? 1e-5 : 5e-3) * norm(b.samples()));
    }

    void withoutItTheSameStepDiverges() {
        Recipe recipe = recipeOf("pgd", "tikhonov", "6", false);
        recipe.set("anderson.enabled", "false");
        RunSession session(recipe, input(), oneThread());
        while (!session.done() && session.record().summary.iterations < 60) session.step();
        QVERIFY(session.record().summary.status == SolveStatus::diverged ||
                session.record().summary.residual > 1e-3);
    }

    void aGoodStepIsLeftAlone() {
        for (const char* prior : {"tikhonov", "l1", "tv"}) {
            RunSession session(recipeOf("pgd", prior, "1", true), input(), oneThread());
            while (!session.done()) session.step();
            QCOMPARE(session.record().summary.status, SolveStatus::converged);
            QVERIFY2(session.record().marks.empty(), prior);
            QCOMPARE(stepOf(session.record()), 1.0);
        }
    }

    // Plain iteration: every accepted step lowers the objective.
    void theObjectiveNeverRises() {
        Recipe recipe = recipeOf("pgd", "l1", "4", true);
        recipe.set("anderson.enabled", "false");
        RunSession session(recipe, input(), oneThread());
        double last = kInfinity;
        while (!session.done()) {
            const double objective = session.step().objective;
            QVERIFY(objective <= last * (1 + (kVerify ? 1e-12 : 1e-5)));
            last = objective;
        }
    }

    void marksSayWhatHappened() {
        RunSession session(recipeOf("pgd", "tikhonov", "6", true), input(), oneThread());
        while (!session.done()) session.step();
        const RunRecord& record = session.record();
        double before = 6;
        for (const RunMark& mark : record.marks) {
            const QString text = QString::fromStdString(mark.text);
            const QStringList words = text.split(' ');
            QVERIFY2(words.size() == 6 && text.endsWith("by backtracking"), qPrintable(text));
            QCOMPARE(words[1].toDouble(), before);
            QVERIFY(words[3].toDouble() < before);
            before = words[3].toDouble();
            QVERIFY(mark.iteration >= 0 && mark.iteration < record.summary.iterations);
        }
        QCOMPARE(stepOf(record), before);
        QVERIFY(record.secondsPerPart.at("backtracking") > 0);
    }

    // At most `max` trials in one iteration, then the step is taken as it is.
    void givesUpAfterTheMostTrials() {
        Recipe recipe = recipeOf("pgd", "tikhonov", "9", true);
        recipe.set("backtracking.max", "2");
        recipe.set("backtracking.eta", "0.99");
        recipe.set("start", "zeros");
        RunSession session(recipe, input(), oneThread());
        session.step();
        QCOMPARE(session.record().summary.evaluations, 3L);
        QVERIFY(std::abs(stepOf(session.record()) - 9 * 0.99 * 0.99) < 0.01);
    }

    // A live change of another parameter keeps the step that was found; asking for a step sets it.
    void aFoundStepSurvivesOtherChanges() {
        Recipe recipe = recipeOf("pgd", "tikhonov", "6", true);
        RunSession session(recipe, input(), oneThread());
        while (!session.done()) session.step();
        const double found = stepOf(session.record());
        QVERIFY(found < 6);
        recipe.set("prior.lambda", "0.04");
        session.replaceRecipe(recipe);
        QCOMPARE(stepOf(session.record()), found);
        QVERIFY(session.record().marks.back().text.find("step") == std::string::npos);
        recipe.set("step", "0.5");
        session.replaceRecipe(recipe);
        QCOMPARE(stepOf(session.record()), 0.5);
        while (!session.done()) session.step();
        QCOMPARE(session.record().summary.status, SolveStatus::converged);
    }

    void isOfferedOnlyWhereItHolds() {
        const Registry& registry = Registry::builtin();
        Recipe recipe = recipeOf("pgd", "tv", "1", true);
        QVERIFY(registry.check(recipe).empty());
        recipe.set("prior.inner", "state");
        auto issues = registry.check(recipe);
        QCOMPARE(issues.size(), std::size_t{1});
        QCOMPARE(issues.front().key, std::string("backtracking.enabled"));
        QVERIFY(issues.front().text.find("nested") != std::string::npos);
        recipe.set("iterator", "gd");  // uses the gradient, so the state has no dual
        QVERIFY(registry.check(recipe).empty());
        issues = registry.check(recipeOf("hqs", "tikhonov", "1", true));
        QCOMPARE(issues.size(), std::size_t{1});
        QVERIFY2(issues.front().text.find("it belongs to iterator pgd, iterator gd") != std::string::npos,
                 issues.front().text.c_str());
    }
};

QTEST_APPLESS_MAIN(TestBacktracking)
#include "tst_backtracking.moc"
