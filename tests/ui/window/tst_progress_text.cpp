// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>
#include <cmath>
#include <limits>

#include "ui/window/progress_text.h"

using namespace stillpoint;

namespace {

/// Residuals `factor`^k, an iteration every `seconds`.
std::vector<CurvePoint> curve(int count, double factor, double seconds, double wobble = 0) {
    std::vector<CurvePoint> points;
    for (int k = 1; k <= count; ++k) {
        CurvePoint point;
        point.step.iteration = k;
        point.step.residual = std::pow(factor, k) * (1 + wobble * (k % 2 == 0 ? 1 : -1));
        point.step.seconds = seconds * k;
        points.push_back(point);
    }
    return points;
}

RunRecord record(std::vector<CurvePoint> points, const std::string& limit, const std::string& tolerance) {
    RunRecord made;
    made.points = std::move(points);
    made.recipe.set("max-iter", limit);
    made.recipe.set("tolerance", tolerance);
    return made;
}

}  // namespace

class ProgressTextTest : public QObject {
    Q_OBJECT

 private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void forecastsAGeometricCurveExactly() {
        const auto points = curve(30, 0.8, 0.04);
        const auto expected = forecast(points, 1e-6);
        QVERIFY(expected && expected->converging);
        const double left = (std::log(1e-6) - 30 * std::log(0.8)) / std::log(0.8);
        QVERIFY(std::abs(expected->lowIterations - left) < 1e-6);
        QVERIFY(std::abs(expected->highIterations - left) < 1e-6);
    }
    void anUnsteadyCurveGivesARange() {
        const auto expected = forecast(curve(30, 0.8, 0.04, 0.3), 1e-6);
        QVERIFY(expected && expected->converging);
        QVERIFY(expected->lowIterations < expected->highIterations);
    }
    void tooFewPoints() { QVERIFY(!forecast(curve(5, 0.8, 0.04), 1e-6)); }
    void aGrowingOrFlatCurveDoesNotConverge() {
        QVERIFY(!forecast(curve(30, 1.1, 0.04), 1e-6)->converging);
        QVERIFY(!forecast(curve(30, 1.0, 0.04), 1e-6)->converging);
    }
    void zeroAndNanAreSkipped() {
        auto points = curve(30, 0.8, 0.04);
        points[20].step.residual = 0;
        points[25].step.residual = std::nan("");
        QVERIFY(forecast(points, 1e-6)->converging);
    }

    void wholeSentences() {
        const auto whole = [](const RunRecord& made) { return progressTexts(made).first(); };
        QCOMPARE(whole(record({}, "200", "1e-5")), QString("iteration 0 of at most 200"));
        const QString soon = whole(record(curve(37, 0.9, 0.041), "200", "1e-5"));
        QCOMPARE(soon, QString("iteration 37 of at most 200 · 41 ms each · tolerance in about 3 s"));
        QVERIFY(whole(record(curve(37, 1.01, 0.041), "200", "1e-5")).endsWith("not converging"));
        QVERIFY(whole(record(curve(37, 0.99, 1), "50", "1e-5")).endsWith("iteration limit in about 13 s"));
        QVERIFY(whole(record(curve(3, 0.9, 0.0015), "200", "1e-5")).contains("1.5 ms each"));
    }

    void shorterFormsForLessRoom() {
        const QStringList soon = progressTexts(record(curve(37, 0.9, 0.041), "200", "1e-5"));
        QCOMPARE(soon[3], QString("37 of 200 · done in 3 s"));
        QCOMPARE(soon.last(), QString("37 of 200"));
        RunRecord ended = record(curve(64, 0.8, 0.015), "200", "1e-5");
        ended.summary.iterations = 64;
        ended.summary.seconds = 0.96;
        ended.summary.residual = 9.9e-5;
        QCOMPARE(resultTexts(ended).first(), QString("64 iterations in 0.96 s · residual 9.9e-5"));
        ended.psnrInput = 16.6;
        ended.psnr = 20.55;
        const QStringList result = resultTexts(ended);
        QCOMPARE(result[0], QString("64 iterations in 0.96 s · residual 9.9e-5 · PSNR 16.60 → 20.55 dB"));
        QCOMPARE(result[2], QString("64 iterations in 0.96 s · 20.55 dB"));
        for (const QStringList& texts : {soon, result})
            for (qsizetype i = 1; i < texts.size(); ++i) QVERIFY(texts[i].size() < texts[i - 1].size());
    }

    void aChangeBeginsANewForecast() {
        auto points = curve(20, 1.2, 0.04);  // until the change it grew
        for (const CurvePoint& point : curve(20, 0.8, 0.04)) points.push_back(point);
        RunRecord changed = record(points, "200", "1e-5");
        changed.marks.push_back({20, "step 2 -> 1"});
        QVERIFY(progressTexts(changed).first().contains("tolerance in"));
        changed.marks.push_back({38, "step 1 -> 1.1"});  // too little has come since
        QVERIFY(progressTexts(changed).first().endsWith("each"));
    }

    void durations() {
        QCOMPARE(durationText(0.1, 0.5), QString("under 1 s"));
        QCOMPARE(durationText(5.2, 8.9), QString("5–9 s"));
        QCOMPARE(durationText(4.6, 5.4), QString("5 s"));
        QCOMPARE(durationText(100, 170), QString("2–3 min"));
        QCOMPARE(durationText(7, std::numeric_limits<double>::infinity()), QString("at least 7 s"));
    }
};

QTEST_GUILESS_MAIN(ProgressTextTest)
#include "tst_progress_text.moc"
