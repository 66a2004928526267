// SPDX-License-Identifier: GPL-3.0-or-later
// The window around the main job: opening in every way, bad input, keys, memory, layout.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QImage>
#include <QMimeData>
#include <QPushButton>
#include <QRadioButton>
#include <QUrl>

#include "tests/ui/window/window_fixture.h"
#include "ui/io/picture.h"
#include "ui/kernel/kernel_panel.h"
#include "ui/kernel/kernel_preview.h"
#include "ui/problem/problem_panel.h"

using namespace stillpoint;
using namespace stillpoint::test;

class WindowUseTest : public QObject, WindowFixture {
    Q_OBJECT

 private slots:
    void initTestCase() {
        open();
        window_->openSample("chart");
        PATIENTLY(!window_->document().isEmpty() && window_->isSettled());
    }
    void cleanupTestCase() { window_.reset(); }

    void spaceBelongsToAButtonThatHasTheFocus() {
        QRadioButton* restore = window_->docks().problem()->restoreButton();
        restore->setFocus();
        QVERIFY(restore->hasFocus());
        QTest::keyClick(restore, Qt::Key_Space);
        QVERIFY(restore->isChecked());
        QCOMPARE(window_->runs().rowCount(), 0);  // nothing ran
        QCOMPARE(window_->document().problem().mode, ProblemChoice::Mode::restore);
        QCOMPARE(window_->document().input().blurred, window_->document().picture().image);
        QTest::mouseClick(window_->docks().problem()->simulateButton(), Qt::LeftButton);
        PATIENTLY(window_->isSettled());
    }

    void tooLittleMemoryIsToldBeforeTheRun() {
        QVERIFY(window_->actions().run->toolTip().contains("MiB of memory"));
        QVERIFY(window_->progressStrip()->text().contains("MiB of memory"));
        window_->desk().freeMemory = [this] { return window_->desk().memoryNeeded() * 4 / 3; };
        type(number("max-iter"), "4");
        QVERIFY(window_->progressStrip()->text().contains("of free memory"));
        const int before = window_->runs().rowCount();
        window_->desk().freeMemory = [] { return std::int64_t{0}; };
        press(Qt::Key_Space);
        QVERIFY(window_->messageBar()->isVisible());
        QCOMPARE(window_->messageBar()->kind(), Tone::warning);
        QVERIFY(window_->messageBar()->text().contains("memory"));
        QCOMPARE(window_->progressStrip()->state(), QString("Short of memory"));
        QVERIFY(!window_->desk().isActive());
        QCOMPARE(window_->runs().rowCount(), before);
        auto* anyway = window_->messageBar()->findChild<QPushButton*>();
        QTest::mouseClick(anyway, Qt::LeftButton);
        PATIENTLY(window_->runs().rowCount() == before + 1);
        QVERIFY(!window_->messageBar()->isVisible());
        PATIENTLY(window_->isSettled());
        // The next run takes the memory over that this one holds.
        press(Qt::Key_Space);
        PATIENTLY(window_->runs().rowCount() == before + 2);
        PATIENTLY(window_->isSettled());
    }

    void badFilesAreExplained() {
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

    void dropAPicture() {
        const QString path = folder_.filePath("sharp.png");
        writePicture(path, window_->document().picture());
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
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

    void pasteAPicture() {
        QImage image(40, 30, QImage::Format_RGB32);
        image.fill(Qt::darkGreen);
        QApplication::clipboard()->setImage(image);
        QTRY_VERIFY(window_->actions().paste->isEnabled());
        press(Qt::Key_V, Qt::ControlModifier);
        PATIENTLY(window_->document().picture().width() == 40);
        PATIENTLY(window_->isSettled());
    }

    // A photograph has an unknown rim; a simulation repeats itself, or shows a part of the picture if the
    // user says so.
    void theBoundaryFollowsTheProblem() {
        Document& document = window_->document();
        const auto boundary = [&] { return document.recipe().find("boundary").value_or(""); };
        const ProblemChoice before = document.problem();
        ProblemChoice choice = before;
        choice.mode = ProblemChoice::Mode::restore;
        document.setProblem(choice);
        QCOMPARE(boundary(), std::string("unknown"));
        choice.mode = ProblemChoice::Mode::simulate;
        document.setProblem(choice);
        QCOMPARE(boundary(), std::string("periodic"));
        PATIENTLY(document.input().blurred);
        QVERIFY(document.input().blurred->shape() == document.picture().image->shape());
        document.draft().set("boundary", "unknown");
        document.draftEdited();
        PATIENTLY(document.input().blurred && document.input().blurred->width() < document.picture().width());
        QVERIFY(document.input().reference->shape() == document.input().blurred->shape());
        press(Qt::Key_Space);
        PATIENTLY(window_->runs().rowCount() > 0 && window_->isSettled());
        QVERIFY(window_->view()->estimate()->shape() == document.input().blurred->shape());
        document.draft().reset("boundary");
        document.draftEdited();
        document.setProblem(before);
        PATIENTLY(window_->isSettled());
    }

    void kernelLargerThanThePictureIsAFaultOfItsField() {
        KernelPanel* kernel = window_->docks().kernel();
        type(qobject_cast<NumberBox*>(kernel->row("sigma")->editor()), "30");
        PATIENTLY(!kernel->error().isEmpty());
        type(qobject_cast<NumberBox*>(kernel->row("sigma")->editor()), "1");
        PATIENTLY(kernel->error().isEmpty());
        PATIENTLY(window_->isSettled());
    }

    void aKernelThatCannotBeReadStopsTheRunBeforeItBegins() {
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

    void layoutCanBeReset() {
        QDockWidget* dock = window_->findChild<QDockWidget*>("kernelDock");
        QVERIFY(dock);
        dock->close();
        QVERIFY(!dock->isVisible());
        window_->actions().resetLayout->trigger();
        QTRY_VERIFY(dock->isVisible());
    }
};

STILLPOINT_UI_TEST_MAIN(WindowUseTest)
#include "tst_window_use.moc"
