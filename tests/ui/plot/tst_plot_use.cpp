// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QToolButton>

#include "tests/ui/plot/plot_support.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// Zoom, drag and export of the plot.
class TestPlotUse : public QObject, PlotFixture {
    Q_OBJECT

    QTemporaryDir folder_;

 private slots:
    void init() { open(); }
    void cleanup() { plot_.reset(); }
    void wheelZoomsAndDoubleClickResets();
    void zoomingOutFollowsAgain();
    void dragPans();
    void verticalZoom();
    void exportsAllFormats_data();
    void exportsAllFormats();
    void exportIsLightInTheDark();
    void exportRefuses_data();
    void exportRefuses();
    void failedExportKeepsTheOldFile();
};

void TestPlotUse::wheelZoomsAndDoubleClickResets() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 200));
    QSignalSpy following(plot_.get(), &ConvergencePlot::followingChanged);
    const QImage all = shot();
    const QPointF at(400, 60);
    const int under = iterationAt(at.x());
    wheel(at, 5);
    QVERIFY(!plot_->isFollowing());
    QVERIFY(std::abs(iterationAt(at.x()) - under) <= 1);
    const int left = iterationAt(200);
    QVERIFY(left > 70);
    // The view stays where it is while points come in.
    plot_->appendPoints(1, curve(201, 400));
    QCoreApplication::processEvents();
    QCOMPARE(iterationAt(200), left);
    QVERIFY(plot_->findChild<QToolButton*>()->isEnabled());
    QTest::mouseDClick(canvas(), Qt::LeftButton, {}, at.toPoint());
    QVERIFY(plot_->isFollowing());
    QCoreApplication::processEvents();
    QVERIFY(iterationAt(canvas()->width() - 20) > 380);
    QCOMPARE(following.size(), 2);
    QVERIFY(all != shot());
    wheel(at, 2);
    QTest::mouseClick(plot_->findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(plot_->isFollowing());
}

void TestPlotUse::zoomingOutFollowsAgain() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 200));
    QCoreApplication::processEvents();
    wheel({400, 60}, 3);
    QVERIFY(!plot_->isFollowing());
    wheel({400, 60}, -8);
    QVERIFY(plot_->isFollowing());
}

void TestPlotUse::dragPans() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 200));
    QCoreApplication::processEvents();
    wheel({400, 60}, 6);
    QCoreApplication::processEvents();
    const int under = iterationAt(400);
    QTest::mousePress(canvas(), Qt::LeftButton, {}, {400, 60});
    QMouseEvent move(QEvent::MouseMove, QPointF(300, 60), canvas()->mapToGlobal(QPointF(300, 60)),
                     Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(canvas(), &move);
    QTest::mouseRelease(canvas(), Qt::LeftButton, {}, {300, 60});
    QCoreApplication::processEvents();
    QVERIFY(std::abs(iterationAt(300) - under) <= 1);
    // Far beyond the end something of the curve stays in sight.
    for (int i = 0; i < 30; ++i) {
        QTest::mousePress(canvas(), Qt::LeftButton, {}, {600, 60});
        QMouseEvent far(QEvent::MouseMove, QPointF(100, 60), canvas()->mapToGlobal(QPointF(100, 60)),
                        Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(canvas(), &far);
        QTest::mouseRelease(canvas(), Qt::LeftButton, {}, {100, 60});
    }
    QCoreApplication::processEvents();
    QCOMPARE(iterationAt(canvas()->width() - 20), 200);
    QVERIFY(iterationAt(120) < 200);
}

void TestPlotUse::verticalZoom() {
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 200));
    const QImage all = shot();
    const int keyBefore = iterationAt(200);
    wheel({400, 60}, 4, Qt::ShiftModifier);
    QCoreApplication::processEvents();
    QCOMPARE(iterationAt(200), keyBefore);
    const QImage zoomed = shot();
    QVERIFY(pixels(zoomed, kRed, 0, zoomed.width(), true) < pixels(all, kRed, 0, all.width(), true));
    QCOMPARE(pixels(zoomed, kRed, 0, zoomed.width(), false), pixels(all, kRed, 0, all.width(), false));
    plot_->showAll();
    QVERIFY(shot() == all);
    wheel({10, 60}, 4);
    QVERIFY(!plot_->isFollowing());
    // No zoom is too deep or too far.
    wheel({10, 60}, 1000);
    wheel({10, 60}, -1000);
    wheel({400, 60}, 1000);
    wheel({10, canvas()->height() - 80.0}, 1000);
    wheel({10, canvas()->height() - 80.0}, -1000);
    QVERIFY(!shot().isNull());
    plot_->showAll();
    QVERIFY(shot() == all);
}

void TestPlotUse::exportsAllFormats_data() {
    QTest::addColumn<QString>("suffix");
    for (const char* suffix : {"png", "PNG", "svg", "pdf"}) QTest::newRow(suffix) << QString(suffix);
}

void TestPlotUse::exportsAllFormats() {
    QFETCH(const QString, suffix);
    plot_->addRun(1, "Total variation", kRed);
    plot_->appendPoints(1, curve(1, 60));
    plot_->addRun(2, "Hidden run", kBlue);
    plot_->appendPoints(2, curve(1, 60));
    plot_->setRunVisible(2, false);
    plot_->setTolerance(1e-3);
    const QImage screen = shot();
    const QString path = folder_.filePath("plot." + suffix);
    QString why;
    QVERIFY2(plot_->exportPicture(path, {640, 320}, &why), qPrintable(why));
    QVERIFY(shot() == screen);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    if (suffix.toLower() == "png") {
        const QImage image = QImage::fromData(bytes, "PNG");
        QCOMPARE(image.size(), QSize(1280, 640));
        QVERIFY(pixels(image, kRed, 0, 1280, true) > 200);
        QCOMPARE(pixels(image, kBlue, 0, 1280, true), 0);
    } else if (suffix == "svg") {
        QSvgRenderer renderer(bytes);
        QVERIFY(renderer.isValid());
        QCOMPARE(renderer.viewBox(), QRect(0, 0, 640, 320));
        QVERIFY(bytes.contains("Total variation"));
        QVERIFY(!bytes.contains("Hidden run"));
        QVERIFY(bytes.contains("Residual"));
    } else {
        QVERIFY(bytes.startsWith("%PDF-1."));
        QVERIFY(bytes.trimmed().endsWith("%%EOF"));
        QVERIFY(bytes.contains("/MediaBox [0 0 480.0") || bytes.contains("/MediaBox [0 0 480 "));
    }
}

void TestPlotUse::exportIsLightInTheDark() {
    plot_->setPalette(darkPalette());
    plot_->addRun(1, "Run", kRed);
    plot_->appendPoints(1, curve(1, 60));
    const QImage screen = shot();
    const QString path = folder_.filePath("dark.png");
    QVERIFY(plot_->exportPicture(path, {640, 320}, nullptr));
    const QImage image(path);
    QCOMPARE(image.pixel(1, 1), qRgb(255, 255, 255));
    QVERIFY(shot() == screen);
}

void TestPlotUse::exportRefuses_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<QString>("hint");
    QTest::newRow("folder is missing") << "none/plot.png" << QSize(640, 320) << "plot.png";
    QTest::newRow("unknown ending") << "plot.bmp" << QSize(640, 320) << ".png, .svg or .pdf";
    QTest::newRow("no ending") << "plot" << QSize(640, 320) << ".png, .svg or .pdf";
    QTest::newRow("empty size") << "plot.png" << QSize() << "allowed are 200 by 120";
    QTest::newRow("huge") << "plot.png" << QSize(100000, 300) << "100000 by 300";
}

void TestPlotUse::exportRefuses() {
    QFETCH(const QString, name);
    QFETCH(const QSize, size);
    QFETCH(const QString, hint);
    const QTemporaryDir folder;
    QString why;
    QVERIFY(!plot_->exportPicture(folder.filePath(name), size, &why));
    QVERIFY2(why.contains(hint), qPrintable(why));
    QVERIFY(!plot_->exportPicture(folder.filePath(name), size, nullptr));
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestPlotUse::failedExportKeepsTheOldFile() {
    const QTemporaryDir folder;
    // A folder of that name cannot be replaced by a file, not even by the superuser.
    const QString path = folder.filePath("plot.svg");
    QVERIFY(QDir().mkdir(path));
    QString why;
    QVERIFY(!plot_->exportPicture(path, {640, 320}, &why));
    QVERIFY2(why.contains("plot.svg"), qPrintable(why));
    QVERIFY(QFileInfo(path).isDir());
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden).size(), 1);
}

STILLPOINT_UI_TEST_MAIN(TestPlotUse)
#include "tst_plot_use.moc"
