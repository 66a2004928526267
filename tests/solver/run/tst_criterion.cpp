// SPDX-License-Identifier: GPL-3.0-or-later
// What ends a run: the residual or the objective.
#include <QTest>
#include <cmath>

#include "solver/run/run_session.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

Recipe recipeOf(const char* criterion, const char* tolerance) {
    Recipe recipe;
    recipe.set("kernel", "gaussian:sigma=1.2");
    recipe.set("prior.lambda", "0.005");
    recipe.set("criterion", criterion);
    recipe.set("tolerance", tolerance);
    recipe.set("max-iter", "500");
    return recipe;
}

RunRecord solved(const Recipe& recipe, bool measure) {
    RunOptions options;
    options.measure = measure;
    RunSession session(recipe, {std::make_shared<const Image>(randomPicture({1, 20, 22}, 5)), nullptr},
                       options);
    while (!session.done()) session.step();
    return session.finish();
}

}  // namespace

class TestCriterion : public QObject {
    Q_OBJECT

 private slots:
    void objectiveEndsWhereItsChangeIsSmall() {
        for (const bool measure : {true, false}) {
            const RunRecord record = solved(recipeOf("objective", "1e-3"), measure);
            QVERIFY(record.summary.status == SolveStatus::converged);
            QVERIFY(record.summary.message.find("objective") != std::string::npos);
            const auto& points = record.points;
            QVERIFY(points.size() >= 2);
            for (std::size_t k = 1; k < points.size(); ++k) {
                const double change = std::abs(points[k].objective - points[k - 1].objective);
                const bool small = change <= 1e-3 * std::abs(points[k].objective);
                QCOMPARE(small, k + 1 == points.size());
            }
        }
    }

    void toleranceZeroRunsToTheLimit() {
        Recipe recipe = recipeOf("residual", "0");
        recipe.set("max-iter", "12");
        const RunRecord record = solved(recipe, true);
        QVERIFY(record.summary.status == SolveStatus::limit);
        QCOMPARE(record.points.size(), std::size_t{12});
    }

    // A change while it runs: the first difference is between iterations of the new recipe.
    void criterionIsLive() {
        RunSession session(recipeOf("residual", "1e-3"),
                           {std::make_shared<const Image>(randomPicture({1, 20, 22}, 5)), nullptr});
        session.step();
        session.replaceRecipe(recipeOf("objective", "0.9"));
        session.step();
        QVERIFY(!session.done());
        session.step();
        QVERIFY(session.record().summary.status == SolveStatus::converged);
    }
};

QTEST_APPLESS_MAIN(TestCriterion)
#include "tst_criterion.moc"
