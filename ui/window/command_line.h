// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "ui/runs/run_entry.h"

namespace stillpoint {

/// The shell lines that do a run again: `stillpoint-cli simulate ...` (simulate mode) and `stillpoint-cli
/// restore ...` (for a sample, `stillpoint-cli sample ...` before them), with every parameter that differs
/// from what the command line would take by itself. What the lines cannot say stands in comments before them:
/// a picture that is no file yet, changes during the run.
QString commandLine(const RunOrigin& origin, const Recipe& recipe, const std::vector<RunMark>& marks = {});

/// A word for a POSIX shell: as it is, or in single quotes.
QString shellWord(const QString& word);

}  // namespace stillpoint
