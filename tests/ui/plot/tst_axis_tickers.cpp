// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/ui_main.h"
#include "ui/plot/axis_tickers.h"
#include "ui/plot/run_curve.h"
#include "ui/plot/short_number.h"

using namespace stillpoint;

namespace {

struct Ticks {
    QVector<double> values;
    QVector<QString> labels;
};

Ticks ticksOf(QCPAxisTicker& ticker, double low, double high, int count) {
    ticker.setTickCount(count);
    Ticks ticks;
    QVector<double> between;
    ticker.generate(QCPRange(low, high), QLocale::c(), 'f', 0, ticks.values, &between, &ticks.labels);
    return ticks;
}

/// Ticks inside the range.
int within(const Ticks& ticks, double low, double high) {
    return static_cast<int>(std::count_if(ticks.values.begin(), ticks.values.end(),
                                          [&](double v) { return v >= low && v <= high; }));
}

int usable(const QCPGraph* graph) {
    int count = 0;
    for (const QCPGraphData& point : *graph->data()) count += std::isfinite(point.value);
    return count;
}

CurvePoint point(int iteration, double residual, double psnr = 20) {
    CurvePoint p;
    p.step.iteration = iteration;
    p.step.residual = residual;
    p.psnr = psnr;
    return p;
}

}  // namespace

/// What the plot library draws from: ticks of the axes, points of the lines.
class TestAxisTickers : public QObject {
    Q_OBJECT

 private slots:
    void decadesHaveTwoLabelsAtLeast_data();
    void decadesHaveTwoLabelsAtLeast();
    void decadeLabels();
    void iterationsAreWhole();
    void shortNumbers();
    void linesHaveEveryPointAndGaps();
    void lonelyPointsAreDots();
};

void TestAxisTickers::decadesHaveTwoLabelsAtLeast_data() {
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("five decades") << 7e-6 << 0.5;
    QTest::newRow("thirty decades") << 1e-30 << 1.0;
    QTest::newRow("two decades") << 0.03 << 4.0;
    QTest::newRow("one decade") << 0.03 << 0.4;
    QTest::newRow("within a decade") << 0.021 << 0.083;
    QTest::newRow("a hair") << 0.021 << 0.0211;
}

void TestAxisTickers::decadesHaveTwoLabelsAtLeast() {
    QFETCH(const double, low);
    QFETCH(const double, high);
    for (const int count : {2, 5, 8}) {
        DecadeTicker ticker;
        const Ticks ticks = ticksOf(ticker, low, high, count);
        const int inside = within(ticks, low, high);
        QVERIFY2(inside >= 2 && inside <= 2 * count + 3,
                 qPrintable(QString("%1 of %2").arg(inside).arg(count)));
        QCOMPARE(ticks.labels.size(), ticks.values.size());
        for (int i = 1; i < ticks.values.size(); ++i) {
            QVERIFY(ticks.values[i] > ticks.values[i - 1]);
            QVERIFY2(ticks.labels[i] != ticks.labels[i - 1], qPrintable(ticks.labels[i]));
        }
    }
}

void TestAxisTickers::decadeLabels() {
    DecadeTicker ticker;
    const Ticks decades = ticksOf(ticker, 1e-5, 1, 8);
    QVERIFY(decades.labels.contains("1e-3"));
    QVERIFY(decades.labels.contains("1e0"));
    const Ticks fine = ticksOf(ticker, 0.09, 0.6, 8);
    QVERIFY(fine.labels.contains("0.1"));
    QVERIFY(fine.labels.contains("0.5"));
    QCOMPARE(fine.labels.count("0.1"), 1);
    const Ticks tiny = ticksOf(ticker, 2.1e-5, 2.5e-5, 5);
    QVERIFY2(tiny.labels.contains("2.2e-5"), qPrintable(QStringList(tiny.labels.toList()).join(' ')));
}

void TestAxisTickers::iterationsAreWhole() {
    IterationTicker ticker;
    for (const double high : {4.0, 7.3, 10.0, 23.0, 200.0, 1e6})
        for (const double tick : ticksOf(ticker, 0, high, 12).values) QCOMPARE(tick, std::round(tick));
}

void TestAxisTickers::shortNumbers() {
    QCOMPARE(shortNumber(0), QString("0"));
    QCOMPARE(shortNumber(0.2149), QString("0.215"));
    QCOMPARE(shortNumber(28.44), QString("28.4"));
    QCOMPARE(shortNumber(0.002149), QString("2.15e-3"));
    QCOMPARE(shortNumber(1e-5), QString("1e-5"));
    QCOMPARE(shortNumber(-1.5e12), QString("-1.5e12"));
    QCOMPARE(shortNumber(std::nan("")), QString("nan"));
}

void TestAxisTickers::linesHaveEveryPointAndGaps() {
    QCustomPlot plot;
    QCPAxisRect* rect = plot.axisRect();
    std::vector<CurvePoint> points;
    for (int k = 1; k <= 50; ++k) points.push_back(point(k, 1.0 / k));
    points[9].step.residual = 0;              // nothing to draw on a log axis
    points[19].step.residual = kNotMeasured;  // a gap
    points[29].step.residual = -1;
    points[39].step.residual = std::numeric_limits<double>::infinity();
    RunCurve run(1, "run", Qt::red, Qt::SolidLine, rect, rect, columnIndex("psnr"));
    run.append(std::span(points).first(20));
    run.append(std::span(points).subspan(20));
    QCOMPARE(run.count(), std::size_t{50});
    const QCPGraph* line = run.upperLine().graph();
    QCOMPARE(line->data()->size(), 50);
    QCOMPARE(usable(line), 46);
    for (const QCPGraphData& drawn : *line->data()) QVERIFY(std::isnan(drawn.value) || drawn.value > 0);
    QCOMPARE(usable(run.lowerLine().graph()), 50);
    QCOMPARE(run.value(kResidualColumn, 10), 0.0);
    QVERIFY(std::isnan(run.value(kResidualColumn, 51)));
    QCOMPARE(run.residualNear(10), 1.0 / 11);
    run.showLower(columnIndex("misfit"));
    QCOMPARE(run.lowerLine().graph()->data()->size(), 50);
    QCOMPARE(usable(run.lowerLine().graph()), 0);
}

void TestAxisTickers::lonelyPointsAreDots() {
    QCustomPlot plot;
    {
        RunCurve run(1, "run", Qt::red, Qt::SolidLine, plot.axisRect(), plot.axisRect(), columnIndex("psnr"));
        const int lines = plot.graphCount();
        QCOMPARE(lines, 4);
        const QCPGraph* dots = plot.graph(3);
        std::vector<CurvePoint> points;
        for (int k = 1; k <= 30; ++k) points.push_back(point(k, 0.5, k % 10 == 0 ? 20 + k : kNotMeasured));
        run.append(points);
        QCOMPARE(dots->data()->size(), 3);
        // A neighbour turns the last dot into a line.
        run.append(std::vector{point(31, 0.5, 51)});
        QCOMPARE(dots->data()->size(), 2);
    }
    QCOMPARE(plot.graphCount(), 0);
}

STILLPOINT_UI_TEST_MAIN(TestAxisTickers)
#include "tst_axis_tickers.moc"
