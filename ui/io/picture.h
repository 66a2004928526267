// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>
#include <QStringList>
#include <memory>

#include "solver/image/image.h"
#include "ui/io/display_image.h"

namespace stillpoint {

/// A decoded picture and everything a file needs besides its samples, so that a restored picture can be
/// written as the input was. A plain value: copies share the samples.
struct Picture {
    std::shared_ptr<const Image>
        image;  ///< 1 (grey) or 3 (red, green, blue) channels; 0 is black, 1 is white
    std::shared_ptr<const Image> alpha;  ///< 1 channel, same size, 0 transparent to 1 opaque; null if none
    QByteArray iccProfile;               ///< as found in the file; empty if none
    int bitsPerChannel = 8;              ///< of the source: 8, 16 or 32
    bool isFloat = false;  ///< the source held floating-point samples (values outside [0,1] are kept)
    QString name;          ///< for titles: "lighthouse.png", "Pasted picture"
    QString path;          ///< absolute path; empty when it did not come from a file

    bool isNull() const { return image == nullptr; }
    int width() const { return image ? image->width() : 0; }
    int height() const { return image ? image->height() : 0; }
    int channels() const { return image ? image->channels() : 0; }
    /// The same picture (depth, alpha, profile, name) with other samples, for example the estimate. Alpha is
    /// left out if the size differs, the profile if the number of channels does.
    Picture withImage(std::shared_ptr<const Image> samples) const;
};

/// Reads PNG, JPEG, TIFF (8, 16 and 32 bit, integer and float), WebP and BMP. The format is found by
/// content, not by the name's ending. EXIF and TIFF orientation are applied. Samples are scaled to [0,1] and
/// stay encoded as in the file (no gamma is undone). Checks the memory need against what the machine has
/// before decoding. Throws Error("input", sentence naming the file) for anything that cannot be read
/// completely: missing, a folder, empty, truncated, damaged, unknown format, too large, samples that are NaN
/// or infinite. Any thread.
Picture readPicture(const QString& path);

/// The same from the bytes of a file; `name` is used in messages.
Picture readPictureData(const QByteArray& data, const QString& name);

/// From a picture of the clipboard or of a drop: 8 or 16 bits, grey where the QImage is, alpha kept aside.
/// Throws Error("input", sentence) for a null picture.
Picture pictureFromQImage(const QImage& picture, const QString& name);

struct WriteOptions {
    int bits =
        0;  ///< 8, 16 or 32 (32: floating point, TIFF only); 0: the picture's own, as far as the format goes
    int quality = 95;     ///< of JPEG, 0 to 100
    QString description;  ///< text kept inside PNG and TIFF files (for example the recipe); empty for none
};

/// Writes by the ending of the name: .png .jpg .jpeg .tif .tiff .webp .bmp. Integer formats clip to [0,1] and
/// round to nearest; TIFF with 32 bits keeps all values. The file appears complete or not at all: an existing
/// one is replaced only after success. Returns sentences about what the format cannot hold (alpha, profile,
/// depth); empty if nothing was lost. Throws Error("output", sentence) for an unknown ending, a depth the
/// format does not have, samples that are not finite (integer formats), an unwritable place. Any thread.
QStringList writePicture(const QString& path, const Picture& picture, const WriteOptions& options = {});

/// Throws the Error that writePicture would throw for this name and depth, without a picture and without
/// touching the file: unknown ending, missing or unwritable folder, a folder of that name.
void checkWritablePicture(const QString& path, int bits = 0);

/// Largest depth the format of this name can hold, 0 for an unknown ending.
int largestDepth(const QString& path);

/// Filters for QFileDialog: "Pictures (*.png ...)" first, then one per format (reading also "All files").
QStringList supportedReadFilters();
QStringList supportedWriteFilters();
/// Endings without the dot, lower case: "png", "jpg", ...
QStringList readableEndings();
QStringList writableEndings();

}  // namespace stillpoint
