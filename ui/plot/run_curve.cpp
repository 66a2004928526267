// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/run_curve.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

#include "ui/plot/convergence_plot.h"

namespace stillpoint {

namespace {

QString refusalText(Refusal reason) {
    switch (reason) {
        case Refusal::notFinite:
            return ConvergencePlot::tr("it was not finite");
        case Refusal::weightsTooLarge:
            return ConvergencePlot::tr("its weights were too large");
        case Refusal::residualGrew:
            return ConvergencePlot::tr("the residual grew");
        case Refusal::illConditioned:
            return ConvergencePlot::tr("its history was ill-conditioned");
        case Refusal::none:
            break;
    }
    return ConvergencePlot::tr("no reason recorded");
}

}  // namespace

std::size_t columnIndex(const QString& key) {
    const auto columns = curveColumns();
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const CurveColumn& column) { return key == column.key; });
    return static_cast<std::size_t>(found - columns.begin());
}

void Extent::include(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
    if (value > 0) lowPositive = std::min(lowPositive, value);
}

void Extent::include(const Extent& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    lowPositive = std::min(lowPositive, other.lowPositive);
}

GrowingLine::GrowingLine(QCPAxisRect* rect) {
    QCustomPlot* plot = rect->parentPlot();
    QCPAxis* key = rect->axis(QCPAxis::atBottom);
    QCPAxis* value = rect->axis(QCPAxis::atLeft);
    line_ = plot->addGraph(key, value);
    dots_ = plot->addGraph(key, value);
    dots_->setLineStyle(QCPGraph::lsNone);
}

GrowingLine::~GrowingLine() {
    QCustomPlot* plot = line_->parentPlot();
    plot->removeGraph(line_);
    plot->removeGraph(dots_);
}

void GrowingLine::add(double key, double value) {
    const bool usable = std::isfinite(value) && (!logarithmic_ || value > 0);
    line_->addData(key, usable ? value : kNotMeasured);
    if (usable && !lastUsable_) dots_->addData(key, value);
    if (usable && lastUsable_ && lastIsDot_) dots_->data()->remove(lastKey_);
    lastIsDot_ = usable && !lastUsable_;
    lastUsable_ = usable;
    lastKey_ = key;
}

void GrowingLine::clear() {
    line_->data()->clear();
    dots_->data()->clear();
    lastUsable_ = false;
    lastIsDot_ = false;
}

void GrowingLine::style(const QColor& colour, Qt::PenStyle dash, double width) {
    QPen pen(colour, width, dash, Qt::FlatCap, Qt::RoundJoin);
    line_->setPen(pen);
    dots_->setPen(QPen(colour, width));
    dots_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, colour, width + 2.5));
}

void GrowingLine::setVisible(bool visible) {
    line_->setVisible(visible);
    dots_->setVisible(visible);
}

void GrowingLine::raise() {
    line_->setLayer(line_->layer());
    dots_->setLayer(dots_->layer());
}

RunCurve::RunCurve(int id, QString name, const QColor& colour, Qt::PenStyle dash, QCPAxisRect* upper,
                   QCPAxisRect* lower, std::size_t lowerColumn)
    : id_(id),
      name_(std::move(name)),
      colour_(colour),
      dash_(dash),
      columns_(curveColumns().size()),
      extents_(curveColumns().size()),
      lowerColumn_(lowerColumn),
      upper_(upper),
      lower_(lower) {
    upper_.setLogarithmic(true);
    lower_.setLogarithmic(curveColumns()[lowerColumn].logarithmic);
    setEmphasis(false, false);
}

void RunCurve::setVisible(bool visible) {
    visible_ = visible;
    upper_.setVisible(visible);
    lower_.setVisible(visible);
}

void RunCurve::setEmphasis(bool current, bool othersToo) {
    QColor colour = colour_;
    if (!current && othersToo) colour.setAlphaF(0.75f);
    const double width = current ? 2.2 : 1.5;
    upper_.style(colour, dash_, width);
    lower_.style(colour, dash_, width);
    if (!current) return;
    upper_.raise();
    lower_.raise();
}

void RunCurve::append(std::span<const CurvePoint> points) {
    const auto columns = curveColumns();
    for (const CurvePoint& point : points) {
        const int iteration = point.step.iteration;
        iterations_.push_back(iteration);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            columns_[c].push_back(columns[c].read(point));
            extents_[c].include(columns_[c].back());
        }
        upper_.add(iteration, columns_[kResidualColumn].back());
        lower_.add(iteration, columns_[lowerColumn_].back());
        if (point.step.event == StepEvent::refused)
            events_.push_back({iteration, ConvergencePlot::tr("Mixed step refused: %1; the history restarted")
                                              .arg(refusalText(point.step.refusal))});
    }
}

double RunCurve::value(std::size_t column, int iteration) const {
    const auto found = std::lower_bound(iterations_.begin(), iterations_.end(), iteration);
    if (found == iterations_.end() || *found != iteration) return kNotMeasured;
    return columns_[column][static_cast<std::size_t>(found - iterations_.begin())];
}

double RunCurve::residualNear(int iteration) const {
    const auto& residuals = columns_[kResidualColumn];
    const auto from = std::lower_bound(iterations_.begin(), iterations_.end(), iteration);
    const auto drawable = [](double r) { return std::isfinite(r) && r > 0; };
    const auto start = residuals.begin() + (from - iterations_.begin());
    const auto after = std::find_if(start, residuals.end(), drawable);
    if (after != residuals.end()) return *after;
    const auto before = std::find_if(residuals.rbegin(), residuals.rend(), drawable);
    return before != residuals.rend() ? *before : kNotMeasured;
}

void RunCurve::showLower(std::size_t column) {
    lowerColumn_ = column;
    lower_.clear();
    lower_.setLogarithmic(curveColumns()[column].logarithmic);
    for (std::size_t i = 0; i < iterations_.size(); ++i) lower_.add(iterations_[i], columns_[column][i]);
}

}  // namespace stillpoint
