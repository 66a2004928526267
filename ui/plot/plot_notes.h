// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

#include "ui/plot/run_curve.h"

namespace stillpoint {

using RunCurves = std::vector<std::unique_ptr<RunCurve>>;

/// What is drawn over the residual curves: the tolerance, numbered flags where parameters changed, crosses
/// where a mixed step was refused. Part of the plot, so that exports have it too.
class PlotNotes : public QCPLayerable {
 public:
    PlotNotes(QCPAxisRect* rect, const RunCurves& runs);

    void setTolerance(double tolerance) { tolerance_ = tolerance; }
    double tolerance() const { return tolerance_; }
    void setCurrentRun(int id) { current_ = id; }
    void setStyle(const QPalette& palette, const QFont& font);

    /// Texts of flags and crosses of visible runs within `reach` pixels of the iteration.
    QStringList textsNear(int iteration, double reach) const;

 protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    QRect clipRect() const override { return rect_->rect(); }
    void draw(QCPPainter* painter) override;

 private:
    void drawTolerance(QCPPainter* painter) const;
    void drawEvents(QCPPainter* painter, const RunCurve& run) const;
    void drawMarks(QCPPainter* painter, const RunCurve& run) const;
    QPointF place(const RunCurve& run, int iteration) const;

    QCPAxisRect* rect_;
    const RunCurves& runs_;
    double tolerance_ = kNotMeasured;
    int current_ = -1;
    QColor text_, paper_;
    QFont font_;
};

}  // namespace stillpoint
