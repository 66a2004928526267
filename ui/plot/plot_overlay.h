// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <QStringList>
#include <QVector>
#include <QWidget>

namespace stillpoint {

/// What the cross-hair reads at one iteration.
struct ReadOut {
    struct Row {
        QColor colour;
        Qt::PenStyle dash = Qt::SolidLine;
        QString name, upper, lower;
    };
    QString title;  ///< "Iteration 37"
    QString upperHeading, lowerHeading;
    QVector<Row> rows;
    QStringList notes;  ///< flags and refused steps nearby
    double x = 0;       ///< of the cross-hair, widget pixels
    QVector<QPair<QPointF, QColor>> dots;

    bool isEmpty() const { return title.isEmpty(); }
    /// All of it as lines of text.
    QString text() const;
};

/// Transparent sheet over the plot: cross-hair, read-out box, focus ring and the text of an empty plot. Being
/// a widget of its own, it moves without redrawing a curve. The mouse does not see it.
class PlotOverlay : public QWidget {
 public:
    explicit PlotOverlay(QWidget* canvas);

    void setReadOut(const ReadOut& readOut);
    const ReadOut& readOut() const { return readOut_; }
    /// Sentence across both plots, and one for the lower alone.
    void setEmptyText(const QString& text);
    void setLowerText(const QString& text);
    void setFocusRing(bool on);
    /// Rectangles of the two plots; the cross-hair runs through both.
    void setAreas(const QRect& upper, const QRect& lower);

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    void paintText(QPainter& painter, const QRectF& area, const QString& text) const;
    void paintCrossHair(QPainter& painter) const;
    void paintBox(QPainter& painter) const;
    void paintRows(QPainter& painter, const QRectF& box, const QVector<double>& widths) const;
    QVector<double> columnWidths() const;

    ReadOut readOut_;
    QString emptyText_, lowerText_;
    QRect upper_, lower_;
    bool focusRing_ = false;
};

}  // namespace stillpoint
