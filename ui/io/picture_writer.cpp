// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
#include <QImageWriter>
#include <QtEndian>
#include <cstdint>

#include "solver/core/error.h"
#include "solver/core/vec.h"
#include "ui/io/container.h"
#include "ui/io/levels.h"
#include "ui/io/picture.h"
#include "ui/io/save_file.h"
#include "ui/io/tiff_file.h"

namespace stillpoint {

namespace {

[[noreturn]] void fail(const QString& path, const QString& reason) {
    throw Error("output", QString("Cannot write '%1': %2.").arg(path, reason).toStdString());
}

int deepest(FileFormat format) {
    switch (format) {
        case FileFormat::png:
            return 16;
        case FileFormat::tiff:
            return 32;
        case FileFormat::unknown:
            return 0;
        default:
            return 8;
    }
}

bool holdsAlpha(FileFormat format) {
    return format != FileFormat::jpeg && format != FileFormat::bmp;
}
bool holdsProfile(FileFormat format) {
    return format != FileFormat::bmp;
}

/// Throws for an unknown ending or a depth the format cannot hold.
void checkFormat(const QString& path, int bits) {
    const FileFormat format = formatOfName(path);
    if (format == FileFormat::unknown)
        fail(path, QString("the ending of the name must be one of .%1").arg(writableEndings().join(", .")));
    if (bits != 0 && bits != 8 && bits != 16 && bits != 32)
        fail(path, QString("a depth of %1 bits was asked for; 8, 16 and 32 are possible").arg(bits));
    if (bits > deepest(format))
        fail(path, QString("%1 files hold at most %2 bits per channel, %3 were asked for; %4")
                       .arg(name(format))
                       .arg(deepest(format))
                       .arg(bits)
                       .arg(bits == 16 ? "PNG and TIFF hold 16" : "TIFF holds 32"));
}

/// Interleaved samples, alpha last, `pad` more samples of full value behind each pixel.
template <class T>
void pack(const Picture& picture, double top, int samplesPerPixel, int y, T* out) {
    const int colours = picture.channels();
    const ConstImageRef image = *picture.image;
    for (int x = 0; x < picture.width(); ++x) {
        for (int c = 0; c < samplesPerPixel; ++c) {
            T& sample = out[x * samplesPerPixel + c];
            if (c < colours)
                sample = levelOf<T>(image.at(c, y, x), top);
            else
                sample = picture.alpha && c == colours ? levelOf<T>(picture.alpha->at(0, y, x), top)
                                                       : static_cast<T>(top);
        }
    }
}

/// Grey pictures stay grey; alpha only where the format keeps it.
QImage packed(const Picture& picture, int bits, bool alpha) {
    const bool grey = picture.channels() == 1;
    const bool wide = bits > 8;
    const QImage::Format format = grey    ? (wide ? QImage::Format_Grayscale16 : QImage::Format_Grayscale8)
                                  : alpha ? (wide ? QImage::Format_RGBA64 : QImage::Format_RGBA8888)
                                          : (wide ? QImage::Format_RGBX64 : QImage::Format_RGBX8888);
    QImage image(picture.width(), picture.height(), format);
    if (image.isNull()) return image;
    const int samples = grey ? 1 : 4;
    Picture source = picture;
    if (!alpha) source.alpha = nullptr;
    for (int y = 0; y < picture.height(); ++y) {
        uchar* line = image.scanLine(y);
        if (wide)
            pack(source, 65535, samples, y, reinterpret_cast<std::uint16_t*>(line));
        else
            pack(source, 255, samples, y, reinterpret_cast<std::uint8_t*>(line));
    }
    return image;
}

/// PNG of grey with alpha: big-endian pairs for our own encoder.
QByteArray encodeGreyAlpha(const Picture& picture, int bits, const QString& description) {
    const QSize size(picture.width(), picture.height());
    const qsizetype stride = qsizetype{size.width()} * bits / 4;
    QByteArray samples(stride * size.height(), '\0');
    for (int y = 0; y < size.height(); ++y) {
        char* line = samples.data() + stride * y;
        if (bits == 8) {
            pack(picture, 255, 2, y, reinterpret_cast<std::uint8_t*>(line));
        } else {
            auto* levels = reinterpret_cast<std::uint16_t*>(line);
            pack(picture, 65535, 2, y, levels);
            for (int i = 0; i < 2 * size.width(); ++i) levels[i] = qToBigEndian(levels[i]);
        }
    }
    return encodeGreyAlphaPng(samples, size, bits, description.toUtf8());
}

QByteArray encodeByQt(const Picture& picture, FileFormat format, int bits, const WriteOptions& options,
                      const QString& path) {
    QImage image = packed(picture, bits, picture.alpha && holdsAlpha(format));
    if (image.isNull()) fail(path, "there is not enough memory");
    if (!options.description.isEmpty() && format == FileFormat::png)
        image.setText("Description", options.description);
    QByteArray file;
    QBuffer buffer(&file);
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, QByteArray(name(format)).toLower());
    if (format == FileFormat::jpeg) writer.setQuality(options.quality);
    if (format == FileFormat::webp) writer.setQuality(100);  // lossless
    if (!writer.write(image)) fail(path, writer.errorString());
    return file;
}

QByteArray encode(const Picture& picture, FileFormat format, int bits, const WriteOptions& options,
                  const QString& path) {
    if (format == FileFormat::tiff) return encodeTiff(picture, bits, options.description);
    const bool greyAlpha = format == FileFormat::png && picture.alpha && picture.channels() == 1;
    // WebP has alpha beside colour only.
    if (format == FileFormat::webp && picture.alpha && picture.channels() == 1) {
        Image colour(3, picture.height(), picture.width());
        for (int c = 0; c < 3; ++c) colour.plane(c) = picture.image->plane(0);
        Picture widened = picture;
        widened.image = std::make_shared<const Image>(std::move(colour));
        return encodeByQt(widened, format, bits, options, path);
    }
    return greyAlpha ? encodeGreyAlpha(picture, bits, options.description)
                     : encodeByQt(picture, format, bits, options, path);
}

QStringList losses(const Picture& picture, FileFormat format, int bits, bool asked) {
    QStringList notes;
    const QString label = name(format);
    if (picture.alpha && !holdsAlpha(format))
        notes << label + " files hold no alpha channel: it was left out.";
    if (!picture.iccProfile.isEmpty() && !holdsProfile(format))
        notes << label + " files hold no colour profile: it was left out.";
    if (picture.bitsPerChannel > bits && !asked)
        notes << QString("The picture has %1 bits per channel, %2 files hold %3: it was rounded.")
                     .arg(picture.bitsPerChannel)
                     .arg(label)
                     .arg(bits);
    return notes;
}

}  // namespace

int largestDepth(const QString& path) {
    return deepest(formatOfName(path));
}

void checkWritablePicture(const QString& path, int bits) {
    checkFormat(path, bits);
    checkWritableFile(path, "output");
}

QStringList writePicture(const QString& path, const Picture& picture, const WriteOptions& options) {
    checkWritablePicture(path, options.bits);
    if (picture.isNull() || picture.image->empty()) fail(path, "there is no picture");
    const FileFormat format = formatOfName(path);
    const int own = picture.bitsPerChannel > 16 || picture.isFloat ? 32 : picture.bitsPerChannel;
    const int bits = options.bits != 0 ? options.bits : std::min(own, deepest(format));
    if (bits < 32 && !allFinite(picture.image->samples()))
        fail(path,
             "the picture has samples that are not finite numbers, which only TIFF with 32 bits can hold");
    const QByteArray encoded = encode(picture, format, bits, options, path);
    const bool fits = profileFits(picture.iccProfile, picture.channels());
    const QSize size(picture.width(), picture.height());
    saveFile(path, fits ? withProfile(encoded, format, picture.iccProfile, size) : encoded, "output");
    return losses(picture, format, bits, options.bits != 0);
}

}  // namespace stillpoint
