// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/bench/suite.h"

namespace stillpoint {

std::string tableHeader();
std::string tableRow(const BenchResult& result);

/// {"version": ..., "hardware_threads": ..., "rows": [{"name", "size", "threads", "median_ms", "min_ms",
/// "repeats" and, where a row counts its operations, "gigaflops", "peak_share"}, ...]}; numbers in the C
/// locale.
std::string toJson(const std::vector<BenchResult>& results);

/// Throws Error("json", sentence) when writeFile would fail; leaves an existing file alone.
void checkWritable(const std::string& path);
/// Writes beside the file, then renames. Throws Error("json", sentence).
void writeFile(const std::string& path, const std::string& text);

}  // namespace stillpoint
