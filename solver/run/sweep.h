// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "solver/run/run_session.h"

namespace stillpoint {

/// The values that one key takes in a sweep, as recipe texts.
struct SweepAxis {
    std::string key;
    std::vector<std::string> values;
};

/// "KEY=A..B" (whole numbers by 1; 9 real numbers evenly, or by equal factors for a logarithmic parameter),
/// "KEY=A..B:STEP", "KEY=A..B:xFACTOR" (each FACTOR times the one before), or a list "KEY=A,B,C" of any kind
/// of value ("KEY=A;B;C" where the values themselves have commas). The key must exist under the recipe's
/// selections and every value be allowed. Throws Error("over", sentence). At most kMaxAxisValues values.
inline constexpr std::size_t kMaxAxisValues = 1000;
SweepAxis parseSweepAxis(std::string_view text, const Recipe& recipe);

/// What a run at one point of the grid gave.
struct SweepResult {
    std::string status;   ///< name(SolveStatus), or "invalid" for a recipe that cannot run
    std::string message;  ///< why it ended so; not kept in CSV
    int iterations = 0;
    long evaluations = 0;
    double residual = kNotMeasured;
    double seconds = kNotMeasured;
    double psnr = kNotMeasured;  ///< with a reference
};
/// Numbers to compare points by. psnr: larger is better; the others: smaller, and only a run that converged
/// counts.
enum class SweepMetric { iterations, evaluations, seconds, psnr };
const char* name(SweepMetric metric);
/// NaN where the result does not count.
double metricOf(const SweepResult& result, SweepMetric metric);
bool better(double a, double b, SweepMetric metric);

/// A grid of recipes around one recipe; the first axis varies slowest. A plain value.
class SweepGrid {
 public:
    /// Throws Error("over") for no axis, a key that two axes vary, or more than 100 000 points.
    SweepGrid(Recipe recipe, std::vector<SweepAxis> axes);

    const Recipe& recipe() const { return recipe_; }
    const std::vector<SweepAxis>& axes() const { return axes_; }
    std::size_t size() const { return size_; }
    /// Index along each axis.
    std::vector<std::size_t> at(std::size_t point) const;
    /// The texts of the axes' keys.
    std::vector<std::string> values(std::size_t point) const;
    /// The recipe with those texts, completed by the registry's suggestions for the noise.
    Recipe recipe(std::size_t point, double noiseSigma) const;

 private:
    Recipe recipe_;
    std::vector<SweepAxis> axes_;
    std::size_t size_ = 1;
};

/// Runs one point from the recipe's start to its end, unmeasured, so that its seconds are those of the
/// solver. Nothing when stopped. A recipe that cannot run (components that do not fit together) gives
/// `invalid`: a corner of a grid must not end the sweep. Throws Error for wrong pictures.
std::optional<SweepResult> runSweepPoint(const Recipe& recipe, const RunInput& input,
                                         const RunOptions& options, std::stop_token stop = {});

/// Rows of a sweep as CSV, C locale: the axes' keys, then status, iterations, evaluations, residual, seconds,
/// psnr and `run`, a checksum of all that decides the row (recipe, pictures, kernel): rows of an interrupted
/// or widened sweep are found again by it.
std::string sweepHeader(const SweepGrid& grid);
std::string sweepRow(const std::vector<std::string>& values, const SweepResult& result,
                     const std::string& run);
/// The inverse for a row without its line end: result and `run`, or nothing for a row that is cut off or
/// foreign.
struct SweepRow {
    SweepResult result;
    std::string run;
};
std::optional<SweepRow> readSweepRow(std::string_view row);
/// Sixteen hexadecimal digits (FNV-1a, 64 bits).
std::string sweepChecksum(const Recipe& complete, const RunInput& input, const Kernel& kernel);

}  // namespace stillpoint
