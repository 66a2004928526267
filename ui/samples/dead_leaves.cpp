// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "solver/core/rng.h"
#include "ui/samples/scenes.h"

namespace stillpoint {

namespace {

constexpr int kWidth = 768;
constexpr int kHeight = 512;
constexpr int kOver = 2;  // edges are drawn at twice the size and averaged
constexpr double kSmallest = 3.5;
constexpr double kLargest = 130;

using Colour = std::array<double, 3>;

struct Leaf {
    double x = 0, y = 0, radius = 0;
    Colour colour{};
    Colour rim{};  // the colour the light runs into
    double lightX = 0, lightY = 0;
    double grainX = 0, grainY = 0, grain = 0, phase = 0;  // a weak wave across the leaf
};

/// Colours of a garden in late summer; a leaf takes one and varies its lightness, as light and shade do.
constexpr std::array<Colour, 14> kPalette{{{0.16, 0.27, 0.17},
                                           {0.27, 0.40, 0.20},
                                           {0.43, 0.53, 0.26},
                                           {0.66, 0.69, 0.40},
                                           {0.89, 0.85, 0.68},
                                           {0.93, 0.90, 0.83},
                                           {0.80, 0.60, 0.30},
                                           {0.71, 0.41, 0.22},
                                           {0.52, 0.25, 0.19},
                                           {0.30, 0.20, 0.18},
                                           {0.42, 0.52, 0.58},
                                           {0.63, 0.73, 0.78},
                                           {0.22, 0.31, 0.40},
                                           {0.76, 0.47, 0.44}}};

/// Density r^-3 between the bounds, by inversion.
double drawRadius(RandomStream& random) {
    const double ratio = kSmallest / kLargest;
    return kSmallest / std::sqrt(1 - random.uniform() * (1 - ratio * ratio));
}

Leaf drawLeaf(RandomStream& random) {
    Leaf leaf;
    leaf.radius = drawRadius(random);
    leaf.x = random.uniform() * (kWidth + 2 * leaf.radius) - leaf.radius;
    leaf.y = random.uniform() * (kHeight + 2 * leaf.radius) - leaf.radius;
    const auto pick = static_cast<std::size_t>(random.uniform() * kPalette.size());
    const double light = std::exp(0.22 * random.normal());
    for (std::size_t c = 0; c < 3; ++c) leaf.colour[c] = kPalette[pick][c] * light;
    const double shade = 0.62 + 0.16 * random.uniform();
    for (std::size_t c = 0; c < 3; ++c) leaf.rim[c] = leaf.colour[c] * shade;
    const double lightAngle = -2.2 + 0.5 * random.normal();  // from above left, never quite the same
    leaf.lightX = std::cos(lightAngle);
    leaf.lightY = std::sin(lightAngle);
    const double direction = std::numbers::pi * random.uniform();
    const double period = 3.5 + 8 * random.uniform();
    leaf.grainX = 2 * std::numbers::pi / period * std::cos(direction);
    leaf.grainY = 2 * std::numbers::pi / period * std::sin(direction);
    leaf.grain = 0.055 * random.uniform();
    leaf.phase = 2 * std::numbers::pi * random.uniform();
    return leaf;
}

/// Colour at an offset from the leaf's middle.
Colour colourAt(const Leaf& leaf, double dx, double dy) {
    const double along = (dx * leaf.lightX + dy * leaf.lightY) / leaf.radius;  // -1 away from the light to 1
    const double mix = std::clamp(0.5 - 0.5 * along, 0.0, 1.0);
    const double wave = 1 + leaf.grain * std::sin(leaf.grainX * dx + leaf.grainY * dy + leaf.phase);
    Colour colour{};
    for (std::size_t c = 0; c < 3; ++c)
        colour[c] = (leaf.colour[c] + mix * (leaf.rim[c] - leaf.colour[c])) * wave;
    return colour;
}

/// The scene at kOver times the size, built from the front to the back: a leaf fills what is still free.
class Scene {
 public:
    Scene() : picture_(3, kHeight * kOver, kWidth * kOver), covered_(picture_.shape().planeSize(), false) {}

    bool isFull() const { return free_ == 0; }

    void put(const Leaf& leaf) {
        const int top = std::max(0, int(std::floor((leaf.y - leaf.radius) * kOver)));
        const int bottom = std::min(kHeight * kOver - 1, int(std::ceil((leaf.y + leaf.radius) * kOver)));
        for (int y = top; y <= bottom; ++y) {
            const double dy = (y + 0.5) / kOver - leaf.y;
            const double half = leaf.radius * leaf.radius - dy * dy;
            if (half <= 0) continue;
            const double reach = std::sqrt(half);
            const int left = std::max(0, int(std::ceil((leaf.x - reach) * kOver - 0.5)));
            const int right = std::min(kWidth * kOver - 1, int(std::floor((leaf.x + reach) * kOver - 0.5)));
            for (int x = left; x <= right; ++x) fill(leaf, x, y, (x + 0.5) / kOver - leaf.x, dy);
        }
    }

    Image averaged() const {
        Image small(3, kHeight, kWidth);
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < kHeight; ++y)
                for (int x = 0; x < kWidth; ++x) {
                    double sum = 0;
                    for (int i = 0; i < kOver; ++i)
                        for (int j = 0; j < kOver; ++j)
                            sum += static_cast<double>(picture_.at(c, y * kOver + i, x * kOver + j));
                    small.at(c, y, x) = static_cast<Real>(std::clamp(sum / (kOver * kOver), 0.0, 1.0));
                }
        return small;
    }

 private:
    void fill(const Leaf& leaf, int x, int y, double dx, double dy) {
        const std::size_t index =
            static_cast<std::size_t>(y) * (kWidth * kOver) + static_cast<std::size_t>(x);
        if (covered_[index]) return;
        covered_[index] = true;
        --free_;
        const Colour colour = colourAt(leaf, dx, dy);
        for (int c = 0; c < 3; ++c)
            picture_.at(c, y, x) = static_cast<Real>(colour[static_cast<std::size_t>(c)]);
    }

    Image picture_;
    std::vector<bool> covered_;
    std::size_t free_ = static_cast<std::size_t>(kWidth * kOver) * (kHeight * kOver);
};

}  // namespace

Picture deadLeaves(std::uint64_t seed) {
    RandomStream random(seed);
    Scene scene;
    while (!scene.isFull()) scene.put(drawLeaf(random));
    Picture picture;
    picture.image = std::make_shared<const Image>(scene.averaged());
    picture.bitsPerChannel = 16;
    picture.name = "Dead leaves";
    return picture;
}

}  // namespace stillpoint
