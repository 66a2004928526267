// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/image/image.h"

namespace stillpoint {

enum class TrainingLoss { l1, mse };

/// Mean absolute or squared error of `estimate`, whose samples are replaced by the loss's derivatives.
double replaceByDerivative(TrainingLoss loss, const Image& sharp, Image& estimate);
/// Mean squared error of the estimate clipped to [0, 1].
double clippedSquaredError(const Image& sharp, const Image& estimate);

}  // namespace stillpoint
