// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractSpinBox>

namespace stillpoint {

/// Spin box for numbers of any size: shows the shortest text that reads back, accepts scientific notation and
/// the locale's decimal sign. Typing takes effect with Enter, on leaving the field and before the window's
/// Space shortcut (a blank is no part of a number); arrows and the wheel (with focus) at once. On a
/// logarithmic scale a click is a tenth of the leading decade.
class NumberBox : public QAbstractSpinBox {
    Q_OBJECT

 public:
    struct Range {
        double minimum = 0;
        double maximum = 1;
        double step = 0.01;
        bool logarithmic = false;
        bool integer = false;
    };

    explicit NumberBox(const Range& range, QWidget* parent = nullptr);

    double value() const { return value_; }
    const Range& range() const { return range_; }
    /// Clamped to the range; does not emit.
    void setValue(double value);
    /// Takes what has been typed so far.
    void commit();

    QValidator::State validate(QString& text, int& position) const override;
    void fixup(QString& text) const override;
    void stepBy(int steps) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 signals:
    /// By the user only.
    void valueChanged(double value);

 protected:
    StepEnabled stepEnabled() const override;
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

 private:
    void change(double value);
    double stepped(double value, int direction) const;

    Range range_;
    double value_ = 0;
};

/// What the number becomes on this range: rounded to whole numbers for integers, clamped.
double clampedTo(const NumberBox::Range& range, double value);

}  // namespace stillpoint
