// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTest>

#include "tests/support/ui_main.h"
#include "ui/window/progress_strip.h"

using namespace stillpoint;

class ProgressStripTest : public QObject {
    Q_OBJECT

    const QStringList forms_{"iteration 37 of at most 200 · 41 ms each · tolerance in about 5–9 s",
                             "37 of 200 · 41 ms each · tolerance in about 5–9 s", "37 of 200 · done in 5–9 s",
                             "37 of 200"};

    static QString shown(const ProgressStrip& strip) {
        return strip.findChild<QLabel*>("runProgress")->text();
    }

 private slots:
    void aNarrowStripSaysItInFewerWords() {
        ProgressStrip strip;
        strip.show("Running", Tone::info, forms_, 0.2);
        strip.resize(1000, 40);
        static_cast<QWidget&>(strip).show();
        QCOMPARE(shown(strip), forms_[0]);
        qsizetype form = 0;
        for (int width = 1000; width >= 260; width -= 5) {
            strip.resize(width, 40);
            const qsizetype now = forms_.indexOf(shown(strip));
            QVERIFY2(now >= form, qPrintable(QString("%1: %2").arg(width).arg(shown(strip))));
            form = now;
        }
        QVERIFY(form >= 2);
        // The whole stands in the tip and for screen readers.
        const auto* label = strip.findChild<QLabel*>("runProgress");
        QCOMPARE(label->toolTip(), forms_[0]);
        QCOMPARE(label->accessibleName(), forms_[0]);
        QCOMPARE(strip.text(), forms_[0]);
    }

    void aWiderNumberDoesNotMakeTheTextFlicker() {
        ProgressStrip strip;
        static_cast<QWidget&>(strip).show();
        int width = 1000;
        do {
            strip.resize(--width, 40);
            strip.show("Running", Tone::info, {"100 of 200 and more", "short"}, -1);
        } while (shown(strip) != "short");
        strip.resize(width + 1, 40);
        const auto say = [&](const QString& number) {
            strip.show("Running", Tone::info, {number + " of 200 and more", "short"}, -1);
            return shown(strip);
        };
        QCOMPARE(say("100"), QString("100 of 200 and more"));
        QCOMPARE(say("1000"), QString("short"));
        QCOMPARE(say("100"), QString("short"));
        QCOMPARE(say({}), QString(" of 200 and more"));
    }

    void theOfferTakesRoom() {
        ProgressStrip strip;
        strip.resize(500, 40);
        strip.show("Iteration limit", Tone::warning, forms_, -1);
        static_cast<QWidget&>(strip).show();
        const qsizetype before = forms_.indexOf(shown(strip));
        strip.offer("Continue, 200 more");
        QVERIFY(forms_.indexOf(shown(strip)) > before);
        const auto* button = strip.findChild<QPushButton*>();
        QVERIFY(button->isVisible());
        QVERIFY(button->width() >= button->sizeHint().width());
        strip.offer({});
        QVERIFY(!button->isVisible());
        QCOMPARE(forms_.indexOf(shown(strip)), before);
    }

    void theBarShowsTheShare() {
        ProgressStrip strip;
        static_cast<QWidget&>(strip).show();
        const auto* bar = strip.findChild<QProgressBar*>();
        strip.show("Running", Tone::info, forms_, 0.25);
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->value() * 4, bar->maximum());
        strip.show("Converged", Tone::success, forms_, -1);
        QVERIFY(!bar->isVisible());
    }
};

STILLPOINT_UI_TEST_MAIN(ProgressStripTest)
#include "tst_progress_strip.moc"
