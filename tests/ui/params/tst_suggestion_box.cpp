// SPDX-License-Identifier: GPL-3.0-or-later
// Suggestions for text parameters and files for them, by clicks.
#include <QAbstractItemView>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/networks.h"
#include "tests/support/ui_main.h"
#include "ui/params/param_form.h"
#include "ui/params/suggestion_box.h"

using namespace stillpoint;

namespace {

/// Opens the list and clicks on its entry.
void pick(SuggestionBox* box, int row) {
    QTest::mouseClick(box, Qt::LeftButton);
    QTRY_VERIFY(box->view()->isVisible());
    const QRect place = box->view()->visualRect(box->model()->index(row, 0));
    QTest::mouseMove(box->view()->viewport(), place.center());
    QTest::qWait(QApplication::doubleClickInterval() + 50);  // the list ignores what may be one click still
    QTest::mouseClick(box->view()->viewport(), Qt::LeftButton, {}, place.center());
    QTRY_VERIFY(!box->view()->isVisible());
}

QStringList entries(const SuggestionBox* box) {
    QStringList list;
    for (int i = 0; i < box->count(); ++i) list << box->itemText(i);
    return list;
}

}  // namespace

class SuggestionBoxTest : public QObject {
    Q_OBJECT

    const ParamInfo info_{.label = "Thing",
                          .suggestions = {{"small", "quick", "For all days."}, {"large", "", ""}},
                          .files = "*.thing"};

 private slots:
    void cleanup() { QSettings().clear(); }

    void listsSuggestionsFilesAndTheDialog() {
        SuggestionBox box(info_);
        box.setText("small");
        QCOMPARE(entries(&box), QStringList({"small: quick", "large", "", "Open file…"}));
        QVERIFY(box.toolTip().contains("For all days."));
        box.setFiles({"/here/a.thing"});
        QCOMPARE(box.itemText(2), QString("a.thing"));
        QVERIFY(box.itemData(2, Qt::ToolTipRole).toString().contains("/here/a.thing"));
        QCOMPARE(box.text(), QString("small"));
        box.setText("/there/b.thing");  // from elsewhere: it joins the list
        QCOMPARE(box.text(), QString("/there/b.thing"));
        QCOMPARE(box.currentText(), QString("b.thing"));
        QVERIFY(box.toolTip().contains("/there/b.thing"));
        QCOMPARE(box.count(), 6);
    }

    void withoutFilesThereIsNoDialog() {
        ParamInfo plain = info_;
        plain.files.clear();
        const SuggestionBox box(plain);
        QCOMPARE(entries(&box), QStringList({"small: quick", "large"}));
    }

    void clicksChooseAndAsk() {
        SuggestionBox box(info_);
        box.setText("small");
        box.show();
        QVERIFY(QTest::qWaitForWindowExposed(&box));
        QSignalSpy chosen(&box, &SuggestionBox::chosen);
        QSignalSpy wanted(&box, &SuggestionBox::fileWanted);
        pick(&box, 1);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(box.text(), QString("large"));
        pick(&box, 3);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(box.text(), QString("large"));  // as long as no file was chosen
        QCOMPARE(box.currentText(), QString("large"));
        QCOMPARE(chosen.size(), 1);
    }

    void theFormOffersTheModels() {
        RecipeDraft draft;
        draft.set("prior", "denoiser");
        ParamForm form(draft, {"kernel"});
        form.show();
        QVERIFY(QTest::qWaitForWindowExposed(&form));
        auto* box = qobject_cast<SuggestionBox*>(form.row("prior.model")->editor());
        QVERIFY(box);
        const auto& suggestions = form.row("prior.model")->param().info.suggestions;
        QVERIFY(suggestions.size() >= 2);
        for (std::size_t i = 0; i < suggestions.size(); ++i) {
            QCOMPARE(box->itemData(static_cast<int>(i)).toString().toStdString(), suggestions[i].text);
            QVERIFY(box->itemText(static_cast<int>(i)).contains("kFLOP a pixel"));
        }
        const int other = box->currentIndex() == 0 ? 1 : 0;
        pick(box, other);
        QCOMPARE(draft.complete().find("prior.model"), suggestions[static_cast<std::size_t>(other)].text);
    }

    void aFileIsTriedTakenAndRemembered() {
        const QString path = QString::fromStdString(testModel());
        RecipeDraft draft;
        draft.set("prior", "denoiser");
        ParamForm form(draft, {"kernel"});
        form.askFile = [path](const Param&) { return path; };
        form.show();
        QVERIFY(QTest::qWaitForWindowExposed(&form));
        ParamRow* row = form.row("prior.model");
        auto* box = qobject_cast<SuggestionBox*>(row->editor());
        QSignalSpy changed(&form, &ParamForm::changed);
        pick(box, box->count() - 1);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(row->text(), path);
        QCOMPARE(draft.complete().find("prior.model"), path.toStdString());
        QCOMPARE(box->currentText(), QString("tiny.safetensors"));
        // Another prior and back, and another window: it is still in the list.
        draft.set("prior.model", "fast");
        form.refresh();
        QVERIFY(box->findData(path) >= 0);
        RecipeDraft later;
        later.set("prior", "denoiser");
        ParamForm again(later, {"kernel"});
        QVERIFY(qobject_cast<SuggestionBox*>(again.row("prior.model")->editor())->findData(path) >= 0);
    }

    void aBadFileIsExplainedAndChangesNothing_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other") << QByteArray("this is no model at all, whatever its name says");
        QTest::newRow("cut off") << QByteArray("\x40\0\0\0\0\0\0\0{\"__metadata__\":{", 25);
    }

    void aBadFileIsExplainedAndChangesNothing() {
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        const QString path = folder.filePath("bad.safetensors");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        RecipeDraft draft;
        draft.set("prior", "denoiser");
        ParamForm form(draft, {"kernel"});
        form.askFile = [path](const Param&) { return path; };
        form.show();
        QVERIFY(QTest::qWaitForWindowExposed(&form));
        ParamRow* row = form.row("prior.model");
        const QString before = row->text();
        auto* box = qobject_cast<SuggestionBox*>(row->editor());
        const int count = box->count();
        QSignalSpy changed(&form, &ParamForm::changed);
        pick(box, box->count() - 1);
        QVERIFY2(row->error().contains("bad.safetensors") && row->error().endsWith('.'),
                 qPrintable(row->error()));
        QCOMPARE(row->text(), before);
        QCOMPARE(box->currentData().toString(), before);
        QCOMPARE(box->count(), count);
        QVERIFY(changed.isEmpty());
        QVERIFY(!draft.isTouched("prior.model"));
        // Cancelling the next dialog changes nothing either.
        form.askFile = [](const Param&) { return QString(); };
        pick(box, box->count() - 1);
        QCOMPARE(row->text(), before);
        QVERIFY(changed.isEmpty());
    }
};

STILLPOINT_UI_TEST_MAIN(SuggestionBoxTest)
#include "tst_suggestion_box.moc"
