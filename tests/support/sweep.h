// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "solver/run/problem.h"

namespace stillpoint {

/// Every combination of components that the registry says is compatible, with the parameter variants that
/// change a formula (choices, numbers of translations, and real parameters off their defaults). New
/// components join by being registered.
struct SweepCase {
    std::string name;
    Recipe recipe;
};
std::vector<SweepCase> sweepCases();

/// Picture sizes of the sweep: even, odd, prime; one and three channels.
std::vector<Shape> sweepShapes();

/// Problem with a kernel without symmetry on random data; `blurred` is filled.
std::unique_ptr<Problem> sweepProblem(const SweepCase& sweepCase, Shape shape, Image& blurred);
Kernel sweepKernel();

}  // namespace stillpoint
