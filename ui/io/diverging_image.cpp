// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/diverging_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace stillpoint {
namespace {

constexpr int kHalf = 255;  ///< colours on either side of zero
constexpr double kShare = 0.995;
using Colours = std::array<QRgb, 2 * kHalf + 1>;

/// Of zero, half and full colour on one side.
struct Side {
    std::array<QRgb, 3> stops;
    QRgb at(double t) const {
        const std::size_t i = t < 0.5 ? 0 : 1;
        const double part = 2 * t - static_cast<double>(i);
        const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + part * (b - a))); };
        const QRgb a = stops[i];
        const QRgb b = stops[i + 1];
        return qRgb(mix(qRed(a), qRed(b)), mix(qGreen(a), qGreen(b)), mix(qBlue(a), qBlue(b)));
    }
};

Colours coloursOf(const Side& negative, const Side& positive) {
    Colours colours{};
    for (int i = -kHalf; i <= kHalf; ++i)
        colours[static_cast<std::size_t>(i + kHalf)] =
            (i < 0 ? negative : positive).at(std::abs(i) / static_cast<double>(kHalf));
    return colours;
}

/// Both sides grow equally fast in contrast to the middle.
const Colours& colours(bool dark) {
    static const Colours onWhite =
        coloursOf({{0xffffffff, 0xff6fa8dc, 0xff0b3c8c}}, {{0xffffffff, 0xffec8a74, 0xff9c1420}});
    static const Colours onBlack =
        coloursOf({{0xff000000, 0xff1f5fb8, 0xff8fc8ff}}, {{0xff000000, 0xffb83424, 0xffffb09a}});
    return dark ? onBlack : onWhite;
}

/// Mean of the channels of a row.
void meanRow(ConstImageRef picture, int y, std::vector<Real>& row) {
    const auto width = static_cast<std::size_t>(picture.width());
    row.assign(picture.row(0, y), picture.row(0, y) + width);
    for (int c = 1; c < picture.channels(); ++c)
        for (std::size_t x = 0; x < width; ++x) row[x] += picture.row(c, y)[x];
    for (Real& value : row) value /= static_cast<Real>(picture.channels());
}

}  // namespace

SignedRange signedRange(ConstImageRef picture) {
    if (picture.channels() == 0) return {};
    std::vector<Real> sizes, row;
    for (int y = 0; y < picture.height(); ++y) {
        meanRow(picture, y, row);
        for (const Real value : row)
            if (std::isfinite(value)) sizes.push_back(std::abs(value));
    }
    if (sizes.empty()) return {};
    SignedRange range;
    range.largest = static_cast<double>(*std::max_element(sizes.begin(), sizes.end()));
    const auto rank = static_cast<std::size_t>(std::ceil(kShare * static_cast<double>(sizes.size()))) - 1;
    const auto nth = sizes.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(sizes.begin(), nth, sizes.end());
    range.scale = static_cast<double>(*nth);
    // Nearly all zeros: what is left is what there is to see.
    if (range.scale == 0) range.scale = range.largest;
    return range;
}

void renderSigned(ConstImageRef picture, double scale, bool dark, QImage& out) {
    const QSize size(picture.width(), picture.height());
    if (out.size() != size || out.format() != QImage::Format_RGB32) out = QImage(size, QImage::Format_RGB32);
    if (out.isNull() || picture.channels() == 0) return;
    const Colours& table = colours(dark);
    const Real factor = scale > 0 ? static_cast<Real>(kHalf / scale) : Real(0);
    std::vector<Real> row;
    for (int y = 0; y < picture.height(); ++y) {
        meanRow(picture, y, row);
        auto* line = reinterpret_cast<std::uint32_t*>(out.scanLine(y));
        for (std::size_t x = 0; x < row.size(); ++x) {
            const Real level = row[x] * factor;
            line[x] = std::isnan(level)
                          ? qRgb(128, 128, 128)
                          : table[static_cast<std::size_t>(
                                std::lround(std::clamp(level, Real(-kHalf), Real(kHalf))) + kHalf)];
        }
    }
}

}  // namespace stillpoint
