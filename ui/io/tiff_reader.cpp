// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFloat16>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "solver/core/error.h"
#include "ui/io/memory_check.h"
#include "ui/io/planes.h"
#include "ui/io/tiff_file.h"
#include "ui/io/tiff_memory.h"

namespace stillpoint {

namespace {

struct Layout {
    std::uint32_t width = 0, height = 0;
    std::uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, photometric = PHOTOMETRIC_MINISBLACK;
    std::uint16_t planar = PLANARCONFIG_CONTIG, orientation = ORIENTATION_TOPLEFT,
                  alphaKind = EXTRASAMPLE_UNSPECIFIED;
    bool tiled = false;

    int colours() const { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
    bool hasAlpha() const { return alphaKind != EXTRASAMPLE_UNSPECIFIED && samples > colours(); }
    int wanted() const { return colours() + (hasAlpha() ? 1 : 0); }
    bool separate() const { return planar == PLANARCONFIG_SEPARATE; }
};

[[noreturn]] void fail(const QString& name, const QString& reason) {
    throw Error("input", QString("Cannot read '%1': %2.").arg(name, reason).toStdString());
}

[[noreturn]] void damaged(const QString& name, const TiffMemory& tiff) {
    const QString detail = tiff.message().isEmpty() ? QString() : QString(" (%1)").arg(tiff.message());
    fail(name, "the TIFF file is damaged or truncated" + detail);
}

Layout readLayout(TIFF* tiff) {
    Layout layout;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout.height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &layout.format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &layout.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &layout.orientation);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout.photometric);
    std::uint16_t extras = 0;
    std::uint16_t* kinds = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds) != 0 && extras > 0)
        layout.alphaKind = kinds[0];
    layout.tiled = TIFFIsTiled(tiff) != 0;
    if (layout.format == SAMPLEFORMAT_VOID) layout.format = SAMPLEFORMAT_UINT;
    return layout;
}

bool isOurs(const Layout& layout) {
    const bool photometric = layout.photometric == PHOTOMETRIC_MINISBLACK ||
                             layout.photometric == PHOTOMETRIC_MINISWHITE ||
                             layout.photometric == PHOTOMETRIC_RGB;
    const bool integer =
        layout.format == SAMPLEFORMAT_UINT && (layout.bits == 8 || layout.bits == 16 || layout.bits == 32);
    const bool floating =
        layout.format == SAMPLEFORMAT_IEEEFP && (layout.bits == 16 || layout.bits == 32 || layout.bits == 64);
    return photometric && (integer || floating) && layout.samples >= layout.colours();
}

/// Sample number `index` of a packed block, on the [0,1] scale.
Real sampleAt(const std::uint8_t* block, std::size_t index, const Layout& layout) {
    const auto load = [block, index](auto value) {
        std::memcpy(&value, block + index * sizeof(value), sizeof(value));
        return value;
    };
    if (layout.format == SAMPLEFORMAT_IEEEFP) {
        if (layout.bits == 16) return static_cast<Real>(static_cast<float>(load(qfloat16())));
        if (layout.bits == 32) return static_cast<Real>(load(0.0F));
        return static_cast<Real>(load(0.0));
    }
    if (layout.bits == 8) return static_cast<Real>(block[index]) / Real(255);
    if (layout.bits == 16) return static_cast<Real>(load(std::uint16_t{})) / Real(65535);
    return static_cast<Real>(static_cast<double>(load(std::uint32_t{})) / 4294967295.0);
}

/// Where strips and tiles lie; a strip is a tile as wide as the picture.
struct Grid {
    std::uint32_t width = 0, height = 0;
    std::size_t bytes = 0;
};

Grid readGrid(TIFF* tiff, const Layout& layout) {
    Grid grid{layout.width, layout.height, 0};
    if (layout.tiled) {
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &grid.width);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &grid.height);
        grid.bytes = static_cast<std::size_t>(TIFFTileSize(tiff));
    } else {
        TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &grid.height);
        grid.height = std::min(grid.height, layout.height);
        grid.bytes = static_cast<std::size_t>(TIFFStripSize(tiff));
    }
    return grid;
}

/// Reads the block whose upper left pixel is (x, y) of one plane (or of all samples) and spreads it over the
/// planes.
bool readBlock(TIFF* tiff, const Layout& layout, const Grid& grid, std::uint32_t x, std::uint32_t y,
               int plane, std::vector<std::uint8_t>& buffer, ImageRef planes) {
    const auto sample = static_cast<std::uint16_t>(plane);
    const std::uint32_t rows = std::min(grid.height, layout.height - y);
    const std::uint32_t columns = std::min(grid.width, layout.width - x);
    const auto perPixel = static_cast<std::size_t>(layout.separate() ? 1 : layout.samples);
    const std::size_t stride = std::size_t{grid.width} * perPixel;
    const tmsize_t got =
        layout.tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, sample), buffer.data(), -1)
                     : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, sample), buffer.data(), -1);
    if (got < static_cast<tmsize_t>(rows * stride * layout.bits / 8)) return false;
    const int first = layout.separate() ? plane : 0;
    const int last = layout.separate() ? plane + 1 : layout.wanted();
    for (std::uint32_t row = 0; row < rows; ++row) {
        for (int c = first; c < last; ++c) {
            Real* out = planes.row(c, static_cast<int>(y + row)) + x;
            const std::size_t start = row * stride + static_cast<std::size_t>(c - first);
            for (std::uint32_t i = 0; i < columns; ++i)
                out[i] = sampleAt(buffer.data(), start + i * perPixel, layout);
        }
    }
    return true;
}

bool readPlanes(TIFF* tiff, const Layout& layout, ImageRef planes) {
    const Grid grid = readGrid(tiff, layout);
    if (grid.width == 0 || grid.height == 0 || grid.bytes == 0) return false;
    std::vector<std::uint8_t> buffer(grid.bytes);
    const int planesInFile = layout.separate() ? layout.wanted() : 1;
    for (int plane = 0; plane < planesInFile; ++plane)
        for (std::uint32_t y = 0; y < layout.height; y += grid.height)
            for (std::uint32_t x = 0; x < layout.width; x += grid.width)
                if (!readBlock(tiff, layout, grid, x, y, plane, buffer, planes)) return false;
    return true;
}

/// Colour samples that were stored multiplied by alpha become plain ones.
void divideByAlpha(ImageRef planes, int colours) {
    const std::size_t size = planes.shape().planeSize();
    const Real* alpha = planes.row(colours, 0);
    for (int c = 0; c < colours; ++c) {
        Real* samples = planes.row(c, 0);
        for (std::size_t i = 0; i < size; ++i) samples[i] = alpha[i] > 0 ? samples[i] / alpha[i] : Real(0);
    }
}

Image part(ConstImageRef planes, int first, int count) {
    Image image(count, planes.height(), planes.width());
    std::copy_n(planes.row(first, 0), image.size(), image.samples().data());
    return image;
}

QByteArray profileOf(TIFF* tiff) {
    std::uint32_t size = 0;
    const char* profile = nullptr;
    if (TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &size, &profile) == 0) return {};
    return QByteArray(profile, static_cast<qsizetype>(size));
}

}  // namespace

std::optional<Picture> decodeTiff(const QByteArray& file, const QString& name) {
    TiffMemory tiff(file, "r");
    if (tiff.handle() == nullptr) damaged(name, tiff);
    const Layout layout = readLayout(tiff.handle());
    if (layout.width == 0 || layout.height == 0) damaged(name, tiff);
    const QSize size(static_cast<int>(std::min<std::uint32_t>(layout.width, INT32_MAX)),
                     static_cast<int>(std::min<std::uint32_t>(layout.height, INT32_MAX)));
    requireDecodingMemory(size, name);
    if (!isOurs(layout)) {
        if (layout.bits <= 8) return std::nullopt;
        fail(
            name,
            QString(
                "TIFF files with %1 samples of %2 bits in this layout (photometric %3, sample format %4) are "
                "not supported; grey and RGB with 8, 16 or 32 bits are")
                .arg(layout.samples)
                .arg(layout.bits)
                .arg(layout.photometric)
                .arg(layout.format));
    }
    Image planes(layout.wanted(), size.height(), size.width());
    if (!readPlanes(tiff.handle(), layout, planes)) damaged(name, tiff);
    if (layout.photometric == PHOTOMETRIC_MINISWHITE)
        planes.plane(0).array() = Real(1) - planes.plane(0).array();
    if (layout.hasAlpha() && layout.alphaKind == EXTRASAMPLE_ASSOCALPHA)
        divideByAlpha(planes, layout.colours());
    Picture picture;
    picture.name = name;
    picture.bitsPerChannel = layout.bits == 64 ? 32 : layout.bits;
    picture.isFloat = layout.format == SAMPLEFORMAT_IEEEFP;
    picture.iccProfile = profileOf(tiff.handle());
    picture.image =
        std::make_shared<const Image>(turnedUpright(part(planes, 0, layout.colours()), layout.orientation));
    if (layout.hasAlpha())
        picture.alpha = std::make_shared<const Image>(
            turnedUpright(part(planes, layout.colours(), 1), layout.orientation));
    return picture;
}

}  // namespace stillpoint
