// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <optional>

#include "solver/run/contraction.h"
#include "solver/run/run_session.h"
#include "ui/io/picture.h"
#include "ui/problem/problem_panel.h"
#include "ui/theme/run_colours.h"

namespace stillpoint {

/// Where a run's pictures came from: what it takes to do it again.
struct RunOrigin {
    ProblemChoice problem;
    Picture picture;    ///< what was opened: the sharp picture when simulating
    QString sample;     ///< id, if the picture is a sample
    Picture reference;  ///< of restore mode; null if there is none
};

/// A run as the window keeps it: its numbers, its pictures and how it is drawn. Pictures are shared, so
/// copies are cheap apart from the numbers.
struct RunEntry {
    int id = 0;
    QString name;
    RunStyle style;
    bool overlay = true;  ///< drawn in the plot
    RunOrigin origin;
    RunInput input;
    std::shared_ptr<const Image> estimate;  ///< the last one, null before the end
    RunRecord record;
    std::optional<Contraction> contraction;  ///< where the run ended; comes a little later
};

}  // namespace stillpoint
