// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "ui/params/recipe_draft.h"

using namespace stillpoint;

class RecipeDraftTest : public QObject {
    Q_OBJECT

 private slots:
    void untouchedIsSuggestedOrDefault() {
        RecipeDraft draft;
        const Registry& registry = Registry::builtin();
        QVERIFY(draft.touched().entries().empty());
        draft.setNoiseSigma(0.05);
        QVERIFY(draft.complete() == registry.complete(registry.suggest({}, 0.05)));
        QVERIFY(registry.check(draft.complete()).empty());
    }

    void noiseMovesOnlyUntouchedKeys() {
        RecipeDraft draft;
        draft.set("prior", "tv");
        draft.setNoiseSigma(0.01);
        const auto quiet = draft.complete().find("prior.lambda");
        draft.setNoiseSigma(0.1);
        QVERIFY(draft.complete().find("prior.lambda") != quiet);
        draft.set("prior.lambda", "0.5");
        draft.setNoiseSigma(0.01);
        QCOMPARE(*draft.complete().find("prior.lambda"), std::string("0.5"));
        draft.reset("prior.lambda");
        QVERIFY(!draft.isTouched("prior.lambda"));
        QVERIFY(draft.complete().find("prior.lambda") == quiet);
    }

    void remembersTheValuesOfOtherComponents() {
        RecipeDraft draft;
        draft.set("prior", "tv");
        draft.set("prior.lambda", "0.125");
        draft.set("prior", "tikhonov");
        QVERIFY(!draft.isTouched("prior.lambda"));
        QVERIFY(Registry::builtin().check(draft.complete()).empty());
        draft.set("prior.lambda", "0.25");
        draft.set("prior", "none");
        draft.set("prior", "tv");
        QCOMPARE(*draft.complete().find("prior.lambda"), std::string("0.125"));
        draft.set("prior", "tikhonov");
        QCOMPARE(*draft.complete().find("prior.lambda"), std::string("0.25"));
    }

    void resettingASelectionKeepsItsValuesForLater() {
        RecipeDraft draft;
        const std::string usual = draft.untouchedText("prior");
        const std::string other = usual == "tikhonov" ? "tv" : "tikhonov";
        draft.set("prior", other);
        draft.set("prior.lambda", "0.375");
        draft.reset("prior");
        QVERIFY(!draft.isTouched("prior"));
        QVERIFY(!draft.isTouched("prior.lambda"));
        draft.set("prior", other);
        QCOMPARE(*draft.complete().find("prior.lambda"), std::string("0.375"));
    }

    void theBaseHoldsUntilSomethingIsChosen() {
        const Registry& registry = Registry::builtin();
        RecipeDraft draft(registry, registry.recommended());
        QVERIFY(draft.touched().entries().empty());
        QVERIFY(draft.complete() == registry.complete(registry.suggest(registry.recommended(), -1)));
        QCOMPARE(draft.untouchedText("prior"), std::string("denoiser"));
        draft.set("prior.sigma", "0.125");
        draft.set("prior", "tv");
        QVERIFY(!draft.isTouched("prior.sigma"));  // put away with the denoiser
        QCOMPARE(*draft.complete().find("iterator"), std::string("hqs"));
        QCOMPARE(draft.untouchedText("prior"), std::string("denoiser"));
        draft.reset("prior");
        QCOMPARE(*draft.complete().find("prior"), std::string("denoiser"));
        QCOMPARE(*draft.complete().find("prior.sigma"), std::string("0.125"));
    }

    void everySelectionGivesAWholeRecipe() {
        const Registry& registry = Registry::builtin();
        for (const ComponentInfo& iterator : registry.iterators()) {
            for (const ComponentInfo& prior : registry.priors()) {
                RecipeDraft draft;
                draft.set("iterator", iterator.name);
                draft.set("prior", prior.name);
                const Recipe recipe = draft.complete();
                QCOMPARE(*recipe.find("iterator"), iterator.name);
                QCOMPARE(*recipe.find("prior"), prior.name);
                for (const Issue& issue : registry.check(recipe))
                    QVERIFY2(issue.key == "iterator" || issue.key == "prior", issue.text.c_str());
            }
        }
    }
};

QTEST_GUILESS_MAIN(RecipeDraftTest)
#include "tst_recipe_draft.moc"
