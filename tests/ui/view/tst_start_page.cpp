// SPDX-License-Identifier: GPL-3.0-or-later
// The start page and the message bar.
#include <QAbstractButton>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include "tests/support/ui_main.h"
#include "ui/theme/palettes.h"
#include "ui/view/empty_view.h"
#include "ui/view/message_bar.h"

using namespace stillpoint;

namespace {

QImage colour(QRgb value) {
    QImage image(300, 200, QImage::Format_RGB32);
    image.fill(value);
    return image;
}

QVector<SampleCard> samples() {
    return {{"chart", "Resolution chart", "Slanted edges, text and a star", colour(0xff2040c0)},
            {"leaves", "Dead leaves", "Natural statistics", colour(0xff20c040)},
            {"photo", "Photograph", "From this computer's backgrounds", QImage()}};
}

QVector<QAbstractButton*> cardsOf(const EmptyView& view) {
    QVector<QAbstractButton*> cards;
    for (auto* button : view.findChildren<QAbstractButton*>())
        if (button->objectName().startsWith("card-") && !button->isHidden()) cards << button;
    return cards;
}

bool shows(QWidget& widget, QRgb value) {
    const QImage image = widget.grab().toImage();
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if ((image.pixel(x, y) & 0xffffff) == (value & 0xffffff)) return true;
    return false;
}

}  // namespace

class TestStartPage : public QObject {
    Q_OBJECT

 private slots:
    void init() { QApplication::setPalette(lightPalette()); }
    void buttonsAsk();
    void cardsAreChosenByClickAndKey();
    void cardsCanBeReplaced();
    void fitsSmallWindows_data();
    void fitsSmallWindows();
    void pasteNeedsAPicture();
    void dropHighlight();
    void barIsHiddenUntilAMessageComes();
    void barRunsItsAction();
    void newMessageDropsTheAction();
    void escapeClosesTheBar();
    void longTextWraps();
    void kindsLookDifferent();
    void textIsPlain();
};

void TestStartPage::buttonsAsk() {
    EmptyView view;
    view.resize(600, 500);
    view.show();
    QSignalSpy open(&view, &EmptyView::openRequested);
    QSignalSpy paste(&view, &EmptyView::pasteRequested);
    const auto buttons = view.findChildren<QPushButton*>();
    QCOMPARE(buttons.size(), 2);
    for (QPushButton* button : buttons) {
        QVERIFY(!button->accessibleName().isEmpty());
        QVERIFY(!button->icon().isNull());
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(open.size(), 1);
    QCOMPARE(paste.size(), 1);
    QVERIFY(!view.accessibleName().isEmpty());
}

void TestStartPage::cardsAreChosenByClickAndKey() {
    EmptyView view;
    view.resize(600, 500);
    view.setSamples(samples());
    view.show();
    QSignalSpy chosen(&view, &EmptyView::sampleChosen);
    const auto cards = cardsOf(view);
    QCOMPARE(cards.size(), 3);
    QTest::mouseClick(cards[1], Qt::LeftButton);
    QCOMPARE(chosen.takeFirst().first().toString(), QString("leaves"));
    QTest::keyClick(cards[0], Qt::Key_Return);
    QCOMPARE(chosen.takeFirst().first().toString(), QString("chart"));
    QTest::keyClick(cards[2], Qt::Key_Space);
    QCOMPARE(chosen.takeFirst().first().toString(), QString("photo"));
    for (QAbstractButton* card : cards) {
        QVERIFY(card->focusPolicy() & Qt::TabFocus);
        QVERIFY(!card->accessibleName().isEmpty());
        QVERIFY(!card->accessibleDescription().isEmpty());
    }
    QVERIFY(shows(*cards[0], 0xff2040c0));
    QVERIFY(!shows(*cards[2], 0xff2040c0));
    // The ring of the card that has the focus.
    const QImage plain = cards[1]->grab().toImage();
    view.activateWindow();
    cards[1]->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(cards[1]->hasFocus());
    QVERIFY(plain != cards[1]->grab().toImage());
}

void TestStartPage::cardsCanBeReplaced() {
    EmptyView view;
    view.resize(600, 500);
    view.show();
    view.setSamples(samples());
    view.setSamples({samples().first()});
    QTRY_COMPARE(cardsOf(view).size(), 1);
    view.setSamples({});
    QCOMPARE(cardsOf(view).size(), 0);
}

void TestStartPage::fitsSmallWindows_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("beside docks at 1024x640") << QSize(500, 310);
    QTest::newRow("1440x900") << QSize(860, 560);
}

void TestStartPage::fitsSmallWindows() {
    QFETCH(const QSize, size);
    EmptyView view;
    view.resize(size);
    view.setSamples(samples());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    for (QAbstractButton* card : cardsOf(view)) {
        const QRect place(card->mapTo(&view, QPoint(0, 0)), card->size());
        QVERIFY2(view.rect().contains(place), qPrintable(QString("%1: %2 %3 %4 %5")
                                                             .arg(card->objectName())
                                                             .arg(place.left())
                                                             .arg(place.top())
                                                             .arg(place.right())
                                                             .arg(place.bottom())));
    }
    for (QScrollBar* bar : view.findChildren<QScrollBar*>()) QVERIFY(!bar->isVisible());
}

void TestStartPage::pasteNeedsAPicture() {
    EmptyView view;
    view.setPasteEnabled(false);
    int disabled = 0;
    for (QPushButton* button : view.findChildren<QPushButton*>())
        if (!button->isEnabled()) {
            ++disabled;
            QVERIFY(button->toolTip().contains("no picture"));
        }
    QCOMPARE(disabled, 1);
}

void TestStartPage::dropHighlight() {
    EmptyView view;
    view.resize(500, 400);
    const QImage before = view.grab().toImage();
    view.setDropHighlight(true);
    QVERIFY(before != view.grab().toImage());
    view.setDropHighlight(false);
    QVERIFY(before == view.grab().toImage());
}

void TestStartPage::barIsHiddenUntilAMessageComes() {
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    auto* bar = new MessageBar;
    column->addWidget(bar);
    window.show();
    QVERIFY(!bar->isVisible());
    bar->showMessage(Tone::error, "The picture could not be read.");
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->text(), QString("The picture could not be read."));
    QCOMPARE(bar->kind(), Tone::error);
    QCOMPARE(bar->accessibleName(), QString("Error: The picture could not be read."));
    QSignalSpy gone(bar, &MessageBar::dismissed);
    auto* close = bar->findChild<QToolButton*>();
    QVERIFY(!close->accessibleName().isEmpty());
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(!bar->isVisible());
    QCOMPARE(gone.size(), 1);
    bar->dismiss();
    QCOMPARE(gone.size(), 1);
}

void TestStartPage::barRunsItsAction() {
    MessageBar bar;
    int runs = 0;
    bar.showMessage(Tone::warning, "Needs a restart.");
    bar.setAction("Restart", [&] {
        ++runs;
        // The action may show the next message.
        bar.showMessage(Tone::info, "Restarted.");
    });
    auto* button = bar.findChild<QPushButton*>();
    QCOMPARE(button->text(), QString("Restart"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(runs, 1);
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), QString("Restarted."));
    QVERIFY(!button->isVisible());
}

void TestStartPage::newMessageDropsTheAction() {
    MessageBar bar;
    bar.showMessage(Tone::warning, "One.");
    bar.setAction("Do it", [] {});
    QVERIFY(bar.findChild<QPushButton*>()->isVisible());
    bar.showMessage(Tone::warning, "Two.");
    QVERIFY(!bar.findChild<QPushButton*>()->isVisible());
}

void TestStartPage::escapeClosesTheBar() {
    MessageBar bar;
    bar.showMessage(Tone::info, "Hello.");
    QTest::keyClick(bar.findChild<QToolButton*>(), Qt::Key_Escape);
    QVERIFY(!bar.isVisible());
}

void TestStartPage::longTextWraps() {
    QWidget window;
    auto* column = new QVBoxLayout(&window);
    column->setContentsMargins(0, 0, 0, 0);
    auto* bar = new MessageBar;
    column->addWidget(bar);
    column->addStretch();
    window.resize(400, 300);
    window.show();
    bar->showMessage(Tone::error, "Short.");
    QCoreApplication::sendPostedEvents();
    const int low = bar->height();
    bar->showMessage(Tone::error, QString("A long sentence about what went wrong. ").repeated(6));
    QTRY_VERIFY(bar->height() > low);
    QCOMPARE(window.width(), 400);
    for (QLabel* label : bar->findChildren<QLabel*>())
        if (!label->text().isEmpty()) QVERIFY(label->height() >= label->heightForWidth(label->width()));
}

void TestStartPage::kindsLookDifferent() {
    for (const QPalette& palette : {lightPalette(), darkPalette()}) {
        QVector<QRgb> fills;
        for (const Tone kind : {Tone::info, Tone::success, Tone::warning, Tone::error}) {
            MessageBar bar;
            bar.setPalette(palette);
            bar.resize(400, 40);
            bar.showMessage(kind, "Text.");
            fills << bar.grab().toImage().pixel(200, 2);
            QVERIFY(contrast(QColor(fills.last()), palette.color(QPalette::WindowText)) >= 7);
        }
        for (int i = 0; i < fills.size(); ++i)
            for (int j = 0; j < i; ++j) QVERIFY(fills[i] != fills[j]);
    }
}

void TestStartPage::textIsPlain() {
    MessageBar bar;
    bar.showMessage(Tone::error, "\"<b>a&b</b>.png\" is empty.");
    for (QLabel* label : bar.findChildren<QLabel*>())
        if (!label->text().isEmpty()) QCOMPARE(label->textFormat(), Qt::PlainText);
}

STILLPOINT_UI_TEST_MAIN(TestStartPage)
#include "tst_start_page.moc"
