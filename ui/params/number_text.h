// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace stillpoint {

/// A number as the user's locale writes it, without group separators: the shortest text that reads back to
/// the same number ("0,01", "1e-05").
QString numberText(double value);

/// A number typed by a person: the locale's decimal sign, or a point as in the C locale; scientific notation
/// ("1e-5") too. Group separators are refused because "1.500" would mean two things. Nothing if it is no
/// finite number.
std::optional<double> numberFromText(const QString& text);

/// For tables and status texts: `digits` significant digits, "1.23e-05" beyond the range of plain writing; an
/// en dash for what is not finite.
QString roundedText(double value, int digits);

/// "2.1e-3": for residuals, which differ by their exponent. `digits` as above.
QString scientificText(double value, int digits);

/// `value` with `digits` significant digits.
double roundedTo(double value, int digits);

}  // namespace stillpoint
