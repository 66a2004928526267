// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/container.h"

#include <QFileInfo>
#include <QtEndian>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>

namespace stillpoint {

namespace {

constexpr qsizetype kPngHead = 8;    // signature
constexpr qsizetype kPngFrame = 12;  // length, type, check sum around the content of a chunk
const QByteArray kJpegProfileTag("ICC_PROFILE\0", 12);
constexpr const char* kEndMissing = "its end is missing";

std::uint8_t byteAt(const QByteArray& data, qsizetype at) {
    return static_cast<std::uint8_t>(data[at]);
}

template <class T>
T bigAt(const QByteArray& data, qsizetype at) {
    return qFromBigEndian<T>(data.constData() + at);
}

template <class T>
T littleAt(const QByteArray& data, qsizetype at) {
    return qFromLittleEndian<T>(data.constData() + at);
}

template <class T>
QByteArray big(T value) {
    QByteArray bytes(sizeof(T), '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

QByteArray little32(std::uint32_t value) {
    QByteArray bytes(4, '\0');
    qToLittleEndian(value, bytes.data());
    return bytes;
}

// ---- PNG

/// Check sum of a PNG chunk: CRC-32 with the reflected polynomial 0xEDB88320.
std::uint32_t crc32(const QByteArray& data) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> entries{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320U : 0U);
            entries[i] = value;
        }
        return entries;
    }();
    std::uint32_t sum = 0xFFFFFFFFU;
    for (const char c : data) sum = (sum >> 8) ^ table[(sum ^ static_cast<std::uint8_t>(c)) & 0xFFU];
    return ~sum;
}

QByteArray pngChunk(const QByteArray& type, const QByteArray& content) {
    const QByteArray body = type + content;
    return big(static_cast<std::uint32_t>(content.size())) + body + big(crc32(body));
}

/// zlib stream; qCompress puts the length in front.
QByteArray deflate(const QByteArray& data) {
    return qCompress(data, 6).mid(4);
}

QByteArray inflate(const QByteArray& stream) {
    // The expected length is only a hint for qUncompress.
    return qUncompress(big(static_cast<std::uint32_t>(stream.size() * 4)) + stream);
}

/// Chunks that a decoder must understand begin with a capital letter; damage elsewhere is harmless.
QString pngDamage(const QByteArray& file) {
    for (qsizetype at = kPngHead; at + kPngFrame <= file.size();) {
        const auto length = qsizetype{bigAt<std::uint32_t>(file, at)};
        if (at + kPngFrame + length > file.size()) break;
        const QByteArray type = file.mid(at + 4, 4);
        const bool critical = type[0] >= 'A' && type[0] <= 'Z';
        if (critical && crc32(file.mid(at + 4, 4 + length)) != bigAt<std::uint32_t>(file, at + 8 + length))
            return QString("the check sum of its part %1 is wrong").arg(QString::fromLatin1(type));
        if (type == "IEND") return {};
        at += kPngFrame + length;
    }
    return kEndMissing;
}

QByteArray pngProfile(const QByteArray& file) {
    for (qsizetype at = kPngHead; at + kPngFrame <= file.size();) {
        const auto length = qsizetype{bigAt<std::uint32_t>(file, at)};
        const QByteArray type = file.mid(at + 4, 4);
        if (type == "IDAT" || at + kPngFrame + length > file.size()) return {};
        if (type == "iCCP") {
            const QByteArray content = file.mid(at + 8, length);
            const qsizetype nameEnd = content.indexOf('\0');
            return nameEnd < 0 ? QByteArray() : inflate(content.mid(nameEnd + 2));
        }
        at += kPngFrame + length;
    }
    return {};
}

QByteArray pngWithProfile(const QByteArray& file, const QByteArray& profile) {
    const qsizetype headEnd = kPngHead + kPngFrame + 13;  // IHDR comes first and has 13 bytes
    const QByteArray content = QByteArray("ICC profile") + '\0' + '\0' + deflate(profile);
    return file.left(headEnd) + pngChunk("iCCP", content) + file.mid(headEnd);
}

// ---- JPEG

struct JpegSegment {
    std::uint8_t marker = 0;
    QByteArray content;
};

bool standsAlone(std::uint8_t marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

/// Position of the next marker after the entropy-coded data that begins at `at`.
qsizetype skipScan(const QByteArray& file, qsizetype at) {
    for (; at + 1 < file.size(); ++at) {
        if (byteAt(file, at) != 0xFF) continue;
        const std::uint8_t next = byteAt(file, at + 1);
        if (next != 0x00 && next != 0xFF && !(next >= 0xD0 && next <= 0xD7)) return at;
    }
    return file.size();
}

/// Walks through the segments up to the end marker and calls visit(segment) for those with content. False if
/// the end marker is missing.
template <class Visit>
bool walkJpeg(const QByteArray& file, const Visit& visit) {
    qsizetype at = 2;
    while (at + 1 < file.size()) {
        if (byteAt(file, at) != 0xFF || byteAt(file, at + 1) == 0xFF) {
            ++at;  // fill bytes, or a damaged place: find the next marker
            continue;
        }
        const std::uint8_t marker = byteAt(file, at + 1);
        at += 2;
        if (marker == 0xD9) return true;
        if (marker == 0x00 || standsAlone(marker)) continue;
        if (at + 2 > file.size()) return false;
        const auto length = qsizetype{bigAt<std::uint16_t>(file, at)};
        visit(JpegSegment{marker, file.mid(at + 2, length - 2)});
        at += length;
        if (marker == 0xDA) at = skipScan(file, at);
    }
    return false;
}

QByteArray jpegProfile(const QByteArray& file) {
    std::map<int, QByteArray> parts;  // a profile may be spread over up to 255 segments
    walkJpeg(file, [&parts](const JpegSegment& segment) {
        if (segment.marker == 0xE2 && segment.content.startsWith(kJpegProfileTag) &&
            segment.content.size() > 14)
            parts[byteAt(segment.content, 12)] = segment.content.mid(14);
    });
    QByteArray profile;
    for (const auto& [number, part] : parts) profile += part;
    return profile;
}

QByteArray jpegWithProfile(const QByteArray& file, const QByteArray& profile) {
    constexpr qsizetype kPart = 65519;  // 65535 less the length, the tag and the two numbers
    const qsizetype count = (profile.size() + kPart - 1) / kPart;
    if (count > 255) return file;
    QByteArray segments;
    for (qsizetype i = 0; i < count; ++i) {
        const QByteArray part = profile.mid(i * kPart, kPart);
        segments += QByteArray("\xFF\xE2") + big(static_cast<std::uint16_t>(part.size() + 16)) +
                    kJpegProfileTag + static_cast<char>(i + 1) + static_cast<char>(count) + part;
    }
    qsizetype at = 2;  // after the start marker and the JFIF segment, which must be the first
    if (file.size() > 6 && byteAt(file, 3) == 0xE0) at += 2 + qsizetype{bigAt<std::uint16_t>(file, 4)};
    return file.left(at) + segments + file.mid(at);
}

// ---- WebP

QByteArray webpProfile(const QByteArray& file) {
    for (qsizetype at = 12; at + 8 <= file.size();) {
        const auto length = qsizetype{littleAt<std::uint32_t>(file, at + 4)};
        if (file.mid(at, 4) == "ICCP") return file.mid(at + 8, length);
        at += 8 + length + length % 2;
    }
    return {};
}

QByteArray little24(int value) {
    return little32(static_cast<std::uint32_t>(value)).left(3);
}

QByteArray webpWithProfile(const QByteArray& file, const QByteArray& profile, const QSize& size) {
    constexpr std::uint8_t kHasProfile = 0x20;
    constexpr std::uint8_t kHasAlpha = 0x10;
    QByteArray chunk = "ICCP" + little32(static_cast<std::uint32_t>(profile.size())) + profile;
    if (profile.size() % 2 != 0) chunk += '\0';
    QByteArray head;
    QByteArray rest;
    if (file.mid(12, 4) == "VP8X") {
        head = file.mid(12, 18);
        head[8] = static_cast<char>(byteAt(head, 8) | kHasProfile);
        rest = file.mid(30);
    } else {  // the simple layout has no room for a profile: put the extended header in front
        const bool lossless = file.mid(12, 4) == "VP8L";
        const bool alpha = lossless && (byteAt(file, 24) & 0x10) != 0;
        head = "VP8X" + little32(10) + static_cast<char>(alpha ? kHasProfile | kHasAlpha : kHasProfile) +
               QByteArray(3, '\0') + little24(size.width() - 1) + little24(size.height() - 1);
        rest = file.mid(12);
    }
    const QByteArray body = "WEBP" + head + chunk + rest;
    return "RIFF" + little32(static_cast<std::uint32_t>(body.size())) + body;
}

// ---- BMP

bool bmpComplete(const QByteArray& file) {
    if (file.size() < 26) return false;
    if (littleAt<std::uint32_t>(file, 14) < 40) return true;  // the old header: no sizes to check
    if (file.size() < 54) return false;
    const auto start = std::int64_t{littleAt<std::uint32_t>(file, 10)};
    const auto width = std::int64_t{littleAt<std::int32_t>(file, 18)};
    const auto height = std::abs(std::int64_t{littleAt<std::int32_t>(file, 22)});
    const auto bits = std::int64_t{littleAt<std::uint16_t>(file, 28)};
    const auto coding = littleAt<std::uint32_t>(file, 30);
    const bool plain = coding == 0 || coding == 3;
    const std::int64_t need =
        plain ? (width * bits + 31) / 32 * 4 * height : std::int64_t{littleAt<std::uint32_t>(file, 34)};
    return start + need <= file.size();
}

}  // namespace

FileFormat formatOfData(const QByteArray& file) {
    if (file.startsWith("\x89PNG\r\n\x1a\n")) return FileFormat::png;
    if (file.startsWith("\xFF\xD8\xFF")) return FileFormat::jpeg;
    if (file.startsWith("BM")) return FileFormat::bmp;
    if (file.startsWith("RIFF") && file.mid(8, 4) == "WEBP") return FileFormat::webp;
    const QByteArray head = file.left(4);
    for (const char* tiff : {"II*\0", "MM\0*", "II+\0", "MM\0+"})  // the latter two: more than 4 GB
        if (head == QByteArray(tiff, 4)) return FileFormat::tiff;
    return FileFormat::unknown;
}

FileFormat formatOfName(const QString& path) {
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending == "png") return FileFormat::png;
    if (ending == "jpg" || ending == "jpeg") return FileFormat::jpeg;
    if (ending == "tif" || ending == "tiff") return FileFormat::tiff;
    if (ending == "webp") return FileFormat::webp;
    if (ending == "bmp") return FileFormat::bmp;
    return FileFormat::unknown;
}

const char* name(FileFormat format) {
    switch (format) {
        case FileFormat::png:
            return "PNG";
        case FileFormat::jpeg:
            return "JPEG";
        case FileFormat::tiff:
            return "TIFF";
        case FileFormat::webp:
            return "WebP";
        case FileFormat::bmp:
            return "BMP";
        case FileFormat::unknown:
            break;
    }
    return "unknown";
}

QString damageOf(const QByteArray& file, FileFormat format) {
    if (format == FileFormat::png) return pngDamage(file);
    if (format == FileFormat::jpeg && !walkJpeg(file, [](const JpegSegment&) {})) return kEndMissing;
    if (format == FileFormat::bmp && !bmpComplete(file)) return kEndMissing;
    return {};
}

QSize sizeIn(const QByteArray& file, FileFormat format) {
    if (format != FileFormat::png || file.size() < kPngHead + kPngFrame + 13) return {};
    const auto side = [&file](qsizetype at) {
        return static_cast<int>(bigAt<std::uint32_t>(file, at) & 0x7FFFFFFFU);
    };
    return {side(16), side(20)};
}

QByteArray profileIn(const QByteArray& file, FileFormat format) {
    if (format == FileFormat::png) return pngProfile(file);
    if (format == FileFormat::jpeg) return jpegProfile(file);
    if (format == FileFormat::webp) return webpProfile(file);
    return {};
}

QByteArray withProfile(const QByteArray& file, FileFormat format, const QByteArray& profile,
                       const QSize& size) {
    if (profile.isEmpty()) return file;
    if (format == FileFormat::png) return pngWithProfile(file, profile);
    if (format == FileFormat::jpeg) return jpegWithProfile(file, profile);
    if (format == FileFormat::webp) return webpWithProfile(file, profile, size);
    return file;
}

bool profileFits(const QByteArray& profile, int channels) {
    return profile.size() >= 128 && profile.mid(16, 4) == (channels == 1 ? "GRAY" : "RGB ");
}

bool isGreyAlphaPng(const QByteArray& file) {
    constexpr qsizetype kColourType = 25;
    return file.size() > kColourType && formatOfData(file) == FileFormat::png &&
           byteAt(file, kColourType) == 4;
}

QByteArray encodeGreyAlphaPng(const QByteArray& samples, const QSize& size, int bits,
                              const QByteArray& text) {
    const qsizetype step = bits / 4;  // bytes of a pixel
    const qsizetype stride = step * size.width();
    QByteArray rows;
    rows.reserve((stride + 1) * size.height());
    for (int y = 0; y < size.height(); ++y) {
        rows += '\x01';  // filter "Sub": each byte less the one of the pixel to its left
        const char* row = samples.constData() + stride * y;
        for (qsizetype i = 0; i < stride; ++i)
            rows += static_cast<char>(i < step ? row[i] : row[i] - row[i - step]);
    }
    const QByteArray header =
        big(size.width()) + big(size.height()) + static_cast<char>(bits) + '\x04' +
        QByteArray(3, '\0');  // grey with alpha; deflate, adaptive filters, not interlaced
    QByteArray file = QByteArray("\x89PNG\r\n\x1a\n") + pngChunk("IHDR", header);
    if (!text.isEmpty()) file += pngChunk("tEXt", QByteArray("Description") + '\0' + text);
    return file + pngChunk("IDAT", deflate(rows)) + pngChunk("IEND", {});
}

}  // namespace stillpoint
