// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

/// Grey picture of one channel: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601, the luma of the encoded
/// samples; no gamma is undone) of a picture of 3 channels, a copy of one of 1 channel. Nothing is rounded or
/// clipped. Allocates the result.
Image luminance(ConstImageRef picture);

}  // namespace stillpoint
