// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSize>
#include <vector>

#include "ui/io/picture.h"

namespace stillpoint {

/// Picture files as sequences of chunks, without decoding them. Qt's readers and writers drop colour profiles
/// they cannot interpret and paint missing parts of a truncated file grey; these functions look at the
/// container itself.
enum class FileFormat { unknown, png, jpeg, tiff, webp, bmp };

FileFormat formatOfData(const QByteArray& file);
/// By the ending of the name, in any case.
FileFormat formatOfName(const QString& path);
/// "PNG", "JPEG", ...
const char* name(FileFormat format);

/// Why the file cannot be complete, seen without decoding: "its end is missing", "...", or empty. Covers PNG
/// (with the check sums), JPEG and BMP; the decoders tell for the others.
QString damageOf(const QByteArray& file, FileFormat format);
/// Size as the header tells it; invalid for formats whose decoder tells it as well (all but PNG).
QSize sizeIn(const QByteArray& file, FileFormat format);

/// The embedded ICC profile of a PNG, JPEG or WebP file; empty if none.
QByteArray profileIn(const QByteArray& file, FileFormat format);
/// The encoded file with the profile put in (PNG, JPEG, WebP; others are returned as they are).
QByteArray withProfile(const QByteArray& file, FileFormat format, const QByteArray& profile,
                       const QSize& size);
/// True if the profile describes pictures of that many channels (1 grey, 3 colour).
bool profileFits(const QByteArray& profile, int channels);

/// True for a PNG file of grey samples with alpha, which QImage can only hold as colour.
bool isGreyAlphaPng(const QByteArray& file);
/// A PNG file of grey samples with alpha (8 or 16 bits, big-endian pairs grey, alpha, row by row), which Qt
/// cannot write. `text` goes into a tEXt chunk "Description" unless empty.
QByteArray encodeGreyAlphaPng(const QByteArray& samples, const QSize& size, int bits, const QByteArray& text);

}  // namespace stillpoint
