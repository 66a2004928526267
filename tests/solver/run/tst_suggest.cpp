// SPDX-License-Identifier: GPL-3.0-or-later
// What the registry suggests for keys that a recipe leaves out.
#include <QTest>
#include <cmath>

#include "solver/physics/noise.h"
#include "solver/run/run_session.h"
#include "solver/run/simulate.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

double number(const Recipe& recipe, const char* key) {
    return *parseDouble(Registry::builtin().valueText(recipe, key));
}

Recipe recipeOf(const char* fidelity, const char* iterator, const char* prior) {
    Recipe recipe;
    recipe.set("fidelity", fidelity);
    recipe.set("iterator", iterator);
    recipe.set("prior", prior);
    return recipe;
}

}  // namespace

class TestSuggest : public QObject {
    Q_OBJECT

 private slots:
    void ownEntriesWin() {
        Recipe recipe = recipeOf("poisson", "pgd", "tv");
        recipe.set("step", "0.7");
        recipe.set("prior.lambda", "0.5");
        QVERIFY(Registry::builtin().suggest(recipe, 0.05) == recipe);
    }

    void leastSquaresKeepItsDefaults() {
        const Recipe recipe = recipeOf("l2", "pgd", "tv");
        QVERIFY(Registry::builtin().suggest(recipe, -1) == recipe);
    }

    void stepFollowsTheCurvature() {
        Recipe recipe = recipeOf("poisson", "pgd", "tv");
        recipe.set("fidelity.background", "0.2");
        QVERIFY(std::abs(number(Registry::builtin().suggest(recipe, -1), "step") - 1.8 * 0.2 / 4) < 1e-12);
        recipe = recipeOf("l1", "pgd", "tv");
        recipe.set("fidelity.smoothing", "0.1");
        QVERIFY(std::abs(number(Registry::builtin().suggest(recipe, -1), "step") - 0.18) < 1e-12);
        recipe = recipeOf("l1", "gd", "tikhonov");
        recipe.set("fidelity.smoothing", "0.1");
        recipe.set("prior.lambda", "2");
        QVERIFY(std::abs(number(Registry::builtin().suggest(recipe, -1), "step") - 1.8 / 12) < 1e-12);
        QVERIFY(!Registry::builtin().suggest(recipeOf("l1", "hqs", "tv"), -1).find("step"));
    }

    void weightFollowsTheNoise() {
        const auto weight = [](const char* fidelity, double sigma) {
            return number(Registry::builtin().suggest(recipeOf(fidelity, "pgd", "tv"), sigma),
                          "prior.lambda");
        };
        QVERIFY(weight("l2", 0.05) > 2 * weight("l2", 0.02));
        QVERIFY(weight("poisson", 0.05) > 2 * weight("l2", 0.05));
        QVERIFY(weight("l1", 0.05) == weight("l1", -1));
    }

    void aDenoiserIsUsedAsItsModelWasTuned() {
        const Registry& registry = Registry::builtin();
        for (const auto* iterator : {"hqs", "admm", "drs"}) {
            const Recipe recipe = recipeOf("l2", iterator, "denoiser");
            const Recipe known = registry.suggest(recipe, 0.02);
            const Recipe unknown = registry.suggest(recipe, -1);
            QVERIFY(number(known, "prior.sigma") > 0.02);
            // The level is the default's then, and the step suits it.
            QVERIFY(!unknown.find("prior.sigma"));
            QVERIFY(std::abs(number(unknown, "step") / number(known, "step") - 1) < 0.1);
        }
    }

    void whatIsRecommendedWorks() {
        const Registry& registry = Registry::builtin();
        QVERIFY(registry.check(registry.recommended()).empty());
        for (const double noise : {-1.0, 0.0, 0.01, 0.05})
            QVERIFY(registry.check(registry.suggest(registry.recommended(), noise)).empty());
    }

    // A wrong recipe gets no suggestion that needs its components.
    void wrongRecipesPassThrough() {
        const Recipe recipe = recipeOf("huber", "pgd", "tv");
        QVERIFY(Registry::builtin().suggest(recipe, -1) == recipe);
        Recipe plain = recipeOf("l1", "pgd", "tv");
        plain.set("fidelity.smoothing", "0");
        QVERIFY(!Registry::builtin().suggest(plain, -1).find("step"));
        QVERIFY(!Registry::builtin().check(plain).empty());
    }

    void defaultsConverge_data() {
        QTest::addColumn<QString>("fidelity");
        QTest::addColumn<QString>("iterator");
        for (const auto& fidelity : Registry::builtin().fidelities())
            for (const auto& iterator : Registry::builtin().iterators())
                QTest::addRow("%s %s", fidelity.name.c_str(), iterator.name.c_str())
                    << QString::fromStdString(fidelity.name) << QString::fromStdString(iterator.name);
    }
    // With nothing but the selections given, on data of the kind, without acceleration.
    void defaultsConverge() {
        QFETCH(QString, fidelity);
        QFETCH(QString, iterator);
        Recipe recipe = recipeOf(qPrintable(fidelity), qPrintable(iterator), "tv");
        const Image sharp = scenePicture({1, 40, 48});
        auto blurred = std::make_shared<Image>(simulateBlur(sharp, Recipe(), 0.005, 1));
        if (fidelity == "poisson") addPoissonNoise(*blurred, 100, 2);
        if (fidelity == "l1") addImpulseNoise(*blurred, 0.1, 3);
        recipe.set("anderson.enabled", "false");
        recipe.set("max-iter", "3000");
        recipe.set("tolerance", "1e-5");
        recipe = Registry::builtin().suggest(recipe, 0.05);
        if (!Registry::builtin().check(recipe).empty()) QSKIP("These do not go together.");
        RunSession session(recipe, {blurred, nullptr}, {.threads = 1, .measure = false});
        while (!session.done()) session.step();
        const auto& points = session.record().points;
        QVERIFY(session.record().summary.status != SolveStatus::diverged);
        const double first = points.front().step.residual, last = points.back().step.residual;
        QVERIFY2(last < 0.05 * first, qPrintable(QString("%1 after %2 iterations, %3 at first, %4")
                                                     .arg(last)
                                                     .arg(points.size())
                                                     .arg(first)
                                                     .arg(name(session.record().summary.status))));
    }
};

QTEST_APPLESS_MAIN(TestSuggest)
#include "tst_suggest.moc"
