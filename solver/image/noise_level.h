// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

/// Standard deviation of the white noise in a picture, on its own scale: the median of the absolute finest
/// diagonal wavelet details divided by 0.6745, the median of a standard normal's absolute value (Donoho and
/// Johnstone, 1994; Daubechies' filter with two vanishing moments, without decimation). Root mean square over
/// the channels. Details that touch a clipped sample (<= 0 or >= 1) are left out.
///
/// Right to a few per cent for blurred photographs, whose structure has no such details; an upper bound for
/// sharp ones; too low for JPEG files, which drop what it looks at. Negative when too few details are left
/// (pictures below 8x8, wholly clipped ones). At most about a million details a channel are looked at, of
/// rows evenly apart: some tens of milliseconds. One thread; allocates.
double estimateNoise(ConstImageRef picture);

}  // namespace stillpoint
