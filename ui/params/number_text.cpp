// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/number_text.h"

#include <QLocale>
#include <cmath>

namespace stillpoint {
namespace {

QLocale plainLocale() {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator | QLocale::RejectGroupSeparator);
    return locale;
}

}  // namespace

QString numberText(double value) {
    return plainLocale().toString(value, 'g', QLocale::FloatingPointShortest);
}

std::optional<double> numberFromText(const QString& text) {
    const QString trimmed = text.trimmed();
    bool ok = false;
    double value = plainLocale().toDouble(trimmed, &ok);
    if (!ok) value = QLocale::c().toDouble(trimmed, &ok);
    if (!ok || !std::isfinite(value)) return std::nullopt;
    return value;
}

QString roundedText(double value, int digits) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    return plainLocale().toString(value, 'g', digits);
}

QString scientificText(double value, int digits) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    const QString text = plainLocale().toString(value, 'e', digits - 1);
    const qsizetype exponent = text.indexOf('e', 0, Qt::CaseInsensitive);
    return text.left(exponent) + 'e' + QString::number(text.mid(exponent + 1).toInt());
}

double roundedTo(double value, int digits) {
    return QString::number(value, 'g', digits).toDouble();
}

}  // namespace stillpoint
