// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/display_image.h"

#include <cstdint>

namespace stillpoint {

namespace {

/// 0 to 255, rounded; the comparisons send NaN to 0. Plain selections, so that the loops vectorise.
std::uint32_t level(Real value) {
    const Real positive = value > Real(0) ? value : Real(0);
    const Real clipped = positive < Real(1) ? positive : Real(1);
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(clipped * Real(255) + Real(0.5)));
}

void greyRow(const Real* grey, std::uint32_t* out, int width) {
    for (int x = 0; x < width; ++x) out[x] = 0xFF000000U | (level(grey[x]) * 0x010101U);
}

void colourRow(const Real* red, const Real* green, const Real* blue, std::uint32_t* out, int width) {
    for (int x = 0; x < width; ++x)
        out[x] = 0xFF000000U | (level(red[x]) << 16) | (level(green[x]) << 8) | level(blue[x]);
}

}  // namespace

void renderInto(ConstImageRef picture, QImage& out) {
    const QSize size(picture.width(), picture.height());
    if (out.size() != size || out.format() != QImage::Format_RGB32) out = QImage(size, QImage::Format_RGB32);
    if (out.isNull() || picture.channels() == 0) return;
    for (int y = 0; y < picture.height(); ++y) {
        auto* line = reinterpret_cast<std::uint32_t*>(out.scanLine(y));
        if (picture.channels() < 3)
            greyRow(picture.row(0, y), line, picture.width());
        else
            colourRow(picture.row(0, y), picture.row(1, y), picture.row(2, y), line, picture.width());
    }
}

QImage toQImage(ConstImageRef picture) {
    QImage out;
    renderInto(picture, out);
    return out;
}

}  // namespace stillpoint
