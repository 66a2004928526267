// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/short_number.h"

#include <QLocale>
#include <cmath>

namespace stillpoint {

QString shortNumber(double value) {
    const double size = std::abs(value);
    if (size == 0 || (size >= 0.01 && size < 1000)) return QLocale().toString(value, 'g', 3);
    // The C locale's text has a fixed shape: digits, e, sign, two or more digits.
    const QStringList parts = QString::number(value, 'e', 2).split('e');
    if (parts.size() != 2) return parts.first();
    return QLocale().toString(parts[0].toDouble(), 'g', 3) + "e" + QString::number(parts[1].toInt());
}

}  // namespace stillpoint
