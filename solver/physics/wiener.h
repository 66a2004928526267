// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/physics/blur_operator.h"

namespace stillpoint {

/// Noise to signal ratio of the Wiener estimate a run may start from: coarse on purpose, so that it is
/// sharper than the blurred picture and not noisy for any photograph; the iteration does the rest.
inline constexpr double kWienerStart = 0.01;

/// Wiener estimate with a constant noise to signal ratio c > 0 (Wiener, 1949): x^ = conj(K) y^ / (|K|^2 + c),
/// the minimiser of ||A x - y||^2 + c ||x||^2. y and out may be the same. One transform pair; allocates
/// nothing.
void wienerEstimate(BlurOperator& op, ConstImageRef y, double c, ImageRef out);

}  // namespace stillpoint
