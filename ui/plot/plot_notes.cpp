// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_notes.h"

#include <cmath>

#include "ui/plot/convergence_plot.h"
#include "ui/plot/short_number.h"
#include "ui/theme/palettes.h"

namespace stillpoint {

namespace {

constexpr double kStem = 9;       ///< from the curve to its flag
constexpr double kEventSize = 3;  ///< half of a cross
constexpr double kCrowded = 4;    ///< crosses closer than this are drawn once

}  // namespace

PlotNotes::PlotNotes(QCPAxisRect* rect, const RunCurves& runs)
    : QCPLayerable(rect->parentPlot(), "notes"), rect_(rect), runs_(runs) {}

void PlotNotes::setStyle(const QPalette& palette, const QFont& font) {
    text_ = palette.color(QPalette::Text);
    paper_ = palette.color(QPalette::Base);
    font_ = font;
}

QPointF PlotNotes::place(const RunCurve& run, int iteration) const {
    return {rect_->axis(QCPAxis::atBottom)->coordToPixel(iteration),
            rect_->axis(QCPAxis::atLeft)->coordToPixel(run.residualNear(iteration))};
}

void PlotNotes::draw(QCPPainter* painter) {
    painter->setFont(font_);
    drawTolerance(painter);
    for (const auto& run : runs_) {
        if (!run->isVisible()) continue;
        drawEvents(painter, *run);
        drawMarks(painter, *run);
    }
}

void PlotNotes::drawTolerance(QCPPainter* painter) const {
    if (!(tolerance_ > 0)) return;
    const double y = rect_->axis(QCPAxis::atLeft)->coordToPixel(tolerance_);
    const QRect area = rect_->rect();
    if (y < area.top() || y > area.bottom()) return;
    const QColor ink = mixed(paper_, text_, 0.62);
    painter->setPen(QPen(ink, 1, Qt::DashLine));
    painter->drawLine(QLineF(area.left(), y, area.right(), y));
    const QString label = ConvergencePlot::tr("tolerance %1").arg(shortNumber(tolerance_));
    const QFontMetricsF metrics(font_);
    QRectF box(0, 0, metrics.horizontalAdvance(label) + 8, metrics.height());
    // Left end: falling curves come down to the line on the right.
    box.moveBottomLeft({area.left() + 4.0, y - 1});
    if (box.top() < area.top()) box.moveTop(y + 1);
    painter->setPen(ink);
    painter->drawText(box, Qt::AlignCenter, label);
}

void PlotNotes::drawEvents(QCPPainter* painter, const RunCurve& run) const {
    painter->setPen(QPen(text_, 1.4));
    double last = -1e9;
    for (const CurveEvent& event : run.events()) {
        const QPointF at = place(run, event.iteration);
        if (std::isnan(at.y()) || at.x() - last < kCrowded || !rect_->rect().contains(at.toPoint())) continue;
        last = at.x();
        const QPointF diagonal(kEventSize, kEventSize);
        const QPointF other(kEventSize, -kEventSize);
        painter->drawLine(QLineF(at - diagonal, at + diagonal));
        painter->drawLine(QLineF(at - other, at + other));
    }
}

void PlotNotes::drawMarks(QCPPainter* painter, const RunCurve& run) const {
    const QFontMetricsF metrics(font_);
    const QRect area = rect_->rect();
    double freeFrom = -1e9;
    for (std::size_t i = 0; i < run.marks().size(); ++i) {
        const QPointF foot = place(run, run.marks()[i].iteration);
        if (std::isnan(foot.y()) || !area.adjusted(-2, -2, 2, 2).contains(foot.toPoint())) continue;
        const QString number = QString::number(i + 1);
        const double width = std::max(metrics.height(), metrics.horizontalAdvance(number) + 7);
        const bool below = foot.y() - kStem - metrics.height() < area.top();
        const QPointF head = foot + QPointF(0, below ? kStem : -kStem);
        painter->setPen(QPen(run.colour(), 1.4));
        painter->drawLine(QLineF(foot, head));
        if (foot.x() < freeFrom) continue;
        QRectF flag(0, 0, width, metrics.height());
        flag.moveCenter(head + QPointF(0, (below ? 0.5 : -0.5) * metrics.height()));
        if (flag.left() < area.left() + 1) flag.moveLeft(area.left() + 1);
        if (flag.right() > area.right() - 1) flag.moveRight(area.right() - 1);
        freeFrom = foot.x() + width + 1;
        painter->setBrush(paper_);
        painter->drawRoundedRect(flag, 3, 3);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(text_);
        painter->drawText(flag, Qt::AlignCenter, number);
    }
}

QStringList PlotNotes::textsNear(int iteration, double reach) const {
    const QCPAxis* axis = rect_->axis(QCPAxis::atBottom);
    const double x = axis->coordToPixel(iteration);
    const auto near = [&](int other) { return std::abs(axis->coordToPixel(other) - x) <= reach; };
    QStringList texts;
    for (const auto& run : runs_) {
        if (!run->isVisible()) continue;
        for (std::size_t i = 0; i < run->marks().size(); ++i) {
            const RunMark& mark = run->marks()[i];
            if (near(mark.iteration))
                texts << ConvergencePlot::tr("Flag %1, after iteration %2: %3")
                             .arg(i + 1)
                             .arg(mark.iteration)
                             .arg(QString::fromStdString(mark.text));
        }
        for (const CurveEvent& event : run->events())
            if (near(event.iteration))
                texts << ConvergencePlot::tr("Iteration %1: %2").arg(event.iteration).arg(event.text);
    }
    constexpr qsizetype kMost = 4;
    if (texts.size() > kMost) {
        const auto more = static_cast<int>(texts.size() - kMost + 1);
        texts.resize(kMost - 1);
        texts << ConvergencePlot::tr("and %n more; zoom in to tell them apart", nullptr, more);
    }
    return texts;
}

}  // namespace stillpoint
