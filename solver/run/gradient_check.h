// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/run/backward.h"

namespace stillpoint {

/// dl/dtheta of one real parameter by a central difference of the whole solve: two runs (four for a loss of
/// two equilibria) with theta (1 +- h), from the given run's state, to a tolerance of kDifferenceTolerance or
/// as far as rounding lets them. The residual must fall far below what a change of theta by h makes of it,
/// times 1 - rho for a map that contracts by rho: hence h = 0.05 in float, which leaves an error of about
/// h^2, and 1e-3 in the verify build. At an end of the range the difference is one-sided. NaN where a run did
/// not end near its equilibrium, or on a stop request. Cost: two solves, warm but long. Throws Error for a
/// key that is no real parameter.
double finiteDifference(RunSession& run, const LossChoice& choice, const std::string& key,
                        const BackwardHooks& hooks = {});
inline constexpr double kDifferenceTolerance = sizeof(Real) == 8 ? 1e-12 : 2e-7;

/// Relative difference of two derivatives by a parameter of this value, as a check shows it: to the larger of
/// both, but at least to a derivative by which doubling the parameter would change the loss by 1e-3 of itself
/// (differences in float resolve no less).
double relativeError(double gradient, double difference, double value, double loss);

}  // namespace stillpoint
