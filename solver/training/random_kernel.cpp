// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>
#include <numbers>

#include "solver/training/training_task.h"

namespace stillpoint {
namespace {

double between(RandomStream& random, double low, double high) {
    return low + (high - low) * random.uniform();
}

std::string spec(const char* family, std::initializer_list<std::pair<const char*, double>> values) {
    std::string text = std::string(family) + ":";
    for (const auto& [key, value] : values)
        text += (text.back() == ':' ? "" : ",") + std::string(key) + "=" + toText(value);
    return text;
}

// The track of a shaking hand, drawn with a pen of a pixel's width.
Kernel shaken(RandomStream& random) {
    constexpr int kSize = kLargestKernel, kSteps = 200;
    const double length = between(random, 5, 28), wobble = between(random, 0.02, 0.35);
    std::array<double, kSteps> xs{}, ys{};
    double x = 0, y = 0, angle = between(random, 0, 2 * std::numbers::pi), turn = 0, meanX = 0, meanY = 0;
    for (std::size_t k = 0; k < kSteps; ++k) {
        xs[k] = x;
        ys[k] = y;
        meanX += x / kSteps;
        meanY += y / kSteps;
        turn = 0.9 * turn + wobble * random.normal();
        angle += turn;
        x += length / kSteps * std::cos(angle);
        y += length / kSteps * std::sin(angle);
    }
    Image pixels(1, kSize, kSize);
    for (std::size_t k = 0; k < kSteps; ++k) {
        const double column = std::clamp(xs[k] - meanX + kSize / 2, 0.0, kSize - 1.001);
        const double row = std::clamp(ys[k] - meanY + kSize / 2, 0.0, kSize - 1.001);
        const int j = static_cast<int>(column), i = static_cast<int>(row);
        const double right = column - j, down = row - i;
        pixels.at(0, i, j) += static_cast<Real>((1 - right) * (1 - down));
        pixels.at(0, i, j + 1) += static_cast<Real>(right * (1 - down));
        pixels.at(0, i + 1, j) += static_cast<Real>((1 - right) * down);
        pixels.at(0, i + 1, j + 1) += static_cast<Real>(right * down);
    }
    return kernelFromPixels(std::move(pixels), "random track");
}

}  // namespace

Kernel randomKernel(RandomStream& random) {
    const double family = random.uniform();
    if (family < 0.15) return makeKernel(spec("gaussian", {{"sigma", between(random, 0.6, 3)}}));
    if (family < 0.3)
        return makeKernel(
            spec("motion", {{"length", between(random, 3, 22)}, {"angle", between(random, 0, 180)}}));
    if (family < 0.42) return makeKernel(spec("disk", {{"radius", between(random, 1, 5)}}));
    if (family < 0.5) return makeKernel(spec("box", {{"size", std::floor(between(random, 2, 10))}}));
    return shaken(random);
}

}  // namespace stillpoint
