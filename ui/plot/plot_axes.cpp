// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "ui/plot/convergence_plot_p.h"
#include "ui/theme/palettes.h"

namespace stillpoint {

namespace {

constexpr int kRightMargin = 14;        ///< half a tick label
constexpr double kFewIterations = 10;   ///< shown before there are more
constexpr double kFarTolerance = 1e-6;  ///< a tolerance further below the data is left out of the view

/// A little smaller than the application's; in pixels, so that files look as the screen does whatever
/// resolution they state.
QFont plotFont(const QFont& font) {
    QFont smaller = font;
    smaller.setPixelSize(std::max(8, qRound(QFontInfo(font).pixelSize() * 0.9)));
    return smaller;
}

}  // namespace

void ConvergencePlot::Private::buildAxes() {
    canvas->plotLayout()->clear();
    canvas->setAutoAddPlottableToLegend(false);
    canvas->addLayer("notes", canvas->layer("main"), QCustomPlot::limAbove);
    auto* margins = new QCPMarginGroup(canvas);
    keyTicker.reset(new IterationTicker);
    upperTicker.reset(new DecadeTicker);
    lowerLogTicker.reset(new DecadeTicker);
    lowerTicker.reset(new QCPAxisTicker);
    upper = new QCPAxisRect(canvas);
    lower = new QCPAxisRect(canvas);
    canvas->plotLayout()->addElement(0, 0, upper);
    canvas->plotLayout()->addElement(1, 0, lower);
    canvas->plotLayout()->setRowSpacing(0);
    for (QCPAxisRect* rect : {upper, lower}) {
        rect->setMarginGroup(QCP::msLeft, margins);
        rect->axis(QCPAxis::atBottom)->setTicker(keyTicker);
        rect->axis(QCPAxis::atBottom)->setNumberFormat("f");
        rect->axis(QCPAxis::atBottom)->setNumberPrecision(0);
        values(rect)->setNumberFormat("gb");
        values(rect)->setNumberPrecision(6);
    }
    upper->setAutoMargins(QCP::msLeft);
    lower->setAutoMargins(QCP::msLeft | QCP::msBottom);
    key()->setTickLabels(false);
    lower->axis(QCPAxis::atBottom)->setLabel(iterationName);
    values(upper)->setScaleType(QCPAxis::stLogarithmic);
    values(upper)->setTicker(upperTicker);
    values(upper)->setLabel(tr("Residual"));
    connect(key(), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), lower->axis(QCPAxis::atBottom),
            qOverload<const QCPRange&>(&QCPAxis::setRange));

    printedLegend = new QCPLegend;
    upper->insetLayout()->addElement(printedLegend, Qt::AlignTop | Qt::AlignRight);
    printedLegend->setLayer("legend");
    printedLegend->setVisible(false);
    notes = new PlotNotes(upper, runs);
    if (residualOnly) hideLower();
}

void ConvergencePlot::Private::hideLower() {
    lower->setVisible(false);
    lower->setAutoMargins(QCP::msLeft);
    lower->setMinimumSize(0, 0);
    lower->setMaximumSize(QWIDGETSIZE_MAX, 0);
    upper->setAutoMargins(QCP::msLeft | QCP::msBottom);
    key()->setTickLabels(true);
    key()->setLabel(iterationName);
}

void ConvergencePlot::Private::restyle(const QPalette& palette, bool onPaper) {
    const QColor paper = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const QColor window = onPaper ? paper : palette.color(QPalette::Window);
    const QFont font = plotFont(q->font());
    canvas->setBackground(QBrush(window));
    canvas->setLocale(QLocale());
    for (QCPAxisRect* rect : {upper, lower}) {
        rect->setBackground(QBrush(paper));
        for (QCPAxis* axis : rect->axes()) {
            const QPen line(mixed(paper, text, 0.5), 1);
            axis->setBasePen(line);
            axis->setTickPen(line);
            axis->setSubTickPen(QPen(mixed(paper, text, 0.3), 1));
            axis->setTickLength(0, 4);
            axis->setSubTickLength(0, 2);
            axis->setTickLabelFont(font);
            axis->setLabelFont(font);
            axis->setTickLabelColor(mixed(window, text, 0.85));
            axis->setLabelColor(mixed(window, text, 0.85));
            axis->setTickLabelPadding(3);
            axis->setLabelPadding(2);
            axis->grid()->setPen(QPen(mixed(paper, text, 0.13), 1));
            axis->grid()->setZeroLinePen(Qt::NoPen);
        }
    }
    printedLegend->setFont(font);
    printedLegend->setTextColor(text);
    printedLegend->setBrush(paper);
    printedLegend->setBorderPen(QPen(mixed(paper, text, 0.25), 1));
    printedLegend->setIconSize(22, 10);
    notes->setStyle(palette, font);
}

void ConvergencePlot::Private::fitTicks(QSize size) {
    const int letters = QFontMetrics(plotFont(q->font())).height();
    const int foot = 2 * letters + 14;
    const int gap = letters / 2 + 1;
    upper->setMargins(QMargins(0, gap, kRightMargin, residualOnly ? 0 : gap));
    lower->setMargins(QMargins(0, residualOnly ? 0 : gap, kRightMargin, 0));
    const int inner = std::max(20, (size.height() - foot - 3 * gap) / (residualOnly ? 1 : 2));
    // The lower element also holds the iteration axis: share the height so that both plots are equal.
    canvas->plotLayout()->setRowStretchFactor(0, inner + 2 * gap);
    canvas->plotLayout()->setRowStretchFactor(1, inner + gap + foot);
    const int valueTicks = std::clamp(inner * 10 / (letters * 19), 2, 8);
    keyTicker->setTickCount(std::clamp(size.width() / (letters * 5), 2, 12));
    upperTicker->setTickCount(valueTicks);
    lowerTicker->setTickCount(valueTicks);
    lowerLogTicker->setTickCount(valueTicks);
    labelLowerAxis();
}

void ConvergencePlot::Private::labelLowerAxis() {
    const CurveColumn& column = curveColumns()[lowerColumn];
    QCPAxis* axis = values(lower);
    const QString unit = column.unit;
    axis->setLabel(unit.isEmpty() ? QString(column.label) : QString("%1 (%2)").arg(column.label, unit));
    axis->setScaleType(column.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (column.logarithmic)
        axis->setTicker(lowerLogTicker);
    else
        axis->setTicker(lowerTicker);
}

bool ConvergencePlot::Private::isLog(const QCPAxisRect* rect) const {
    return values(rect)->scaleType() == QCPAxis::stLogarithmic;
}

bool ConvergencePlot::Private::anythingToShow() const {
    return std::any_of(runs.begin(), runs.end(),
                       [](const auto& run) { return run->isVisible() && run->count() > 0; });
}

int ConvergencePlot::Private::firstIteration() const {
    int first = std::numeric_limits<int>::max();
    for (const auto& run : runs)
        if (run->isVisible() && run->count() > 0) first = std::min(first, run->firstIteration());
    return first;
}

int ConvergencePlot::Private::lastIteration() const {
    int last = 0;
    for (const auto& run : runs)
        if (run->isVisible()) last = std::max(last, run->lastIteration());
    return last;
}

QCPRange ConvergencePlot::Private::fullKeyRange() const {
    return {0, std::max(kFewIterations, lastIteration() * 1.01)};
}

QCPRange ConvergencePlot::Private::fullValueRange(const QCPAxisRect* rect) const {
    const bool logarithmic = isLog(rect);
    Extent extent;
    for (const auto& run : runs)
        if (run->isVisible()) extent.include(run->extent(rect == upper ? kResidualColumn : lowerColumn));
    double low = logarithmic ? extent.lowPositive : extent.low;
    double high = extent.high;
    if (!(low <= high)) {
        low = logarithmic ? 1e-4 : 0;
        high = 1;
    }
    if (rect == upper && notes->tolerance() > low * kFarTolerance) {
        low = std::min(low, notes->tolerance());
        high = std::max(high, notes->tolerance());
    }
    if (logarithmic) {
        const double room = std::max(std::pow(high / low, 0.06), 1.15);
        return {low / room, high * room};
    }
    const double room = std::max((high - low) * 0.06, 1e-3 * std::max(std::abs(high), 1e-3));
    return {low - room, high + room};
}

void ConvergencePlot::Private::setFollowing(bool on) {
    if (on == following) return;
    following = on;
    allButton->setEnabled(!on);
    emit q->followingChanged(on);
}

void ConvergencePlot::Private::refresh() {
    if (following) {
        key()->setRange(fullKeyRange());
        values(upper)->setRange(fullValueRange(upper));
        values(lower)->setRange(fullValueRange(lower));
    }
    const bool something = anythingToShow();
    overlay->setEmptyText(something ? QString() : emptyText);
    const bool lowerEmpty = std::all_of(runs.begin(), runs.end(), [this](const auto& run) {
        return !run->isVisible() || run->extent(lowerColumn).empty();
    });
    const CurveColumn& column = curveColumns()[lowerColumn];
    QString lowerText;
    if (something && lowerEmpty && !residualOnly)
        lowerText = lowerColumn == columnIndex("psnr")
                        ? tr("No PSNR: it needs a reference picture")
                        : tr("%1 was not measured in the runs shown").arg(column.label);
    overlay->setLowerText(lowerText);
    values(lower)->setTickLabels(!lowerEmpty);
    if (!something) hovered.reset();
    canvas->replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace stillpoint
