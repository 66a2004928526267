// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "ui/plot/convergence_plot_p.h"
#include "ui/plot/short_number.h"

namespace stillpoint {

namespace {

constexpr double kNotch = 0.85;          ///< factor of a range for one notch of the wheel
constexpr double kFewestIterations = 4;  ///< smallest width of the view
constexpr double kNoteReach = 6;         ///< pixels from the cross-hair to a flag

QString valueText(const CurveColumn& column, double value) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    return *column.unit ? QLocale().toString(value, 'f', 2) : shortNumber(value);
}

}  // namespace

bool ConvergencePlot::Private::handle(QEvent* event) {
    switch (event->type()) {
        case QEvent::Resize:
            overlay->resize(canvas->size());
            fitTicks(canvas->size());
            return false;
        case QEvent::Wheel:
            wheel(static_cast<QWheelEvent*>(event));
            return true;
        case QEvent::MouseButtonPress:
            press(static_cast<QMouseEvent*>(event));
            return true;
        case QEvent::MouseMove:
            move(static_cast<QMouseEvent*>(event));
            return true;
        case QEvent::MouseButtonRelease:
            dragged = nullptr;
            canvas->unsetCursor();
            return true;
        case QEvent::MouseButtonDblClick:
            q->showAll();
            return true;
        case QEvent::Leave:
            hover({});
            return false;
        case QEvent::KeyPress:
            return keyPress(static_cast<QKeyEvent*>(event));
        case QEvent::FocusIn: {
            const auto reason = static_cast<QFocusEvent*>(event)->reason();
            overlay->setFocusRing(reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
                                  reason == Qt::ShortcutFocusReason);
            return false;
        }
        case QEvent::FocusOut:
            overlay->setFocusRing(false);
            return false;
        default:
            return false;
    }
}

QCPAxisRect* ConvergencePlot::Private::rectAt(QPointF position) const {
    return position.y() < (upper->bottom() + lower->top()) / 2.0 ? upper : lower;
}

void ConvergencePlot::Private::wheel(QWheelEvent* event) {
    const QPointF at = event->position();
    QCPAxisRect* rect = rectAt(at);
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    const double factor = std::pow(kNotch, delta / 120.0);
    if (event->modifiers() & Qt::ShiftModifier || at.x() < rect->left())
        zoomValues(rect, factor, values(rect)->pixelToCoord(at.y()));
    else
        zoomKeys(factor, key()->pixelToCoord(at.x()));
    hoverAt(at);
    event->accept();
}

void ConvergencePlot::Private::press(QMouseEvent* event) {
    canvas->setFocus(Qt::MouseFocusReason);
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return;
    dragged = rectAt(event->position());
    dragFrom = event->position();
}

void ConvergencePlot::Private::move(QMouseEvent* event) {
    if (!dragged) {
        hoverAt(event->position());
        return;
    }
    const QPointF delta = event->position() - dragFrom;
    dragFrom = event->position();
    canvas->setCursor(Qt::ClosedHandCursor);
    hover({});
    if (delta.x() != 0) panKeys(delta.x());
    if (delta.y() != 0) panValues(dragged, delta.y());
}

bool ConvergencePlot::Private::keyPress(QKeyEvent* event) {
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return false;
    const int stride = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    const auto go = [&](int step) {
        if (!anythingToShow()) return;
        const int target =
            std::clamp(hovered.value_or(lastIteration() - step) + step, firstIteration(), lastIteration());
        const QCPRange range = key()->range();
        if (!range.contains(target))
            panKeys(key()->coordToPixel(range.center()) - key()->coordToPixel(target));
        hover(target);
    };
    switch (event->key()) {
        case Qt::Key_Left:
            go(-stride);
            return true;
        case Qt::Key_Right:
            go(stride);
            return true;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoomKeys(kNotch, hovered.value_or(key()->range().center()));
            return true;
        case Qt::Key_Minus:
            zoomKeys(1 / kNotch, hovered.value_or(key()->range().center()));
            return true;
        case Qt::Key_0:
        case Qt::Key_Home:
            q->showAll();
            return true;
        case Qt::Key_Escape: {
            const bool shown = hovered.has_value();
            hover({});
            return shown;
        }
        default:
            return false;
    }
}

void ConvergencePlot::Private::zoomKeys(double factor, double centre) {
    const QCPRange range = key()->range();
    const bool everything =
        confineKeys({centre + (range.lower - centre) * factor, centre + (range.upper - centre) * factor});
    if (everything && !valuesTouched) {
        q->showAll();
        return;
    }
    setFollowing(false);
    refresh();
}

bool ConvergencePlot::Private::confineKeys(QCPRange range) {
    const QCPRange full = fullKeyRange();
    if (range.size() >= full.size()) {
        key()->setRange(full);
        return true;
    }
    const double width = std::max(range.size(), kFewestIterations);
    double first = range.center() - width / 2;
    first = std::clamp(first, full.lower - 0.25 * width, full.upper - 0.75 * width);
    key()->setRange(first, first + width);
    return false;
}

void ConvergencePlot::Private::zoomValues(QCPAxisRect* rect, double factor, double centre) {
    QCPAxis* axis = values(rect);
    const QCPRange before = axis->range();
    axis->scaleRange(factor, centre);
    const QCPRange after = axis->range();
    // Closer than a millionth the labels could not tell the ticks apart; wider than any data is no use.
    const bool sensible = isLog(rect)
                              ? after.upper / after.lower > 1 + 1e-4 && after.upper / after.lower < 1e60
                              : after.size() > 1e-6 * std::max(std::abs(after.center()), 1e-6) &&
                                    after.size() < 1e3 * fullValueRange(rect).size();
    if (!sensible) axis->setRange(before);
    valuesTouched = true;
    setFollowing(false);
    refresh();
}

void ConvergencePlot::Private::panKeys(double shiftPixels) {
    const double step = key()->range().size() * shiftPixels / std::max(1, upper->width());
    if (confineKeys(key()->range() - step) && !valuesTouched) return;
    setFollowing(false);
    refresh();
}

void ConvergencePlot::Private::panValues(QCPAxisRect* rect, double shiftPixels) {
    QCPAxis* axis = values(rect);
    const double low = axis->pixelToCoord(axis->coordToPixel(axis->range().lower) - shiftPixels);
    const double high = axis->pixelToCoord(axis->coordToPixel(axis->range().upper) - shiftPixels);
    axis->setRange(low, high);
    valuesTouched = true;
    setFollowing(false);
    refresh();
}

void ConvergencePlot::Private::hoverAt(QPointF position) {
    const bool inside = position.x() >= upper->left() && position.x() <= upper->right() &&
                        position.y() >= upper->top() && position.y() <= lower->bottom();
    if (!inside || !anythingToShow()) {
        hover({});
        return;
    }
    const int iteration = static_cast<int>(std::lround(key()->pixelToCoord(position.x())));
    hover(std::clamp(iteration, firstIteration(), lastIteration()));
}

void ConvergencePlot::Private::hover(std::optional<int> iteration) {
    hovered = iteration;
    overlay->setReadOut(iteration ? readOutAt(*iteration) : ReadOut{});
}

ReadOut ConvergencePlot::Private::readOutAt(int iteration) const {
    ReadOut out;
    const auto columns = curveColumns();
    out.x = key()->coordToPixel(iteration);
    if (out.x < upper->left() - 1 || out.x > upper->right() + 1) return out;
    out.title = QString("%1 %2").arg(iterationName).arg(iteration);
    out.upperHeading = columns[kResidualColumn].label;
    if (!residualOnly) out.lowerHeading = values(lower)->label();
    for (const auto& run : runs) {
        if (!run->isVisible()) continue;
        const double residual = run->value(kResidualColumn, iteration);
        const double other = run->value(lowerColumn, iteration);
        if (iteration < run->firstIteration() || iteration > run->lastIteration()) continue;
        out.rows.append({run->colour(), run->dash(), run->name(),
                         valueText(columns[kResidualColumn], residual),
                         residualOnly ? QString() : valueText(columns[lowerColumn], other)});
        const auto dot = [&](const QCPAxisRect* rect, double value) {
            if (std::isfinite(value) && (!isLog(rect) || value > 0))
                out.dots.append({QPointF(out.x, values(rect)->coordToPixel(value)), run->colour()});
        };
        dot(upper, residual);
        if (!residualOnly) dot(lower, other);
    }
    out.notes = notes->textsNear(iteration, kNoteReach);
    return out;
}

}  // namespace stillpoint
