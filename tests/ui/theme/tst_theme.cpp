// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <QPixmap>
#include <QSet>
#include <QStyleOption>
#include <QTest>

#include "tests/support/ui_main.h"
#include "ui/theme/clear_style.h"
#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"
#include "ui/theme/run_colours.h"

using namespace stillpoint;

namespace {

/// Mean colour of the opaque pixels.
QColor ink(const QIcon& drawing, int side, QIcon::Mode mode = QIcon::Normal) {
    const QImage image = drawing.pixmap(QSize(side, side), 1.0, mode).toImage();
    QVector<int> sums{0, 0, 0, 0};
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (pixel.alpha() < 255) continue;
            sums[0] += pixel.red();
            sums[1] += pixel.green();
            sums[2] += pixel.blue();
            ++sums[3];
        }
    return sums[3] ? QColor(sums[0] / sums[3], sums[1] / sums[3], sums[2] / sums[3]) : QColor();
}

/// An indicator of 16 x 16 in the middle of a piece of window of 20 x 20.
QImage drawn(const QStyle& style, QStyle::PrimitiveElement element, const QPalette& palette,
             QStyle::State state) {
    QStyleOptionButton option;
    option.rect = QRect(2, 2, 16, 16);
    option.palette = palette;
    option.palette.setCurrentColorGroup(state & QStyle::State_Enabled ? QPalette::Active
                                                                      : QPalette::Disabled);
    option.state = state;
    QImage image(20, 20, QImage::Format_RGB32);
    image.fill(palette.color(QPalette::Window));
    QPainter painter(&image);
    style.drawPrimitive(element, &option, &painter);
    return image;
}

}  // namespace

class TestTheme : public QObject {
    Q_OBJECT

 private slots:
    void palettesAreReadable();
    void runColoursAreReadableAndDiffer();
    void everyIconDraws_data();
    void everyIconDraws();
    void iconsFollowThePalette();
    void unknownIconIsEmptyNotBroken();
    void indicatorsAreClear_data();
    void indicatorsAreClear();
    void dockButtonsAreDrawings();
    void menusHaveAnEdge();
    void onlyFusionIsReplaced();
};

void TestTheme::palettesAreReadable() {
    QVERIFY(!isDark(lightPalette()));
    QVERIFY(isDark(darkPalette()));
    const QVector<QPair<QPalette::ColorRole, QPalette::ColorRole>> pairs{
        {QPalette::WindowText, QPalette::Window},
        {QPalette::Text, QPalette::Base},
        {QPalette::Text, QPalette::AlternateBase},
        {QPalette::ButtonText, QPalette::Button},
        {QPalette::ToolTipText, QPalette::ToolTipBase},
        {QPalette::HighlightedText, QPalette::Highlight},
        {QPalette::Link, QPalette::Base},
        {QPalette::PlaceholderText, QPalette::Base}};
    for (const QPalette& palette : {lightPalette(), darkPalette()}) {
        for (const auto& [front, back] : pairs) {
            const double ratio = contrast(palette.color(front), palette.color(back));
            const double needed = front == QPalette::HighlightedText ? 3.9 : 4.5;
            QVERIFY2(ratio >= needed, qPrintable(QString("%1 on %2: %3").arg(front).arg(back).arg(ratio)));
        }
        for (const Tone tone : {Tone::info, Tone::success, Tone::warning, Tone::error})
            for (const auto role : {QPalette::Window, QPalette::Base})
                QVERIFY(contrast(toneColour(tone, palette), palette.color(role)) >= 3);
    }
}

void TestTheme::runColoursAreReadableAndDiffer() {
    QSet<QPair<QRgb, int>> seen;
    for (int index = 0; index < 24; ++index) {
        const RunStyle style = runStyle(index);
        for (const QPalette& palette : {lightPalette(), darkPalette()})
            QVERIFY(contrast(style.colour, palette.color(QPalette::Base)) >= 3);
        QVERIFY(style.dash != Qt::NoPen);
        seen.insert({style.colour.rgb(), style.dash});
    }
    QCOMPARE(seen.size(), 24);
    QCOMPARE(runStyle(-3).colour, runStyle(0).colour);
    QCOMPARE(runStyle(0).dash, Qt::SolidLine);
    QVERIFY(runStyle(1000000).colour.isValid());
}

void TestTheme::everyIconDraws_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"document-open",
                             "document-save",
                             "document-save-as",
                             "edit-paste",
                             "edit-copy",
                             "edit-delete",
                             "media-playback-start",
                             "media-playback-pause",
                             "media-skip-forward",
                             "media-playback-stop",
                             "view-restore",
                             "view-refresh",
                             "zoom-fit-best",
                             "zoom-original",
                             "zoom-in",
                             "zoom-out",
                             "view-split",
                             "view-side-by-side",
                             "dialog-information",
                             "dialog-warning",
                             "dialog-error",
                             "dialog-ok",
                             "help-about",
                             "stillpoint"})
        QTest::newRow(name) << QString(name);
    for (const QString& name : bundledIcons()) QTest::newRow(qPrintable("bundled " + name)) << name;
}

void TestTheme::everyIconDraws() {
    QFETCH(const QString, name);
    QVERIFY(bundledIcons().contains(name));
    for (const int side : {16, 24, 48}) {
        const QPixmap pixmap = icon(name).pixmap(QSize(side, side), 1.0);
        QCOMPARE(pixmap.size(), QSize(side, side));
        int opaque = 0;
        const QImage image = pixmap.toImage();
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x) opaque += image.pixelColor(x, y).alpha() > 128;
        QVERIFY2(opaque > side / 2, qPrintable(QString("%1 opaque pixels at %2").arg(opaque).arg(side)));
    }
    // Two device pixels to a unit give twice the pixels, not an enlarged picture.
    QCOMPARE(icon(name).pixmap(QSize(24, 24), 2.0).size(), QSize(48, 48));
}

void TestTheme::iconsFollowThePalette() {
    const QIcon play = icon("media-playback-start");
    QApplication::setPalette(lightPalette());
    const QColor onLight = ink(play, 48);
    QApplication::setPalette(darkPalette());
    const QColor onDark = ink(play, 48);
    QVERIFY2(onLight.lightness() < 60, qPrintable(onLight.name()));
    QVERIFY2(onDark.lightness() > 180, qPrintable(onDark.name()));
    QVERIFY(ink(play, 48, QIcon::Disabled).lightness() < onDark.lightness() - 40);
    QVERIFY(ink(icon("dialog-error"), 48).red() > ink(icon("dialog-error"), 48).green() + 40);
    QApplication::setPalette(lightPalette());
}

void TestTheme::unknownIconIsEmptyNotBroken() {
    QVERIFY(icon("no-such-icon-anywhere").pixmap(24, 24).isNull());
}

void TestTheme::indicatorsAreClear_data() {
    QTest::addColumn<QPalette>("palette");
    QTest::addColumn<int>("element");
    const ClearStyle style;
    for (const auto element : {QStyle::PE_IndicatorCheckBox, QStyle::PE_IndicatorRadioButton}) {
        QTest::addRow("light %d", element) << lightPalette() << static_cast<int>(element);
        QTest::addRow("dark %d", element) << darkPalette() << static_cast<int>(element);
        QTest::addRow("of the style %d", element) << style.standardPalette() << static_cast<int>(element);
    }
}

void TestTheme::indicatorsAreClear() {
    QFETCH(const QPalette, palette);
    QFETCH(const int, element);
    const ClearStyle style;
    const auto draw = [&](QStyle::State state) {
        return drawn(style, static_cast<QStyle::PrimitiveElement>(element), palette, state);
    };
    const QImage off = draw(QStyle::State_Enabled | QStyle::State_Off);
    // The outline stands out against the field inside and the window outside, as WCAG asks of controls.
    const QColor outline(off.pixel(2, 10));
    QVERIFY2(contrast(outline, palette.color(QPalette::Base)) >= 3, qPrintable(outline.name()));
    QVERIFY2(contrast(outline, palette.color(QPalette::Window)) >= 3, qPrintable(outline.name()));
    QCOMPARE(QColor(off.pixel(10, 10)), palette.color(QPalette::Base));

    const QImage on = draw(QStyle::State_Enabled | QStyle::State_On);
    QVERIFY(contrast(QColor(on.pixel(9, 12)), palette.color(QPalette::Base)) >= 4.5);
    QVERIFY(on != off);
    QVERIFY(draw(QStyle::State_On) != on);  // disabled: fainter
    const QImage pointed = draw(QStyle::State_Enabled | QStyle::State_Off | QStyle::State_MouseOver);
    const double away = contrast(QColor(pointed.pixel(2, 10)), palette.color(QPalette::Highlight));
    QVERIFY2(away < 1.3, qPrintable(QString::number(away)));  // a circle's edge is blended
    QVERIFY(draw(QStyle::State_Enabled | QStyle::State_Off | QStyle::State_Sunken) != off);
}

void TestTheme::dockButtonsAreDrawings() {
    const ClearStyle style;
    for (const auto which : {QStyle::SP_TitleBarCloseButton, QStyle::SP_TitleBarNormalButton})
        QCOMPARE(style.standardIcon(which).pixmap(QSize(10, 10), 2.0).size(), QSize(20, 20));
    QVERIFY(!style.standardIcon(QStyle::SP_FileDialogNewFolder).isNull());
}

void TestTheme::menusHaveAnEdge() {
    const ClearStyle style;
    for (const QPalette& palette : {lightPalette(), darkPalette()}) {
        const QImage menu = drawn(style, QStyle::PE_PanelMenu, palette, QStyle::State_Enabled);
        const QColor window = palette.color(QPalette::Window);
        for (const QPoint& edge : {QPoint(2, 10), QPoint(17, 10), QPoint(10, 2), QPoint(10, 17)})
            QVERIFY(contrast(QColor(menu.pixel(edge)), window) >= 1.8);
    }
}

void TestTheme::onlyFusionIsReplaced() {
    QApplication::setStyle("windows");
    wearClearStyle();
    QVERIFY(!qobject_cast<ClearStyle*>(QApplication::style()));
    QApplication::setStyle("fusion");
    wearClearStyle();
    QVERIFY(qobject_cast<ClearStyle*>(QApplication::style()));
}

STILLPOINT_UI_TEST_MAIN(TestTheme)
#include "tst_theme.moc"
