// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QSignalSpy>

#include "tests/ui/view/view_support.h"

using namespace stillpoint;
using namespace stillpoint::test;

using Compare = PictureView::Compare;

/// Split, side by side, single pictures, and what the cursor reads, through real events.
class TestPictureCompare : public QObject, ViewFixture {
    Q_OBJECT

 private slots:
    void init() { open(); }
    void cleanup() { view_.reset(); }
    void splitShowsBothHalves();
    void dividerIsDragged();
    void handleIsDraggedAndTakesKeys();
    void sideBySideIsLinked();
    void singlePicturesAndFallBack();
    void blinkShowsTheInput();
    void hoverReadsBothPictures();
    void theAdjointHasColoursABadgeAndNumbers();
    void hoverSpeaksTheUsersLanguage();
    void newEstimateKeepsZoomAndPosition();
    void anotherSizeReplaces();
    void clearLeavesNothing();
    void scaleFactorTwo();
    void accessibleNames();
};

void TestPictureCompare::splitShowsBothHalves() {
    view_->setInput(flat(400, 300, 0.2));
    QVERIFY(!handle()->isVisible());
    QCOMPARE(levelAt({300, 150}), 51);
    view_->setEstimate(flat(400, 300, 0.8));
    QVERIFY(handle()->isVisible());
    QCOMPARE(levelAt({100, 150}), 51);
    QCOMPARE(levelAt({300, 150}), 204);
    view_->setDivider(0.25);
    QCOMPARE(levelAt({90, 150}), 51);
    QCOMPARE(levelAt({110, 150}), 204);
}

void TestPictureCompare::dividerIsDragged() {
    showDarkAndBright();
    QSignalSpy moved(view_.get(), &PictureView::dividerChanged);
    drag(*view_, {201, 20}, {100, 30});
    QCOMPARE(view_->divider(), 0.25);
    QCOMPARE(moved.size(), 1);
    // Elsewhere a drag is no drag of the divider, and dragging far out ends at the edge.
    drag(*view_, {300, 20}, {320, 20});
    QCOMPARE(view_->divider(), 0.25);
    drag(*view_, {100, 20}, {900, 20});
    QCOMPARE(view_->divider(), 1.0);
    QVERIFY(view_->rect().contains(handle()->geometry()));
}

void TestPictureCompare::handleIsDraggedAndTakesKeys() {
    showDarkAndBright();
    const QPoint middle = handle()->rect().center();
    drag(*handle(), middle, middle - QPoint(100, 0));
    QVERIFY(std::abs(view_->divider() - 0.25) < 0.005);
    QVERIFY(std::abs(handle()->geometry().center().x() - 100) <= 2);
    QTest::mouseDClick(handle(), Qt::LeftButton, {}, middle);
    QCOMPARE(view_->divider(), 0.5);
    QVERIFY(handle()->focusPolicy() & Qt::TabFocus);
    handle()->setFocus(Qt::TabFocusReason);
    QTest::keyClick(handle(), Qt::Key_Right);
    QCOMPARE(view_->divider(), 0.51);
    QTest::keyClick(handle(), Qt::Key_PageDown);
    QCOMPARE(view_->divider(), 0.41);
    QTest::keyClick(handle(), Qt::Key_End);
    QCOMPARE(view_->divider(), 1.0);
    // The wheel over the handle is left to the view below, for its zoom.
    QWheelEvent turn(QPointF(middle), handle()->mapToGlobal(QPointF(middle)), {}, {0, 120}, {}, {},
                     Qt::NoScrollPhase, false);
    QApplication::sendEvent(handle(), &turn);
    QVERIFY(!turn.isAccepted());
    QCOMPARE(view_->divider(), 1.0);
}

void TestPictureCompare::sideBySideIsLinked() {
    view_->setInput(pattern(1, 900, 700));
    view_->setEstimate(pattern(1, 900, 700));
    QSignalSpy compared(view_.get(), &PictureView::compareChanged);
    view_->setCompare(Compare::sideBySide);
    QCOMPARE(compared.size(), 1);
    QVERIFY(!handle()->isVisible());
    const auto halvesAgree = [this] {
        const QImage image = shot(*view_);
        const int gap = static_cast<int>(2 * view_->devicePixelRatioF());
        const int half = (image.width() - gap) / 2;
        const QRect part(0, image.height() / 4, half, image.height() / 2);
        return image.copy(part) == image.copy(part.translated(half + gap, 0));
    };
    QVERIFY(halvesAgree());
    const double fitted = view_->zoom();
    const QPointF cursor(300, 120);
    const QPointF under = view_->toPicture(cursor);
    wheel(*view_, cursor, 4);
    QVERIFY(view_->zoom() > 1.5 * fitted);
    QVERIFY((view_->toPicture(cursor) - under).manhattanLength() * fitted <= 2);
    QVERIFY(halvesAgree());
    const QImage before = shot(*view_);
    drag(*view_, {300, 150}, {280, 140});
    QVERIFY(halvesAgree());
    QVERIFY(before != shot(*view_));
    // Both sides lead to the same pixel.
    QVERIFY((view_->toPicture({50, 100}) - view_->toPicture({251, 100})).manhattanLength() < 1e-9);
}

void TestPictureCompare::singlePicturesAndFallBack() {
    showDarkAndBright();
    view_->setReference(flat(400, 300, 0.6));
    const QPoint left(60, 150);
    view_->setCompare(Compare::estimate);
    QCOMPARE(levelAt(left), 204);
    view_->setCompare(Compare::reference);
    QCOMPARE(levelAt(left), 153);
    view_->setReference(nullptr);
    QCOMPARE(levelAt(left), 51);
    QCOMPARE(view_->compare(), Compare::reference);
    view_->setCompare(Compare::input);
    QCOMPARE(levelAt(left), 51);
}

void TestPictureCompare::blinkShowsTheInput() {
    showDarkAndBright();
    QSignalSpy blinked(view_.get(), &PictureView::blinkChanged);
    QTest::keyPress(view_.get(), Qt::Key_B);
    QCOMPARE(levelAt({300, 150}), 51);
    QTest::keyRelease(view_.get(), Qt::Key_B);
    QCOMPARE(levelAt({300, 150}), 204);
    QCOMPARE(blinked.size(), 2);
    // The key is let go elsewhere: the view must not stay in that state.
    view_->setFocus();
    QTest::keyPress(view_.get(), Qt::Key_B);
    QFocusEvent lost(QEvent::FocusOut);
    QApplication::sendEvent(view_.get(), &lost);
    QCOMPARE(levelAt({300, 150}), 204);
}

void TestPictureCompare::hoverReadsBothPictures() {
    view_->setInput(pattern(3, 800, 600));
    QSignalSpy hovered(view_.get(), &PictureView::pixelHovered);
    const QPoint cursor(123, 77);
    move(*view_, cursor);
    QVERIFY(!hovered.isEmpty());
    const QPointF point = view_->toPicture(cursor);
    const int x = static_cast<int>(point.x());
    const int y = static_cast<int>(point.y());
    QCOMPARE(hovered.last().mid(0, 3), (QVariantList{true, x, y}));
    QStringList expected;
    for (int c = 0; c < 3; ++c) expected << QString::number((7 * x + 13 * y + 50 * c) % 256 / 255.0, 'f', 4);
    QCOMPARE(hovered.last()[3].toString(), expected.join(' '));
    QCOMPARE(hovered.last()[4].toString(), QString());

    // A new frame under the resting cursor; values beyond the screen's range are told as they are.
    hovered.clear();
    view_->setEstimate(flat(800, 600, -1.5));
    QCOMPARE(hovered.size(), 1);
    QCOMPARE(hovered.last()[4].toString(), QString("-1.5000"));

    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(view_.get(), &leave);
    QCOMPARE(hovered.last(), (QVariantList{false, 0, 0, QString(), QString(), QString()}));
    hovered.clear();
    QApplication::sendEvent(view_.get(), &leave);
    QCOMPARE(hovered.size(), 0);
}

void TestPictureCompare::theAdjointHasColoursABadgeAndNumbers() {
    view_->setEstimate(flat(400, 300, 0.8));
    view_->setBadge("estimate's");
    view_->setCompare(Compare::adjoint);
    QCOMPARE(levelAt({200, 150}), 204);  // none yet: the estimate
    QVERIFY(view_->badgeText().startsWith("estimate's"));
    view_->setAdjoint(flat(400, 300, -0.002));
    QVERIFY(view_->badgeText().startsWith("adjoint v"));
    QVERIFY(view_->badgeText().contains("2.0e-3"));
    const auto colour = [&] { return view_->grab().toImage().pixelColor(200, 150); };
    QVERIFY(colour().blue() > colour().red() + 40);
    QSignalSpy hovered(view_.get(), &PictureView::pixelHovered);
    move(*view_, {200, 150});
    QCOMPARE(hovered.last()[5].toString(), QString("-2.00e-03"));
    view_->setCompare(Compare::estimate);
    QCOMPARE(levelAt({200, 150}), 204);
    QCOMPARE(hovered.last()[5].toString(), QString());
    view_->setAdjoint(nullptr);
    QVERIFY(!view_->adjoint());
}

void TestPictureCompare::hoverSpeaksTheUsersLanguage() {
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    view_->setInput(flat(400, 300, 0.25));
    QSignalSpy hovered(view_.get(), &PictureView::pixelHovered);
    move(*view_, {200, 150});
    QLocale::setDefault(QLocale::c());
    QVERIFY(!hovered.isEmpty());
    QCOMPARE(hovered.last()[3].toString(), QString("0,2500"));
}

void TestPictureCompare::newEstimateKeepsZoomAndPosition() {
    view_->setInput(pattern(1, 800, 600));
    view_->setEstimate(pattern(1, 800, 600));
    wheel(*view_, {300, 60}, 6);
    drag(*view_, {300, 50}, {280, 60});
    const double zoom = view_->zoom();
    const QPointF corner = view_->toWidget({0, 0});
    const QImage before = shot(*view_);
    view_->setEstimate(flat(800, 600, 0.5));
    QCOMPARE(view_->zoom(), zoom);
    QCOMPARE(view_->toWidget({0, 0}), corner);
    QVERIFY(before != shot(*view_));
}

void TestPictureCompare::anotherSizeReplaces() {
    view_->setInput(pattern(1, 800, 600));
    view_->setEstimate(pattern(1, 800, 600));
    view_->zoomActual();
    const Shared other = pattern(1, 200, 100);
    view_->setInput(other);
    QCOMPARE(view_->input(), other);
    QVERIFY(!view_->estimate());
    QVERIFY(view_->isFitted());
    view_->setEstimate(std::make_shared<Image>());
    QVERIFY(!view_->estimate());
}

void TestPictureCompare::clearLeavesNothing() {
    view_->setInput(pattern(1, 800, 600));
    view_->setEstimate(pattern(1, 800, 600));
    view_->setBadge("iterate 3");
    view_->clear();
    QVERIFY(!view_->input() && !view_->estimate() && !view_->reference());
    QCOMPARE(view_->badgeText(), QString());
    QVERIFY(!handle()->isVisible());
    const QImage image = shot(*view_);
    QCOMPARE(image.pixel(5, 5), image.pixel(image.width() / 2, image.height() / 2));
    wheel(*view_, {100, 100}, 1);
    QTest::keyClick(view_.get(), Qt::Key_Plus);
    QCOMPARE(view_->badgeText(), QString());
}

void TestPictureCompare::scaleFactorTwo() {
    if (qEnvironmentVariableIsSet("QT_SCALE_FACTOR")) QSKIP("this is the program with a scale factor");
    const QByteArray failures = failuresAtScaleTwo(
        {"splitShowsBothHalves", "dividerIsDragged", "sideBySideIsLinked", "hoverReadsBothPictures"});
    QVERIFY2(failures.isEmpty(), failures);
}

void TestPictureCompare::accessibleNames() {
    QVERIFY(!view_->accessibleName().isEmpty());
    QVERIFY(view_->accessibleDescription().contains("No picture"));
    view_->setInput(pattern(1, 800, 600));
    view_->zoomActual();
    QVERIFY2(view_->accessibleDescription().contains("800 by 600"),
             qPrintable(view_->accessibleDescription()));
    QVERIFY(view_->accessibleDescription().contains("1:1"));
    QAccessibleInterface* slider = QAccessible::queryAccessibleInterface(handle());
    QVERIFY(slider);
    QCOMPARE(slider->role(), QAccessible::Slider);
    QVERIFY(!slider->text(QAccessible::Name).isEmpty());
    QVERIFY(slider->valueInterface());
    slider->valueInterface()->setCurrentValue(250);
    QCOMPARE(view_->divider(), 0.25);
    QVERIFY(view_->focusPolicy() & Qt::TabFocus);
}

STILLPOINT_UI_TEST_MAIN(TestPictureCompare)
#include "tst_picture_compare.moc"
