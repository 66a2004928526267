// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>
#include <cmath>

#include "ui/view/picture_view_p.h"

namespace stillpoint {

namespace {

constexpr double kDividerReach = 5;      ///< widget pixels left and right of the line
constexpr double kDeltaPerDouble = 480;  ///< four notches of a wheel double the zoom
constexpr double kKeyPan = 48;           ///< widget pixels

}  // namespace

void PictureView::Private::zoomAround(double zoom, QPointF widgetPoint) {
    if (!hasPicture()) return;
    // In side-by-side mode the middle of the widget is no place of a pane: take the pane's own.
    const QPointF centre = QRectF(q->rect()).center();
    const QPointF anchor =
        widgetPoint == centre ? QRectF({0, 0}, QSizeF(geometry.view())).center() : inPane(widgetPoint);
    geometry.zoomTo(zoom, anchor);
    changed();
}

bool PictureView::Private::overDivider(QPointF widgetPoint) const {
    return splits() && std::abs(widgetPoint.x() - dividerX()) <= kDividerReach;
}

void PictureView::Private::updateCursor(QPointF widgetPoint) {
    if (drag == Drag::divider || (drag == Drag::none && overDivider(widgetPoint)))
        q->setCursor(Qt::SplitHCursor);
    else if (drag == Drag::pan)
        q->setCursor(Qt::ClosedHandCursor);
    else if (hasPicture() && geometry.canPan())
        q->setCursor(Qt::OpenHandCursor);
    else
        q->unsetCursor();
}

bool PictureView::Private::panKey(int key, Qt::KeyboardModifiers modifiers) {
    const bool page = modifiers & Qt::ShiftModifier;
    const double x = page ? geometry.view().width() * 0.8 : kKeyPan * ratio();
    const double y = page ? geometry.view().height() * 0.8 : kKeyPan * ratio();
    switch (key) {
        case Qt::Key_Left:
            geometry.panBy({x, 0});
            break;
        case Qt::Key_Right:
            geometry.panBy({-x, 0});
            break;
        case Qt::Key_Up:
            geometry.panBy({0, y});
            break;
        case Qt::Key_Down:
            geometry.panBy({0, -y});
            break;
        default:
            return false;
    }
    changed();
    return true;
}

bool PictureView::event(QEvent* event) {
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            d_->zoomAround(zoom() * (1 + gesture->value()), gesture->position());
            return true;
        }
    }
    return QWidget::event(event);
}

void PictureView::wheelEvent(QWheelEvent* event) {
    if (!d_->hasPicture()) {
        event->ignore();
        return;
    }
    const double before = zoom();
    double after = before * std::exp2(event->angleDelta().y() / kDeltaPerDouble);
    // One to one is a place to stop at.
    if ((before < 1 && after > 1) || (before > 1 && after < 1)) after = 1;
    if (event->angleDelta().x() != 0)
        d_->geometry.panBy({event->angleDelta().x() * kKeyPan / 120 * d_->ratio(), 0});
    d_->cursor = event->position();
    if (after != before) d_->geometry.zoomTo(after, d_->inPane(event->position()));
    d_->changed();
    d_->updateCursor(event->position());
    event->accept();
}

void PictureView::mousePressEvent(QMouseEvent* event) {
    const bool left = event->button() == Qt::LeftButton;
    if (!left && event->button() != Qt::MiddleButton) {
        event->ignore();
        return;
    }
    d_->drag = left && d_->overDivider(event->position()) ? Private::Drag::divider : Private::Drag::pan;
    d_->dragFrom = event->position();
    d_->updateCursor(event->position());
}

void PictureView::mouseMoveEvent(QMouseEvent* event) {
    d_->cursor = event->position();
    d_->cursorInside = rect().contains(event->position().toPoint());
    const QPointF delta = event->position() - d_->dragFrom;
    d_->dragFrom = event->position();
    if (d_->drag == Private::Drag::divider && width() > 0) setDivider(event->position().x() / width());
    if (d_->drag == Private::Drag::pan) {
        d_->geometry.panBy(delta * d_->ratio());
        d_->changed();
    } else {
        d_->sendHover();
    }
    d_->updateCursor(event->position());
}

void PictureView::mouseReleaseEvent(QMouseEvent* event) {
    d_->drag = Private::Drag::none;
    d_->updateCursor(event->position());
}

void PictureView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || d_->overDivider(event->position())) {
        mousePressEvent(event);
        return;
    }
    if (isFitted())
        d_->zoomAround(1, event->position());
    else
        zoomFit();
    d_->updateCursor(event->position());
}

void PictureView::leaveEvent(QEvent*) {
    d_->cursorInside = false;
    d_->sendHover();
}

void PictureView::keyPressEvent(QKeyEvent* event) {
    const Qt::KeyboardModifiers held = event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier);
    if (held != Qt::NoModifier || !d_->hasPicture()) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (d_->panKey(event->key(), event->modifiers())) return;
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoomIn();
            break;
        case Qt::Key_Minus:
            zoomOut();
            break;
        case Qt::Key_0:
        case Qt::Key_Home:
            zoomFit();
            break;
        case Qt::Key_1:
            zoomActual();
            break;
        case Qt::Key_B:
            setBlink(true);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void PictureView::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_B && !event->isAutoRepeat())
        setBlink(false);
    else
        QWidget::keyReleaseEvent(event);
}

void PictureView::focusInEvent(QFocusEvent* event) {
    // A ring for those who came by key; a click shows by itself where it went.
    d_->keyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                        event->reason() == Qt::ShortcutFocusReason;
    update();
}

void PictureView::focusOutEvent(QFocusEvent*) {
    d_->keyboardFocus = false;
    setBlink(false);
    update();
}

}  // namespace stillpoint
