// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <span>

#include "solver/run/run_record.h"

namespace stillpoint {

/// When the residual will reach the tolerance if it goes on as it does.
struct Forecast {
    bool converging = false;    ///< false: the residual does not fall
    double lowIterations = 0;   ///< from now; a range because the fall is not steady
    double highIterations = 0;  ///< may be infinite
};

/// From a straight line through the logarithms of the last residuals. Nothing while there are too few points.
std::optional<Forecast> forecast(std::span<const CurvePoint> points, double tolerance);

/// Average of the last iterations, in seconds; 0 without points.
double secondsPerIteration(std::span<const CurvePoint> points);

/// "iteration 37 of at most 200 · 41 ms each · tolerance in about 5–9 s", then the same in fewer and fewer
/// words down to "37 of 200", for where there is less room. Tolerance and limit stand in the record's recipe.
QStringList progressTexts(const RunRecord& record);

/// Of a run that has ended: "64 iterations in 0.96 s · residual 9.9e-5 · PSNR 16.60 → 20.55 dB", then
/// shorter and shorter ones. `contraction`: that fact in three lengths (contractionTexts) or nothing; every
/// form has it.
QStringList resultTexts(const RunRecord& record, const QStringList& contraction = {});

/// "1 iteration", "64 iterations".
QString iterationsText(int count);

/// "5–9 s", "under 1 s", "2–3 min"; one number where both ends look alike.
QString durationText(double lowSeconds, double highSeconds);

}  // namespace stillpoint
