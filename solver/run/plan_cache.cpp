// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/plan_cache.h"

#include "solver/fft/fft2d.h"

namespace stillpoint {

void usePlanCache(const std::filesystem::path& file) {
    setPlanFile(file);
}

}  // namespace stillpoint
