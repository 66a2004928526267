// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <cmath>

#include "ui/theme/palettes.h"
#include "ui/view/picture_view_p.h"

namespace stillpoint {

namespace {

constexpr double kGridFrom = 12;  ///< zoom at which single pixels get a grid
constexpr double kMargin = 8;     ///< widget pixels between labels and the edge
constexpr double kPillPadding = 8;

}  // namespace

/// Neutral grey next to the window's lightness: a coloured surround would tint the picture's look.
QColor PictureView::Private::surround() const {
    const QColor window = q->palette().color(QPalette::Window);
    const int grey = qGray(window.rgb());
    const int level = isDark(q->palette()) ? grey * 3 / 4 : grey * 7 / 8;
    return {level, level, level};
}

void PictureView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    d_->paint(painter);
}

void PictureView::Private::paint(QPainter& painter) {
    painter.fillRect(q->rect(), surround());
    if (hasPicture()) {
        painter.save();
        painter.scale(1 / ratio(), 1 / ratio());
        paintPictures(painter);
        painter.restore();
        if (splits()) paintDivider(painter);
        paintLabels(painter);
    }
    if (keyboardFocus) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(q->palette().color(QPalette::Highlight), 2));
        painter.drawRect(QRectF(q->rect()).adjusted(1, 1, -1, -1));
    }
}

void PictureView::Private::paintPictures(QPainter& painter) {
    const QRect visible = geometry.visibleRect();
    if (visible.isEmpty()) return;
    if (splits()) {
        const int cut = std::clamp(static_cast<int>(std::lround(dividerX() * ratio())), visible.left(),
                                   visible.right() + 1);
        const int leftPart = cut - visible.left();
        painter.drawImage(visible.topLeft(), shown(0).visible(geometry),
                          QRect(0, 0, leftPart, visible.height()));
        painter.drawImage(QPoint(cut, visible.top()), shown(1).visible(geometry),
                          QRect(leftPart, 0, visible.width() - leftPart, visible.height()));
        paintGrid(painter, pane(0));
        return;
    }
    for (int index = 0; index < paneCount(); ++index) {
        const QRect room = pane(index);
        painter.drawImage(room.topLeft() + visible.topLeft(), shown(index).visible(geometry));
        paintGrid(painter, room);
    }
    if (pairs()) {
        const int left = pane(0).right() + 1;
        painter.fillRect(QRect(left, 0, pane(1).left() - left, pane(0).height()),
                         q->palette().color(QPalette::Window));
    }
}

void PictureView::Private::paintGrid(QPainter& painter, const QRect& pane) const {
    const double zoom = geometry.zoom();
    if (zoom < kGridFrom) return;
    const QRect visible = geometry.visibleRect();
    const QPointF first = geometry.toPicture(visible.topLeft());
    const QPointF last = geometry.toPicture(visible.bottomRight() + QPoint(1, 1));
    const double strength = std::min(1.0, (zoom - kGridFrom) / 12 + 0.4);
    painter.setPen(QPen(QColor(128, 128, 128, static_cast<int>(110 * strength)), 1));
    const QPoint shift = pane.topLeft();
    for (int x = static_cast<int>(std::ceil(first.x())); x <= static_cast<int>(last.x()); ++x) {
        const int at = static_cast<int>(std::lround(geometry.toView({static_cast<double>(x), 0}).x()));
        painter.drawLine(QPoint(at, visible.top()) + shift, QPoint(at, visible.bottom()) + shift);
    }
    for (int y = static_cast<int>(std::ceil(first.y())); y <= static_cast<int>(last.y()); ++y) {
        const int at = static_cast<int>(std::lround(geometry.toView({0, static_cast<double>(y)}).y()));
        painter.drawLine(QPoint(visible.left(), at) + shift, QPoint(visible.right(), at) + shift);
    }
}

void PictureView::Private::paintDivider(QPainter& painter) const {
    const double x = std::round(dividerX());
    painter.fillRect(QRectF(x - 1.5, 0, 3, q->height()), QColor(0, 0, 0, 110));
    painter.fillRect(QRectF(x - 0.5, 0, 1, q->height()), QColor(255, 255, 255, 235));
}

void PictureView::Private::paintPill(QPainter& painter, const QString& text, const QRectF& room,
                                     Qt::Alignment corner) const {
    const QFontMetricsF metrics(q->font());
    const QSizeF size(metrics.horizontalAdvance(text) + 2 * kPillPadding, metrics.height() + 6);
    QRectF pill({0, 0}, size);
    const QRectF inner = room.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    if (size.width() > inner.width() || size.height() > inner.height()) return;
    pill.moveTopLeft(inner.topLeft());
    if (corner & Qt::AlignRight) pill.moveRight(inner.right());
    if (corner & Qt::AlignBottom) pill.moveBottom(inner.bottom());
    QColor fill = q->palette().color(QPalette::Window);
    fill.setAlphaF(0.86f);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(pill, 6, 6);
    painter.setPen(q->palette().color(QPalette::WindowText));
    painter.drawText(pill, Qt::AlignCenter, text);
}

void PictureView::Private::paintLabels(QPainter& painter) {
    const QRectF all(q->rect());
    QRectF left = all;
    if (splits() || pairs()) {
        const double edge = splits() ? dividerX() : all.center().x();
        left.setRight(edge);
        QRectF right = all;
        right.setLeft(edge);
        paintPill(painter, nameOf(shown(1)), right, Qt::AlignTop | Qt::AlignRight);
    }
    paintPill(painter, nameOf(shown(0)), left, Qt::AlignTop | Qt::AlignLeft);
    paintPill(painter, q->badgeText(), all, Qt::AlignBottom | Qt::AlignLeft);
}

}  // namespace stillpoint
