// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "app/cli_options.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint::cli {

/// The recipe of --recipe FILE with the explicit keys over it; keys of the file that belong to a component
/// which an explicit key has replaced are dropped. With neither, an empty recipe. Faults are collected.
Recipe mergedRecipe(const Arguments& arguments, std::vector<Issue>& faults);

/// All faults of the recipe, the kernel included, named by options. The kernel is made once: `kernel` gets it
/// (null when it is at fault).
void checkRecipe(const Recipe& recipe, std::shared_ptr<const Kernel>& kernel, std::vector<Issue>& faults);

/// A fault if neither an option nor the recipe file names a kernel.
void requireKernel(const Recipe& recipe, const Arguments& arguments, std::vector<Issue>& faults);

/// Gives copies of a kernel that is already there.
KernelSource sourceOf(std::shared_ptr<const Kernel> kernel);

}  // namespace stillpoint::cli
