// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QIcon>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/ui_main.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/runs_view.h"

using namespace stillpoint;

namespace {

std::vector<CurvePoint> points(int first, int count) {
    std::vector<CurvePoint> list;
    for (int i = first; i < first + count; ++i) {
        CurvePoint point;
        point.step.iteration = i;
        point.step.residual = 0.5 / i;
        point.step.seconds = 0.25 * i;
        point.psnr = 20 + i;
        list.push_back(point);
    }
    return list;
}

RunEntry entry(int id) {
    RunEntry run;
    run.id = id;
    run.record.recipe.set("prior.lambda", std::string("0.125"));
    return run;
}

RunRecord finished(const RunRecord& running, SolveStatus status) {
    RunRecord record = running;
    record.summary.status = status;
    record.summary.residual = 1e-6;
    record.summary.bestIteration = 4;
    record.summary.message = "It is at rest.";
    record.psnr = 31.5;
    return record;
}

QString text(const RunsModel& model, int row, int column) {
    return model.data(model.index(row, column)).toString();
}

}  // namespace

class RunsModelTest : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { QLocale::setDefault(QLocale::c()); }

    void passesTheModelTester() {
        RunsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int id = 3; id < 9; ++id) model.add(entry(id));
        model.appendPoints(4, points(1, 5));
        model.setActivity(4, "Running");
        model.finish(4, finished(model.find(4)->record, SolveStatus::converged), nullptr);
        QVERIFY(model.setData(model.index(0, RunsModel::name), "Better", Qt::EditRole));
        QVERIFY(model.removeRows(1, 2));
        QVERIFY(model.removeRow(model.rowCount() - 1));
        QCOMPARE(model.rowCount(), 3);
    }

    void showsARunAsItGrows() {
        RunsModel model;
        model.add(entry(7));
        QCOMPARE(text(model, 0, RunsModel::name), QString("Run 1"));
        QCOMPARE(text(model, 0, RunsModel::iterations), QString("0"));
        QCOMPARE(text(model, 0, RunsModel::residual), QString("–"));
        model.setActivity(7, "Running");
        model.appendPoints(7, points(1, 3));
        model.appendPoints(7, points(4, 1));
        QCOMPARE(text(model, 0, RunsModel::iterations), QString("4"));
        QCOMPARE(text(model, 0, RunsModel::residual), QString("1.25e-1"));
        QCOMPARE(text(model, 0, RunsModel::psnr), QString("24.00"));
        QCOMPARE(text(model, 0, RunsModel::time), QString("1.00 s"));
        QCOMPARE(text(model, 0, RunsModel::status), QString("Running"));
        const auto estimate = std::make_shared<const Image>(1, 2, 2);
        model.finish(7, finished(model.find(7)->record, SolveStatus::converged), estimate);
        QCOMPARE(text(model, 0, RunsModel::status), QString("Converged"));
        QCOMPARE(text(model, 0, RunsModel::psnr), QString("31.50"));
        QCOMPARE(model.find(7)->estimate, estimate);
        QCOMPARE(model.find(7)->record.points.size(), std::size_t{4});
    }

    void endsAreNamed_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("name");
        const auto row = [](SolveStatus status, const char* word, const char* name) {
            QTest::newRow(name) << static_cast<int>(status) << QString(word) << QString(name);
        };
        row(SolveStatus::converged, "Converged", "Converged");
        row(SolveStatus::limit, "Limit", "Iteration limit");
        row(SolveStatus::stopped, "Stopped", "Stopped by you");
        row(SolveStatus::stalled, "Stalled", "Stalled");
        row(SolveStatus::diverged, "Diverged", "Diverged (iterate 4 kept)");
    }
    void endsAreNamed() {
        QFETCH(int, status);
        QFETCH(QString, word);
        QFETCH(QString, name);
        RunsModel model;
        model.add(entry(1));
        model.finish(1, finished({}, static_cast<SolveStatus>(status)), nullptr);
        QCOMPARE(text(model, 0, RunsModel::status), word);
        const QModelIndex index = model.index(0, RunsModel::status);
        QVERIFY(model.data(index, Qt::ForegroundRole).isValid());
        QVERIFY(model.data(index, Qt::ToolTipRole).toString().contains(name));
        QCOMPARE(endText(model.at(0)->record.summary), name);
    }

    void numbersFollowTheLocale() {
        QLocale::setDefault(QLocale(QLocale::German));
        RunsModel model;
        model.add(entry(1));
        model.appendPoints(1, points(1, 4));
        QCOMPARE(text(model, 0, RunsModel::residual), QString("1,25e-1"));
        QCOMPARE(text(model, 0, RunsModel::psnr), QString("24,00"));
        QCOMPARE(model.data(model.index(0, RunsModel::residual), Qt::UserRole).toDouble(), 0.125);
    }

    void ticksOverlay() {
        RunsModel model;
        model.add(entry(5));
        QSignalSpy spy(&model, &RunsModel::overlayChanged);
        const QModelIndex index = model.index(0, RunsModel::name);
        QVERIFY(model.flags(index) & Qt::ItemIsUserCheckable);
        QCOMPARE(model.data(index, Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Checked));
        QVERIFY(model.setData(index, Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toInt(), 5);
        QCOMPARE(spy[0][1].toBool(), false);
        QVERIFY(!model.find(5)->overlay);
    }

    void renames() {
        RunsModel model;
        model.add(entry(5));
        QSignalSpy spy(&model, &RunsModel::renamed);
        const QModelIndex index = model.index(0, RunsModel::name);
        QVERIFY(!model.setData(index, "   ", Qt::EditRole));
        QVERIFY(model.setData(index, " with  TV ", Qt::EditRole));
        QCOMPARE(text(model, 0, RunsModel::name), QString("with TV"));
        QCOMPARE(spy[0][1].toString(), QString("with TV"));
        QVERIFY(!model.setData(model.index(0, RunsModel::psnr), "1", Qt::EditRole));
    }

    void removesByRow() {
        RunsModel model;
        for (int id = 1; id <= 4; ++id) model.add(entry(id));
        QSignalSpy spy(&model, &RunsModel::removed);
        QVERIFY(model.removeRows(1, 2));
        QCOMPARE(spy.size(), 2);
        QCOMPARE(spy[0][0].toInt(), 2);
        QCOMPARE(model.rowOf(4), 1);
        QVERIFY(!model.find(2));
        QVERIFY(!model.removeRows(5, 1));
        // A new run does not take a name that was used.
        QCOMPARE(model.add(entry(9)).name, QString("Run 5"));
    }

    void stylesDiffer() {
        RunsModel model;
        model.add(entry(1));
        model.add(entry(2));
        QVERIFY(model.at(0)->style.colour != model.at(1)->style.colour);
        QVERIFY(!model.data(model.index(0, 0), Qt::DecorationRole).value<QIcon>().isNull());
    }

    void tipHasTheRecipe() {
        RunsModel model;
        model.add(entry(1));
        model.finish(1, finished(model.find(1)->record, SolveStatus::converged), nullptr);
        const QString tip = model.data(model.index(0, RunsModel::status), Qt::ToolTipRole).toString();
        QVERIFY(tip.contains("prior.lambda"));
        QVERIFY(tip.contains("0.125"));
        QVERIFY(tip.contains("It is at rest."));
    }

    void unknownIdsAreIgnored() {
        RunsModel model;
        model.appendPoints(3, points(1, 2));
        model.finish(3, {}, nullptr);
        model.setRecipe(3, {}, {});
        model.setActivity(3, "x");
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.find(3));
        QVERIFY(!model.at(-1));
    }

    void nothingNeedsScrolling_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("allShown");
        QTest::newRow("wide") << 640 << true;
        QTest::newRow("beside the plot at 1024") << 366 << false;
        QTest::newRow("as narrow as it gets") << 200 << false;
    }
    void nothingNeedsScrolling() {
        QFETCH(int, width);
        QFETCH(bool, allShown);
        RunsModel model;
        for (int id = 1; id <= 3; ++id) model.add(entry(id));
        RunsView view(model);
        view.resize(width, 200);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        model.appendPoints(2, points(1, 120));
        model.setActivity(2, "Preparing");
        const auto wanted = [&](int column) {
            int widest = 0;
            for (int row = 0; row < model.rowCount(); ++row)
                widest = std::max(widest, view.sizeHintForIndex(model.index(row, column)).width());
            return widest;
        };
        const auto check = [&] {
            QCOMPARE(view.horizontalHeader()->length(), view.viewport()->width());
            for (int column = RunsModel::iterations; column < RunsModel::columns; ++column)
                if (!view.isColumnHidden(column)) QVERIFY(view.columnWidth(column) >= wanted(column));
            // What matters least goes first, name and status never.
            bool before = true;
            for (const int column : {RunsModel::time, RunsModel::iterations, RunsModel::psnr,
                                     RunsModel::residual, RunsModel::name, RunsModel::status}) {
                QVERIFY(before || !view.isColumnHidden(column));
                before = view.isColumnHidden(column);
            }
            QVERIFY(!before && !view.isColumnHidden(RunsModel::name));
        };
        check();
        QVERIFY(view.columnWidth(RunsModel::name) >= wanted(RunsModel::name));
        QVERIFY(model.setData(model.index(0, 0), QString("a name that goes on ").repeated(9), Qt::EditRole));
        check();
        QCOMPARE(!view.isColumnHidden(RunsModel::time), allShown);
    }

    void theViewSelectsRenamesAndDeletes() {
        RunsModel model;
        for (int id = 1; id <= 3; ++id) model.add(entry(id));
        RunsView view(model);
        view.resize(600, 200);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        QSignalSpy spy(&view, &RunsView::currentRunChanged);
        view.selectRun(2);
        QCOMPARE(view.currentRun(), 2);
        QCOMPARE(spy.back()[0].toInt(), 2);

        view.setActiveRun(2);
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(model.rowCount(), 3);  // it is going on
        view.setActiveRun(-1);
        QTest::keyClick(&view, Qt::Key_Delete);
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!model.find(2));

        // A click on the check box takes the curve away.
        const QRect cell = view.visualRect(model.index(0, RunsModel::name));
        QSignalSpy overlay(&model, &RunsModel::overlayChanged);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {cell.left() + 10, cell.center().y()});
        QCOMPARE(overlay.size(), 1);
    }
};

STILLPOINT_UI_TEST_MAIN(RunsModelTest)
#include "tst_runs_model.moc"
