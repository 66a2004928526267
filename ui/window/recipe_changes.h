// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "solver/run/recipe.h"

namespace stillpoint {

/// `running` with the values of `wanted` for all parameters that may change while a run goes on.
Recipe liveRecipe(const Recipe& running, const Recipe& wanted);
/// Labels of what differs and cannot change while a run goes on: "Iterator, Kernel"; empty if nothing does.
QString restartLabels(const Recipe& running, const Recipe& wanted);

}  // namespace stillpoint
