// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/trust.h"

#include <algorithm>
#include <string>

#include "solver/core/error.h"
#include "solver/core/vec.h"

namespace stillpoint {
namespace {

// Beyond `level` away from each of its neighbours, above them all or below them all.
bool isSpike(ConstImageRef picture, int c, int y, int x, double level) {
    const auto own = static_cast<double>(picture.at(c, y, x));
    double above = level,
           below = -level;  // the nearest neighbours on either side would be nearer than the level
    bool higher = true, lower = true;
    for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
            const int row = y + dy, column = x + dx;
            if ((dy == 0 && dx == 0) || row < 0 || column < 0 || row >= picture.height() ||
                column >= picture.width())
                continue;
            const double difference = own - static_cast<double>(picture.at(c, row, column));
            higher = higher && difference > above;
            lower = lower && difference < below;
        }
    return higher || lower;
}

void ignore(ConstImageRef picture, const TrustParams& params, ImageRef mask) {
    for (int c = 0; c < picture.channels(); ++c)
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) {
                const auto sample = static_cast<double>(picture.at(c, y, x));
                if ((params.clipLevel > 0 && sample >= params.clipLevel) ||
                    (params.deadLevel > 0 && isSpike(picture, c, y, x, params.deadLevel)))
                    mask.at(c, y, x) = 0;
            }
}

void ignore(const Image& given, ImageRef mask) {
    const Shape& shape = mask.shape();
    if (given.height() != shape.height || given.width() != shape.width ||
        (given.channels() != 1 && given.channels() != shape.channels))
        throw Error("mask", "The mask is " + std::to_string(given.width()) + " x " +
                                std::to_string(given.height()) + " with " + std::to_string(given.channels()) +
                                " channels; it must be " + std::to_string(shape.width) + " x " +
                                std::to_string(shape.height) + " with 1 or " +
                                std::to_string(shape.channels) + " like the picture.");
    for (int c = 0; c < shape.channels; ++c)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x)
                if (!(given.at(given.channels() == 1 ? 0 : c, y, x) >= Real(0.5))) mask.at(c, y, x) = 0;
}

}  // namespace

Image trustMask(const Canvas& canvas, ConstImageRef picture, const TrustParams& params, const Image* given) {
    const bool unknownRim = canvas.boundary() == Boundary::unknown && !canvas.whole();
    const bool rules = params.clipLevel > 0 || params.deadLevel > 0;
    if (!unknownRim && !rules && given == nullptr) return {};
    Image window(canvas.picture());
    fill(window.samples(), 1);
    if (rules) ignore(picture, params, window);
    if (given != nullptr) ignore(*given, window);
    const auto trusted = std::ranges::count(window.samples(), Real(1));
    if (trusted == 0)
        throw Error("mask",
                    "Every sample of the picture is ignored; at least one must be left to restore it from.");
    if (!unknownRim && static_cast<std::size_t>(trusted) == window.size()) return {};
    Image mask(canvas.shape());
    canvas.place(window, mask);
    if (unknownRim) return mask;
    // What continues the data beyond the rim is trusted, as the model has it.
    for (int c = 0; c < mask.channels(); ++c)
        for (int y = 0; y < mask.height(); ++y)
            for (int x = 0; x < mask.width(); ++x) {
                const int row = y - canvas.top(), column = x - canvas.left();
                if (row < 0 || column < 0 || row >= window.height() || column >= window.width())
                    mask.at(c, y, x) = 1;
            }
    return mask;
}

}  // namespace stillpoint
