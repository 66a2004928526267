// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "solver/run/backward.h"

namespace stillpoint {

/// The backward pass of a run, as the window keeps it: while it goes on and afterwards.
struct BackwardResult {
    LossChoice choice;
    Recipe recipe;       ///< of the run, with the keys `backward.*` that were ordered
    int iterations = 0;  ///< of the run when it was ordered
    bool going = true;
    BackwardStep last;                             ///< iteration 0: none yet
    std::vector<double> residuals;                 ///< of the (first) adjoint so far
    std::shared_ptr<const BackwardRecord> record;  ///< null before the end
};

}  // namespace stillpoint
