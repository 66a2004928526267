// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>

#include "solver/core/shape.h"
#include "solver/run/recipe.h"

namespace stillpoint {

/// About how many bytes a run on a canvas of this shape takes beside the picture it starts from: the state
/// twice for every pair of the Anderson history and a few times more, spectra, scratch pictures, and what the
/// window shows of it. An estimate for people, never far below the truth and at most half above it (a test
/// compares it with real runs).
std::int64_t runMemory(const Recipe& recipe, Shape canvas);

/// "144 MiB", "9.8 GiB".
QString memoryText(std::int64_t bytes);

}  // namespace stillpoint
