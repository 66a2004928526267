// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

/// Turns a picture upright. `orientation` is that of EXIF and TIFF, 1 to 8: where the stored first row and
/// column belong (1 top left, 2 top right, 3 bottom right, 4 bottom left, 5 to 8 the same with rows and
/// columns swapped). Other values count as 1.
Image turnedUpright(Image picture, int orientation);

/// The first channel alone.
Image firstChannel(ConstImageRef picture);

/// True if there are three channels that agree in every pixel.
bool channelsAgree(ConstImageRef picture);

}  // namespace stillpoint
