// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace stillpoint {

/// True when the palette's text is lighter than its window.
bool isDark(const QPalette& palette);

/// Complete palettes of the program (all groups, disabled ones too), for the Fusion style. The desktop's own
/// palette is used unless the caller sets one of these (command-line switch, exported plots, tests).
QPalette lightPalette();
QPalette darkPalette();

/// a + t (b - a) per component in sRGB; t in [0, 1].
QColor mixed(const QColor& a, const QColor& b, double t);

/// Ratio of relative luminances (WCAG 2), 1 to 21.
double contrast(const QColor& a, const QColor& b);

/// Meaning of a coloured message, badge or symbol.
enum class Tone { info, success, warning, error };
/// Accent of a tone that is readable on the palette's window and base colours (contrast at least 3).
QColor toneColour(Tone tone, const QPalette& palette);
/// Quiet fill for a bar of that tone on the palette's window; WindowText stays readable on it.
QColor toneFill(Tone tone, const QPalette& palette);

}  // namespace stillpoint
