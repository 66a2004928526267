// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/run_colours.h"

#include <algorithm>
#include <array>

namespace stillpoint {

RunStyle runStyle(int index) {
    // Pairs (blue, orange), (green, magenta), (ochre, violet) stay apart for every kind of colour vision;
    // between pairs the dash tells.
    static constexpr std::array<QRgb, 6> hues = {0x2f7fd1, 0xd95f02, 0x1b9e77, 0xc2549d, 0xa07a00, 0x7a6ad8};
    static constexpr std::array<Qt::PenStyle, 4> dashes = {Qt::SolidLine, Qt::DashLine, Qt::DashDotLine,
                                                           Qt::DotLine};
    const auto i = static_cast<std::size_t>(std::max(index, 0));
    return {QColor(hues[i % hues.size()]), dashes[(i % hues.size() / 2 + i / hues.size()) % dashes.size()]};
}

}  // namespace stillpoint
