// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "ui/io/picture.h"

namespace stillpoint {

/// Test chart, 768 x 512, grey: slanted edges, Siemens star, line groups of falling width, text of several
/// sizes, a grey wedge. Drawn at four times the size and averaged, so that edges carry no drawing artefacts.
/// Needs a QGuiApplication for its text.
Picture resolutionChart();

/// Dead leaves, 768 x 512, colour: discs that cover each other, radii distributed as r^-3 (which gives the
/// scale invariance of natural pictures), colours of a photograph's palette, a gentle texture on each disc.
/// The same picture for the same seed on every machine, up to the last bit of the mathematical library.
Picture deadLeaves(std::uint64_t seed = 7);

}  // namespace stillpoint
