// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <optional>

#include "ui/io/picture.h"

namespace stillpoint {

/// The first picture of a TIFF file that holds grey or red-green-blue samples of 8, 16 or 32 bits (integers)
/// or 16, 32 or 64 bits (floating point), in strips or tiles, with or without alpha. Nothing for other
/// layouts of 8 bits and fewer (palettes, CMYK, single bits), which Qt's reader turns into colour without
/// loss. Throws Error("input", sentence). Libtiff is used directly since Qt has no grey floating-point
/// pictures.
std::optional<Picture> decodeTiff(const QByteArray& file, const QString& name);

/// A TIFF file: 8 or 16 bits as integers with lossless compression, 32 bits as plain floating-point samples.
/// Throws Error("output", sentence).
QByteArray encodeTiff(const Picture& picture, int bits, const QString& description);

}  // namespace stillpoint
