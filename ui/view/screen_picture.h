// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QSize>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "solver/image/image.h"
#include "ui/view/view_geometry.h"

namespace stillpoint {

/// Every 2 x 2 pixels of an RGB32 picture averaged; an odd last row or column stands for itself.
void halve(const QImage& picture, QImage& half);

/// A picture together with what the screen needs of it: 8-bit colours, halved copies for small zooms and the
/// part last drawn. All of it is made on demand and kept until the picture or the view changes.
class ScreenPicture {
 public:
    /// Makes colours of samples, in Format_RGB32; renderInto() unless set.
    using Colouring = std::function<void(ConstImageRef, QImage&)>;
    void setColouring(Colouring colouring) { colouring_ = std::move(colouring); }
    /// The colouring gives other colours from now on.
    void recolour();

    void set(std::shared_ptr<const Image> picture);
    const std::shared_ptr<const Image>& source() const { return source_; }
    bool isEmpty() const { return !source_; }
    QSize size() const;

    /// The picture as it appears in geometry.visibleRect(), in device pixels: nearest neighbour from zoom 2
    /// up, else interpolated from the halved copy next above the wanted size (no shimmer).
    const QImage& visible(const ViewGeometry& geometry);

 private:
    const QImage& level(int halvings);

    std::shared_ptr<const Image> source_;
    Colouring colouring_;
    std::vector<QImage> levels_;     ///< memory of old ones is reused
    std::size_t currentLevels_ = 0;  ///< that belong to the source
    QImage drawn_;
    QRect drawnRect_;
    QPoint drawnOrigin_;
    double drawnZoom_ = 0;
};

}  // namespace stillpoint
