// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/divider_handle.h"

#include <QMouseEvent>
#include <QPainter>
#include <cmath>

namespace stillpoint {

DividerHandle::DividerHandle(QWidget* parent) : QAbstractSlider(parent) {
    setOrientation(Qt::Horizontal);
    setRange(0, kSteps);
    setSingleStep(kSteps / 100);
    setPageStep(kSteps / 10);
    setValue(kSteps / 2);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SplitHCursor);
    setAccessibleName(tr("Divider between input and estimate"));
    setAccessibleDescription(tr("Left of the divider the input is shown, right of it the estimate."));
    setToolTip(tr("Drag to compare input and estimate; double click for the middle"));
    resize(sizeHint());
}

void DividerHandle::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF disc = QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5);
    const bool warm = underMouse() || isSliderDown();
    QColor fill = palette().color(warm ? QPalette::Base : QPalette::Window);
    painter.setBrush(fill);
    painter.setPen(keyboardFocus_ ? QPen(palette().color(QPalette::Highlight), 2.5)
                                  : QPen(palette().color(QPalette::Dark), 1));
    painter.drawEllipse(disc);

    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::WindowText));
    const QPointF centre = disc.center();
    for (const double side : {-1.0, 1.0}) {
        const QPointF tip = centre + QPointF(side * 8, 0);
        const QPointF base = centre + QPointF(side * 3, 0);
        painter.drawPolygon(QPolygonF{tip, base + QPointF(0, -4.5), base + QPointF(0, 4.5)});
    }
}

void DividerHandle::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    grip_ = event->position().x() - width() / 2.0;
    setSliderDown(true);
    update();
}

void DividerHandle::mouseMoveEvent(QMouseEvent* event) {
    if (!isSliderDown() || parentWidget()->width() < 1) {
        event->ignore();
        return;
    }
    const double x = mapToParent(event->position()).x() - grip_;
    setValue(static_cast<int>(std::lround(kSteps * x / parentWidget()->width())));
}

void DividerHandle::mouseReleaseEvent(QMouseEvent*) {
    setSliderDown(false);
    update();
}

void DividerHandle::mouseDoubleClickEvent(QMouseEvent*) {
    setValue(kSteps / 2);
}

/// The wheel belongs to the view's zoom.
void DividerHandle::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

void DividerHandle::focusInEvent(QFocusEvent* event) {
    keyboardFocus_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                     event->reason() == Qt::ShortcutFocusReason;
    update();
}

void DividerHandle::focusOutEvent(QFocusEvent*) {
    keyboardFocus_ = false;
    update();
}

void DividerHandle::enterEvent(QEnterEvent*) {
    update();
}

void DividerHandle::leaveEvent(QEvent*) {
    update();
}

}  // namespace stillpoint
