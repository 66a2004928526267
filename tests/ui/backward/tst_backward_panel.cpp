// SPDX-License-Identifier: GPL-3.0-or-later
// The backward pass in the window, by clicks and keys.
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTabBar>
#include <QToolButton>

#include "tests/ui/window/window_fixture.h"
#include "ui/backward/gradient_table.h"
#include "ui/backward/signed_map.h"
#include "ui/backward/warning_bar.h"
#include "ui/plot/convergence_plot.h"
#include "ui/problem/problem_panel.h"
#include "ui/runs/runs_view.h"
#include "ui/window/backward_desk.h"

using namespace stillpoint;
using namespace stillpoint::test;

using Compare = PictureView::Compare;

class BackwardTest : public QObject, WindowFixture {
    Q_OBJECT

    BackwardPanel& panel() const { return *window_->docks().backward(); }
    GradientTable& table() const { return *panel().table(); }
    const BackwardRecord* record(int row) const {
        const BackwardResult* result = window_->backward().result(run(row).id);
        return result ? result->record.get() : nullptr;
    }
    /// Row of a parameter in the table, -1 if there is none.
    int rowOf(const char* key) const {
        for (int row = 0; row < table().rowCount(); ++row)
            if (table().item(row, GradientTable::parameter)->data(Qt::UserRole) == key) return row;
        return -1;
    }
    bool canHave(LossKind kind) const {
        const auto* items = qobject_cast<QStandardItemModel*>(panel().lossBox()->model());
        return items->item(static_cast<int>(kind))->isEnabled();
    }
    void clickTab(QWidget* page) const {
        QTabBar* bar = panel().tabs()->tabBar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(panel().tabs()->indexOf(page)).center());
    }
    void resize(const QSize& size) {
        window_->resize(size);
        PATIENTLY(window_->size() == size);
        QCoreApplication::processEvents();  // what the layouts have put off
    }
    /// The sizes that a window opens with.
    void resetLayout() {
        window_->docks().reset();
        window_->docks().raiseBackward();
        PATIENTLY(panel().isVisible());
        QCoreApplication::processEvents();
    }
    /// Whether all of it can be seen without scrolling.
    bool isInView(const QWidget& widget) const {
        const QRect place(widget.mapTo(&panel(), QPoint()), widget.size());
        return widget.isVisible() && panel().rect().contains(place);
    }
    /// Whether every number, name and heading has the room that it asks for, and every row can be seen.
    void checkNothingIsCutOff(const GradientTable& table) const {
        QVERIFY(table.horizontalHeader()->length() <= table.viewport()->width());
        QVERIFY(!table.horizontalScrollBar()->isVisible());
        QVERIFY(!table.verticalScrollBar()->isVisible());
        for (int column = 0; column < GradientTable::columns; ++column) {
            const int heading = table.horizontalHeader()->sectionSizeHint(column);
            QVERIFY2(heading <= table.columnWidth(column), qPrintable(QString::number(column)));
            for (int row = 0; row < table.rowCount(); ++row) {
                const QModelIndex index = table.model()->index(row, column);
                const QSize wanted = table.itemDelegateForIndex(index)->sizeHint(itemOption(table), index);
                QVERIFY2(wanted.width() <= table.columnWidth(column), qPrintable(index.data().toString()));
            }
        }
    }
    static QStyleOptionViewItem itemOption(const GradientTable& table) {
        QStyleOptionViewItem option;
        option.initFrom(&table);
        option.font = table.font();
        option.widget = &table;
        return option;
    }
    void runToTheEnd() {
        const int before = window_->runs().rowCount();
        press(Qt::Key_Space);
        PATIENTLY(window_->runs().rowCount() == before + 1);
        PATIENTLY(window_->isSettled());
    }

 private slots:
    void initTestCase() {
        open();
        window_->openSample("chart");
        PATIENTLY(!window_->document().isEmpty() && window_->isSettled());
        choose("iterator", "pgd");
        choose("prior", "tv");
        type(number("max-iter"), "40");
        type(number("tolerance"), "1e-9");  // all runs end at the limit
    }
    void cleanupTestCase() { window_.reset(); }

    void withoutARunItSaysWhy() {
        QVERIFY(!window_->actions().backward->isEnabled());
        QVERIFY(window_->actions().backward->toolTip().contains("run"));
        QVERIFY(!panel().computeButton()->isEnabled());
        QVERIFY(!panel().status().isEmpty());
        QVERIFY(!panel().adjointButton()->isEnabled());
        QCOMPARE(table().rowCount(), 0);
        press(Qt::Key_B, Qt::ControlModifier);
        QCOMPARE(window_->desk().state(), WorkerState::idle);
    }

    void theFormsHaveTheKeysOfTheBackwardPass() {
        ParamForm* form = window_->docks().solver();
        for (const char* key :
             {"backward.solver", "backward.tolerance", "backward.max-iter", "backward.anderson.history"})
            QVERIFY2(form->row(key), key);
        type(number("backward.tolerance"), "0.002");
        type(number("backward.max-iter"), "25");  // far from an equilibrium it may need very many
        QCOMPARE(window_->document().recipe().find("backward.tolerance"), std::string("0.002"));
        QVERIFY(form->focusField("backward.solver", {}));
        QVERIFY(form->row("backward.solver")->isVisible());
    }

    void ctrlBComputesTheGradient() {
        runToTheEnd();
        QVERIFY(window_->actions().backward->isEnabled());
        QVERIFY(panel().status().contains("Ctrl+B"));
        QCOMPARE(panel().choice().kind, LossKind::mse);  // the sharp picture is known
        press(Qt::Key_B, Qt::ControlModifier);
        PATIENTLY(record(0));
        PATIENTLY(window_->isSettled());
        QVERIFY(panel().isVisible());  // its tab has come to the front

        for (const char* key : {"step", "prior.lambda"}) {
            const int row = rowOf(key);
            QVERIFY2(row >= 0, key);
            for (const int column :
                 {GradientTable::value, GradientTable::gradient, GradientTable::relative}) {
                QVERIFY(!table().item(row, column)->text().isEmpty());
                QVERIFY(table().item(row, column)->textAlignment() & Qt::AlignRight);
            }
        }
        QCOMPARE(static_cast<std::size_t>(table().rowCount()), record(0)->parameters.size());
        QCOMPARE(panel().plot()->pointCount(1), static_cast<int>(record(0)->residuals.size()));
        QVERIFY(panel().plot()->pointCount(1) > 0);
        QVERIFY(panel().status().contains("residual"));
        QVERIFY(panel().status().contains("Mean squared error"));
        QVERIFY(!panel().kernelMap()->legend().isEmpty());
        // 40 iterations are not enough, and the panel says so.
        QCOMPARE(panel().warning().isEmpty(), record(0)->warnings.empty());
        QCOMPARE(run(0).record.recipe.find("backward.tolerance"), std::string("0.002"));
        QVERIFY(run(0).record.marks.empty());
    }

    void aSmallWindowShowsAllOfIt() {
        resize({1024, 640});
        QVERIFY(isInView(table()));  // the table comes to the front at the end
        resetLayout();
        QVERIFY(isInView(table()));
        checkNothingIsCutOff(table());
        QVERIFY(!panel().findChild<QScrollArea*>()->verticalScrollBar()->isVisible());
        for (const QWidget* widget :
             {static_cast<QWidget*>(panel().lossBox()), static_cast<QWidget*>(panel().noiseBox()),
              static_cast<QWidget*>(panel().computeButton()), static_cast<QWidget*>(panel().adjointButton())})
            QVERIFY2(isInView(*widget), widget->metaObject()->className());
        QVERIFY(table().item(rowOf("prior.lambda"), GradientTable::parameter)->toolTip().contains("prior."));
        clickTab(panel().kernelMap());
        QVERIFY(isInView(*panel().kernelMap()));
        clickTab(panel().plot());
        QVERIFY(isInView(*panel().plot()));
        clickTab(&table());
        QVERIFY(isInView(table()));
    }

    void aLongWarningUnfolds() {
        WarningBar* bar = panel().warningBar();
        QVERIFY(isInView(*bar));
        QVERIFY(panel().warning().size() > 80);
        QVERIFY(isInView(*bar->unfoldButton()));
        const int folded = bar->height();
        QTest::mouseClick(bar->unfoldButton(), Qt::LeftButton);
        PATIENTLY(bar->height() > folded);
        QTest::mouseClick(bar->unfoldButton(), Qt::LeftButton);
        PATIENTLY(bar->height() == folded);
    }

    void aLargerWindowShowsCurveAndTable() {
        resize({1440, 900});
        resetLayout();
        QVERIFY(isInView(table()));
        QVERIFY(isInView(*panel().plot()) || isInView(*panel().kernelMap()));
        checkNothingIsCutOff(table());
        QVERIFY(!panel().findChild<QScrollArea*>()->verticalScrollBar()->isVisible());
        resize({1200, 800});
        resetLayout();
    }

    void equalLabelsAreToldApart() {
        GradientTable small;
        Recipe recipe;
        recipe.set("fidelity", std::string("l1"));
        small.setGradients({{"fidelity.smoothing", 0.01, -1.25e-5}, {"prior.smoothing", 0.002, -2.4e-3}},
                           recipe);
        small.resize(350, 100);
        small.show();
        QVERIFY(QTest::qWaitForWindowExposed(&small));
        const auto name = [&](int row) { return small.shownName(row); };
        QVERIFY(name(0) != name(1));
        QVERIFY(!name(0).contains("fidelity.smoothing"));
        checkNothingIsCutOff(small);
        small.resize(600, 100);
        QTRY_VERIFY(name(0).contains("fidelity.smoothing"));  // keys where there is room for them
        small.hide();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }

    void theTableIsCopiedAsText() {
        table().setFocus();
        table().clearSelection();
        QTest::keyClick(&table(), Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), static_cast<qsizetype>(record(0)->parameters.size()) + 1);
        const QStringList cells = lines[1].split('\t');
        QCOMPARE(cells[0], QString::fromStdString(record(0)->parameters[0].key));
        QVERIFY(std::abs(cells[2].toDouble() - record(0)->parameters[0].gradient) <=
                1e-8 * std::abs(record(0)->parameters[0].gradient));
        table().selectRow(0);
        QTest::keyClick(&table(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts).size(), 2);
    }

    void theAdjointIsAViewOfItsOwn() {
        PictureView* view = window_->view();
        QCOMPARE(view->adjoint().get(), &record(0)->adjoint);
        const QString before = view->badgeText();
        press(Qt::Key_F10);
        QCOMPARE(view->compare(), Compare::adjoint);
        QVERIFY(panel().adjointButton()->isChecked());
        QVERIFY(view->badgeText().startsWith("adjoint v"));
        QVERIFY(view->badgeText().contains("±"));
        QVERIFY(view->grab().toImage() != QImage());
        QTest::mouseClick(panel().adjointButton(), Qt::LeftButton);
        QCOMPARE(view->compare(), Compare::split);
        QCOMPARE(view->badgeText(), before);
        QTest::mouseClick(panel().adjointButton(), Qt::LeftButton);
        QCOMPARE(view->compare(), Compare::adjoint);
        press(Qt::Key_F8);
        QCOMPARE(view->compare(), Compare::estimate);
        QVERIFY(!panel().adjointButton()->isChecked());
        press(Qt::Key_F5);
    }

    void resultsBelongToTheirRun() {
        const int rows = table().rowCount();
        runToTheEnd();
        QCOMPARE(table().rowCount(), 0);
        QVERIFY(panel().status().contains("Ctrl+B"));
        QVERIFY(!window_->view()->adjoint());
        QVERIFY(!window_->actions().compare->actions().last()->isEnabled());
        window_->docks().runs()->selectRun(run(0).id);
        QCOMPARE(table().rowCount(), rows);
        QCOMPARE(window_->view()->adjoint().get(), &record(0)->adjoint);
        QVERIFY(!window_->actions().backward->isEnabled());  // its solver is gone
        QVERIFY(panel().computeButton()->toolTip().contains("newest"));
        window_->docks().runs()->selectRun(run(1).id);
        QVERIFY(window_->actions().backward->isEnabled());
    }

    void anotherLossByTheBox() {
        QVERIFY(canHave(LossKind::sure));  // the noise of the simulation is known
        QComboBox* box = panel().lossBox();
        box->setFocus();
        while (box->currentIndex() != static_cast<int>(LossKind::whiteness))
            QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(panel().choice().kind, LossKind::whiteness);
        QTest::mouseClick(panel().computeButton(), Qt::LeftButton);
        PATIENTLY(record(1));
        QCOMPARE(record(1)->choice.kind, LossKind::whiteness);
        PATIENTLY(window_->isSettled());
    }

    void stopCancelsAndTheRunGoesOn() {
        // Long enough to be met on its way: nothing is ever good enough for it.
        type(number("backward.max-iter"), "100000");
        type(number("backward.tolerance"), "1e-12");
        ParamForm* form = window_->docks().solver();
        form->focusField("backward.solver", {});
        auto* box = qobject_cast<QComboBox*>(form->row("backward.solver")->editor());
        QVERIFY(box);
        while (box->currentData().toString() != "picard" && box->currentIndex() + 1 < box->count())
            QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(window_->document().recipe().find("backward.solver"), std::string("picard"));
        press(Qt::Key_B, Qt::ControlModifier);
        PATIENTLY(window_->desk().state() == WorkerState::differentiating);
        QVERIFY(window_->actions().stop->isEnabled());
        QVERIFY(!window_->actions().run->isEnabled());
        QCOMPARE(panel().computeButton()->text(), QString("Cancel"));
        press(Qt::Key_Period, Qt::ControlModifier);
        PATIENTLY(window_->isSettled());
        const BackwardResult* result = window_->backward().result(run(1).id);
        QVERIFY(result && !result->going);
        QCOMPARE(result->record->summary.status, SolveStatus::stopped);
        QVERIFY(!panel().warning().isEmpty());
        QVERIFY(panel().computeButton()->text().startsWith("Compute"));

        QVERIFY(window_->desk().canContinue());
        const std::size_t before = points(1);
        window_->desk().continueRun();
        PATIENTLY(points(1) > before && window_->isSettled());
        QVERIFY(panel().warning().contains("gone on"));
    }

    void whatCannotBeHadIsGreyedOut() {
        window_->docks().problem()->restoreButton()->setFocus();
        QTest::mouseClick(window_->docks().problem()->restoreButton(), Qt::LeftButton);
        PATIENTLY(window_->isSettled());
        type(number("max-iter"), "3");
        runToTheEnd();
        QVERIFY(!run(2).input.reference);
        QVERIFY(!canHave(LossKind::mse));
        QVERIFY(!canHave(LossKind::discrepancy));
        QVERIFY(canHave(LossKind::whiteness));
        const auto* items = qobject_cast<QStandardItemModel*>(panel().lossBox()->model());
        QVERIFY(items->item(0)->toolTip().contains("reference"));
        QCOMPARE(panel().choice().kind, LossKind::whiteness);
        type(panel().noiseBox(), "0.01");
        QVERIFY(canHave(LossKind::discrepancy));
        QCOMPARE(panel().choice().noiseSigma, 0.01);
    }

    void closingCancels() {
        press(Qt::Key_B, Qt::ControlModifier);
        PATIENTLY(window_->desk().state() == WorkerState::differentiating ||
                  window_->backward().result(run(2).id)->record);
        window_.reset();  // waits for no more than a step
        QVERIFY(!window_);
    }
};

STILLPOINT_UI_TEST_MAIN(BackwardTest)
#include "tst_backward_panel.moc"
