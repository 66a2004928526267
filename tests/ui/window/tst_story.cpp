// SPDX-License-Identifier: GPL-3.0-or-later
// The main job as a person does it, by clicks and keys through the real window.
#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QPushButton>
#include <QRadioButton>

#include "tests/ui/window/window_fixture.h"
#include "ui/kernel/kernel_panel.h"
#include "ui/kernel/kernel_preview.h"
#include "ui/plot/convergence_plot.h"
#include "ui/problem/problem_panel.h"
#include "ui/runs/runs_view.h"
#include "ui/view/empty_view.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// Each function goes on where the one before ended.
class StoryTest : public QObject, WindowFixture {
    Q_OBJECT

 private slots:
    void initTestCase() { open(); }
    void cleanupTestCase() { window_.reset(); }

    void a_firstStart() {
        QVERIFY(window_->findChild<EmptyView*>()->isVisible());
        const Actions& actions = window_->actions();
        QVERIFY(!actions.run->isEnabled());
        QVERIFY(actions.run->toolTip().contains("picture"));
        QVERIFY(!actions.stop->isEnabled());
        // The kernel needs no picture.
        KernelPanel* kernel = window_->docks().kernel();
        const QString size = kernel->preview()->sizeText();
        QVERIFY(!size.isEmpty());
        type(qobject_cast<NumberBox*>(kernel->row("sigma")->editor()), "4");
        QVERIFY(kernel->preview()->sizeText() != size);
        QVERIFY(window_->document().kernel().contains("sigma=4"));
    }

    void b_openSample() {
        const auto* page = window_->findChild<EmptyView*>();
        const auto card = [page] {
            for (auto* button : page->findChildren<QAbstractButton*>())
                if (button->accessibleName().contains("chart", Qt::CaseInsensitive)) return button;
            return static_cast<QAbstractButton*>(nullptr);
        };
        PATIENTLY(card());
        QTest::mouseClick(card(), Qt::LeftButton);
        PATIENTLY(!window_->document().isEmpty());
        QVERIFY(window_->view()->isVisible());
        QVERIFY(window_->docks().problem()->simulateButton()->isChecked());
        PATIENTLY(window_->document().input().blurred);
        QVERIFY(window_->document().input().blurred != window_->document().picture().image);
        QCOMPARE(window_->view()->input(), window_->document().input().blurred);
        QCOMPARE(window_->view()->reference(), window_->document().picture().image);
        PATIENTLY(window_->isSettled());
        QVERIFY(window_->actions().run->isEnabled());
        QCOMPARE(window_->progressStrip()->state(), QString("Ready"));
    }

    void c_simulateWithMoreNoise() {
        const auto before = window_->document().input().blurred;
        const std::string level = window_->document().recipe().find("prior.sigma").value_or("");
        type(window_->docks().problem()->noiseBox(), "0.03");
        PATIENTLY(window_->document().input().blurred && window_->document().input().blurred != before);
        QCOMPARE(window_->document().problem().noiseSigma, 0.03);
        // The level that nobody has touched follows the noise.
        QVERIFY(window_->document().recipe().find("prior.sigma").value_or("") != level);
        PATIENTLY(window_->isSettled());
    }

    void d_runPauseStep() {
        type(number("tolerance"), "1e-12");
        type(number("max-iter"), "5000");
        press(Qt::Key_Space);
        PATIENTLY(window_->runs().rowCount() == 1);
        PATIENTLY(points(0) >= 5);
        QCOMPARE(state(), WorkerState::running);
        QVERIFY(window_->actions().run->text().contains("Pause"));
        QVERIFY(window_->progressStrip()->text().contains("of at most 5"));
        PATIENTLY(window_->view()->estimate());
        QVERIFY(window_->view()->badgeText().contains("iterate"));

        press(Qt::Key_Space);
        PATIENTLY(state() == WorkerState::paused);
        QVERIFY(window_->actions().run->text().contains("Resume"));
        QCOMPARE(window_->docks().plot()->pointCount(run(0).id), static_cast<int>(points(0)));
        const std::size_t paused = points(0);
        press(Qt::Key_Period);
        PATIENTLY(points(0) == paused + 1);
        clickTool(window_->actions().step);
        PATIENTLY(points(0) == paused + 2);
        QCOMPARE(state(), WorkerState::paused);
    }

    void e_changeALiveParameter() {
        const std::size_t before = points(0);
        type(number("prior.sigma"), "0.0125");
        PATIENTLY(!run(0).record.marks.empty());
        QCOMPARE(points(0), before);  // the run is still paused
        QVERIFY(QString::fromStdString(run(0).record.marks[0].text).contains("prior.sigma"));
        QCOMPARE(run(0).record.recipe.find("prior.sigma").value_or(""), std::string("0.0125"));
        QVERIFY(!window_->messageBar()->isVisible());
        press(Qt::Key_Space);
        PATIENTLY(points(0) >= before + 3);
    }

    void f_whatNeedsARestartIsOffered() {
        auto* iterator = qobject_cast<QComboBox*>(window_->docks().solver()->row("iterator")->editor());
        const QString was = iterator->currentData().toString();
        const QString other = was == "pgd" ? "hqs" : "pgd";
        iterator->setFocus();
        iterator->setCurrentIndex(iterator->findData(other));
        emit iterator->activated(iterator->currentIndex());
        QVERIFY(window_->messageBar()->isVisible());
        QVERIFY(window_->messageBar()->text().contains("Iterator"));
        QCOMPARE(state(), WorkerState::running);  // nothing restarts by itself
        QCOMPARE(window_->runs().rowCount(), 1);
        // Back again: nothing to offer any more.
        iterator->setCurrentIndex(iterator->findData(was));
        emit iterator->activated(iterator->currentIndex());
        QVERIFY(!window_->messageBar()->isVisible());
    }

    void g_stopKeepsTheEstimate() {
        clickTool(window_->actions().stop);
        PATIENTLY(state() == WorkerState::finished);
        PATIENTLY(run(0).estimate);
        QCOMPARE(run(0).record.summary.status, SolveStatus::stopped);
        QCOMPARE(window_->progressStrip()->state(), QString("Stopped by you"));
        QCOMPARE(window_->view()->estimate(), run(0).estimate);
        QVERIFY(run(0).record.psnr > run(0).record.psnrInput);
        QCOMPARE(window_->docks().plot()->pointCount(run(0).id), static_cast<int>(points(0)));
    }

    void h_secondRunToItsLimitAndOn() {
        type(number("max-iter"), "6");
        press(Qt::Key_Space);
        PATIENTLY(window_->runs().rowCount() == 2);
        PATIENTLY(run(1).record.summary.status == SolveStatus::limit);
        QCOMPARE(points(1), std::size_t{6});
        QCOMPARE(window_->progressStrip()->state(), QString("Iteration limit"));
        auto* more = window_->progressStrip()->findChild<QPushButton*>();
        QVERIFY(more->isVisible());
        QTest::mouseClick(more, Qt::LeftButton);
        PATIENTLY(points(1) == 12);
        PATIENTLY(state() == WorkerState::finished);
        PATIENTLY(window_->isSettled());
    }

    void i_overlayTwoRuns() {
        RunsView* table = window_->docks().runs();
        const ConvergencePlot* plot = window_->docks().plot();
        QVERIFY(plot->isRunVisible(run(0).id));
        QVERIFY(plot->isRunVisible(run(1).id));
        const QRect cell = table->visualRect(window_->runs().index(0, RunsModel::name));
        const QPoint box(cell.left() + 10, cell.center().y());
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, box);
        QVERIFY(!plot->isRunVisible(run(0).id));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, box);
        QVERIFY(plot->isRunVisible(run(0).id));
        QCOMPARE(table->currentRun(), run(1).id);  // ticking is not choosing
        const QRect first = table->visualRect(window_->runs().index(0, RunsModel::residual));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, first.center());
        // The table brings a run's picture back.
        QCOMPARE(window_->view()->estimate(), run(0).estimate);
        const QRect second = table->visualRect(window_->runs().index(1, RunsModel::residual));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, second.center());
        QCOMPARE(window_->view()->estimate(), run(1).estimate);
    }

    void j_exports() {
        const QString picture = answer("estimate.png");
        press(Qt::Key_S, Qt::ControlModifier);
        PATIENTLY(QFile::exists(picture));
        PATIENTLY(window_->isSettled());
        const Picture read = readPicture(picture);
        QCOMPARE(read.bitsPerChannel, 16);
        QCOMPARE(read.width(), window_->document().picture().width());
        QCOMPARE(read.channels(), window_->document().picture().channels());
        QVERIFY(!window_->isWindowModified());

        const QString csv = answer("curve.csv");
        press(Qt::Key_E, Qt::ControlModifier);
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
        QVERIFY(lines[0].startsWith("iteration,residual,psnr"));
        QCOMPARE(lines.size(), 13);

        for (const char* name : {"plot.png", "plot.svg", "plot.pdf"}) {
            const QString plot = answer(name);
            press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
            QVERIFY(QFile(plot).size() > 1000);
        }
        answer("missing/estimate.png");
        press(Qt::Key_S, Qt::ControlModifier);
        PATIENTLY(window_->messageBar()->isVisible());
        QVERIFY(window_->messageBar()->text().contains("missing"));
        window_->messageBar()->dismiss();
    }

    void k_copyAsCommandLine() {
        press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        const QString text = QApplication::clipboard()->text();
        QVERIFY2(
            text.contains(
                "stillpoint-cli sample chart -o chart.tiff --bits 32\nstillpoint-cli simulate chart.tiff"),
            qPrintable(text));
        QVERIFY2(text.contains("--noise-sigma 0.03"), qPrintable(text));
        QVERIFY2(text.contains("stillpoint-cli restore"), qPrintable(text));
        QVERIFY2(text.contains("--prior.sigma 0.0125"), qPrintable(text));
        const QString saved = answer("sharp.png");
        window_->actions().savePicture->trigger();
        PATIENTLY(window_->document().picture().path == saved);
        press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QApplication::clipboard()->text().contains(saved));
    }

    void l_compareAndZoomByKeys() {
        press(Qt::Key_F6);
        QCOMPARE(window_->view()->compare(), PictureView::Compare::sideBySide);
        press(Qt::Key_F9);
        QCOMPARE(window_->view()->compare(), PictureView::Compare::reference);
        press(Qt::Key_F5);
        QCOMPARE(window_->view()->compare(), PictureView::Compare::split);
        press(Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(window_->view()->zoom(), 1.0);
        press(Qt::Key_0, Qt::ControlModifier);
        QVERIFY(window_->view()->isFitted());
    }

    void m_closeInTheMiddleOfARun() {
        window_->openSample("leaves");
        PATIENTLY(window_->document().picture().width() > 100 && window_->isSettled());
        type(number("max-iter"), "5000");
        press(Qt::Key_Space);
        PATIENTLY(state() == WorkerState::running && points(window_->runs().rowCount() - 1) >= 2);
        QVERIFY(window_->close());
        window_.reset();
        // The layout was kept for the next time.
        QVERIFY(!QSettings().value("window/state").toByteArray().isEmpty());
    }

    void n_startsAgainWhereItWasAndClosesWhileLoading() {
        window_ = std::make_unique<MainWindow>();
        window_->show();
        window_->openSample("chart");
        window_->runWhenReady();
        QVERIFY(window_->close());
        window_.reset();
    }
};

STILLPOINT_UI_TEST_MAIN(StoryTest)
#include "tst_story.moc"
