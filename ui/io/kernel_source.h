// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "solver/physics/kernel.h"

namespace stillpoint {

/// A KernelSource (solver/physics/kernel.h) that also reads pictures: "gaussian:sigma=1.6", the name of a
/// text matrix, or the name of any picture that readPicture() reads. Colour pictures become one grey kernel
/// (mean of the channels); alpha is ignored. Throws Error("kernel", sentence). Any thread.
Kernel kernelFromSpec(const std::string& spec);

}  // namespace stillpoint
