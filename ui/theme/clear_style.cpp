// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/clear_style.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QTableView>

#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

constexpr int kCellMargin = 5;
constexpr double kOutline = 0.6;  ///< of the way from the field's colour to the text's

/// Colours of an indicator; disabled ones come from the palette's group.
struct Ink {
    QColor field, outline, mark;
};

Ink inkOf(const QStyleOption& option) {
    const QColor base = option.palette.color(QPalette::Base);
    const QColor text = option.palette.color(QPalette::Text);
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool pointed = enabled && (option.state & QStyle::State_MouseOver);
    const bool pressed = enabled && (option.state & QStyle::State_Sunken);
    return {pressed ? mixed(base, text, 0.2) : base,
            pointed ? option.palette.color(QPalette::Highlight) : mixed(base, text, kOutline), text};
}

/// The largest square in the middle, its edge on the middle of pixels: lines of one pixel are then sharp.
QRectF square(const QRect& rect) {
    const int side = std::min(rect.width(), rect.height());
    const QPoint corner(rect.left() + (rect.width() - side) / 2, rect.top() + (rect.height() - side) / 2);
    return QRectF(corner, QSizeF(side, side)).adjusted(0.5, 0.5, -0.5, -0.5);
}

void drawTick(QPainter* painter, const QRectF& box, const QColor& colour) {
    QPainterPath path;
    path.moveTo(box.left() + 0.22 * box.width(), box.top() + 0.52 * box.height());
    path.lineTo(box.left() + 0.43 * box.width(), box.top() + 0.74 * box.height());
    path.lineTo(box.left() + 0.79 * box.width(), box.top() + 0.27 * box.height());
    painter->setPen(QPen(colour, box.width() * 0.15, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(path);
}

void drawCheckBox(QPainter* painter, const QStyleOption& option) {
    const Ink ink = inkOf(option);
    const QRectF box = square(option.rect);
    painter->setPen(QPen(ink.outline, 1));
    painter->setBrush(ink.field);
    painter->drawRoundedRect(box, 2, 2);
    if (option.state & QStyle::State_NoChange) {
        painter->fillRect(QRectF(box.left() + box.width() / 4, box.center().y() - 1, box.width() / 2, 2),
                          ink.mark);
    } else if (option.state & QStyle::State_On) {
        drawTick(painter, box, ink.mark);
    }
}

void drawRadioButton(QPainter* painter, const QStyleOption& option) {
    const Ink ink = inkOf(option);
    const QRectF ring = square(option.rect);
    painter->setPen(QPen(ink.outline, 1));
    painter->setBrush(ink.field);
    painter->drawEllipse(ring);
    if (!(option.state & QStyle::State_On)) return;
    const double rest = ring.width() * 0.27;
    painter->setPen(Qt::NoPen);
    painter->setBrush(ink.mark);
    painter->drawEllipse(ring.adjusted(rest, rest, -rest, -rest));
}

void drawMenuFrame(QPainter* painter, const QStyleOption& option) {
    const QColor window = option.palette.color(QPalette::Window);
    const QColor line = mixed(window, option.palette.color(QPalette::WindowText), 0.35);
    const QRect& rect = option.rect;
    painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), line);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line);
    painter->fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), line);
    painter->fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), line);
}

}  // namespace

ClearStyle::ClearStyle() : QProxyStyle(QStringLiteral("fusion")) {}

void ClearStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorRadioButton) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element == PE_PanelMenu) drawMenuFrame(painter, *option);
        return;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (element == PE_IndicatorCheckBox)
        drawCheckBox(painter, *option);
    else
        drawRadioButton(painter, *option);
    painter->restore();
}

int ClearStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    if (metric == PM_HeaderMargin) return kCellMargin;
    // What the item delegate adds 1 to.
    if (metric == PM_FocusFrameHMargin && qobject_cast<const QTableView*>(widget)) return kCellMargin - 1;
    return QProxyStyle::pixelMetric(metric, option, widget);
}

int ClearStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* answer) const {
    // Fusion's icons for "Close" and the like are black whatever the palette.
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
    // A shadow behind the text of what is disabled only blurs it.
    if (hint == SH_EtchDisabledText) return 0;
    return QProxyStyle::styleHint(hint, option, widget, answer);
}

QIcon ClearStyle::standardIcon(StandardPixmap which, const QStyleOption* option,
                               const QWidget* widget) const {
    switch (which) {
        case SP_TitleBarCloseButton:
        case SP_DockWidgetCloseButton:
            return icon("window-close");
        case SP_TitleBarNormalButton:
            return icon("window-float");
        default:
            return QProxyStyle::standardIcon(which, option, widget);
    }
}

void wearClearStyle() {
    if (QApplication::style()->name().compare("fusion", Qt::CaseInsensitive) == 0)
        QApplication::setStyle(new ClearStyle);
}

}  // namespace stillpoint
