// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include "solver/image/image.h"

namespace stillpoint {

/// How large the numbers of a signed picture are. Of several channels the mean counts: it is what is shown.
struct SignedRange {
    double scale = 0;    ///< |number| that 99.5 % of the pixels do not exceed: it gets the full colour
    double largest = 0;  ///< |number|
};
/// 0 and 0 for a picture without finite numbers. A few milliseconds for 512 x 512. Any thread.
SignedRange signedRange(ConstImageRef picture);

/// A signed picture for the screen, symmetric about 0: blue below, red above, and for 0 white, or black on
/// dark palettes; full colour from `scale` on. Of several channels the mean is shown; NaN is grey. `out`,
/// Format_RGB32, is used again if its size fits and nobody else holds it. Any thread.
void renderSigned(ConstImageRef picture, double scale, bool dark, QImage& out);

}  // namespace stillpoint
