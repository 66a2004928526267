// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/run_memory.h"

#include <QLocale>
#include <algorithm>
#include <string_view>

#include "solver/core/real.h"
#include "solver/run/registry.h"
#include "ui/params/number_text.h"

namespace stillpoint {
namespace {

// Counted in pictures of Real.
constexpr double kScratchStates = 2;  ///< beside the history: point of evaluation, best one
constexpr double kPictures = 8;       ///< spectra and scratch of data step and prior, frames for the screen
constexpr double kDualScratch = 4;    ///< two fields that a prior works with
constexpr std::int64_t kFewestPairs = 2;

}  // namespace

std::int64_t runMemory(const Recipe& recipe, Shape canvas) {
    const Registry& registry = Registry::builtin();
    const auto text = [&](const char* key) { return registry.valueText(recipe, key); };
    const bool accelerated = text("anderson.enabled") == "true";
    const std::int64_t history =
        accelerated ? QString::fromStdString(text("anderson.history")).toLongLong() : 0;
    const double pairs = static_cast<double>(std::max(history, kFewestPairs));
    const bool hasField = !text("prior.inner").empty();
    const double state = registry.statePictures(recipe);
    const double pictures = registry.fidelityPictures(recipe) + state * (2 * pairs + kScratchStates) +
                            kPictures + (hasField ? kDualScratch : 0);
    return static_cast<std::int64_t>(pictures * static_cast<double>(canvas.size() * sizeof(Real)) +
                                     static_cast<double>(registry.priorBytes(recipe, canvas)));
}

QString memoryText(std::int64_t bytes) {
    return QLocale().formattedDataSize(bytes, bytes < std::int64_t{1} << 30 ? 0 : 1);
}

}  // namespace stillpoint
