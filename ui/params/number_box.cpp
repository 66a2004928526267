// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/number_box.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QStyleOptionSpinBox>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/params/number_text.h"

namespace stillpoint {

double clampedTo(const NumberBox::Range& range, double value) {
    return std::clamp(range.integer ? std::round(value) : value, range.minimum, range.maximum);
}

NumberBox::NumberBox(const Range& range, QWidget* parent) : QAbstractSpinBox(parent), range_(range) {
    setFocusPolicy(Qt::StrongFocus);
    setAlignment(Qt::AlignRight);
    setAccelerated(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(this, &QAbstractSpinBox::editingFinished, this, &NumberBox::commit);
    setValue(std::clamp(0.0, range.minimum, range.maximum));
}

void NumberBox::setValue(double value) {
    value_ = clampedTo(range_, value);
    lineEdit()->setText(numberText(value_));
    // Of a long number its beginning matters.
    lineEdit()->setCursorPosition(0);
}

void NumberBox::change(double value) {
    const double before = value_;
    setValue(value);
    if (value_ != before) emit valueChanged(value_);
}

void NumberBox::commit() {
    const auto typed = numberFromText(lineEdit()->text());
    change(typed.value_or(value_));
}

QValidator::State NumberBox::validate(QString& text, int&) const {
    const auto number = numberFromText(text);
    if (!number) {
        // Anything that may become a number is let in while it is typed.
        static const QString allowed = QStringLiteral("0123456789+-.,eE ");
        const bool possible =
            std::all_of(text.begin(), text.end(), [](QChar c) { return allowed.contains(c); });
        return possible ? QValidator::Intermediate : QValidator::Invalid;
    }
    const bool whole = !range_.integer || std::floor(*number) == *number;
    const bool inside = *number >= range_.minimum && *number <= range_.maximum;
    return whole && inside ? QValidator::Acceptable : QValidator::Intermediate;
}

void NumberBox::fixup(QString& text) const {
    text = numberText(clampedTo(range_, numberFromText(text).value_or(value_)));
}

double NumberBox::stepped(double value, int direction) const {
    if (!range_.logarithmic || range_.integer) {
        const double step = range_.integer ? std::max(1.0, std::round(range_.step)) : range_.step;
        // Decimal rounding: 0.1 + 0.2 is to be 0.3.
        return roundedTo(value + direction * step, 12);
    }
    if (value <= 0) return direction > 0 ? std::max(range_.minimum, range_.maximum * 1e-6) : value;
    // A hair below an exact decade the step down belongs to the decade below.
    const double decade = std::floor(std::log10(value) + (direction > 0 ? 1e-9 : -1e-9));
    return roundedTo(value + direction * 0.1 * std::pow(10.0, decade), 6);
}

void NumberBox::stepBy(int steps) {
    double value = numberFromText(lineEdit()->text()).value_or(value_);
    for (int i = 0; i < std::abs(steps); ++i) value = stepped(value, steps > 0 ? 1 : -1);
    change(value);
    selectAll();
}

QAbstractSpinBox::StepEnabled NumberBox::stepEnabled() const {
    StepEnabled enabled = StepNone;
    if (isReadOnly()) return enabled;
    if (value_ < range_.maximum) enabled |= StepUpEnabled;
    if (value_ > range_.minimum) enabled |= StepDownEnabled;
    return enabled;
}

bool NumberBox::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier) {
            commit();
            event->ignore();
            return false;
        }
    }
    return QAbstractSpinBox::event(event);
}

void NumberBox::wheelEvent(QWheelEvent* event) {
    // Scrolling a form must not change what happens to lie under the cursor.
    if (hasFocus())
        QAbstractSpinBox::wheelEvent(event);
    else
        event->ignore();
}

QSize NumberBox::sizeHint() const {
    QStyleOptionSpinBox option;
    initStyleOption(&option);
    const QSize text(fontMetrics().horizontalAdvance(QStringLiteral("0.000001e-")),
                     lineEdit()->sizeHint().height());
    return style()->sizeFromContents(QStyle::CT_SpinBox, &option, text, this);
}

QSize NumberBox::minimumSizeHint() const {
    return sizeHint();
}

}  // namespace stillpoint
