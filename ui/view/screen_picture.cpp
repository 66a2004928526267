// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/screen_picture.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ui/io/display_image.h"

namespace stillpoint {

namespace {

constexpr double kNearestFrom = 2;

/// Mean of four pixels, two colours at a time.
inline std::uint32_t mean(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    constexpr std::uint32_t even = 0x00ff00ffu;
    const std::uint32_t low = (a & even) + (b & even) + (c & even) + (d & even) + 0x00020002u;
    const std::uint32_t high =
        (a >> 8 & even) + (b >> 8 & even) + (c >> 8 & even) + (d >> 8 & even) + 0x00020002u;
    return (low >> 2 & even) | (high >> 2 & even) << 8;
}

void prepare(QImage& image, QSize size) {
    if (image.size() != size) image = QImage(size, QImage::Format_RGB32);
}

std::uint32_t* line(QImage& picture, int y) {
    return reinterpret_cast<std::uint32_t*>(picture.scanLine(y));
}
const std::uint32_t* line(const QImage& picture, int y) {
    return reinterpret_cast<const std::uint32_t*>(picture.constScanLine(y));
}

}  // namespace

void halve(const QImage& picture, QImage& half) {
    const int width = picture.width();
    prepare(half, {(width + 1) / 2, (picture.height() + 1) / 2});
    for (int y = 0; y < half.height(); ++y) {
        const std::uint32_t* upper = line(picture, 2 * y);
        const std::uint32_t* lower = line(picture, std::min(2 * y + 1, picture.height() - 1));
        std::uint32_t* out = line(half, y);
        for (int x = 0; x < width / 2; ++x)
            out[x] = mean(upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]);
        if (width % 2 == 1)
            out[width / 2] = mean(upper[width - 1], upper[width - 1], lower[width - 1], lower[width - 1]);
    }
}

void ScreenPicture::set(std::shared_ptr<const Image> picture) {
    source_ = picture && !picture->empty() ? std::move(picture) : nullptr;
    recolour();
    if (source_) return;
    levels_.clear();
    drawn_ = QImage();
}

void ScreenPicture::recolour() {
    currentLevels_ = 0;
    drawnZoom_ = 0;
}

QSize ScreenPicture::size() const {
    return source_ ? QSize(source_->width(), source_->height()) : QSize();
}

const QImage& ScreenPicture::level(int halvings) {
    const auto wanted = static_cast<std::size_t>(halvings);
    if (levels_.size() <= wanted) levels_.resize(wanted + 1);
    for (; currentLevels_ <= wanted; ++currentLevels_) {
        if (currentLevels_ > 0)
            halve(levels_[currentLevels_ - 1], levels_[currentLevels_]);
        else if (colouring_)
            colouring_(*source_, levels_[0]);
        else
            renderInto(*source_, levels_[0]);
    }
    return levels_[wanted];
}

const QImage& ScreenPicture::visible(const ViewGeometry& geometry) {
    const QRect target = geometry.visibleRect();
    if (geometry.zoom() == drawnZoom_ && target == drawnRect_ && geometry.origin() == drawnOrigin_)
        return drawn_;
    drawnZoom_ = geometry.zoom();
    drawnRect_ = target;
    drawnOrigin_ = geometry.origin();

    const int halvings = std::clamp(static_cast<int>(std::floor(-std::log2(drawnZoom_) + 1e-9)), 0, 16);
    const QImage& from = level(halvings);
    const double scale = std::ldexp(drawnZoom_, halvings);
    // Only the pixels in sight and a rim for the interpolation: at large zooms the whole picture would be
    // millions of device pixels wide.
    const QPointF first = QPointF(target.topLeft() - drawnOrigin_) / scale;
    const QPointF last = QPointF(target.bottomRight() + QPoint(1, 1) - drawnOrigin_) / scale;
    const QPoint begin(std::max(0, static_cast<int>(first.x()) - 2),
                       std::max(0, static_cast<int>(first.y()) - 2));
    const QPoint end(std::min(from.width(), static_cast<int>(last.x()) + 3),
                     std::min(from.height(), static_cast<int>(last.y()) + 3));
    const QRectF source(begin, QSizeF(end.x() - begin.x(), end.y() - begin.y()));

    prepare(drawn_, target.size());
    QPainter painter(&drawn_);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, drawnZoom_ < kNearestFrom);
    painter.drawImage(
        QRectF(QPointF(drawnOrigin_ - target.topLeft()) + source.topLeft() * scale, source.size() * scale),
        from, source);
    return drawn_;
}

}  // namespace stillpoint
