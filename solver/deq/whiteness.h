// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

/// Mean over the channels of sum a(t)^2 / a(0)^2 over the lags t != 0 of at most `lag` rows and columns;
/// a(t) = sum of r(p) r(p + t) over the pixels p for which both lie inside (see loss.h). 0 for r = 0. With
/// `gradient`, of r's shape, that receives the derivative with respect to r,
///     (4 sum over half the lags of a(t) (r(p + t) + r(p - t)) - 4 W a(0) r(p)) / a(0)^2 / channels.
/// Sums in double. Cost 2 L (L + 1) passes over r, twice that with the gradient.
double correlationEnergy(ConstImageRef r, int lag, Image* gradient);

}  // namespace stillpoint
