// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/core/error.h"
#include "solver/core/vec.h"
#include "ui/io/container.h"
#include "ui/io/memory_check.h"
#include "ui/io/picture.h"
#include "ui/io/planes.h"
#include "ui/io/tiff_file.h"

namespace stillpoint {

namespace {

[[noreturn]] void fail(const QString& name, const QString& reason) {
    throw Error("input", QString("Cannot read '%1': %2.").arg(name, reason).toStdString());
}

QByteArray fileContent(const QString& path) {
    const QFileInfo info(path);
    if (path.isEmpty()) throw Error("input", "A picture's file name is needed.");
    if (!info.exists()) fail(path, "there is no such file");
    if (info.isDir()) fail(path, "this is a folder, a picture is needed");
    if (!info.isFile()) fail(path, "this is not a regular file");
    if (info.size() == 0) fail(path, "the file is empty");
    if (info.size() > availableMemory()) fail(path, "the file is larger than the free memory");
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) fail(path, file.errorString());
    QByteArray content = file.readAll();
    if (content.size() < info.size()) fail(path, file.errorString());
    return content;
}

/// Qt's own limit (128 MB) is far below what pictures of today need; ours is the free memory, checked with a
/// sentence before decoding. Qt's stays as a second guard for files that do not tell their size beforehand.
void raiseAllocationLimit() {
    const std::int64_t megabytes = availableMemory() / (1 << 20);
    QImageReader::setAllocationLimit(static_cast<int>(std::clamp<std::int64_t>(megabytes, 128, 1 << 30)));
}

Picture decodeByQt(const QByteArray& data, FileFormat format, const QString& name) {
    QByteArray bytes = data;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, QByteArray(stillpoint::name(format)).toLower());
    reader.setAutoTransform(true);
    const QSize told = sizeIn(data, format);
    const QSize size = told.isValid() ? told : reader.size();
    if (size.isValid()) requireDecodingMemory(size, name);
    raiseAllocationLimit();
    const QImage image = reader.read();
    if (image.isNull())
        fail(name, QString("the %1 file is damaged or truncated (%2)")
                       .arg(stillpoint::name(format), reader.errorString()));
    Picture picture = pictureFromQImage(image, name);
    // QImage has no grey with alpha, and WebP no grey at all.
    const bool grey = isGreyAlphaPng(data) || (format == FileFormat::webp && channelsAgree(*picture.image));
    if (grey && picture.channels() == 3)
        picture.image = std::make_shared<const Image>(firstChannel(*picture.image));
    const QByteArray profile = profileIn(data, format);
    if (!profile.isEmpty()) picture.iccProfile = profile;
    return picture;
}

/// Throws when samples are NaN or infinite, naming the first.
void requireFinite(const Picture& picture, const QString& name) {
    const ConstImageRef image = *picture.image;
    if (allFinite(image.samples())) return;
    const auto bad = [](Real sample) { return !std::isfinite(sample); };
    const auto count = std::count_if(image.samples().begin(), image.samples().end(), bad);
    const auto first =
        std::find_if(image.samples().begin(), image.samples().end(), bad) - image.samples().begin();
    const auto pixel = static_cast<std::size_t>(first) % image.shape().planeSize();
    const auto width = static_cast<std::size_t>(image.width());
    fail(name,
         QString(
             "%1 of its samples %2 not finite (NaN or infinity), the first at column %3, row %4; all samples "
             "must be numbers")
             .arg(count)
             .arg(count == 1 ? "is" : "are")
             .arg(pixel % width)
             .arg(pixel / width));
}

}  // namespace

Picture readPictureData(const QByteArray& data, const QString& name) {
    if (data.isEmpty()) fail(name, "the file is empty");
    const FileFormat format = formatOfData(data);
    if (format == FileFormat::unknown)
        fail(name, "this is not a picture in a known format (PNG, JPEG, TIFF, WebP, BMP)");
    const QString damage = damageOf(data, format);
    if (!damage.isEmpty())
        fail(name, QString("the %1 file is damaged or truncated: %2").arg(stillpoint::name(format), damage));
    std::optional<Picture> picture;
    if (format == FileFormat::tiff) picture = decodeTiff(data, name);
    if (!picture) picture = decodeByQt(data, format, name);
    requireFinite(*picture, name);
    if (!profileFits(picture->iccProfile, picture->channels())) picture->iccProfile.clear();
    return *std::move(picture);
}

Picture readPicture(const QString& path) {
    const QByteArray content = fileContent(path);
    Picture picture = readPictureData(content, path);
    picture.name = QFileInfo(path).fileName();
    picture.path = QFileInfo(path).absoluteFilePath();
    return picture;
}

}  // namespace stillpoint
