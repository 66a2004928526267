// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/physics/canvas.h"

namespace stillpoint {

/// Which samples of a picture say nothing about the scene. On the [0, 1] scale; 0 switches a rule off.
struct TrustParams {
    double clipLevel = 0;  ///< samples from here on are clipped: the light may have been anything above
    double deadLevel = 0;  ///< samples that differ by more than this from all their neighbours, to the same
                           ///< side, are dead or hot: no blur leaves such a spike
};

/// Mask on the canvas: 1 for samples to trust, 0 for those to ignore: beyond an unknown rim, by the rules
/// above, and where `given` (shape of the picture, or one channel for all; may be null) is below 0.5. Empty
/// when all are trusted. Allocates. Throws Error("mask") for a given mask of another shape or when no sample
/// of the picture is left.
Image trustMask(const Canvas& canvas, ConstImageRef picture, const TrustParams& params, const Image* given);

}  // namespace stillpoint
