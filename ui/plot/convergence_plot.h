// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QSize>
#include <QString>
#include <QWidget>
#include <memory>
#include <span>

#include "solver/run/run_record.h"

namespace stillpoint {

/// Curves of runs over their iterations: on top the residual (log axis), below one column of curveColumns().
/// A run is known by a number that the caller chooses.
///
/// Mouse: wheel zooms the iterations (with Shift, or over a vertical axis: that axis), drag pans, double
/// click shows everything again, hovering reads all visible curves. Keys: arrows move the cross-hair, + and -
/// zoom, Home shows everything. The axes follow the data until the user zooms. Values that are not finite,
/// and values <= 0 on a log axis, leave a gap.
///
/// Redraws are queued: call appendPoints about ten times a second with what has come since. GUI thread only
/// (a QApplication is needed also for exportPicture from a program without windows).
class ConvergencePlot : public QWidget {
    Q_OBJECT

 public:
    /// residualOnly: one plot, for what has no other columns.
    enum class Curves { residualAndColumn, residualOnly };

    explicit ConvergencePlot(QWidget* parent = nullptr, Curves curves = Curves::residualAndColumn);
    ~ConvergencePlot() override;

    /// A new run without points, visible. The id must be free (programming mistake otherwise).
    void addRun(int id, const QString& name, const QColor& colour, Qt::PenStyle dash = Qt::SolidLine);
    /// All functions with an id do nothing for an unknown one.
    void removeRun(int id);
    void clearRuns();
    void renameRun(int id, const QString& name);
    void setRunVisible(int id, bool visible);
    bool isRunVisible(int id) const;
    /// Emphasised run, drawn on top; -1 for none.
    void setCurrentRun(int id);

    /// Appends; costs time in proportion to the new points only. Every number is kept.
    void appendPoints(int id, std::span<const CurvePoint> points);
    /// Points appended so far.
    int pointCount(int id) const;
    /// Numbered flags on the run's residual curve; the whole list each time. The tool tip tells the change.
    void setMarks(int id, std::span<const RunMark> marks);
    /// Dashed line in the residual plot; NaN or <= 0 takes it away.
    void setTolerance(double tolerance);
    /// Sentence in the middle while there is nothing to show.
    void setEmptyText(const QString& text);
    /// What one iteration is called on the axis and in the read-out: "Iteration" unless set.
    void setIterationName(const QString& name);

    /// Key of curveColumns() for the lower plot; an unknown key is ignored. Without a choice (empty key) it
    /// is the PSNR if any visible run has one, else the misfit.
    void setLowerColumn(const QString& key);
    QString lowerColumn() const;

    /// True until the user zooms or pans.
    bool isFollowing() const;
    /// What the read-out box shows, as plain text lines; empty when nothing is hovered.
    QString readOut() const;

    /// Writes what is shown (without the read-out), in light colours whatever the palette is: .png at twice
    /// `size`, .svg or .pdf. Written beside and renamed: an existing file is never left half-written. On
    /// failure returns false, leaves the file as it was and puts a sentence into *why (may be null).
    bool exportPicture(const QString& path, QSize size, QString* why);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 public slots:
    /// Shows everything and follows the data again.
    void showAll();

 signals:
    void lowerColumnChanged(const QString& key);
    void followingChanged(bool following);

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    struct Private;
    std::unique_ptr<Private> d_;
};

}  // namespace stillpoint
