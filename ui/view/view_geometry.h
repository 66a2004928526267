// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRect>
#include <QSize>

namespace stillpoint {

/// Where a picture lies in a view: pure arithmetic in device pixels, no widgets. A larger picture can be
/// moved until its corner is in the middle of the view. Zooming in keeps the point under the cursor exactly;
/// zooming out gives up margins step by step, until a picture that is smaller than the view lies in its
/// middle.
class ViewGeometry {
 public:
    static constexpr double kLargestZoom = 64;

    /// Keeps the zoom; fits when the picture's size changes.
    void setPicture(QSize size);
    /// Size of the view. Fits again if fitted, else keeps what is in the middle there.
    void setView(QSize size);

    QSize picture() const { return picture_; }
    QSize view() const { return view_; }
    double zoom() const { return zoom_; }
    bool isFitted() const { return fitted_; }
    /// Upper left corner of the picture in the view; whole pixels, so that 1:1 is exact.
    QPoint origin() const;
    /// The picture's rectangle in the view, rounded to whole pixels.
    QRect pictureRect() const;
    QRect visibleRect() const { return pictureRect().intersected(QRect({0, 0}, view_)); }
    bool canPan() const;

    /// Largest zoom that shows everything, rounded down: to 1 from a little above (sharp), and to whole
    /// numbers from 2 up, where pixels are drawn as squares (all alike).
    double fitZoom() const;
    double smallestZoom() const;

    void fit();
    /// Sets the zoom (within smallestZoom and kLargestZoom) so that the picture's point under `anchor` stays.
    void zoomTo(double zoom, QPointF anchor);
    /// The next rounded zoom (1:3, 1:2, 2:3, 1:1, 150 %, ...) above or below.
    double nextZoom(bool larger) const;
    void panBy(QPointF delta);

    QPointF toPicture(QPointF viewPoint) const;
    QPointF toView(QPointF picturePoint) const;

 private:
    /// Takes margins away that are no longer needed.
    void settle();

    QSize picture_;
    QSize view_;
    double zoom_ = 1;
    QPointF origin_;
    bool fitted_ = true;
};

}  // namespace stillpoint
