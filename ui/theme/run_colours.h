// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/qnamespace.h>
#include <QColor>

namespace stillpoint {

/// How a run is drawn in plots and tables.
struct RunStyle {
    QColor colour;
    Qt::PenStyle dash = Qt::SolidLine;
};

/// Style of the run number `index` (0, 1, ...; negative counts as 0). Six hues of middle lightness, readable
/// on light and dark backgrounds (contrast at least 3), in pairs that people with any kind of colour
/// blindness can tell apart; each pair has a dash pattern of its own, and every round through the hues moves
/// on to the next pattern, so that 24 runs differ.
RunStyle runStyle(int index);

}  // namespace stillpoint
