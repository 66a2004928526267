// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFont>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/samples/scenes.h"

namespace stillpoint {

namespace {

constexpr int kWidth = 768;
constexpr int kHeight = 512;
constexpr int kOver = 4;  // drawn this much larger and averaged
constexpr double kPaper = 0.94;
constexpr double kInk = 0.07;

QColor grey(double level) {
    return QColor::fromRgbF(float(level), float(level), float(level));
}

/// Text as an outline, so that its size does not depend on hinting or the screen.
void drawText(QPainter& painter, const QPointF& at, double size, const QString& text, bool bold = false,
              Qt::Alignment alignment = Qt::AlignLeft) {
    QFont font;
    font.setFamilies({"DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial"});
    font.setStyleHint(QFont::SansSerif);
    font.setPixelSize(100);
    font.setBold(bold);
    QPainterPath path;
    path.addText(0, 0, font, text);
    const double scale = size / 100;
    const double length = path.boundingRect().right() * scale;
    painter.save();
    painter.translate(alignment == Qt::AlignHCenter ? at.x() - length / 2
                      : alignment == Qt::AlignRight ? at.x() - length
                                                    : at.x(),
                      at.y());
    painter.scale(scale, scale);
    painter.fillPath(path, grey(kInk));
    painter.restore();
}

void drawSiemensStar(QPainter& painter, const QPointF& centre, double radius, int spokes) {
    QPainterPath path;
    const QRectF box(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius);
    for (int i = 0; i < spokes; ++i) {
        path.moveTo(centre);
        path.arcTo(box, 360.0 * i / spokes, 180.0 / spokes);
        path.closeSubpath();
    }
    painter.fillPath(path, grey(kInk));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(grey(kInk), 1.5));
    painter.drawEllipse(centre, radius + 5, radius + 5);
    painter.setPen(QPen(grey(0.45), 0.8));
    for (const double part : {0.25, 0.5}) painter.drawEllipse(centre, radius * part, radius * part);
    painter.setPen(Qt::NoPen);
}

/// A dark square on its light field, turned by a few degrees: its edges show the blur profile at sub-pixel
/// steps.
void drawSlantedSquare(QPainter& painter, const QPointF& centre, double side, double angle, double dark,
                       double light) {
    painter.fillRect(QRectF(centre.x() - side * 0.82, centre.y() - side * 0.82, side * 1.64, side * 1.64),
                     grey(light));
    painter.save();
    painter.translate(centre);
    painter.rotate(angle);
    painter.fillRect(QRectF(-side / 2, -side / 2, side, side), grey(dark));
    painter.restore();
}

/// Five bars and the gaps between them, upright and lying, each `width` wide.
void drawLineGroup(QPainter& painter, const QPointF& at, double width, double length) {
    for (int i = 0; i < 5; ++i) {
        painter.fillRect(QRectF(at.x() + 2 * i * width, at.y(), width, length), grey(kInk));
        painter.fillRect(QRectF(at.x(), at.y() + length + 8 + 2 * i * width, length, width), grey(kInk));
    }
}

void drawLineGroups(QPainter& painter, const QPointF& at) {
    double x = at.x();
    for (const double width : {6.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0}) {
        const double extent = 9 * width;
        drawLineGroup(painter, {x, at.y()}, width, extent);
        drawText(painter, {x + extent / 2, at.y() - 6}, 9, QString::number(width), false, Qt::AlignHCenter);
        x += extent + 29;
    }
}

void drawWords(QPainter& painter, const QPointF& at) {
    const QString lines[] = {
        "Stillness",
        "is where the blur",
        "comes to rest: a point that the",
        "map leaves where it is, found once and kept.",
        "Every letter here is lost in the blur and comes back step by step.",
        "If you can read this line in the estimate, both kernel and weight were chosen well."};
    const double sizes[] = {44, 30, 21, 16, 11.5, 9};
    double y = at.y();
    for (int i = 0; i < 6; ++i) {
        y += sizes[i] * 1.32;
        drawText(painter, {at.x(), y}, sizes[i], lines[i], i == 0);
    }
}

void drawWedge(QPainter& painter, const QRectF& box, int steps) {
    const double width = box.width() / steps;
    for (int i = 0; i < steps; ++i)
        painter.fillRect(QRectF(box.x() + i * width, box.y(), width, box.height()),
                         grey(double(i) / (steps - 1)));
    painter.setPen(QPen(grey(kInk), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(box);
    painter.setPen(Qt::NoPen);
}

/// Points of light before a night sky, large to small: each shows the kernel itself.
void drawStars(QPainter& painter, const QRectF& box) {
    painter.fillRect(box, grey(kInk));
    painter.setBrush(grey(1));
    const double xs[] = {0.10, 0.27, 0.43, 0.58, 0.73, 0.88, 0.18, 0.36, 0.51, 0.66, 0.81, 0.93};
    const double ys[] = {0.32, 0.70, 0.26, 0.60, 0.30, 0.68, 0.80, 0.47, 0.84, 0.18, 0.84, 0.22};
    for (int i = 0; i < 12; ++i) {
        const double radius = 3.2 * std::pow(0.84, i);
        painter.drawEllipse(QPointF(box.x() + xs[i] * box.width(), box.y() + ys[i] * box.height()), radius,
                            radius);
    }
}

/// Rings whose spacing falls towards the rim, cos^2 of the squared radius.
void drawZonePlate(QImage& canvas, const QPointF& centre, double radius) {
    const double reach = radius * kOver;
    const double cx = centre.x() * kOver;
    const double cy = centre.y() * kOver;
    const double finest = 3.0 * kOver;  // period at the rim
    for (int y = int(cy - reach); y <= int(cy + reach); ++y) {
        auto* line = canvas.scanLine(y);
        for (int x = int(cx - reach); x <= int(cx + reach); ++x) {
            const double distance = std::hypot(x + 0.5 - cx, y + 0.5 - cy);
            if (distance >= reach) continue;
            const double phase = std::numbers::pi * distance * distance / (finest * reach);
            line[x] =
                static_cast<uchar>(255 * (kInk + (kPaper - kInk) * (0.5 + 0.5 * std::cos(phase))) + 0.5);
        }
    }
}

void drawFrame(QPainter& painter) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(grey(kInk), 2));
    painter.drawRect(QRectF(10, 10, kWidth - 20, kHeight - 20));
    painter.setPen(QPen(grey(0.55), 1));
    painter.drawRect(QRectF(14.5, 14.5, kWidth - 29, kHeight - 29));
    painter.setPen(Qt::NoPen);
}

Image averaged(const QImage& canvas) {
    Image picture(1, kHeight, kWidth);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            int sum = 0;
            for (int i = 0; i < kOver; ++i) {
                const uchar* line = canvas.constScanLine(y * kOver + i) + x * kOver;
                for (int j = 0; j < kOver; ++j) sum += line[j];
            }
            picture.at(0, y, x) = static_cast<Real>(sum) / Real(255 * kOver * kOver);
        }
    }
    return picture;
}

}  // namespace

Picture resolutionChart() {
    QImage canvas(kWidth * kOver, kHeight * kOver, QImage::Format_Grayscale8);
    canvas.fill(grey(kPaper));
    QPainter painter(&canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.scale(kOver, kOver);
    drawFrame(painter);
    drawSiemensStar(painter, {158, 162}, 118, 36);
    drawWords(painter, {305, 14});
    drawSlantedSquare(painter, {352, 248}, 52, 5, kInk, 0.86);
    drawSlantedSquare(painter, {448, 248}, 52, -9, 0.38, 0.62);
    drawStars(painter, {502, 205.4, 234, 85.2});
    drawLineGroups(painter, {306, 326});
    drawWedge(painter, {306, 458, 430, 26}, 17);
    painter.end();
    drawZonePlate(canvas, {158, 392}, 94);
    Picture picture;
    picture.image = std::make_shared<const Image>(averaged(canvas));
    picture.bitsPerChannel = 16;
    picture.name = "Resolution chart";
    return picture;
}

}  // namespace stillpoint
