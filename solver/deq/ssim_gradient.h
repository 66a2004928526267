// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

/// SSIM of image/metrics.h with its gradient: adds scale * d SSIM / d estimate to `gradient`. With the
/// window's moments m = E x, E x^2, E x y of each window, SSIM = mean S(moments), and
///     d SSIM / d x(p) = mean over windows q of w(p - q) (S_m + 2 x(p) S_xx + y(p) S_xy):
/// three maps of partial derivatives, spread back by the window. Where a variance is clamped at 0 its
/// derivative is 0. In double; allocates eight planes of doubles; about 3 times the cost of ssim(). Pictures
/// of at least 11x11 and the same shape.
double ssimWithGradient(ConstImageRef estimate, ConstImageRef reference, double scale, ImageRef gradient);

/// Side of SSIM's window.
inline constexpr int kSsimWindow = 11;

}  // namespace stillpoint
