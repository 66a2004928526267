// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/signed_map.h"

#include <QEvent>
#include <QPainter>
#include <QTransform>
#include <algorithm>

#include "ui/io/diverging_image.h"
#include "ui/params/number_text.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

constexpr int kBarColours = 101;
constexpr int kGap = 6;
constexpr int kUprightBar = 12;  ///< width of the scale where it stands beside the picture

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

int SignedMap::numberWidth() const {
    const QString widest = "+" + scientificText(scale_, 2);
    return fontMetrics().horizontalAdvance(widest);
}

void SignedMap::paintScale(QPainter& painter, const QRect& room, Qt::Orientation along) const {
    const int height = fontMetrics().height();
    const bool upright = along == Qt::Vertical;
    const int text = numberWidth() + 5;
    const QString low = "-" + scientificText(scale_, 2);
    const QString high = "+" + scientificText(scale_, 2);
    painter.setPen(palette().color(QPalette::WindowText));
    const auto lowAt = upright ? Qt::AlignRight | Qt::AlignBottom : Qt::AlignLeft | Qt::AlignVCenter;
    const auto highAt = upright ? Qt::AlignRight | Qt::AlignTop : Qt::AlignRight | Qt::AlignVCenter;
    painter.drawText(room, static_cast<int>(lowAt), low);
    painter.drawText(room, static_cast<int>(highAt), high);
    const QRect bar =
        upright ? room.adjusted(0, 0, -text, 0) : room.adjusted(text, height / 5, -text, -height / 5);
    if (bar.width() < 10) return;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
    painter.drawImage(bar, upright ? bar_.transformed(QTransform().rotate(-90)) : bar_);
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
    // Where there is more width than height, a scale below would cost the picture what it has little of.
    const bool beside = width() > 2 * height();
    const int foot = beside ? 0 : fontMetrics().height() + kGap;
    const int side = beside ? kUprightBar + 5 + numberWidth() + kGap : 0;
    const QRect room = rect().adjusted(kGap, kGap, -kGap - side, -kGap - foot);
    const double cell = std::min(static_cast<double>(room.width()) / image_.width(),
                                 static_cast<double>(room.height()) / image_.height());
    const QSizeF size(cell * image_.width(), cell * image_.height());
    const QRectF place(QRectF(room).center() - QPointF(size.width() / 2, size.height() / 2), size);
    painter.drawImage(place, image_);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(place);
    if (beside) {
        const QRect scale(qRound(place.right()) + kGap, room.top(), side - kGap, room.height());
        return paintScale(painter, scale, Qt::Vertical);
    }
    const int width = std::min(room.width(), 260);
    const QRect scale(room.center().x() - width / 2, rect().bottom() - foot + kGap / 2, width,
                      fontMetrics().height());
    paintScale(painter, scale, Qt::Horizontal);
}

}  // namespace stillpoint
