// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/axis_tickers.h"

#include <algorithm>
#include <cmath>

namespace stillpoint {

namespace {

/// Multiples of `stride` between the exponents of a range.
int labelsWithin(const QCPRange& range, int stride) {
    const double first = std::ceil(std::log10(range.lower) / stride);
    return static_cast<int>(std::floor(std::log10(range.upper) / stride) - first) + 1;
}

}  // namespace

double IterationTicker::getTickStep(const QCPRange& range) {
    return std::max(1.0, std::round(QCPAxisTicker::getTickStep(range)));
}

int IterationTicker::getSubTickCount(double tickStep) {
    return tickStep < 5 ? static_cast<int>(tickStep) - 1 : QCPAxisTicker::getSubTickCount(tickStep);
}

void DecadeTicker::generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision,
                            QVector<double>& ticks, QVector<double>* subTicks, QVector<QString>* tickLabels) {
    const double decades = std::log10(range.upper / range.lower);
    mode_ = decades >= 1.5 ? Mode::decades : decades >= 0.6 ? Mode::oneTwoFive : Mode::even;
    stride_ = std::max(1, static_cast<int>(std::ceil(decades / std::max(1, tickCount()))));
    // One label alone says nothing about the scale.
    while (stride_ > 1 && labelsWithin(range, stride_) < 2) --stride_;
    QCPAxisTicker::generate(range, locale, formatChar, precision, ticks, subTicks, tickLabels);
}

QVector<double> DecadeTicker::createTickVector(double tickStep, const QCPRange& range) {
    step_ = tickStep;
    if (mode_ == Mode::even) return QCPAxisTicker::createTickVector(tickStep, range);
    QVector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(range.lower)));
    const int last = static_cast<int>(std::ceil(std::log10(range.upper)));
    const int aligned = static_cast<int>(std::floor(static_cast<double>(first) / stride_)) * stride_;
    for (int exponent = aligned; exponent <= last + stride_ - 1; exponent += stride_) {
        const double decade = std::pow(10.0, exponent);
        ticks << decade;
        if (mode_ == Mode::oneTwoFive) ticks << 2 * decade << 5 * decade;
    }
    return ticks;
}

QVector<double> DecadeTicker::createSubTickVector(int subTickCount, const QVector<double>& ticks) {
    if (mode_ == Mode::even) return QCPAxisTicker::createSubTickVector(subTickCount, ticks);
    QVector<double> subTicks;
    if (ticks.isEmpty()) return subTicks;
    const int first = static_cast<int>(std::floor(std::log10(ticks.first()) + 1e-9));
    const int last = static_cast<int>(std::ceil(std::log10(ticks.last()) - 1e-9));
    for (int exponent = first; exponent < last; ++exponent)
        for (int digit = stride_ == 1 ? 2 : 10; digit <= (stride_ == 1 ? 9 : 10); ++digit)
            subTicks << digit * std::pow(10.0, exponent);
    return subTicks;
}

QString DecadeTicker::getTickLabel(double tick, const QLocale& locale, QChar, int) {
    const int exponent = static_cast<int>(std::floor(std::log10(tick) + 1e-9));
    const double mantissa = tick / std::pow(10.0, exponent);
    if (mode_ != Mode::decades && exponent >= -2 && exponent <= 3) return locale.toString(tick, 'g', 5);
    const int digits = mode_ == Mode::even
                           ? std::max(0, exponent - static_cast<int>(std::floor(std::log10(step_) + 1e-9)))
                           : 0;
    // The axis painter turns "2e-3" into a product with a raised exponent, "1e-3" into a raised exponent.
    return locale.toString(mantissa, 'f', digits) + "e" + QString::number(exponent);
}

}  // namespace stillpoint
