// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSlider>

#include "ui/params/number_box.h"

namespace stillpoint {

/// Slider over the range of a NumberBox, linear or logarithmic. A logarithmic one that begins at 0 has 0 at
/// its left end and six decades after it. Dragging gives numbers of three significant digits (or multiples of
/// the step).
class ValueSlider : public QSlider {
    Q_OBJECT

 public:
    explicit ValueSlider(const NumberBox::Range& range, QWidget* parent = nullptr);

    /// False when positions would be too coarse to mean anything (a huge linear range).
    static bool isUseful(const NumberBox::Range& range);

    /// Does not emit.
    void setShownValue(double value);
    double valueAt(int position) const;
    int positionOf(double value) const;

 signals:
    /// By the user only.
    void dragged(double value);

 protected:
    void wheelEvent(QWheelEvent* event) override;

 private:
    double lowest() const;

    NumberBox::Range range_;
    bool quiet_ = false;
};

}  // namespace stillpoint
