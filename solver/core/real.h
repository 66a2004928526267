// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>

namespace stillpoint {

/// Type of every picture sample and state entry: float, or double in the `verify` build, where wrong formulas
/// are not hidden by rounding. Scalars, norms and dot products are double in both.
#ifdef STILLPOINT_VERIFY
using Real = double;
#else
using Real = float;
#endif
using Complex = std::complex<Real>;

}  // namespace stillpoint
