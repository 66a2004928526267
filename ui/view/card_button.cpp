// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/card_button.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTextLayout>

#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"

namespace stillpoint {

namespace {

constexpr int kFrame = 7;  ///< between the card's border and its content
constexpr double kCorner = 8;
constexpr int kTextLines = 2;  ///< of the description

/// The description in at most two lines, the last one elided.
void drawWrapped(QPainter& painter, const QRectF& room, const QString& text) {
    const QFontMetricsF metrics(painter.font());
    QTextLayout layout(text, painter.font());
    layout.beginLayout();
    double y = room.top();
    for (int number = 1; number <= kTextLines; ++number) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) break;
        line.setLineWidth(room.width());
        const qsizetype begin = line.textStart();
        const bool last = number == kTextLines;
        const QString part = last ? metrics.elidedText(text.mid(begin), Qt::ElideRight, room.width())
                                  : text.mid(begin, line.textLength()).trimmed();
        painter.drawText(QRectF(room.left(), y, room.width(), metrics.height()), Qt::AlignLeft, part);
        y += metrics.lineSpacing();
    }
    layout.endLayout();
}

}  // namespace

CardButton::CardButton(const SampleCard& card, QWidget* parent) : QAbstractButton(parent), card_(card) {
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setText(card.title);
    setObjectName("card-" + card.id);
    setAccessibleName(card.title);
    setAccessibleDescription(card.description);
    setToolTip(card.description);
}

QSize CardButton::thumbnailSize() const {
    return {fontMetrics().averageCharWidth() * 20 + 10, 86};
}

QSize CardButton::sizeHint() const {
    const int text = fontMetrics().lineSpacing() * (1 + kTextLines) + 8;
    return thumbnailSize() + QSize(2 * kFrame, 2 * kFrame + text);
}

void CardButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    const QColor accent = palette().color(QPalette::Highlight);
    const bool warm = underMouse() || isDown();
    painter.setBrush(warm ? mixed(base, accent, isDown() ? 0.22 : 0.1) : base);
    QPen border(warm ? accent : mixed(base, palette().color(QPalette::WindowText), 0.18), 1);
    if (hasFocus()) border = QPen(accent, 2);
    painter.setPen(border);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kCorner, kCorner);

    const QRectF room = QRectF(rect()).adjusted(kFrame, kFrame, -kFrame, -kFrame);
    paintThumbnail(painter, QRectF(room.topLeft(), QSizeF(room.width(), thumbnailSize().height())));
    paintText(painter, room.adjusted(2, thumbnailSize().height() + 5, -2, 0));
}

void CardButton::paintThumbnail(QPainter& painter, const QRectF& room) {
    const QSize wanted = (room.size() * devicePixelRatioF()).toSize();
    if (scaled_.size() != wanted && !card_.thumbnail.isNull()) {
        const QImage full =
            card_.thumbnail.scaled(wanted, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
        const QPoint corner((full.width() - wanted.width()) / 2, (full.height() - wanted.height()) / 2);
        scaled_ = QPixmap::fromImage(full.copy(QRect(corner, wanted)));
    }
    QPainterPath shape;
    shape.addRoundedRect(room, kCorner - 3, kCorner - 3);
    painter.save();
    painter.setClipPath(shape);
    if (scaled_.isNull()) {
        painter.fillRect(room, palette().color(QPalette::AlternateBase));
        stillpoint::icon("insert-image").paint(&painter, room.toRect().adjusted(20, 20, -20, -20));
    } else {
        painter.drawPixmap(room, scaled_, QRectF(scaled_.rect()));
    }
    painter.restore();
}

void CardButton::paintText(QPainter& painter, const QRectF& room) const {
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    const QFontMetricsF metrics(bold);
    painter.drawText(QRectF(room.left(), room.top(), room.width(), metrics.height()), Qt::AlignLeft,
                     metrics.elidedText(card_.title, Qt::ElideRight, room.width()));
    painter.setFont(font());
    painter.setPen(mixed(palette().color(QPalette::Text), palette().color(QPalette::Base), 0.3));
    const QString gist = card_.description.section(':', 0, 0);  // the tip has all of it
    drawWrapped(painter, room.adjusted(0, metrics.lineSpacing() + 1, 0, 0), gist);
}

void CardButton::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

bool CardButton::event(QEvent* event) {
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave) update();
    return QAbstractButton::event(event);
}

}  // namespace stillpoint
