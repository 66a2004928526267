// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with a picture when nobody has chosen a method: the learned denoiser with HQS, on
// every kind of picture; total variation one choice away; and the contraction factor when a run has ended.
#include <QComboBox>
#include <QLabel>
#include <QSettings>

#include "tests/support/pictures.h"
#include "tests/ui/window/window_fixture.h"
#include "ui/kernel/kernel_panel.h"
#include "ui/problem/problem_panel.h"

using namespace stillpoint;
using namespace stillpoint::test;

class FirstMethodTest : public QObject, WindowFixture {
    Q_OBJECT

    QString value(const char* key) const {
        return QString::fromStdString(window_->document().recipe().find(key).value_or(""));
    }
    void open(const QString& path) {
        window_->openPath(path);
        PATIENTLY(window_->document().picture().path == path);
        PATIENTLY(window_->isSettled());
    }
    QString write(const QString& name, Shape shape, int bits) {
        Picture picture;
        picture.image = std::make_shared<const Image>(scenePicture(shape));
        const QString path = folder_.filePath(name);
        WriteOptions options;
        options.bits = bits;
        writePicture(path, picture, options);
        return path;
    }
    const RunEntry& runToTheEnd() {
        const int row = window_->runs().rowCount();
        press(Qt::Key_Space);
        [&] { PATIENTLY(window_->runs().rowCount() == row + 1 && run(row).estimate); }();
        [&] { PATIENTLY(window_->isSettled()); }();
        return run(row);
    }
    QLabel* line() const { return window_->progressStrip()->findChild<QLabel*>("runProgress"); }

 private slots:
    void initTestCase() {
        // What a former version left behind.
        QSettings().setValue("problem/simulate", true);
        QSettings().setValue("files/recent", QStringList{"/gone.png"});
        WindowFixture::open();
    }
    void cleanupTestCase() { window_.reset(); }

    void learnedDenoiserFirst() {
        QCOMPARE(value("prior"), QString("denoiser"));
        QCOMPARE(value("prior.model"), QString("fast"));
        QCOMPARE(value("iterator"), QString("hqs"));
        QVERIFY(window_->document().draft().touched().entries().empty());
        for (const char* key : {"prior", "iterator", "prior.model"})
            QVERIFY2(window_->docks().solver()->row(key)->error().isEmpty(), key);
        // Unknown noise, as in restoring: the step still suits the level.
        QVERIFY(value("step").toDouble() > 10);
    }

    void everyKindOfPicture_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("bits");
        QTest::newRow("colour") << "colour.png" << 3 << 8;
        QTest::newRow("grey") << "grey.png" << 1 << 8;
        QTest::newRow("16 bit") << "deep.tif" << 3 << 16;
    }

    void everyKindOfPicture() {
        QFETCH(QString, file);
        QFETCH(int, channels);
        QFETCH(int, bits);
        open(write(file, {channels, 61, 80}, bits));
        QVERIFY(window_->document().simulates());
        QCOMPARE(window_->document().picture().bitsPerChannel, bits);
        QCOMPARE(window_->document().picture().channels(), channels);
        const RunEntry& done = runToTheEnd();
        QCOMPARE(done.record.summary.status, SolveStatus::converged);
        QVERIFY2(done.record.psnr > done.record.psnrInput + 1,
                 qPrintable(QString("%1 dB, before %2").arg(done.record.psnr).arg(done.record.psnrInput)));
        QVERIFY(!window_->messageBar()->isVisible());
    }

    void theContractionIsShownAndExplained() {
        const int row = window_->runs().rowCount() - 1;
        PATIENTLY(run(row).contraction);
        QVERIFY(run(row).contraction->radius > 0);
        QVERIFY(window_->progressStrip()->text().contains("contract"));
        QVERIFY(line()->toolTip().contains("spectral radius"));
        QVERIFY(line()->text().contains("contract") || line()->text().contains("ρ"));
    }

    void totalVariationIsOneChoiceAway() {
        open(folder_.filePath("colour.png"));
        choose("prior", "tv");
        const double lambda = value("prior.lambda").toDouble();
        QVERIFY(lambda > 1e-4 && lambda < 1e-2);
        QCOMPARE(value("step").toDouble(), 1.0);
        QVERIFY(window_->actions().run->isEnabled());
        const RunEntry& done = runToTheEnd();
        QCOMPARE(done.record.recipe.find("prior"), std::string("tv"));
        QCOMPARE(done.record.summary.status, SolveStatus::converged);
        QVERIFY(done.record.psnr > done.record.psnrInput + 1);
        choose("prior", "denoiser");
        QVERIFY(value("step").toDouble() > 10);
    }

    void aTinyPicture() {
        open(write("tiny.png", {3, 7, 5}, 8));
        auto* family = window_->docks().kernel()->familyBox();
        family->setCurrentIndex(family->findData("box"));
        emit family->activated(family->currentIndex());
        type(qobject_cast<NumberBox*>(window_->docks().kernel()->row("size")->editor()), "3");
        PATIENTLY(window_->isSettled());
        const RunEntry& done = runToTheEnd();
        QVERIFY(done.record.summary.status == SolveStatus::converged ||
                done.record.summary.status == SolveStatus::limit);
        QVERIFY(done.record.psnr > done.record.psnrInput);
    }

    void closingDoesNotWaitForTheMeasurement() {
        window_->openSample("chart");
        PATIENTLY(window_->document().picture().width() > 100 && window_->isSettled());
        type(number("max-iter"), "2");
        runToTheEnd();
        QVERIFY(window_->close());
    }
};

STILLPOINT_UI_TEST_MAIN(FirstMethodTest)
#include "tst_first_method.moc"
