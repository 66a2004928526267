// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

/// Peak signal-to-noise ratio in dB, peak 1, over all channels and pixels, the estimate clipped to [0, 1]:
/// -10 log10(mean (clip(estimate) - reference)^2). Infinite for equal pictures. `border` pixels on each side
/// are left out (clamped so that at least one pixel stays). NaN if the estimate has a NaN. One pass, no
/// allocation.
double psnr(ConstImageRef estimate, ConstImageRef reference, int border = 0);

/// Structural similarity (Wang et al., 2004): 11x11 Gaussian window of deviation 1.5, K1 = 0.01, K2 = 0.03,
/// data range 1, variances clamped at 0, mean over channels and all windows inside the picture. The estimate
/// is taken as it is, not clipped. NaN for pictures smaller than 11x11. Allocates a few rows; cost about 100
/// operations a pixel.
double ssim(ConstImageRef estimate, ConstImageRef reference);

}  // namespace stillpoint
