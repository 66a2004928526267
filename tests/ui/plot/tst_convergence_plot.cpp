// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QToolButton>

#include "tests/ui/plot/plot_support.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// Curves, read-out, flags and columns of the plot, through its real events.
class TestConvergencePlot : public QObject, PlotFixture {
    Q_OBJECT

 private slots:
    void init() { open(); }
    void cleanup() { plot_.reset(); }
    void everyPointIsCounted();
    void unknownRunsAreIgnored();
    void curvesAreDrawnHiddenAndRemoved();
    void notANumberLeavesAGap();
    void zeroIsNoSpike();
    void hoverReadsAllVisibleRuns();
    void keysMoveTheCrossHair();
    void flagsAndRefusalsAreTold();
    void toleranceIsDrawn();
    void lowerColumnFollowsTheData();
    void lowerColumnIsChosen();
    void emptyTextGoes();
    void followsThePalette();
    void smallestSizes_data();
    void smallestSizes();
    void accessibleNames();
};

void TestConvergencePlot::everyPointIsCounted() {
    plot_->addRun(7, "Run", kRed);
    QCOMPARE(plot_->pointCount(7), 0);
    const auto points = curve(1, 1000);
    for (std::size_t i = 0; i < points.size(); i += 40)
        plot_->appendPoints(7, std::span(points).subspan(i, 40));
    QCOMPARE(plot_->pointCount(7), 1000);
    plot_->appendPoints(7, {});
    QCOMPARE(plot_->pointCount(7), 1000);
}

void TestConvergencePlot::unknownRunsAreIgnored() {
    plot_->appendPoints(3, curve(1, 5));
    plot_->renameRun(3, "x");
    plot_->setRunVisible(3, true);
    plot_->setMarks(3, {});
    plot_->removeRun(3);
    plot_->setCurrentRun(3);
    QCOMPARE(plot_->pointCount(3), 0);
    QVERIFY(!plot_->isRunVisible(3));
}

void TestConvergencePlot::curvesAreDrawnHiddenAndRemoved() {
    plot_->addRun(1, "Red", kRed);
    plot_->addRun(2, "Blue", kBlue);
    plot_->appendPoints(1, curve(1, 100));
    plot_->appendPoints(2, curve(1, 60));
    plot_->setCurrentRun(2);
    const int red = pixels(kRed);
    const int blue = pixels(kBlue);
    QVERIFY(red > 50);
    QVERIFY(blue > 50);
    QVERIFY(pixels(kRed, false) > 50);
    plot_->setCurrentRun(1);
    QVERIFY(pixels(kRed) > red);
    plot_->setRunVisible(1, false);
    QCOMPARE(pixels(kRed), 0);
    QCOMPARE(pixels(kRed, false), 0);
    QVERIFY(pixels(kBlue) > 50);
    plot_->setRunVisible(1, true);
    QVERIFY(pixels(kRed) > 50);
    plot_->removeRun(1);
    QCOMPARE(pixels(kRed), 0);
    plot_->clearRuns();
    QCOMPARE(pixels(kBlue), 0);
    QCOMPARE(plot_->pointCount(2), 0);
}

void TestConvergencePlot::notANumberLeavesAGap() {
    plot_->addRun(1, "Run", kRed);
    auto points = curve(1, 100);
    for (int k = 41; k <= 60; ++k) points[static_cast<std::size_t>(k - 1)].step.residual = kNotMeasured;
    plot_->appendPoints(1, points);
    const QImage image = shot();
    int within = 0;
    int beside = 0;
    for (int x = 0; x < image.width(); ++x) {
        const int iteration = iterationAt(x);
        const int count = pixels(image, kRed, x, x + 1, true);
        if (iteration >= 43 && iteration <= 58) within += count;
        if ((iteration >= 20 && iteration <= 38) || (iteration >= 63 && iteration <= 80)) beside += count;
    }
    QCOMPARE(within, 0);
    QVERIFY(beside > 50);
}

void TestConvergencePlot::zeroIsNoSpike() {
    plot_->addRun(1, "Run", kRed);
    auto points = curve(1, 100);
    points[49].step.residual = 0;
    plot_->appendPoints(1, points);
    const QImage image = shot();
    for (int x = 0; x < image.width(); ++x) {
        const int iteration = iterationAt(x);
        // A falling line of one slope: no column has many pixels of it.
        if (iteration >= 45 && iteration <= 55) QVERIFY(pixels(image, kRed, x, x + 1, true) <= 6);
    }
}

void TestConvergencePlot::hoverReadsAllVisibleRuns() {
    plot_->addRun(1, "Red", kRed);
    plot_->addRun(2, "Blue", kBlue);
    plot_->appendPoints(1, curve(1, 100));
    plot_->appendPoints(2, curve(1, 50));
    QCoreApplication::processEvents();
    int x = 0;
    while (x < canvas()->width() && iterationAt(x) != 30) ++x;
    QCOMPARE(iterationAt(x), 30);
    const QString value = QString::number(std::pow(0.9, 30), 'g', 3);
    const QString psnr = QString::number(30 - 10 * std::pow(0.9, 30), 'f', 2);
    QCOMPARE(plot_->readOut(), QString("Iteration 30\nRed: Residual %1, PSNR (dB) %2\n"
                                       "Blue: Residual %1, PSNR (dB) %2")
                                   .arg(value, psnr));
    plot_->setRunVisible(1, false);
    hover({x + 0.0, 40});
    QVERIFY(!plot_->readOut().contains("Red"));
    plot_->setRunVisible(1, true);
    QCoreApplication::processEvents();
    while (iterationAt(x) < 80) ++x;
    QVERIFY(plot_->readOut().contains("Red"));
    QVERIFY(!plot_->readOut().contains("Blue"));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(canvas(), &leave);
    QCOMPARE(plot_->readOut(), QString());
}

void TestConvergencePlot::keysMoveTheCrossHair() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 100));
    QCoreApplication::processEvents();
    QTest::keyClick(canvas(), Qt::Key_Left);
    QVERIFY2(plot_->readOut().startsWith("Iteration 100\n"), qPrintable(plot_->readOut()));
    QTest::keyClick(canvas(), Qt::Key_Left);
    QTest::keyClick(canvas(), Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY2(plot_->readOut().startsWith("Iteration 89\n"), qPrintable(plot_->readOut()));
    QTest::keyClick(canvas(), Qt::Key_Right);
    QVERIFY(plot_->readOut().startsWith("Iteration 90\n"));
    for (int i = 0; i < 20; ++i) QTest::keyClick(canvas(), Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(plot_->readOut().startsWith("Iteration 1\n"));
    QTest::keyClick(canvas(), Qt::Key_Escape);
    QCOMPARE(plot_->readOut(), QString());
    QTest::keyClick(canvas(), Qt::Key_Plus);
    QVERIFY(!plot_->isFollowing());
    QTest::keyClick(canvas(), Qt::Key_Home);
    QVERIFY(plot_->isFollowing());
}

void TestConvergencePlot::flagsAndRefusalsAreTold() {
    plot_->addRun(1, "Run", kRed);
    auto points = curve(1, 50);
    points[19].step.event = StepEvent::refused;
    points[19].step.refusal = Refusal::weightsTooLarge;
    plot_->appendPoints(1, points);
    const QImage without = shot();
    const std::vector<RunMark> marks{{10, "prior.lambda 0.01 -> 0.02"}, {40, "anderson.history 5 -> 8"}};
    plot_->setMarks(1, marks);
    QVERIFY(without != shot());
    const auto go = [&](int iteration) {
        int x = 0;
        while (x < canvas()->width() && iterationAt(x) != iteration) ++x;
        return plot_->readOut();
    };
    QVERIFY2(go(10).contains("Flag 1, after iteration 10: prior.lambda 0.01 -> 0.02"),
             qPrintable(plot_->readOut()));
    QVERIFY(go(40).contains("Flag 2, after iteration 40: anderson.history 5 -> 8"));
    QVERIFY(go(20).contains("refused: its weights were too large"));
    QVERIFY(!go(30).contains("Flag"));
    plot_->setRunVisible(1, false);
    plot_->setRunVisible(1, true);
    plot_->setMarks(1, {});
    QVERIFY(!go(10).contains("Flag"));
}

void TestConvergencePlot::toleranceIsDrawn() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 50));
    const QImage without = shot();
    plot_->setTolerance(1e-4);
    const QImage with = shot();
    QVERIFY(without != with);
    // The curve makes room for the line: it ends higher than before.
    plot_->setTolerance(1e-300);
    QVERIFY(shot() == without);
    plot_->setTolerance(1e-4);
    QVERIFY(shot() == with);
    plot_->setTolerance(kNotMeasured);
    QVERIFY(shot() == without);
}

void TestConvergencePlot::lowerColumnFollowsTheData() {
    QSignalSpy changed(plot_.get(), &ConvergencePlot::lowerColumnChanged);
    QCOMPARE(plot_->lowerColumn(), QString("psnr"));
    plot_->addRun(1, "Restore", kRed);
    plot_->appendPoints(1, curve(1, 20, false));
    QCOMPARE(plot_->lowerColumn(), QString("misfit"));
    QCOMPARE(columnBox()->currentData().toString(), QString("misfit"));
    QVERIFY(pixels(kRed, false) > 50);
    plot_->addRun(2, "Simulate", kBlue);
    plot_->appendPoints(2, curve(1, 20));
    QCOMPARE(plot_->lowerColumn(), QString("psnr"));
    plot_->removeRun(2);
    QCOMPARE(plot_->lowerColumn(), QString("misfit"));
    QCOMPARE(changed.size(), 3);
}

void TestConvergencePlot::lowerColumnIsChosen() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 20));
    columnBox()->setFocus();
    QTest::keyClick(columnBox(), Qt::Key_Down);
    QCOMPARE(plot_->lowerColumn(), columnBox()->currentData().toString());
    QVERIFY(plot_->lowerColumn() != "psnr");
    plot_->setLowerColumn("seconds");
    QCOMPARE(columnBox()->currentText(), QString("Time (s)"));
    plot_->appendPoints(1, curve(21, 22));
    QCOMPARE(plot_->lowerColumn(), QString("seconds"));
    QTest::keyClick(canvas(), Qt::Key_Left);
    QVERIFY2(plot_->readOut().contains("Time (s) 2.20"), qPrintable(plot_->readOut()));
    plot_->setLowerColumn("no-such-column");
    QCOMPARE(plot_->lowerColumn(), QString("seconds"));
    plot_->setLowerColumn("condition");
    QCOMPARE(pixels(kRed, false), 0);
    plot_->setLowerColumn({});
    QCOMPARE(plot_->lowerColumn(), QString("psnr"));
}

void TestConvergencePlot::emptyTextGoes() {
    const QImage bare = shot();
    plot_->setEmptyText("Press Space to run.");
    const QImage told = shot();
    QVERIFY(bare != told);
    const QRect labels(0, 0, 20, told.height());  // nothing of it beside the axes
    QCOMPARE(told.copy(labels), bare.copy(labels));
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 5));
    const QImage with = shot();
    plot_->setEmptyText({});
    QVERIFY(with == shot());
}

void TestConvergencePlot::followsThePalette() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 60));
    const auto corner = [this] { return QColor(shot().pixel(1, 1)); };
    QCOMPARE(corner(), lightPalette().color(QPalette::Window));
    QApplication::setPalette(darkPalette());
    QCOMPARE(corner(), darkPalette().color(QPalette::Window));
    QVERIFY(pixels(kRed) > 50);
}

void TestConvergencePlot::smallestSizes_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("smallest") << QSize(260, 150);
    QTest::newRow("bottom dock") << QSize(500, 180);
    QTest::newRow("large") << QSize(900, 320);
}

/// The curve is drawn at every size, and nothing overlaps the edges: the outermost pixels are background.
void TestConvergencePlot::smallestSizes() {
    QFETCH(const QSize, size);
    plot_->resize(size);
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 12345));
    const QImage image = shot();
    QVERIFY(pixels(image, kRed, 0, image.width(), true) > 20);
    QVERIFY(pixels(image, kRed, 0, image.width(), false) > 20);
    const QRgb window = plot_->palette().color(QPalette::Window).rgb();
    for (int x = 0; x < image.width(); ++x) QCOMPARE(image.pixel(x, image.height() - 1), window);
    for (int y = 0; y < image.height(); ++y) {
        QCOMPARE(image.pixel(0, y), window);
        QCOMPARE(image.pixel(image.width() - 1, y), window);
    }
}

void TestConvergencePlot::accessibleNames() {
    QVERIFY(!plot_->accessibleName().isEmpty());
    QVERIFY(!canvas()->accessibleName().isEmpty());
    QVERIFY(canvas()->accessibleDescription().contains("PSNR"));
    QVERIFY(!columnBox()->accessibleName().isEmpty());
    QVERIFY(!plot_->findChild<QToolButton*>()->accessibleName().isEmpty());
    QVERIFY(canvas()->focusPolicy() & Qt::TabFocus);
}

STILLPOINT_UI_TEST_MAIN(TestConvergencePlot)
#include "tst_convergence_plot.moc"
