// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/registry.h"

#include <QRegularExpression>
#include <QTest>

#include "solver/run/components.h"

using namespace stillpoint;

namespace {

Recipe recipeOf(std::initializer_list<std::pair<const char*, const char*>> entries) {
    Recipe recipe;
    for (const auto& [key, value] : entries) recipe.set(key, value);
    return recipe;
}

double number(const Recipe& recipe, const char* key) {
    return *parseDouble(Registry::builtin().valueText(recipe, key));
}

}  // namespace

class TestRegistry : public QObject {
    Q_OBJECT

 private slots:
    // What an incompatible combination is told to choose must work, for every combination there is.
    void curesAreReal() {
        const Registry& registry = Registry::builtin();
        int refused = 0;
        for (const auto& fidelity : registry.fidelities())
            for (const auto& iterator : registry.iterators())
                for (const auto& prior : registry.priors())
                    for (const char* gFirst : {"false", "true"}) {
                        Recipe recipe = recipeOf({{"fidelity", fidelity.name.c_str()},
                                                  {"iterator", iterator.name.c_str()},
                                                  {"prior", prior.name.c_str()}});
                        if (iterator.table->find("g-first")) recipe.set("g-first", gFirst);
                        for (const Issue& issue : registry.compatible(recipe)) {
                            ++refused;
                            const QString text = QString::fromStdString(issue.text);
                            QVERIFY2(text.endsWith('.'), qPrintable(text));
                            if (text.contains("g-first off")) {
                                recipe.erase("g-first");
                                QVERIFY2(registry.check(recipe).empty(), qPrintable(text));
                                continue;
                            }
                            recipe.erase("g-first");
                            static const QRegularExpression choice("choose iterator ([a-z, -]+)");
                            const auto match = choice.match(text);
                            QVERIFY2(match.hasMatch(), qPrintable(text));
                            static const QRegularExpression separator(", | or ");
                            for (const QString& name :
                                 match.captured(1).split(separator, Qt::SkipEmptyParts)) {
                                recipe.set("iterator", name.trimmed().toStdString());
                                QVERIFY2(registry.compatible(recipe).empty(), qPrintable(text));
                            }
                        }
                    }
        QVERIFY(refused >= 2);  // gradient steps on L1
    }

    void smoothingIsACure() {
        Recipe recipe = recipeOf({{"iterator", "gd"}, {"prior", "tv"}, {"prior.smoothing", "0"}});
        const auto issues = Registry::builtin().compatible(recipe);
        QCOMPARE(issues.size(), std::size_t{1});
        QVERIFY2(issues.front().text.find("raise prior.smoothing") != std::string::npos,
                 issues.front().text.c_str());
        recipe.set("prior.smoothing", "0.001");
        QVERIFY(Registry::builtin().compatible(recipe).empty());
    }

    void suggestedStepsFollowThePrior() {
        const Registry& registry = Registry::builtin();
        for (const char* iterator : {"admm", "drs", "chambolle-pock"}) {
            const Recipe recipe = recipeOf({{"iterator", iterator}, {"prior", "tv"}});
            const Recipe little = registry.suggest(recipe, 0.003);
            const Recipe much = registry.suggest(recipe, 0.05);
            const double product = number(little, "step") * number(little, "prior.lambda");
            QVERIFY(product > 0.008 && product < 0.03);
            QVERIFY(number(much, "step") < number(little, "step"));
            QVERIFY(registry.check(little).empty());
            QCOMPARE(
                number(registry.suggest(recipeOf({{"iterator", iterator}, {"step", "3"}}), 0.01), "step"),
                3.0);
        }
    }

    void chambollePockKeepsTheProductOfItsStepsAtOne() {
        const Registry& registry = Registry::builtin();
        for (double step = 0.01; step < 1000; step *= 1.37) {
            Recipe recipe = recipeOf({{"iterator", "chambolle-pock"}});
            recipe.set("step", Value(step));
            const double product = step * number(registry.suggest(recipe, 0.01), "dual-step");
            QVERIFY2(product <= 1 && product > 0.85, qPrintable(QString::number(product)));
        }
        const Recipe plain = recipeOf({{"iterator", "chambolle-pock"}});
        QVERIFY(number(plain, "step") * number(plain, "dual-step") <= 1);
    }

    // With the prior's gradient step first, the prior's curvature limits the step.
    void aGradientStepOnThePriorIsShort() {
        const Registry& registry = Registry::builtin();
        const Recipe recipe = recipeOf({{"iterator", "pgd"}, {"prior", "tv"}, {"g-first", "true"}});
        const Recipe suggested = registry.suggest(recipe, 0.05);
        const double curvature = number(suggested, "prior.lambda") * 8 / number(suggested, "prior.smoothing");
        QVERIFY(curvature > 2);
        QVERIFY(number(suggested, "step") < 2 / curvature);
        QCOMPARE(number(registry.suggest(recipeOf({{"iterator", "pgd"}, {"prior", "tv"}}), 0.05), "step"),
                 1.0);
    }
};

QTEST_APPLESS_MAIN(TestRegistry)
#include "tst_registry.moc"
