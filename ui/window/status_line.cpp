// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include <unistd.h>

#include <QFile>
#include <QLabel>
#include <QLocale>
#include <QStatusBar>

#include "solver/core/parallel.h"
#include "ui/view/picture_view.h"

namespace stillpoint {
namespace {

/// Bytes of memory this process occupies, 0 where the system does not say.
qint64 occupiedMemory() {
    QFile file("/proc/self/statm");
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return fields.size() > 1 ? fields[1].toLongLong() * sysconf(_SC_PAGESIZE) : 0;
}

}  // namespace

StatusLine::StatusLine(QStatusBar* bar, PictureView* view)
    : QObject(bar), pixel_(new QLabel(bar)), zoom_(new QLabel(bar)), memory_(new QLabel(bar)) {
    auto* threads =
        new QLabel(hardwareThreads() == 1 ? tr("1 thread") : tr("%1 threads").arg(hardwareThreads()), bar);
    threads->setToolTip(tr("Threads the solver computes with"));
    zoom_->setToolTip(tr("Pixels of the screen to pixels of the picture"));
    memory_->setToolTip(tr("Memory this program occupies"));
    pixel_->setToolTip(tr("Column, row and values of the pixel under the cursor"));
    for (QLabel* label : {pixel_, zoom_, memory_, threads}) bar->addPermanentWidget(label);
    connect(view, &PictureView::pixelHovered, this, &StatusLine::showPixel);
    connect(view, &PictureView::zoomChanged, this, [this, view] { zoom_->setText(view->zoomText()); });
    zoom_->setText(view->zoomText());
    connect(&timer_, &QTimer::timeout, this, &StatusLine::showMemory);
    timer_.start(2000);
    showMemory();
}

void StatusLine::showPixel(bool inside, int x, int y, const QString& input, const QString& estimate,
                           const QString& adjoint) {
    if (!inside) {
        pixel_->clear();
        return;
    }
    QString text = QString("%1, %2").arg(x).arg(y);
    if (!adjoint.isEmpty()) {
        pixel_->setText(text + "   " + tr("adjoint %1").arg(adjoint));
        return;
    }
    if (!input.isEmpty()) text += "   " + tr("input %1").arg(input);
    if (!estimate.isEmpty()) text += "   " + tr("estimate %1").arg(estimate);
    pixel_->setText(text);
}

void StatusLine::showMemory() {
    memory_->setText(QLocale().formattedDataSize(occupiedMemory(), 0));
}

}  // namespace stillpoint
