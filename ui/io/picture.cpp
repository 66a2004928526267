// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/picture.h"

#include <QColorSpace>
#include <QPixelFormat>
#include <algorithm>
#include <cstdint>

#include "solver/core/error.h"

namespace stillpoint {

namespace {

struct Format {
    const char* label;
    QStringList endings;
};

const std::vector<Format>& formats() {
    static const std::vector<Format> list = {{"PNG", {"png"}},
                                             {"TIFF", {"tif", "tiff"}},
                                             {"JPEG", {"jpg", "jpeg"}},
                                             {"WebP", {"webp"}},
                                             {"BMP", {"bmp"}}};
    return list;
}

QString patterns(const QStringList& endings) {
    return "*." + endings.join(" *.");
}

/// Filters name lower-case patterns only: Qt's dialogs and the native ones compare without case.
QStringList perFormat() {
    QStringList filters;
    for (const Format& format : formats())
        filters << QString("%1 (%2)").arg(format.label, patterns(format.endings));
    return filters;
}

/// Samples per pixel of interleaved rows of T, divided by `top`, into planes.
template <class T>
void unpack(const QImage& picture, int samplesPerPixel, int first, double top, ImageRef out) {
    const auto divisor = static_cast<Real>(top);
    for (int y = 0; y < out.height(); ++y) {
        const T* line = reinterpret_cast<const T*>(picture.constScanLine(y)) + first;
        for (int c = 0; c < out.channels(); ++c) {
            Real* row = out.row(c, y);
            for (int x = 0; x < out.width(); ++x)
                row[x] = static_cast<Real>(line[x * samplesPerPixel + c]) / divisor;
        }
    }
}

enum class Depth { eight, sixteen, floating };

Depth depthOf(const QImage& picture) {
    const QPixelFormat format = picture.pixelFormat();
    if (format.typeInterpretation() == QPixelFormat::FloatingPoint) return Depth::floating;
    if (picture.format() == QImage::Format_Grayscale16) return Depth::sixteen;
    const int deepest = std::max({format.redSize(), format.greenSize(), format.blueSize()});
    return deepest > 8 ? Depth::sixteen : Depth::eight;
}

/// Indexed pictures are grey when their colours are.
bool isGrey(const QImage& picture) {
    if (picture.format() == QImage::Format_Grayscale8 || picture.format() == QImage::Format_Grayscale16)
        return true;
    return picture.colorCount() > 0 && !picture.hasAlphaChannel() && picture.allGray();
}

/// `count` samples of each pixel from sample `first` on, of a picture in an RGBA format of the given depth.
std::shared_ptr<const Image> planesOf(const QImage& rgba, Depth depth, int first, int count) {
    Image planes(count, rgba.height(), rgba.width());
    switch (depth) {
        case Depth::eight:
            unpack<std::uint8_t>(rgba, 4, first, 255, planes);
            break;
        case Depth::sixteen:
            unpack<std::uint16_t>(rgba, 4, first, 65535, planes);
            break;
        case Depth::floating:
            unpack<float>(rgba, 4, first, 1, planes);
            break;
    }
    return std::make_shared<const Image>(std::move(planes));
}

std::shared_ptr<const Image> greyPlane(const QImage& picture, Depth depth) {
    Image plane(1, picture.height(), picture.width());
    if (depth == Depth::sixteen)
        unpack<std::uint16_t>(picture, 1, 0, 65535, plane);
    else
        unpack<std::uint8_t>(picture.convertToFormat(QImage::Format_Grayscale8), 1, 0, 255, plane);
    return std::make_shared<const Image>(std::move(plane));
}

}  // namespace

Picture Picture::withImage(std::shared_ptr<const Image> samples) const {
    Picture other = *this;
    const bool sameSize = image && samples && samples->width() == width() && samples->height() == height();
    const bool sameColours = image && samples && samples->channels() == channels();
    if (!sameSize) other.alpha = nullptr;
    if (!sameColours) other.iccProfile.clear();
    other.image = std::move(samples);
    return other;
}

Picture pictureFromQImage(const QImage& picture, const QString& name) {
    if (picture.isNull()) throw Error("input", QString("'%1' holds no picture.").arg(name).toStdString());
    const Depth depth = depthOf(picture);
    Picture result;
    result.name = name;
    result.bitsPerChannel = depth == Depth::eight ? 8 : depth == Depth::sixteen ? 16 : 32;
    result.isFloat = depth == Depth::floating;
    result.iccProfile = picture.colorSpace().iccProfile();
    if (isGrey(picture)) {
        result.image = greyPlane(picture, depth);
        return result;
    }
    const QImage rgba = picture.convertToFormat(depth == Depth::eight     ? QImage::Format_RGBA8888
                                                : depth == Depth::sixteen ? QImage::Format_RGBA64
                                                                          : QImage::Format_RGBA32FPx4);
    result.image = planesOf(rgba, depth, 0, 3);
    if (picture.hasAlphaChannel()) result.alpha = planesOf(rgba, depth, 3, 1);
    return result;
}

QStringList readableEndings() {
    QStringList endings;
    for (const Format& format : formats()) endings << format.endings;
    return endings;
}

QStringList writableEndings() {
    return readableEndings();
}

QStringList supportedReadFilters() {
    return QStringList{QString("Pictures (%1)").arg(patterns(readableEndings()))} + perFormat() +
           QStringList{"All files (*)"};
}

QStringList supportedWriteFilters() {
    return perFormat();
}

}  // namespace stillpoint
