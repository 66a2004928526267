// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/ui_main.h"
#include "ui/params/number_box.h"
#include "ui/params/number_text.h"
#include "ui/params/value_slider.h"

using namespace stillpoint;

namespace {

constexpr NumberBox::Range kLog{0, 10, 0.01, true, false};
constexpr NumberBox::Range kLinear{-1, 1, 0.1, false, false};
constexpr NumberBox::Range kWhole{1, 30, 1, false, true};

void type(NumberBox& box, const QString& text) {
    auto* line = box.findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
}

}  // namespace

class NumberBoxTest : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { QLocale::setDefault(QLocale::c()); }

    void numbersReadBack_data() {
        QTest::addColumn<QLocale>("locale");
        QTest::newRow("C") << QLocale::c();
        QTest::newRow("German") << QLocale(QLocale::German);
        QTest::newRow("French") << QLocale(QLocale::French);
    }
    void numbersReadBack() {
        QFETCH(QLocale, locale);
        QLocale::setDefault(locale);
        for (const double value : {0.0, 1.0, 0.1, 1e-5, 12345.678, 3e300, -2.5e-300, 1.0 / 3})
            QCOMPARE(numberFromText(numberText(value)).value_or(-1), value);
        // A point always works, so that numbers can be pasted from papers and recipes.
        QCOMPARE(numberFromText("0.25").value_or(-1), 0.25);
        QCOMPARE(numberFromText("1.5e-3").value_or(-1), 1.5e-3);
    }
    void germanComma() {
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(numberText(0.5), QString("0,5"));
        QCOMPARE(numberFromText("0,5").value_or(-1), 0.5);
    }
    void noNumbers() {
        for (const char* text : {"", "x", "1e", "inf", "nan", "1 2"})
            QVERIFY(!numberFromText(text).has_value());
    }

    void typingTakesEffectWithEnter() {
        NumberBox box(kLog);
        QSignalSpy spy(&box, &NumberBox::valueChanged);
        type(box, "2.5e-3");
        QCOMPARE(box.value(), 2.5e-3);
        QCOMPARE(spy.size(), 1);
        type(box, "2.5e-3");
        QCOMPARE(spy.size(), 1);  // nothing new
    }
    void typingIsClampedToTheRange() {
        NumberBox box(kLog);
        type(box, "11");
        QCOMPARE(box.value(), 10.0);
        NumberBox whole(kWhole);
        type(whole, "7.4");
        QCOMPARE(whole.value(), 7.0);
    }
    void lettersAreRefused() {
        NumberBox box(kLog);
        box.setValue(1);
        type(box, "abc");
        QCOMPARE(box.value(), 1.0);
        QCOMPARE(box.text(), QString("1"));
    }
    void halfTypedNumbersFallBack() {
        NumberBox box(kLog);
        box.setValue(2);
        type(box, "e-");
        QCOMPARE(box.value(), 2.0);
        QCOMPARE(box.text(), QString("2"));
    }
    void spaceCommitsAndIsLeftToTheWindow() {
        NumberBox box(kLog);
        box.show();
        box.setFocus();
        auto* line = box.findChild<QLineEdit*>();
        line->selectAll();
        QTest::keyClicks(line, "3");
        QCOMPARE(box.value(), 0.0);
        QKeyEvent override(QEvent::ShortcutOverride, Qt::Key_Space, Qt::NoModifier, " ");
        override.ignore();
        QCoreApplication::sendEvent(&box, &override);
        QVERIFY(!override.isAccepted());
        QCOMPARE(box.value(), 3.0);
    }

    void stepsOfALogarithmicBox() {
        NumberBox box(kLog);
        box.setValue(0.01);
        box.stepUp();
        QCOMPARE(box.value(), 0.011);
        box.stepDown();
        QCOMPARE(box.value(), 0.01);
        box.stepDown();
        QCOMPARE(box.value(), 0.0099);
        box.setValue(0);
        box.stepUp();
        QCOMPARE(box.value(), 1e-5);
        box.setValue(9.99);
        box.stepBy(5);
        QCOMPARE(box.value(), 10.0);
    }
    void stepsOfALinearBoxAreDecimal() {
        NumberBox box(kLinear);
        box.setValue(0.1);
        box.stepBy(2);
        QCOMPARE(box.text(), QString("0.3"));
    }
    void settingIsSilent() {
        NumberBox box(kWhole);
        QSignalSpy spy(&box, &NumberBox::valueChanged);
        box.setValue(12);
        QCOMPARE(spy.size(), 0);
    }

    void sliderCoversTheRange_data() {
        QTest::addColumn<NumberBox::Range>("range");
        QTest::newRow("logarithmic from 0") << kLog;
        QTest::newRow("logarithmic") << NumberBox::Range{1e-8, 1, 0.01, true, false};
        QTest::newRow("linear") << kLinear;
        QTest::newRow("whole") << kWhole;
        QTest::newRow("whole, logarithmic") << NumberBox::Range{1, 100000, 1, true, true};
    }
    void sliderCoversTheRange() {
        QFETCH(NumberBox::Range, range);
        QVERIFY(ValueSlider::isUseful(range));
        ValueSlider slider(range);
        QCOMPARE(slider.valueAt(slider.minimum()), range.minimum);
        QCOMPARE(slider.valueAt(slider.maximum()), range.maximum);
        double last = range.minimum;
        for (int position = 0; position <= slider.maximum(); ++position) {
            const double value = slider.valueAt(position);
            QVERIFY(value >= last && value <= range.maximum);
            // What the slider shows for its own value is that place, give or take the rounding of the value.
            QVERIFY(std::abs(slider.valueAt(slider.positionOf(value)) - value) <=
                    0.02 * std::abs(value) + 1e-9);
            last = value;
        }
    }
    void sliderTellsOnlyWhatTheUserDoes() {
        ValueSlider slider(kLog);
        QSignalSpy spy(&slider, &ValueSlider::dragged);
        slider.setShownValue(0.5);
        QCOMPARE(spy.size(), 0);
        slider.setFocus();
        QTest::keyClick(&slider, Qt::Key_Right);
        QCOMPARE(spy.size(), 1);
        QVERIFY(spy[0][0].toDouble() > 0.5);
    }
};

STILLPOINT_UI_TEST_MAIN(NumberBoxTest)
#include "tst_number_box.moc"
