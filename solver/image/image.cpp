// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/image/image.h"

#include "solver/core/vec.h"

namespace stillpoint {

void copy(ConstImageRef from, ImageRef to) {
    assert(from.shape() == to.shape());
    copy(from.samples(), to.samples());
}

Image crop(ConstImageRef picture, int row, int column, int height, int width) {
    assert(row >= 0 && column >= 0 && row + height <= picture.height() && column + width <= picture.width());
    Image part(picture.channels(), height, width);
    for (int c = 0; c < picture.channels(); ++c)
        part.plane(c) = picture.plane(c).block(row, column, height, width);
    return part;
}

}  // namespace stillpoint
