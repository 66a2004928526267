// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QVector>
#include <QWidget>

namespace stillpoint {

/// One line of line samples with names, for the plot's header. Names are shortened to fit; what has no room
/// is counted at the end ("+3"). The tool tip and the accessible description have all names.
class LegendStrip : public QWidget {
 public:
    struct Entry {
        QString name;
        QColor colour;
        Qt::PenStyle dash = Qt::SolidLine;
        bool current = false;
        bool operator==(const Entry&) const = default;
    };

    explicit LegendStrip(QWidget* parent);
    void setEntries(const QVector<Entry>& entries);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {40, sizeHint().height()}; }

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    double roomForNames(qsizetype count) const;
    QFont face(const Entry& entry) const;
    double nameWidth(const Entry& entry) const;

    QVector<Entry> entries_;
};

}  // namespace stillpoint
