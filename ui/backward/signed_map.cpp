// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/signed_map.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

#include "ui/io/diverging_image.h"
#include "ui/params/number_text.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

constexpr int kBarColours = 101;
constexpr int kGap = 6;

}  // namespace

SignedMap::SignedMap(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void SignedMap::setPicture(std::shared_ptr<const Image> picture, const QString& what) {
    picture_ = picture && !picture->empty() ? std::move(picture) : nullptr;
    scale_ = picture_ ? signedRange(*picture_).largest : 0;
    legend_ = picture_ ? QString("%1 × %2 · ±%3")
                             .arg(picture_->width())
                             .arg(picture_->height())
                             .arg(scientificText(scale_, 2))
                       : QString();
    const QString tip = picture_ ? what + ' ' + legend_ : QString();
    setToolTip(tip);
    setAccessibleDescription(tip);
    colour();
}

void SignedMap::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void SignedMap::colour() {
    const bool dark = isDark(palette());
    Image ramp(Shape{1, 1, kBarColours});
    for (int x = 0; x < kBarColours; ++x)
        ramp.at(0, 0, x) = static_cast<Real>(2.0 * x / (kBarColours - 1) - 1);
    renderSigned(ramp, 1, dark, bar_);
    image_ = {};
    if (picture_) renderSigned(*picture_, scale_, dark, image_);
    update();
}

void SignedMap::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) colour();
    QWidget::changeEvent(event);
}

void SignedMap::paintScale(QPainter& painter, const QRect& room) const {
    const int height = fontMetrics().height();
    const QString low = "-" + scientificText(scale_, 2);
    const QString high = "+" + scientificText(scale_, 2);
    const int text =
        std::max(fontMetrics().horizontalAdvance(low), fontMetrics().horizontalAdvance(high)) + 5;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, high);
    const QRect bar = room.adjusted(text, height / 5, -text, -height / 5);
    if (bar.width() < 10) return;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
    painter.drawImage(bar, bar_);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
}

void SignedMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (image_.isNull()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect().adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
        return;
    }
    const int foot = fontMetrics().height();
    const QRect room = rect().adjusted(kGap, kGap, -kGap, -(foot + 2 * kGap));
    const double cell = std::min(static_cast<double>(room.width()) / image_.width(),
                                 static_cast<double>(room.height()) / image_.height());
    const QSizeF size(cell * image_.width(), cell * image_.height());
    const QRectF place(QRectF(room).center() - QPointF(size.width() / 2, size.height() / 2), size);
    painter.drawImage(place, image_);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(place);
    const int width = std::min(room.width(), 260);
    paintScale(painter, QRect(room.center().x() - width / 2, rect().bottom() - foot - kGap / 2, width, foot));
}

}  // namespace stillpoint
