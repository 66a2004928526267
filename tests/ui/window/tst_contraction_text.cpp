// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>
#include <limits>

#include "ui/window/contraction_text.h"

using namespace stillpoint;

namespace {

Contraction measured(double radius, double predicted, bool settled = true) {
    Contraction made;
    made.radius = radius;
    made.radiusIterations = 43;
    made.settled = settled;
    made.predictedIterations = predicted;
    made.warning = contractionWarning(radius);
    return made;
}

RunRecord run() {
    RunRecord record;
    record.recipe.set("tolerance", "1e-4");
    record.points.resize(15);
    record.points[0].step.residual = 0.083;
    return record;
}

}  // namespace

class ContractionTextTest : public QObject {
    Q_OBJECT

 private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void asManyDigitsAsItsDistanceFrom1() {
        QCOMPARE(factorText(0.8312), QString("0.83"));
        QCOMPARE(factorText(0.98712), QString("0.987"));
        QCOMPARE(factorText(0.998712), QString("0.9987"));
        QCOMPARE(factorText(0.9999999), QString("1.00000"));
        QCOMPARE(factorText(1), QString("1.00000"));
        QCOMPARE(factorText(1.0213), QString("1.021"));
        QCOMPARE(factorText(0), QString("0.00"));
    }

    void inThreeLengths() {
        QCOMPARE(contractionTexts(measured(0.83, 37)),
                 QStringList(
                     {"contracts by 0.83: 37 plain iterations to tolerance", "contracts by 0.83", "ρ 0.83"}));
        QCOMPARE(contractionTexts(measured(0.83, 37, false)).at(1), QString("contracts by about 0.83"));
        QVERIFY(contractionTexts({}).isEmpty());
    }

    void from1OnItDoesNotContract() {
        const QStringList texts = contractionTexts(measured(1.02, std::numeric_limits<double>::infinity()));
        QCOMPARE(texts.size(), 3);
        QVERIFY(texts[0].startsWith("does not contract"));
        QVERIFY(texts[1].startsWith("does not contract"));
        QVERIFY(texts[2].contains("≥ 1"));
        QVERIFY(contractionTip(measured(1.02, std::numeric_limits<double>::infinity()), run())
                    .contains("does not converge"));
    }

    void theTipExplains() {
        const QString tip = contractionTip(measured(0.83, 37), run());
        for (const char* part : {"0.83", "spectral radius", "43 steps", "8.3e-2", "1.0e-4", "about 37 plain",
                                 "This run took 15"})
            QVERIFY2(tip.contains(part), part);
        QVERIFY(!tip.contains("growing"));
        QVERIFY(contractionTip(measured(0.83, 37, false), run()).contains("growing"));
        QVERIFY(contractionTip({}, run()).isEmpty());
    }

    void withoutAToleranceNothingIsPredicted() {
        const Contraction endless = measured(0.83, std::numeric_limits<double>::infinity());
        QCOMPARE(contractionTexts(endless).first(), QString("contracts by 0.83 an iteration"));
        QVERIFY(!contractionTip(endless, run()).contains("plain iterations"));
    }
};

QTEST_GUILESS_MAIN(ContractionTextTest)
#include "tst_contraction_text.moc"
