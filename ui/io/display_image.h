// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include "solver/image/image.h"

namespace stillpoint {

/// Picture for the screen: Format_RGB32, clipped to [0,1] and rounded; NaN shows as black. 1 channel shows as
/// grey, of 3 and more the first three are red, green, blue. About a millisecond for 512 x 512. Any thread.
QImage toQImage(ConstImageRef picture);

/// The same into `out`, whose memory is used again if its size and format fit and nobody else holds it.
void renderInto(ConstImageRef picture, QImage& out);

}  // namespace stillpoint
