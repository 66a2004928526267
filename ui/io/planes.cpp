// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/planes.h"

#include <algorithm>

namespace stillpoint {

Image turnedUpright(Image picture, int orientation) {
    if (orientation < 2 || orientation > 8) return picture;
    const int height = picture.height();
    const int width = picture.width();
    const bool swapped = orientation >= 5;
    const bool fromRight = orientation == 2 || orientation == 3;
    const bool fromBottom = orientation == 3 || orientation == 4;
    const bool rowsRunLeft = orientation == 6 || orientation == 7;   // the first row is the right edge
    const bool columnsRunUp = orientation == 7 || orientation == 8;  // the first column is the bottom edge
    Image upright(picture.channels(), swapped ? width : height, swapped ? height : width);
    for (int c = 0; c < picture.channels(); ++c) {
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                const int row =
                    swapped ? (columnsRunUp ? width - 1 - x : x) : (fromBottom ? height - 1 - y : y);
                const int column =
                    swapped ? (rowsRunLeft ? height - 1 - y : y) : (fromRight ? width - 1 - x : x);
                upright.at(c, row, column) = picture.at(c, y, x);
            }
        }
    }
    return upright;
}

Image firstChannel(ConstImageRef picture) {
    Image plane(1, picture.height(), picture.width());
    std::copy_n(picture.data(), plane.size(), plane.samples().data());
    return plane;
}

bool channelsAgree(ConstImageRef picture) {
    if (picture.channels() != 3) return false;
    const std::size_t size = picture.shape().planeSize();
    const Real* red = picture.data();
    return std::equal(red, red + size, red + size) && std::equal(red, red + size, red + 2 * size);
}

}  // namespace stillpoint
