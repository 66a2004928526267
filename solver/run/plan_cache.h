// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace stillpoint {

/// Keeps measured plans of Fourier transforms in this file between runs of the program: the first run at a
/// new picture size measures for some seconds, later ones start at once. Read now if it exists, rewritten
/// (beside, then renamed) after each new measurement; an unreadable or foreign file is ignored and replaced.
/// For the whole process: call once, when the program starts.
void usePlanCache(const std::filesystem::path& file);

}  // namespace stillpoint
