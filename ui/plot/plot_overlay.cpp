// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_overlay.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/theme/palettes.h"

namespace stillpoint {

namespace {

constexpr double kPadding = 7;
constexpr double kColumnGap = 12;
constexpr double kSwatch = 20;
constexpr double kOffset = 14;  ///< from the cross-hair to the box
constexpr double kLargestName = 150;
constexpr double kWidestNote = 320;

}  // namespace

QString ReadOut::text() const {
    if (isEmpty()) return {};
    QStringList lines{title};
    for (const Row& row : rows) {
        QString line = row.name + ": " + upperHeading + " " + row.upper;
        if (!lowerHeading.isEmpty()) line += ", " + lowerHeading + " " + row.lower;
        lines << line;
    }
    return (lines + notes).join('\n');
}

PlotOverlay::PlotOverlay(QWidget* canvas) : QWidget(canvas) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
}

void PlotOverlay::setReadOut(const ReadOut& readOut) {
    if (readOut.isEmpty() && readOut_.isEmpty()) return;
    readOut_ = readOut;
    update();
}

void PlotOverlay::setEmptyText(const QString& text) {
    if (text == emptyText_) return;
    emptyText_ = text;
    update();
}

void PlotOverlay::setLowerText(const QString& text) {
    if (text == lowerText_) return;
    lowerText_ = text;
    update();
}

void PlotOverlay::setFocusRing(bool on) {
    focusRing_ = on;
    update();
}

void PlotOverlay::setAreas(const QRect& upper, const QRect& lower) {
    if (upper == upper_ && lower == lower_) return;
    upper_ = upper;
    lower_ = lower;
    update();
}

void PlotOverlay::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!emptyText_.isEmpty()) {
        // A veil over the empty axes: the sentence should not fight with a grid.
        QColor veil = palette().color(QPalette::Base);
        veil.setAlphaF(0.85f);
        painter.fillRect(upper_.united(lower_).adjusted(1, 0, 0, 0), veil);
        paintText(painter, upper_.united(lower_), emptyText_);
    } else {
        paintText(painter, lower_, lowerText_);
    }
    if (!readOut_.isEmpty()) {
        paintCrossHair(painter);
        paintBox(painter);
    }
    if (focusRing_) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void PlotOverlay::paintText(QPainter& painter, const QRectF& area, const QString& text) const {
    if (text.isEmpty()) return;
    const QRectF room = area.adjusted(16, 2, -16, -2);
    const int flags = Qt::AlignCenter | Qt::TextWordWrap;
    const QColor paper = palette().color(QPalette::Base);
    // Asked for while there is a pen: without one a painter measures no text.
    const QRectF box = painter.boundingRect(room, flags, text).adjusted(-10, -3, 10, 3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(paper);
    painter.drawRoundedRect(box, 5, 5);
    painter.setPen(mixed(palette().color(QPalette::Text), paper, 0.25));
    painter.drawText(room, flags, text);
}

void PlotOverlay::paintCrossHair(QPainter& painter) const {
    const QColor ink = palette().color(QPalette::Text);
    painter.setPen(QPen(mixed(palette().color(QPalette::Base), ink, 0.55), 1));
    const double x = std::round(readOut_.x) + 0.5;
    for (const QRect& area : {upper_, lower_})
        if (!area.isEmpty()) painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setPen(QPen(palette().color(QPalette::Base), 1.5));
    for (const auto& [at, colour] : readOut_.dots) {
        if (!upper_.contains(at.toPoint()) && !lower_.contains(at.toPoint())) continue;
        painter.setBrush(colour);
        painter.drawEllipse(at, 4, 4);
    }
}

QVector<double> PlotOverlay::columnWidths() const {
    const QFontMetricsF metrics(font());
    QVector<double> widths{0, metrics.horizontalAdvance(readOut_.upperHeading),
                           metrics.horizontalAdvance(readOut_.lowerHeading)};
    for (const ReadOut::Row& row : readOut_.rows) {
        widths[0] = std::max(widths[0], std::min(kLargestName, metrics.horizontalAdvance(row.name)));
        widths[1] = std::max(widths[1], metrics.horizontalAdvance(row.upper));
        widths[2] = std::max(widths[2], metrics.horizontalAdvance(row.lower));
    }
    // The title stands over the names.
    widths[0] = std::max(widths[0], metrics.horizontalAdvance(readOut_.title) - kSwatch);
    return widths;
}

void PlotOverlay::paintBox(QPainter& painter) const {
    const QFontMetricsF metrics(font());
    const QVector<double> widths = columnWidths();
    double inner = kSwatch + widths[0] + kColumnGap + widths[1];
    if (!readOut_.lowerHeading.isEmpty()) inner += kColumnGap + widths[2];
    for (const QString& note : readOut_.notes)
        inner = std::max(inner, std::min(metrics.horizontalAdvance(note) + 1, kWidestNote));
    double notesHeight = 0;
    for (const QString& note : readOut_.notes)
        notesHeight += metrics.boundingRect(QRectF(0, 0, inner, 1000), Qt::TextWordWrap, note).height() + 2;

    const double lines = static_cast<double>(readOut_.rows.size()) + 1;
    QRectF box(readOut_.x + kOffset, upper_.top() + 4.0, inner + 2 * kPadding,
               lines * metrics.lineSpacing() + notesHeight + 2 * kPadding);
    if (box.right() > width() - 4) box.moveRight(readOut_.x - kOffset);
    if (box.left() < 4) box.moveLeft(4);
    if (box.bottom() > height() - 2) box.moveBottom(height() - 2);
    if (box.top() < 2) box.moveTop(2);

    QColor paper = palette().color(QPalette::Window);
    paper.setAlphaF(0.94f);
    painter.setPen(QPen(mixed(palette().color(QPalette::Window), palette().color(QPalette::Text), 0.3), 1));
    painter.setBrush(paper);
    painter.drawRoundedRect(box, 5, 5);
    paintRows(painter, box.adjusted(kPadding, kPadding, -kPadding, -kPadding), widths);
}

void PlotOverlay::paintRows(QPainter& painter, const QRectF& box, const QVector<double>& widths) const {
    const QFontMetricsF metrics(font());
    const QColor ink = palette().color(QPalette::WindowText);
    const double upperAt = box.left() + kSwatch + widths[0] + kColumnGap;
    const double lowerAt = upperAt + widths[1] + kColumnGap;
    double y = box.top();
    const auto cell = [&](double x, double w, Qt::AlignmentFlag alignment, const QString& text) {
        painter.drawText(QRectF(x, y, w, metrics.height()), alignment | Qt::TextSingleLine, text);
    };
    painter.setPen(ink);
    cell(box.left(), kSwatch + widths[0], Qt::AlignLeft, readOut_.title);
    painter.setPen(mixed(ink, palette().color(QPalette::Window), 0.3));
    cell(upperAt, widths[1], Qt::AlignRight, readOut_.upperHeading);
    cell(lowerAt, widths[2], Qt::AlignRight, readOut_.lowerHeading);
    for (const ReadOut::Row& row : readOut_.rows) {
        y += metrics.lineSpacing();
        const double middle = y + metrics.height() / 2;
        painter.setPen(QPen(row.colour, 2, row.dash, Qt::FlatCap));
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.left() + kSwatch - 6, middle));
        painter.setPen(ink);
        cell(box.left() + kSwatch, widths[0], Qt::AlignLeft,
             metrics.elidedText(row.name, Qt::ElideRight, widths[0] + 0.5));
        cell(upperAt, widths[1], Qt::AlignRight, row.upper);
        cell(lowerAt, widths[2], Qt::AlignRight, row.lower);
    }
    y += metrics.lineSpacing();
    for (const QString& note : readOut_.notes) {
        const QRectF room(box.left(), y, box.width(), 1000);
        QRectF used;
        painter.drawText(room, Qt::TextWordWrap, note, &used);
        y += used.height() + 2;
    }
}

}  // namespace stillpoint
