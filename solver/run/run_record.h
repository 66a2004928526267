// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "solver/fixedpoint/record.h"
#include "solver/run/recipe.h"

namespace stillpoint {

/// One iteration of a run as curves show it. Entries that were not measured are NaN.
struct CurvePoint {
    IterationRecord step;
    double psnr = kNotMeasured;       ///< dB against the reference, of the estimate after this iteration
    double misfit = kNotMeasured;     ///< ||y - A x|| / ||y|| of the estimate
    double objective = kNotMeasured;  ///< f(x) + lambda g(x), where the prior has a value
};

/// A curve: plots, tables, CSV and reports all read this list, so that a metric is added in one line.
struct CurveColumn {
    const char* key;    ///< "psnr"
    const char* label;  ///< "PSNR"
    const char* unit;   ///< "dB", "" for pure numbers
    bool logarithmic;   ///< sensible axis
    double (*read)(const CurvePoint&);
};
std::span<const CurveColumn> curveColumns();

/// A change of parameters at the border before iteration `iteration` + 1.
struct RunMark {
    int iteration = 0;
    std::string text;  ///< "prior.lambda 0.01 -> 0.02"
};

/// All numbers of a run; grows while it runs. A plain value.
struct RunRecord {
    Recipe recipe;  ///< complete, as of now
    std::vector<CurvePoint> points;
    std::vector<RunMark> marks;
    SolveSummary summary;
    std::map<std::string, double> secondsPerPart;  ///< build, data, prior, acceleration, metrics
    double psnrInput = kNotMeasured;
    double psnr = kNotMeasured;          ///< of the returned estimate
    double psnrInterior = kNotMeasured;  ///< without a border of the kernel's radius
    double ssim = kNotMeasured;
    int channels = 0, height = 0, width = 0;
    int threads = 1;
};

/// Header and one row per iteration: iteration, residual, psnr, misfit, objective, seconds, evaluations,
/// condition, gain, event, weights (separated by blanks, oldest first). C locale; an empty field where
/// nothing was measured.
std::string traceCsv(const RunRecord& record);

}  // namespace stillpoint
