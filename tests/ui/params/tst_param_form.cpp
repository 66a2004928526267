// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "solver/physics/kernel.h"
#include "tests/support/ui_main.h"
#include "tests/ui/params/every_method.h"
#include "ui/params/number_box.h"
#include "ui/params/param_form.h"
#include "ui/params/section.h"
#include "ui/params/value_slider.h"

using namespace stillpoint;

namespace {

/// Another allowed value than the one shown.
std::string otherValue(const Param& param, const std::string& now) {
    switch (param.kind) {
        case ParamKind::boolean:
            return now == "true" ? "false" : "true";
        case ParamKind::integer: {
            const auto low = static_cast<std::int64_t>(param.info.minimum);
            return toText(Value(toText(Value(low)) == now ? low + 1 : low));
        }
        case ParamKind::real: {
            const double middle = (param.info.minimum + param.info.maximum) / 2;
            return toText(middle) == now ? toText(param.info.maximum) : toText(middle);
        }
        case ParamKind::choice:
            for (const std::string& choice : param.choices)
                if (choice != now) return choice;
            return now;
        case ParamKind::text:
            return now + "x";
    }
    return now;
}

/// Does with the editor what a person would do.
void enter(const ParamRow& row, const QString& text) {
    QWidget* editor = row.editor();
    if (auto* number = qobject_cast<NumberBox*>(editor)) {
        auto* line = number->findChild<QLineEdit*>();
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
    } else if (auto* check = qobject_cast<QCheckBox*>(editor)) {
        if (check->isChecked() != (text == "true")) check->click();
    } else if (auto* combo = qobject_cast<QComboBox*>(editor)) {
        combo->setCurrentIndex(combo->findData(text));
        emit combo->activated(combo->currentIndex());
    } else if (auto* line = qobject_cast<QLineEdit*>(editor)) {
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
    }
}

}  // namespace

class ParamFormTest : public QObject {
    Q_OBJECT

 private slots:
    void everyParameterHasAnEditor_data() { test::addEveryMethod(); }

    void everyParameterHasAnEditor() {
        QFETCH(QString, iterator);
        QFETCH(QString, prior);
        RecipeDraft draft;
        draft.set("iterator", iterator.toStdString());
        draft.set("prior", prior.toStdString());
        ParamForm form(draft, {});
        QStringList expected;
        for (const ParamGroup& group : Registry::builtin().groups(draft.touched()))
            for (const Param& param : group.table->params())
                expected << QString::fromStdString(group.prefix + param.key);
        QCOMPARE(form.keys(), expected);

        for (const QString& key : expected) {
            const ParamRow* row = form.row(key);
            QVERIFY2(row->editor(), qPrintable(key));
            QVERIFY2(!row->editor()->accessibleName().isEmpty(), qPrintable(key));
            QVERIFY2(row->toolTip().contains(key.toHtmlEscaped()), qPrintable(key));
            const auto labels = row->findChildren<QLabel*>();
            QVERIFY2(std::any_of(labels.begin(), labels.end(),
                                 [&](const QLabel* label) { return label->buddy() == row->editor(); }),
                     qPrintable(key));
            QCOMPARE(row->text().toStdString(), draft.complete().find(key.toStdString()).value());
        }
    }

    void valuesGoRoundTrip() {
        RecipeDraft draft;
        ParamForm form(draft, {"kernel"});
        for (const QString& key : form.keys()) {
            if (key == "iterator" || key == "prior") continue;  // they change the form: see below
            ParamRow* row = form.row(key);
            const std::string before = row->text().toStdString();
            const std::string wanted = otherValue(row->param(), before);
            if (wanted == before) continue;  // a choice of one
            QSignalSpy spy(&form, &ParamForm::changed);
            enter(*row, QString::fromStdString(wanted));
            QVERIFY2(spy.size() == 1, qPrintable(key));
            QCOMPARE(spy[0][0].toString(), key);
            QCOMPARE(spy[0][1].toString().toStdString(), wanted);
            QCOMPARE(draft.complete().find(key.toStdString()).value(), wanted);
            QCOMPARE(row->text().toStdString(), wanted);
        }
    }

    void numbersOutOfRangeAreClamped() {
        RecipeDraft draft;
        ParamForm form(draft, {"kernel"});
        int checked = 0;
        for (const QString& key : form.keys()) {
            ParamRow* row = form.row(key);
            auto* number = qobject_cast<NumberBox*>(row->editor());
            if (!number || !std::isfinite(row->param().info.maximum * 10)) continue;
            enter(*row, QString::number(row->param().info.maximum * 10 + 10));
            QCOMPARE(number->value(), row->param().info.maximum);
            const auto parsed = parseValue(row->param(), key.toStdString(), row->text().toStdString());
            QVERIFY(std::holds_alternative<Value>(parsed));
            ++checked;
        }
        QVERIFY(checked >= 5);
    }

    // The angle of a Gaussian goes from -180 to 180 and is 0 at first: in the middle (it stood at the left
    // end).
    void aSliderBeginsAtTheValue() {
        const Param* angle = findKernelFamily("gaussian")->table->find("angle");
        const ParamRow row("angle", *angle, {}, false);
        const auto* slider = row.findChild<ValueSlider*>();
        QCOMPARE(slider->value(), slider->maximum() / 2);
    }

    void sliderAndBoxShowTheSameValue() {
        RecipeDraft draft;
        ParamForm form(draft, {"kernel"});
        int checked = 0;
        for (const QString& key : form.keys()) {
            auto* slider = form.row(key)->findChild<ValueSlider*>();
            if (!slider) continue;
            auto* number = qobject_cast<NumberBox*>(form.row(key)->editor());
            const int target = slider->value() == slider->maximum() ? slider->minimum() : slider->maximum();
            slider->setValue(target);
            QCOMPARE(number->value(), slider->valueAt(target));
            QCOMPARE(draft.complete().find(key.toStdString()).value(), form.row(key)->text().toStdString());
            ++checked;
        }
        QVERIFY(checked >= 5);
    }

    void selectingAComponentChangesTheForm() {
        RecipeDraft draft;
        draft.set("prior", "tv");
        draft.set("prior.lambda", "0.125");
        ParamForm form(draft, {"kernel"});
        const QPointer<ParamRow> tv = form.row("prior.lambda");
        ParamRow* tolerance = form.row("tolerance");
        enter(*form.row("prior"), "tikhonov");
        QVERIFY(form.row("prior.lambda") != tv);
        QCOMPARE(form.row("tolerance"), tolerance);  // what stays keeps its widgets
        QVERIFY(!draft.isTouched("prior.lambda"));
        enter(*form.row("prior"), "tv");
        QCOMPARE(form.row("prior.lambda")->text(), QString("0.125"));
        QTRY_VERIFY(tv.isNull());
    }

    void whatDoesNotFitIsGreyedOutWithTheReason() {
        // GD needs a gradient, which TV has only with smoothing.
        RecipeDraft draft;
        draft.set("prior", "tv");
        draft.set("prior.smoothing", "0");
        ParamForm form(draft, {"kernel"});
        const auto* combo = qobject_cast<QComboBox*>(form.row("iterator")->editor());
        const int gd = combo->findData("gd");
        QVERIFY(!(combo->model()->flags(combo->model()->index(gd, 0)) & Qt::ItemIsEnabled));
        QVERIFY(combo->itemData(gd, Qt::ToolTipRole).toString().contains("gradient"));
        enter(*form.row("prior.smoothing"), "0.01");
        QVERIFY(combo->model()->flags(combo->model()->index(gd, 0)) & Qt::ItemIsEnabled);
    }

    void resetGoesBackToTheSuggestion() {
        RecipeDraft draft;
        draft.set("prior", "tv");
        draft.setNoiseSigma(0.05);
        ParamForm form(draft, {"kernel"});
        form.show();
        ParamRow* row = form.row("prior.lambda");
        const QString suggested = row->text();
        auto* reset = row->findChild<QToolButton*>();
        QVERIFY(reset->isHidden());
        enter(*row, "0.5");
        QVERIFY(!reset->isHidden());
        QSignalSpy spy(&form, &ParamForm::changed);
        reset->click();
        QCOMPARE(spy.size(), 1);
        QCOMPARE(row->text(), suggested);
        QVERIFY(reset->isHidden());
        QVERIFY(!draft.isTouched("prior.lambda"));
    }

    void resetIsOfferedOnlyForAnotherValue() {
        RecipeDraft draft;
        ParamForm form(draft, {"kernel"});
        form.show();
        for (const QString& key : form.keys()) {
            ParamRow* row = form.row(key);
            auto* reset = row->findChild<QToolButton*>();
            QVERIFY2(reset->isHidden(), qPrintable(key));
            if (key == "iterator" || key == "prior") continue;  // they change the form
            const std::string before = row->text().toStdString();
            const std::string other = otherValue(row->param(), before);
            if (other == before) continue;  // a choice of one
            enter(*row, QString::fromStdString(other));
            QVERIFY2(!reset->isHidden(), qPrintable(key));
            // The same as before, typed by hand: there is nothing to go back to.
            enter(*row, QString::fromStdString(before));
            QVERIFY2(reset->isHidden(), qPrintable(key));
        }
    }

    void resetAppearsWhenTheSuggestionMovesAway() {
        RecipeDraft draft;
        draft.set("prior", "tv");
        draft.setNoiseSigma(0.05);
        ParamForm form(draft, {"kernel"});
        form.show();
        ParamRow* row = form.row("prior.lambda");
        const QString suggested = row->text();
        enter(*row, "0.5");
        enter(*row, suggested);
        const auto* reset = row->findChild<QToolButton*>();
        QVERIFY(reset->isHidden());
        draft.setNoiseSigma(0.01);
        form.refresh();
        QCOMPARE(row->text(), suggested);  // what the user set does not follow
        QVERIFY(!reset->isHidden());
    }

    void focusFieldShowsTheFault() {
        RecipeDraft draft;
        QScrollArea area;
        ParamForm form(draft, {"kernel"});
        area.setWidget(&form);
        area.show();
        QVERIFY(QTest::qWaitForWindowActive(&area));
        for (auto* section : form.findChildren<Section*>()) section->setExpanded(false);
        QSignalSpy spy(&form, &ParamForm::fieldFocused);
        QVERIFY(form.focusField("anderson.history", "It is wrong."));
        ParamRow* row = form.row("anderson.history");
        QVERIFY(row->isVisible());
        QVERIFY(row->editor()->hasFocus());
        QCOMPARE(row->error(), QString("It is wrong."));
        QCOMPARE(spy.size(), 1);
        enter(*row, "3");
        QCOMPARE(row->error(), QString());
        QVERIFY(!form.focusField("nonsense", "x"));
        area.takeWidget();
    }

    void nothingIsCutOffAt260Pixels() {
        for (const auto& prior : Registry::builtin().priors()) {
            RecipeDraft draft;
            draft.set("prior", prior.name);
            ParamForm form(draft, {"kernel"});
            QVERIFY2(form.minimumSizeHint().width() <= 245,
                     qPrintable(QString::number(form.minimumSizeHint().width())));
            form.resize(245, form.heightForWidth(245));
            form.show();
            QVERIFY(QTest::qWaitForWindowExposed(&form));
            for (const QString& key : form.keys()) {
                for (const QLabel* label : form.row(key)->findChildren<QLabel*>()) {
                    if (label->text().isEmpty() || label->isHidden()) continue;
                    QVERIFY2(label->width() >= label->minimumSizeHint().width(), qPrintable(key));
                    QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(key));
                }
                const QWidget* editor = form.row(key)->editor();
                QVERIFY2(editor->width() >= editor->minimumSizeHint().width(), qPrintable(key));
            }
        }
    }
};

STILLPOINT_UI_TEST_MAIN(ParamFormTest)
#include "tst_param_form.moc"
