// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/legend_strip.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStringList>
#include <algorithm>
#include <cmath>

namespace stillpoint {

namespace {

constexpr double kSample = 22;   ///< length of a line sample
constexpr double kGap = 5;       ///< sample to name
constexpr double kBetween = 16;  ///< entry to entry
constexpr double kSmallestName = 48;

}  // namespace

LegendStrip::LegendStrip(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(QCoreApplication::translate("stillpoint::LegendStrip", "Legend"));
}

void LegendStrip::setEntries(const QVector<Entry>& entries) {
    if (entries == entries_) return;
    entries_ = entries;
    QStringList names;
    for (const Entry& entry : entries_) names << entry.name;
    setToolTip(names.join('\n'));
    setAccessibleDescription(names.join(", "));
    update();
}

QSize LegendStrip::sizeHint() const {
    return {300, fontMetrics().height() + 4};
}

/// Width that every name may use so that `count` of them fit into the strip; a name that needs less leaves
/// the rest to the others.
double LegendStrip::roomForNames(qsizetype count) const {
    double left = width();
    if (count < entries_.size()) left -= QFontMetricsF(font()).horizontalAdvance("+999");
    left -= static_cast<double>(count) * (kSample + kGap) + static_cast<double>(count - 1) * kBetween;
    QVector<double> wanted;
    for (qsizetype i = 0; i < count; ++i) wanted << nameWidth(entries_[i]);
    std::sort(wanted.begin(), wanted.end());
    for (qsizetype i = 0; i < count; ++i) {
        const double share = left / static_cast<double>(count - i);
        if (wanted[i] > share) return share;
        left -= wanted[i];
    }
    return wanted.isEmpty() ? 0 : wanted.last();
}

QFont LegendStrip::face(const Entry& entry) const {
    QFont face = font();
    if (entry.current && entries_.size() > 1) face.setWeight(QFont::DemiBold);
    return face;
}

double LegendStrip::nameWidth(const Entry& entry) const {
    return std::ceil(QFontMetricsF(face(entry)).horizontalAdvance(entry.name)) + 1;
}

void LegendStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    qsizetype count = entries_.size();
    const auto crowded = [this](qsizetype n) {
        return roomForNames(n) < kSmallestName &&
               std::any_of(entries_.begin(), entries_.begin() + n,
                           [&](const Entry& entry) { return nameWidth(entry) > roomForNames(n); });
    };
    while (count > 1 && crowded(count)) --count;
    const double room = roomForNames(count);
    double x = 0;
    for (qsizetype i = 0; i < count; ++i) {
        const Entry& entry = entries_[i];
        painter.setFont(face(entry));
        const double used = std::min(room, nameWidth(entry));
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRectF(x + kSample + kGap, 0, used, height()), Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetricsF(painter.font()).elidedText(entry.name, Qt::ElideRight, used));
        painter.setPen(QPen(entry.colour, entry.current ? 2.4 : 1.8, entry.dash, Qt::FlatCap));
        painter.drawLine(QPointF(x, height() / 2.0), QPointF(x + kSample, height() / 2.0));
        x += kSample + kGap + used + kBetween;
    }
    if (count == entries_.size()) return;
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignVCenter,
                     QString("+%1").arg(entries_.size() - count));
}

}  // namespace stillpoint
