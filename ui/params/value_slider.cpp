// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/value_slider.h"

#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/params/number_text.h"

namespace stillpoint {
namespace {

constexpr int kPositions = 1000;

}  // namespace

ValueSlider::ValueSlider(const NumberBox::Range& range, QWidget* parent)
    : QSlider(Qt::Horizontal, parent), range_(range) {
    const double values = (range.maximum - range.minimum) / std::max(range.step, 1.0) + 1;
    const bool few = range.integer && !range.logarithmic && values < kPositions;
    setRange(0, few ? static_cast<int>(values) - 1 : kPositions);
    setPageStep(few ? std::max(1, static_cast<int>(values) / 10) : kPositions / 20);
    setSingleStep(few ? 1 : kPositions / 100);
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QSlider::valueChanged, this, [this](int position) {
        if (!quiet_) emit dragged(valueAt(position));
    });
}

bool ValueSlider::isUseful(const NumberBox::Range& range) {
    if (!(range.maximum > range.minimum) || !std::isfinite(range.maximum - range.minimum)) return false;
    return range.logarithmic || (range.maximum - range.minimum) / range.step <= 1e5;
}

double ValueSlider::lowest() const {
    return range_.minimum > 0 ? range_.minimum : std::max(range_.maximum * 1e-6, range_.integer ? 1.0 : 0.0);
}

void ValueSlider::setShownValue(double value) {
    quiet_ = true;
    setValue(positionOf(value));
    quiet_ = false;
}

double ValueSlider::valueAt(int position) const {
    if (position <= 0) return range_.minimum;
    if (position >= maximum()) return range_.maximum;
    const double t = static_cast<double>(position) / maximum();
    if (range_.logarithmic)
        return clampedTo(range_, roundedTo(lowest() * std::pow(range_.maximum / lowest(), t), 3));
    const double steps = std::round(t * (range_.maximum - range_.minimum) / range_.step);
    return clampedTo(range_, roundedTo(range_.minimum + steps * range_.step, 12));
}

int ValueSlider::positionOf(double value) const {
    double t = (value - range_.minimum) / (range_.maximum - range_.minimum);
    if (range_.logarithmic)
        t = value < lowest() ? 0 : std::log(value / lowest()) / std::log(range_.maximum / lowest());
    return static_cast<int>(std::lround(std::clamp(t, 0.0, 1.0) * maximum()));
}

void ValueSlider::wheelEvent(QWheelEvent* event) {
    if (hasFocus())
        QSlider::wheelEvent(event);
    else
        event->ignore();
}

}  // namespace stillpoint
