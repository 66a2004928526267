// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/pictures.h"

#include <cmath>

#include "solver/core/rng.h"

namespace stillpoint {
namespace {

// Brightness at (u, v) in the unit square, u to the right and v downwards.
double scene(double u, double v, int channel) {
    const double shift = 0.05 * channel;
    if (std::hypot(u - 0.3 - shift, v - 0.35) < 0.2) return 0.9 - shift;
    if (std::abs(u - 0.75) < 0.15 && std::abs(v - 0.3) < 0.2) return 0.1 + shift;
    if (v > 0.75) return std::fmod(u * (12 + 4 * channel), 1.0) < 0.5 ? 0.85 : 0.15;
    return 0.3 + 0.4 * u * (1 - 0.5 * v) + shift;
}

}  // namespace

Image randomPicture(Shape shape, std::uint64_t seed) {
    Image image(shape);
    RandomStream stream(seed);
    for (auto& sample : image.samples()) sample = static_cast<Real>(stream.uniform());
    return image;
}

std::vector<Real> randomVector(std::size_t size, std::uint64_t seed) {
    std::vector<Real> vector(size);
    RandomStream stream(seed);
    for (auto& entry : vector) entry = static_cast<Real>(stream.normal());
    return vector;
}

Image normalPicture(Shape shape, std::uint64_t seed) {
    Image image(shape);
    RandomStream stream(seed);
    for (auto& sample : image.samples()) sample = static_cast<Real>(stream.normal());
    return image;
}

Image scenePicture(Shape shape) {
    Image image(shape);
    for (int c = 0; c < shape.channels; ++c)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x)
                image.at(c, y, x) =
                    static_cast<Real>(scene((x + 0.5) / shape.width, (y + 0.5) / shape.height, c));
    return image;
}

Kernel lopsidedKernel(int height, int width, int channels) {
    Image samples(channels, height, width);
    RandomStream stream(0x10b51ded);
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                samples.at(c, y, x) = static_cast<Real>((1 + x + 2 * y + c) * (0.2 + stream.uniform()));
    return kernelFromPixels(std::move(samples), "lopsided");
}

}  // namespace stillpoint
