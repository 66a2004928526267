// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include "solver/run/contraction.h"
#include "solver/run/run_record.h"

namespace stillpoint {

/// A contraction factor with as many digits as its distance from 1 needs: "0.83", "0.9987", "1.02".
QString factorText(double radius);

/// "contracts by 0.83: 45 plain iterations to tolerance", then the same in fewer words down to "ρ 0.83";
/// "does not contract (1.02)" from 1 on. Empty when nothing was measured.
QStringList contractionTexts(const Contraction& contraction);

/// What the number means, how it was measured and what it predicts beside what the run did: HTML for a tool
/// tip. Empty when nothing was measured.
QString contractionTip(const Contraction& contraction, const RunRecord& record);

}  // namespace stillpoint
