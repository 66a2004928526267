// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/param.h"
#include "solver/run/problem.h"

namespace stillpoint {

/// Shortens the step of an iterator that descends (GD and PGD) until each iteration lowers the objective
/// F = f + lambda g enough (Beck and Teboulle, 2009, section 4; the test is the one of Hurault et al., 2022,
/// which needs values of F only):
///     F(z) - F(T(z)) >= gamma / step ||T(z) - z||^2,   else step <- eta step and T(z) anew, at most max
///     times.
/// Only where T is exact: a prior whose prox is a few dual steps in the state lowers F only in the long run.
struct BacktrackingParams {
    bool enabled = false;
    double gamma = 0.1;
    double eta = 0.9;
    int max = 20;
    static const ParamTable& table();
};

/// F(x) and the size of its rounding error.
struct Objective {
    double value = 0;
    double rounding = 0;
};
/// f(x) + lambda g(x) of a prior with a value. One transform pair and one pass of the prior.
Objective objectiveAt(Problem& problem, ConstImageRef x);

/// The test above. Differences within the rounding of F pass, because near the solution every true one is
/// smaller than that; values that are not finite do not pass, except from infinity down.
bool descendsEnough(const Objective& before, const Objective& after, double step, double distanceSquared,
                    const BacktrackingParams& params);

}  // namespace stillpoint
