// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/real.h"

namespace stillpoint {

/// Sample of [0,1] as an integer level 0 to `top` (255 or 65535): clipped, then rounded to nearest. Finite
/// samples only.
template <class T>
T levelOf(Real sample, double top) {
    const double value = static_cast<double>(sample) * top;
    if (!(value > 0)) return 0;
    return value >= top ? static_cast<T>(top) : static_cast<T>(value + 0.5);
}

}  // namespace stillpoint
