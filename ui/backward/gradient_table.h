// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableWidget>

#include "solver/run/backward.h"

namespace stillpoint {

/// The derivative of a loss by every parameter: name, value, gradient and what a relative change of the
/// parameter does. Numbers always have the room they need; names are shortened before anything scrolls.
/// Ctrl+C copies the chosen rows, or all if none is chosen, as text with tabs and full digits.
class GradientTable : public QTableWidget {
    Q_OBJECT

 public:
    enum Column { parameter, value, gradient, relative, columns };

    explicit GradientTable(QWidget* parent = nullptr);

    /// Labels are those of the recipe's parameters.
    void setGradients(const std::vector<ParameterGradient>& gradients, const Recipe& recipe);
    /// The parameter's name as the column has room for it: with keys if all rows' fit, else without, but with
    /// the owner where it takes that to tell two rows apart. The tool tip has all of it.
    QString shownName(int row) const;
    /// Header and rows; all rows if none is selected.
    QString text() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 public slots:
    void copy() const;

 protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

 private:
    std::vector<ParameterGradient> gradients_;
    QStringList labels_, longNames_;  ///< of the rows: "Weight λ", "Weight λ  (prior.lambda)"
};

}  // namespace stillpoint
