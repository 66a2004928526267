// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kernel/kernel_preview.h"

#include <QPainter>
#include <algorithm>

#include "ui/io/display_image.h"

namespace stillpoint {

KernelPreview::KernelPreview(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Picture of the kernel"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void KernelPreview::setKernel(const Kernel& kernel) {
    Image shown = kernel.pixels.clone();
    // Only for the eye: the kernel itself has sum 1, which would be nearly black.
    const Real peak = *std::max_element(shown.samples().begin(), shown.samples().end());
    for (Real& sample : shown.samples()) sample /= peak;
    picture_ = toQImage(shown);
    sizeText_ = tr("%1 × %2 px · radius %3")
                    .arg(kernel.pixels.width())
                    .arg(kernel.pixels.height())
                    .arg(kernel.radius());
    setAccessibleDescription(sizeText_);
    setToolTip(
        tr("The light of one point, spread by the kernel: %1. The lines mark its centre.").arg(sizeText_));
    update();
}

void KernelPreview::clear() {
    picture_ = {};
    sizeText_.clear();
    setToolTip({});
    update();
}

QSize KernelPreview::sizeHint() const {
    return {220, 132};
}
QSize KernelPreview::minimumSizeHint() const {
    return {120, 132};
}

void KernelPreview::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRect frame = rect().adjusted(0, 0, -1, -1);
    painter.fillRect(frame, picture_.isNull() ? palette().color(QPalette::Base) : QColor(Qt::black));
    if (!picture_.isNull()) {
        const int side = std::min(frame.width(), frame.height()) - 4;
        const double cell = static_cast<double>(side) / std::max(picture_.width(), picture_.height());
        const QSizeF size(cell * picture_.width(), cell * picture_.height());
        const QRectF place(QPointF(frame.center()) - QPointF(size.width() / 2, size.height() / 2), size);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
        painter.drawImage(place, picture_);

        const QPointF centre = place.topLeft() + QPointF((picture_.width() / 2 + 0.5) * cell,
                                                         (picture_.height() / 2 + 0.5) * cell);
        const double tick = std::min(14.0, side / 8.0);
        painter.setPen(QPen(QColor(255, 176, 0), 1));
        painter.drawLine(QPointF(centre.x(), place.top()), QPointF(centre.x(), place.top() + tick));
        painter.drawLine(QPointF(centre.x(), place.bottom() - tick), QPointF(centre.x(), place.bottom()));
        painter.drawLine(QPointF(place.left(), centre.y()), QPointF(place.left() + tick, centre.y()));
        painter.drawLine(QPointF(place.right() - tick, centre.y()), QPointF(place.right(), centre.y()));
    }
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(frame);
}

}  // namespace stillpoint
