// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace stillpoint {

/// Ticks at whole numbers only.
class IterationTicker : public QCPAxisTicker {
 protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double tickStep) override;
};

/// Ticks of a log axis for any range: every decade or every n-th ("10" with a raised exponent), 1-2-5 below
/// one and a half decades, evenly stepped numbers when zoomed in further. The stock ticker has no labels
/// within a decade.
class DecadeTicker : public QCPAxisTicker {
 public:
    void generate(const QCPRange& range, const QLocale& locale, QChar formatChar, int precision,
                  QVector<double>& ticks, QVector<double>* subTicks, QVector<QString>* tickLabels) override;

 protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    QVector<double> createSubTickVector(int subTickCount, const QVector<double>& ticks) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

 private:
    enum class Mode { decades, oneTwoFive, even };
    Mode mode_ = Mode::decades;
    int stride_ = 1;   ///< decades from label to label
    double step_ = 1;  ///< of even ticks
};

}  // namespace stillpoint
