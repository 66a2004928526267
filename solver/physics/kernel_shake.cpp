// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "solver/core/rng.h"
#include "solver/physics/kernel_family.h"

namespace stillpoint {
namespace {

struct ShakeParams {
    double length = 20;
    double roughness = 0.4;
    int seed = 1;
    static const ParamTable& table();
};

const ParamTable& ShakeParams::table() {
    static const ParamTable table = ParamTableOf<ShakeParams>()
                                        .real("length", &ShakeParams::length,
                                              {.label = "Length",
                                               .unit = "px",
                                               .help = "Length of the track.",
                                               .minimum = 1,
                                               .maximum = 150,
                                               .step = 1,
                                               .applies = ParamApplies::restart})
                                        .real("roughness", &ShakeParams::roughness,
                                              {.label = "Roughness",
                                               .help = "How much the track turns: 0 is straight, 1 curls up.",
                                               .minimum = 0,
                                               .maximum = 1,
                                               .step = 0.05,
                                               .applies = ParamApplies::restart})
                                        .integer("seed", &ShakeParams::seed,
                                                 {.label = "Seed",
                                                  .help = "Number of the track; the same everywhere.",
                                                  .minimum = 0,
                                                  .maximum = 1e9,
                                                  .step = 1,
                                                  .applies = ParamApplies::restart});
    return table;
}

struct Point {
    double x, y;
};

// A point that moves at constant speed and turns with the inertia of a hand: the turn per knot is an
// autoregressive process. The track's mean is the origin.
std::vector<Point> track(const ShakeParams& p) {
    constexpr int kKnots = 200;
    constexpr double kInertia = 0.9, kMostTurn = 0.2;
    RandomStream random(static_cast<std::uint64_t>(p.seed));
    double angle = 2 * std::numbers::pi * random.uniform(), turn = 0;
    Point at{0, 0}, mean{0, 0};
    std::vector<Point> knots{at};
    for (int k = 0; k < kKnots; ++k) {
        turn = kInertia * turn + kMostTurn * p.roughness * random.normal();
        angle += turn;
        at.x += p.length / kKnots * std::cos(angle);
        at.y += p.length / kKnots * std::sin(angle);
        knots.push_back(at);
        mean.x += at.x / kKnots;
        mean.y += at.y / kKnots;
    }
    for (Point& knot : knots) knot = {knot.x - mean.x, knot.y - mean.y};
    return knots;
}

Image makeShake(const ShakeParams& p) {
    const std::vector<Point> knots = track(p);
    double reach = 0;
    for (const Point& knot : knots) reach = std::max({reach, std::abs(knot.x), std::abs(knot.y)});
    const int side = std::max(0, static_cast<int>(std::ceil(reach - 0.5)));
    Image image(1, 2 * side + 1, 2 * side + 1);
    // Each piece between two knots in steps of at most a 64th of a pixel, each step's light in the pixel it
    // is in.
    const int steps = static_cast<int>(64 * p.length / static_cast<double>(knots.size())) + 1;
    std::vector<double> light(image.size(), 0);
    for (std::size_t k = 0; k + 1 < knots.size(); ++k)
        for (int step = 0; step < steps; ++step) {
            const double share = (step + 0.5) / steps;
            const double x = knots[k].x + share * (knots[k + 1].x - knots[k].x);
            const double y = knots[k].y + share * (knots[k + 1].y - knots[k].y);
            const int column = std::clamp(static_cast<int>(std::lround(x)) + side, 0, 2 * side);
            const int row = std::clamp(static_cast<int>(std::lround(y)) + side, 0, 2 * side);
            light[static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width()) +
                  static_cast<std::size_t>(column)] += 1;
        }
    std::ranges::transform(light, image.samples().begin(), [](double sum) { return static_cast<Real>(sum); });
    return image;
}

}  // namespace

KernelFamily shakeFamily() {
    return family<ShakeParams>("shake", "Hand shake", "Random track of a camera held by hand.", makeShake);
}

}  // namespace stillpoint
