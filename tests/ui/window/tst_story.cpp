// SPDX-License-Identifier: GPL-3.0-or-later
// The main job as a person does it, by clicks and keys through the real window.
#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>

#include "tests/support/ui_main.h"
#include "ui/kernel/kernel_panel.h"
#include "ui/kernel/kernel_preview.h"
#include "ui/main_window.h"
#include "ui/params/number_box.h"
#include "ui/params/param_form.h"
#include "ui/plot/convergence_plot.h"
#include "ui/runs/runs_view.h"
#include "ui/view/empty_view.h"
#include "ui/view/message_bar.h"
#include "ui/view/picture_view.h"
#include "ui/window/docks.h"
#include "ui/window/progress_strip.h"
#include "ui/window/run_desk.h"

using namespace stillpoint;

namespace {

constexpr int kPatience = 60000;

void type(NumberBox* box, const QString& text) {
    auto* line = box->findChild<QLineEdit*>();
    box->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
}

}  // namespace

#define PATIENTLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, kPatience)

class StoryTest : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<MainWindow> window_;
    QTemporaryDir folder_;

    const RunEntry& run(int row) const { return *window_->runs().at(row); }
    std::size_t points(int row) const { return run(row).record.points.size(); }
    WorkerState state() const { return window_->desk().state(); }
    NumberBox* number(const char* key) const {
        return qobject_cast<NumberBox*>(window_->docks().solver()->row(key)->editor());
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        window_->view()->setFocus();
        QTest::keyClick(window_->view(), key, modifiers);
    }
    void clickTool(QAction* action) const {
        auto* button = window_->findChild<QToolBar*>()->widgetForAction(action);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    /// The next file dialog answers with this name.
    QString answer(const QString& name) {
        const QString path = folder_.filePath(name);
        window_->files().ask = [path](const FileQuestion&) { return path; };
        return path;
    }

 private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        window_ = std::make_unique<MainWindow>();
        window_->resize(1200, 800);
        window_->show();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }

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
        const std::string lambda = window_->document().recipe().find("prior.lambda").value_or("");
        type(window_->docks().problem()->noiseBox(), "0.03");
        PATIENTLY(window_->document().input().blurred && window_->document().input().blurred != before);
        QCOMPARE(window_->document().problem().noiseSigma, 0.03);
        // The weight that nobody has touched follows the noise.
        QVERIFY(window_->document().recipe().find("prior.lambda").value_or("") != lambda);
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
        type(number("prior.lambda"), "0.0125");
        PATIENTLY(!run(0).record.marks.empty());
        QCOMPARE(points(0), before);  // the run is still paused
        QVERIFY(QString::fromStdString(run(0).record.marks[0].text).contains("prior.lambda"));
        QCOMPARE(run(0).record.recipe.find("prior.lambda").value_or(""), std::string("0.0125"));
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
        QVERIFY2(text.contains("--prior.lambda 0.0125"), qPrintable(text));
        const QString saved = answer("sharp.png");
        window_->actions().savePicture->trigger();
        PATIENTLY(window_->document().picture().path == saved);
        press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QApplication::clipboard()->text().contains(saved));
    }

    void k_tooLittleMemoryIsToldBeforeTheRun() {
        QVERIFY(window_->actions().run->toolTip().contains("MiB of memory"));
        window_->desk().freeMemory = [] { return std::int64_t{-1} << 40; };
        press(Qt::Key_Space);
        QVERIFY(window_->messageBar()->isVisible());
        QCOMPARE(window_->messageBar()->kind(), Tone::warning);
        QVERIFY(window_->messageBar()->text().contains("memory"));
        QVERIFY(!window_->desk().isActive());
        QCOMPARE(window_->runs().rowCount(), 2);
        auto* anyway = window_->messageBar()->findChild<QPushButton*>();
        QTest::mouseClick(anyway, Qt::LeftButton);
        PATIENTLY(window_->runs().rowCount() == 3);
        QVERIFY(!window_->messageBar()->isVisible());
        window_->desk().freeMemory = [] { return std::int64_t{1} << 40; };
        PATIENTLY(window_->isSettled());
        window_->docks().runs()->removeSelected();
        QCOMPARE(window_->runs().rowCount(), 2);
        window_->docks().runs()->selectRun(run(1).id);
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

    void m_spaceBelongsToAButtonThatHasTheFocus() {
        QRadioButton* restore = window_->docks().problem()->restoreButton();
        restore->setFocus();
        QVERIFY(restore->hasFocus());
        QTest::keyClick(restore, Qt::Key_Space);
        QVERIFY(restore->isChecked());
        QCOMPARE(window_->runs().rowCount(), 2);  // nothing ran
        QCOMPARE(window_->document().problem().mode, ProblemChoice::Mode::restore);
        QCOMPARE(window_->document().input().blurred, window_->document().picture().image);
        QTest::mouseClick(window_->docks().problem()->simulateButton(), Qt::LeftButton);
        PATIENTLY(window_->isSettled());
    }

    void n_badFilesAreExplained() {
        const QString broken = folder_.filePath("broken.png");
        QFile file(broken);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no picture");
        file.close();
        const auto before = window_->document().picture().image;
        window_->files().ask = [broken](const FileQuestion&) { return broken; };
        press(Qt::Key_O, Qt::ControlModifier);
        PATIENTLY(window_->messageBar()->isVisible());
        QCOMPARE(window_->messageBar()->kind(), Tone::error);
        QVERIFY(window_->messageBar()->text().contains("broken.png"));
        QCOMPARE(window_->document().picture().image, before);
    }

    void o_dropAPicture() {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(folder_.filePath("sharp.png"))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window_.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window_.get(), &drop);
        PATIENTLY(window_->document().picture().name == "sharp.png");
        QVERIFY(!window_->messageBar()->isVisible());  // what failed before is settled
        QVERIFY(window_->windowTitle().contains("sharp.png"));
        PATIENTLY(window_->isSettled());
    }

    void p_pasteAPicture() {
        QImage image(40, 30, QImage::Format_RGB32);
        image.fill(Qt::darkGreen);
        QApplication::clipboard()->setImage(image);
        QTRY_VERIFY(window_->actions().paste->isEnabled());
        press(Qt::Key_V, Qt::ControlModifier);
        PATIENTLY(window_->document().picture().width() == 40);
        PATIENTLY(window_->isSettled());
    }

    void q_kernelLargerThanThePictureIsAFaultOfItsField() {
        KernelPanel* kernel = window_->docks().kernel();
        type(qobject_cast<NumberBox*>(kernel->row("sigma")->editor()), "30");
        PATIENTLY(!kernel->error().isEmpty());
        type(qobject_cast<NumberBox*>(kernel->row("sigma")->editor()), "1");
        PATIENTLY(kernel->error().isEmpty());
        PATIENTLY(window_->isSettled());
    }

    void q_aKernelThatCannotBeReadStopsTheRunBeforeItBegins() {
        KernelPanel* kernel = window_->docks().kernel();
        const QString missing = folder_.filePath("nothing.txt");
        kernel->askFile = [missing] { return missing; };
        QComboBox* family = kernel->familyBox();
        family->setCurrentIndex(family->count() - 1);
        emit family->activated(family->count() - 1);
        QVERIFY(kernel->error().contains("nothing.txt"));
        QVERIFY(!window_->actions().run->isEnabled());
        QVERIFY(window_->actions().run->toolTip().contains("nothing.txt"));
        PATIENTLY(window_->isSettled());

        QFile file(folder_.filePath("kernel.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("0 1 0\n1 4 1\n0 1 0\n");
        file.close();
        kernel->askFile = [this] { return folder_.filePath("kernel.txt"); };
        family->setCurrentIndex(family->count() - 1);
        emit family->activated(family->count() - 1);
        QCOMPARE(kernel->error(), QString());
        QCOMPARE(kernel->preview()->picture().size(), QSize(3, 3));
        PATIENTLY(window_->actions().run->isEnabled() && window_->isSettled());
        QVERIFY(window_->document().input().blurred);
    }

    void r_layoutCanBeReset() {
        QDockWidget* dock = window_->findChild<QDockWidget*>("kernelDock");
        QVERIFY(dock);
        dock->close();
        QVERIFY(!dock->isVisible());
        window_->actions().resetLayout->trigger();
        QTRY_VERIFY(dock->isVisible());
    }

    void s_closeInTheMiddleOfARun() {
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

    void t_startsAgainWhereItWasAndClosesWhileLoading() {
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
