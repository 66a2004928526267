// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "solver/core/error.h"
#include "solver/core/version.h"
#include "ui/io/levels.h"
#include "ui/io/tiff_file.h"
#include "ui/io/tiff_memory.h"

namespace stillpoint {

namespace {

void storeSample(std::uint8_t* row, std::size_t index, int bits, Real sample) {
    const auto store = [row, index](auto value) {
        std::memcpy(row + index * sizeof(value), &value, sizeof(value));
    };
    if (bits == 8)
        row[index] = levelOf<std::uint8_t>(sample, 255);
    else if (bits == 16)
        store(levelOf<std::uint16_t>(sample, 65535));
    else
        store(static_cast<float>(sample));
}

void setTags(TIFF* tiff, const Picture& picture, int bits, const QString& description) {
    const bool colour = picture.channels() == 3;
    const int samples = picture.channels() + (picture.alpha ? 1 : 0);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(picture.width()));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(picture.height()));
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, colour ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    // Other programs often lack the predictor for floating point, and plain deflate hardly shrinks it.
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, bits == 32 ? COMPRESSION_NONE : COMPRESSION_ADOBE_DEFLATE);
    if (bits != 32) TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
    if (picture.alpha) {
        const std::uint16_t kind = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
    if (!picture.iccProfile.isEmpty())
        TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(picture.iccProfile.size()),
                     picture.iccProfile.constData());
    if (!description.isEmpty())
        TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description.toUtf8().constData());
    TIFFSetField(tiff, TIFFTAG_SOFTWARE, (std::string("Stillpoint ") + kVersion).c_str());
}

bool writeRows(TIFF* tiff, const Picture& picture, int bits) {
    const int colours = picture.channels();
    const int samples = colours + (picture.alpha ? 1 : 0);
    const ConstImageRef image = *picture.image;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(picture.width() * samples) *
                                  static_cast<std::size_t>(bits / 8));
    for (int y = 0; y < picture.height(); ++y) {
        for (int c = 0; c < samples; ++c) {
            const Real* line = c < colours ? image.row(c, y) : picture.alpha->ref().row(0, y);
            for (int x = 0; x < picture.width(); ++x)
                storeSample(row.data(), static_cast<std::size_t>(x * samples + c), bits, line[x]);
        }
        if (TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0) < 0) return false;
    }
    return true;
}

}  // namespace

QByteArray encodeTiff(const Picture& picture, int bits, const QString& description) {
    constexpr double kClassicLimit = 3.9e9;  // offsets of 32 bits
    const double bytes = static_cast<double>(picture.image->size()) * 4.0 / 3.0 * bits / 8;
    TiffMemory tiff({}, bytes > kClassicLimit ? "w8" : "w");
    if (tiff.handle() != nullptr) {
        setTags(tiff.handle(), picture, bits, description);
        if (writeRows(tiff.handle(), picture, bits)) {
            const QByteArray file = tiff.close();
            if (!file.isEmpty()) return file;
        }
    }
    throw Error("output", "Cannot encode the picture as TIFF: " + tiff.message().toStdString() + ".");
}

}  // namespace stillpoint
