// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>

#include "solver/core/param.h"
#include "solver/run/run_record.h"

namespace stillpoint::cli {

/// A number, or null where it is not finite: JSON has no NaN.
QJsonValue jsonNumber(double number);
QJsonValue jsonValue(const Value& value);
/// Typed values, so that scripts need not parse numbers; their texts are those of a recipe file.
QJsonObject recipeObject(const Recipe& recipe);

/// The report of a run, as documented in the README: status, message, iterations, evaluations, residual,
/// seconds, seconds_per_part, psnr_input, psnr, ssim, psnr_interior, best_iteration, width, height, channels,
/// threads, peak_rss_bytes, recipe.
QByteArray reportJson(const RunRecord& record);

}  // namespace stillpoint::cli
