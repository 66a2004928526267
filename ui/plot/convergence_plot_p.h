// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <optional>

#include "ui/plot/axis_tickers.h"
#include "ui/plot/convergence_plot.h"
#include "ui/plot/legend_strip.h"
#include "ui/plot/plot_notes.h"
#include "ui/plot/plot_overlay.h"
#include "ui/plot/run_curve.h"

class QComboBox;
class QToolButton;

namespace stillpoint {

/// State of the plot, shared by its source files (interface, axes, input, export).
struct ConvergencePlot::Private {
    Private(ConvergencePlot* plot, Curves curves);

    ConvergencePlot* const q;
    const bool residualOnly;  ///< the lower plot is there, but has no height
    QCustomPlot* canvas = nullptr;
    PlotOverlay* overlay = nullptr;
    LegendStrip* legend = nullptr;
    QComboBox* columnBox = nullptr;
    QToolButton* allButton = nullptr;
    QCPAxisRect* upper = nullptr;
    QCPAxisRect* lower = nullptr;
    QCPLegend* printedLegend = nullptr;  ///< in exports only; on screen the header has it
    PlotNotes* notes = nullptr;
    QSharedPointer<IterationTicker> keyTicker;
    QSharedPointer<DecadeTicker> upperTicker, lowerLogTicker;
    QSharedPointer<QCPAxisTicker> lowerTicker;

    RunCurves runs;
    int current = -1;
    std::size_t lowerColumn = 0;
    bool columnChosen = false;
    QString emptyText;
    QString iterationName;
    bool following = true;
    bool valuesTouched = false;  ///< a vertical axis was zoomed or dragged
    std::optional<int> hovered;  ///< iteration under the cross-hair
    QCPAxisRect* dragged = nullptr;
    QPointF dragFrom;

    // interface (convergence_plot.cpp)
    RunCurve* find(int id) const;
    void build();
    void buildHeader(QLayout* row);
    void runsChanged();
    void chooseColumn(std::size_t column);
    void chooseColumnByData();
    void emphasise();

    // axes and looks (plot_axes.cpp)
    void buildAxes();
    void restyle(const QPalette& palette, bool onPaper);
    /// Labels and numbers of ticks for a plot of this size.
    void fitTicks(QSize size);
    void labelLowerAxis();
    void hideLower();
    void describe(int visibleRuns);
    QCPAxis* key() const { return upper->axis(QCPAxis::atBottom); }
    QCPAxis* values(const QCPAxisRect* rect) const { return rect->axis(QCPAxis::atLeft); }
    bool isLog(const QCPAxisRect* rect) const;
    bool anythingToShow() const;
    int firstIteration() const;
    int lastIteration() const;
    QCPRange fullKeyRange() const;
    QCPRange fullValueRange(const QCPAxisRect* rect) const;
    void setFollowing(bool on);
    /// Ranges that follow, empty text, read-out; then a queued redraw.
    void refresh();

    // input (plot_input.cpp)
    bool handle(QEvent* event);
    void wheel(QWheelEvent* event);
    void press(QMouseEvent* event);
    void move(QMouseEvent* event);
    bool keyPress(QKeyEvent* event);
    void zoomKeys(double factor, double centre);
    void zoomValues(QCPAxisRect* rect, double factor, double centre);
    void panKeys(double shiftPixels);
    void panValues(QCPAxisRect* rect, double shiftPixels);
    /// Keeps at least a few iterations in sight; true if everything fits into the range.
    bool confineKeys(QCPRange range);
    QCPAxisRect* rectAt(QPointF position) const;
    void hoverAt(QPointF position);
    void hover(std::optional<int> iteration);
    ReadOut readOutAt(int iteration) const;

    // export (plot_export.cpp)
    void print(QCPPainter& painter, QSize size);
};

}  // namespace stillpoint
