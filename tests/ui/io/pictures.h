// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>

#include "solver/core/error.h"
#include "ui/io/picture.h"

namespace stillpoint::test {

/// Picture whose samples are exact levels of the given depth (k / 255 or k / 65535), all different in a small
/// area; for 32 bits values from -0.5 to 2.
inline Picture gradedPicture(int channels, int bits, bool alpha, int width = 37, int height = 23) {
    const auto fill = [bits](Image& image, int seed) {
        const std::uint32_t top = bits == 8 ? 255 : 65535;
        std::uint32_t value = static_cast<std::uint32_t>(seed);
        for (Real& sample : image.samples()) {
            value = value * 1664525U + 1013904223U;
            const std::uint32_t level = (value >> 8) % (top + 1);
            sample = static_cast<Real>(level) / static_cast<Real>(top);
            if (bits == 32) sample = static_cast<Real>(static_cast<float>(sample) * 2.5F - 0.5F);
        }
    };
    Image image(channels, height, width);
    fill(image, 1);
    Picture picture;
    picture.image = std::make_shared<const Image>(std::move(image));
    picture.bitsPerChannel = bits;
    picture.isFloat = bits == 32;
    if (alpha) {
        Image plane(1, height, width);
        fill(plane, 2);
        // Never fully transparent: WebP does not keep the colour of what nobody sees.
        const Real least = bits == 32 ? Real(0.25) : Real(1) / Real(255);
        for (Real& sample : plane.samples()) sample = std::clamp(sample, least, Real(1));
        picture.alpha = std::make_shared<const Image>(std::move(plane));
    }
    return picture;
}

/// Largest difference of samples; infinite for other shapes.
inline double largestDifference(const Image& a, const Image& b) {
    if (a.shape() != b.shape()) return std::numeric_limits<double>::infinity();
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(
            largest, std::abs(static_cast<double>(a.samples()[i]) - static_cast<double>(b.samples()[i])));
    return largest;
}

/// A profile of the right colour space that no colour engine can interpret: it must be carried along all the
/// same.
inline QByteArray oddProfile(int channels, int size = 300) {
    QByteArray profile(size, '\0');
    for (int i = 128; i < size; ++i) profile[i] = static_cast<char>(i * 7 % 251);
    profile.replace(16, 4, channels == 1 ? "GRAY" : "RGB ");
    profile.replace(36, 4, "acsp");
    return profile;
}

inline QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool putContent(const QString& path, const QByteArray& content) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

/// The sentence of the Error that `action` throws, or an empty text; `key` gets its key.
inline QString sentenceOf(const std::function<void()>& action, std::string* key = nullptr) {
    try {
        action();
    } catch (const Error& error) {
        if (key != nullptr) *key = error.key();
        return QString::fromStdString(error.what());
    }
    return {};
}

}  // namespace stillpoint::test
