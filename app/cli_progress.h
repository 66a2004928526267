// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>

#include "solver/core/timer.h"
#include "solver/run/run_record.h"

namespace stillpoint::cli {

/// One line on the terminal that is written over about ten times a second: iteration, residual, time left.
/// Silent when the standard error stream is no terminal.
class ProgressLine {
 public:
    /// Shown only if `wanted` and on a terminal.
    explicit ProgressLine(bool wanted);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void update(const RunRecord& record);
    /// Any other line; `make` is called only when it is shown.
    void update(const std::function<QString()>& make);

 private:
    bool shown_ = false;
    bool dirty_ = false;
    Timer timer_;
};

/// "iteration 37 of at most 200, residual 2.1e-03, tolerance in about 5-9 s".
QString progressLine(const RunRecord& record);

}  // namespace stillpoint::cli
