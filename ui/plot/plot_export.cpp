// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
#include <QFileInfo>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <functional>

#include "solver/core/error.h"
#include "ui/io/save_file.h"
#include "ui/plot/convergence_plot_p.h"
#include "ui/theme/palettes.h"

namespace stillpoint {

namespace {

constexpr int kPngScale = 2;
constexpr int kDotsPerInch = 96;
constexpr QSize kSmallest(200, 120);
constexpr QSize kLargest(8000, 8000);

using Draw = std::function<void(QCPPainter&)>;

QByteArray asPng(QSize size, const Draw& draw) {
    QImage image(size * kPngScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kPngScale);
    image.fill(Qt::white);
    QCPPainter painter(&image);
    draw(painter);
    painter.end();
    image.setDotsPerMeterX(kPngScale * kDotsPerInch * 10000 / 254);
    image.setDotsPerMeterY(kPngScale * kDotsPerInch * 10000 / 254);
    QByteArray data;
    QBuffer buffer(&data);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return data;
}

QByteArray asSvg(QSize size, const Draw& draw) {
    QByteArray data;
    QBuffer buffer(&data);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect({0, 0}, size));
    generator.setResolution(kDotsPerInch);
    generator.setTitle(ConvergencePlot::tr("Convergence"));
    QCPPainter painter;
    painter.begin(&generator);
    painter.setMode(QCPPainter::pmVectorized);
    draw(painter);
    painter.end();
    return data;
}

QByteArray asPdf(QSize size, const Draw& draw) {
    QByteArray data;
    QBuffer buffer(&data);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    const QSizeF points = QSizeF(size) * 72 / kDotsPerInch;
    writer.setPageSize(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setResolution(kDotsPerInch);
    writer.setTitle(ConvergencePlot::tr("Convergence"));
    QCPPainter painter;
    painter.begin(&writer);
    painter.setMode(QCPPainter::pmVectorized);
    draw(painter);
    painter.end();
    return data;
}

}  // namespace

bool ConvergencePlot::exportPicture(const QString& path, QSize size, QString* why) {
    const auto refuse = [why](const QString& sentence) {
        if (why) *why = sentence;
        return false;
    };
    const QString suffix = QFileInfo(path).suffix().toLower();
    QByteArray (*encode)(QSize, const Draw&) = nullptr;
    if (suffix == "png") encode = asPng;
    if (suffix == "svg") encode = asSvg;
    if (suffix == "pdf") encode = asPdf;
    if (!encode)
        return refuse(
            tr("The plot cannot be written to \"%1\": the name must end in .png, .svg or .pdf.").arg(path));
    if (size.expandedTo(kSmallest) != size || size.boundedTo(kLargest) != size)
        return refuse(tr("A plot of %1 by %2 pixels cannot be written: allowed are %3 by %4 to %5 by %6.")
                          .arg(size.width())
                          .arg(size.height())
                          .arg(kSmallest.width())
                          .arg(kSmallest.height())
                          .arg(kLargest.width())
                          .arg(kLargest.height()));

    const QByteArray bytes = encode(size, [this, size](QCPPainter& painter) { d_->print(painter, size); });
    try {
        saveFile(path, bytes, "plot");
    } catch (const Error& error) {
        return refuse(QString::fromUtf8(error.what()));
    }
    return true;
}

/// Draws on paper: light colours, a legend, labels for that size; then everything is as before. Nothing is
/// repainted on screen in between.
void ConvergencePlot::Private::print(QCPPainter& painter, QSize size) {
    restyle(lightPalette(), true);
    fitTicks(size);
    for (const auto& run : runs) {
        if (!run->isVisible()) continue;
        run->upperLine().graph()->setName(run->name());
        run->upperLine().graph()->addToLegend(printedLegend);
    }
    printedLegend->setVisible(printedLegend->itemCount() > 0);
    canvas->toPainter(&painter, size.width(), size.height());
    printedLegend->clearItems();
    printedLegend->setVisible(false);
    fitTicks(canvas->size());
    restyle(q->palette(), false);
    canvas->replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace stillpoint
