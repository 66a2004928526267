// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <array>

#include "ui/io/diverging_image.h"
#include "ui/view/divider_handle.h"
#include "ui/view/picture_view.h"
#include "ui/view/screen_picture.h"
#include "ui/view/view_geometry.h"

class QPainter;

namespace stillpoint {

/// State of the picture view, shared by its three source files (state, input, painting). Points and
/// rectangles are in device pixels unless they say widget.
struct PictureView::Private {
    explicit Private(PictureView* view);

    PictureView* const q;
    ScreenPicture input, estimate, reference, adjoint;
    SignedRange adjointRange;
    ViewGeometry geometry;  ///< of one pane; both panes share it
    Compare compare = Compare::split;
    bool blink = false;
    QString badge;
    DividerHandle* handle = nullptr;

    enum class Drag { none, pan, divider };
    Drag drag = Drag::none;
    QPointF dragFrom;  ///< last position, widget
    QPointF cursor;    ///< widget
    bool cursorInside = false;
    bool hoverSent = false;  ///< the last pixelHovered said inside
    double zoomSent = 1;
    bool keyboardFocus = false;

    // state (picture_view.cpp)
    double ratio() const { return q->devicePixelRatioF(); }
    bool hasPicture() const { return !geometry.picture().isEmpty(); }
    /// Both pictures of a comparison are there.
    bool comparable() const { return !input.isEmpty() && !estimate.isEmpty(); }
    bool splits() const { return compare == Compare::split && comparable(); }
    bool pairs() const { return compare == Compare::sideBySide && comparable(); }
    int paneCount() const { return pairs() ? 2 : 1; }
    QRect pane(int index) const;
    /// The pane under a widget point.
    int paneAt(QPointF widgetPoint) const;
    QPointF inPane(QPointF widgetPoint) const;
    /// The picture shown on a side (0 left or only, 1 right), blinking included.
    ScreenPicture& shown(int side);
    bool showsAdjoint() const { return compare == Compare::adjoint && !adjoint.isEmpty() && !blink; }
    QString adjointText() const;
    QString nameOf(const ScreenPicture& picture) const;
    double dividerX() const;  ///< widget
    void setPicture(ScreenPicture& slot, std::shared_ptr<const Image> picture);
    void layOut();
    /// After any change of geometry or content: repaint, signals, handle, description.
    void changed();
    void placeHandle();
    void sendHover();
    void describe();

    // input (picture_view_input.cpp)
    void zoomAround(double zoom, QPointF widgetPoint);
    bool overDivider(QPointF widgetPoint) const;
    void updateCursor(QPointF widgetPoint);
    bool panKey(int key, Qt::KeyboardModifiers modifiers);

    // painting (picture_view_paint.cpp)
    QColor surround() const;
    void paint(QPainter& painter);
    void paintPictures(QPainter& painter);
    void paintGrid(QPainter& painter, const QRect& pane) const;
    void paintLabels(QPainter& painter);
    void paintPill(QPainter& painter, const QString& text, const QRectF& room, Qt::Alignment corner) const;
    void paintDivider(QPainter& painter) const;
};

}  // namespace stillpoint
