// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <array>
#include <limits>
#include <span>
#include <vector>

#include "solver/run/run_record.h"

class QCPAxisRect;
class QCPGraph;

namespace stillpoint {

/// Smallest and largest finite value of a column so far.
struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double lowPositive = std::numeric_limits<double>::infinity();

    void include(double value);
    void include(const Extent& other);
    bool empty() const { return low > high; }
};

/// A point worth a symbol on the residual curve.
struct CurveEvent {
    int iteration = 0;
    QString text;
};

/// A polyline in an axis rect that grows at its end. Gaps where a value cannot be drawn; a value between two
/// gaps is drawn as a dot, for it would have no line.
class GrowingLine {
 public:
    explicit GrowingLine(QCPAxisRect* rect);
    ~GrowingLine();
    GrowingLine(const GrowingLine&) = delete;
    GrowingLine& operator=(const GrowingLine&) = delete;

    void setLogarithmic(bool on) { logarithmic_ = on; }
    void add(double key, double value);
    void clear();
    void style(const QColor& colour, Qt::PenStyle dash, double width);
    void setVisible(bool visible);
    void raise();
    QCPGraph* graph() const { return line_; }

 private:
    QCPGraph* line_;
    QCPGraph* dots_;
    bool logarithmic_ = false;
    bool lastUsable_ = false;
    bool lastIsDot_ = false;
    double lastKey_ = 0;
};

/// Numbers of one run, all columns of curveColumns(), and its two lines in the plot.
class RunCurve {
 public:
    RunCurve(int id, QString name, const QColor& colour, Qt::PenStyle dash, QCPAxisRect* upper,
             QCPAxisRect* lower, std::size_t lowerColumn);

    int id() const { return id_; }
    const QString& name() const { return name_; }
    void rename(const QString& name) { name_ = name; }
    const QColor& colour() const { return colour_; }
    Qt::PenStyle dash() const { return dash_; }
    bool isVisible() const { return visible_; }
    void setVisible(bool visible);
    void setEmphasis(bool current, bool othersToo);

    void append(std::span<const CurvePoint> points);
    std::size_t count() const { return iterations_.size(); }
    int lastIteration() const { return iterations_.empty() ? 0 : iterations_.back(); }
    int firstIteration() const { return iterations_.empty() ? 0 : iterations_.front(); }
    /// NaN where there is no such iteration.
    double value(std::size_t column, int iteration) const;
    /// The first positive residual at or after the iteration, else the last one; NaN if there is none.
    double residualNear(int iteration) const;
    const Extent& extent(std::size_t column) const { return extents_[column]; }
    /// Draws another column in the lower rect.
    void showLower(std::size_t column);

    void setMarks(std::span<const RunMark> marks) { marks_.assign(marks.begin(), marks.end()); }
    const std::vector<RunMark>& marks() const { return marks_; }
    const std::vector<CurveEvent>& events() const { return events_; }
    const GrowingLine& upperLine() const { return upper_; }
    const GrowingLine& lowerLine() const { return lower_; }

 private:
    int id_;
    QString name_;
    QColor colour_;
    Qt::PenStyle dash_;
    bool visible_ = true;
    std::vector<int> iterations_;
    std::vector<std::vector<double>> columns_;
    std::vector<Extent> extents_;
    std::vector<CurveEvent> events_;
    std::vector<RunMark> marks_;
    std::size_t lowerColumn_;
    GrowingLine upper_;
    GrowingLine lower_;
};

/// Index of a column by its key, or the number of columns.
std::size_t columnIndex(const QString& key);
inline constexpr std::size_t kResidualColumn = 0;

}  // namespace stillpoint
