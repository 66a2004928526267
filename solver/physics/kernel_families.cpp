// SPDX-License-Identifier: GPL-3.0-or-later
// One definition for all families: a pixel's value is the share of the ideal point-spread function's light
// that falls into the pixel's square [x - 1/2, x + 1/2] x [y - 1/2, y + 1/2], the centre pixel being (0, 0).
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "solver/physics/kernel_family.h"

namespace stillpoint {
namespace {

constexpr double kRoundingSlack = 1e-9;  // px: a reach that ends on a pixel's edge needs no further pixel

// Pixels on each side of the centre for light that reaches `reach` px from it.
int sideFor(double reach) {
    return std::max(0, static_cast<int>(std::ceil(reach - 0.5 - kRoundingSlack)));
}

Image centredImage(int rowsEachSide, int columnsEachSide) {
    return {1, 2 * rowsEachSide + 1, 2 * columnsEachSide + 1};
}

// Calls value(x, y), x to the right and y downwards from the centre, for every pixel.
template <class Value>
void fillCentred(Image& image, const Value& value) {
    const int rows = image.height() / 2;
    const int columns = image.width() / 2;
    for (int y = -rows; y <= rows; ++y)
        for (int x = -columns; x <= columns; ++x)
            image.at(0, y + rows, x + columns) = static_cast<Real>(value(x, y));
}

// Unit vector to the right (x) and downwards (y) for an angle that is counter-clockwise on the screen;
// multiples of 90 degrees are exact.
struct Direction {
    double x, y;
};
Direction direction(double degrees) {
    const double quarters = degrees / 90;
    if (quarters == std::round(quarters)) {
        constexpr std::array<Direction, 4> exact{{{1, 0}, {0, -1}, {-1, 0}, {0, 1}}};
        return exact[static_cast<std::size_t>((static_cast<int>(quarters) % 4 + 4) % 4)];
    }
    const double radians = degrees * std::numbers::pi / 180;
    return {std::cos(radians), -std::sin(radians)};
}

// ---- gaussian ----

struct GaussianParams {
    double sigma = 1.6;
    double aspect = 1;
    double angle = 0;
    static const ParamTable& table();
};

const ParamTable& GaussianParams::table() {
    static const ParamTable table =
        ParamTableOf<GaussianParams>()
            .real("sigma", &GaussianParams::sigma,
                  {.label = "Deviation",
                   .symbol = "σ",
                   .unit = "px",
                   .help = "Standard deviation along the longer axis.",
                   .minimum = 0.1,
                   .maximum = 50,
                   .step = 0.1,
                   .scale = ParamScale::logarithmic,
                   .applies = ParamApplies::restart})
            .real("aspect", &GaussianParams::aspect,
                  {.label = "Aspect",
                   .help = "Deviation along the shorter axis divided by that along the longer one.",
                   .minimum = 0.05,
                   .maximum = 1,
                   .step = 0.05,
                   .applies = ParamApplies::restart})
            .real("angle", &GaussianParams::angle,
                  {.label = "Angle",
                   .unit = "°",
                   .help = "Direction of the longer axis, counter-clockwise from the right.",
                   .minimum = -180,
                   .maximum = 180,
                   .step = 5,
                   .applies = ParamApplies::restart});
    return table;
}

constexpr double kGaussianReach = 4;  // deviations; what lies beyond is 6e-5 of the light

// Share of a normal distribution of deviation sigma between a and b.
double normalShare(double a, double b, double sigma) {
    const double scale = 1 / (sigma * std::numbers::sqrt2);
    return 0.5 * (std::erf(b * scale) - std::erf(a * scale));
}

// Covariance of a Gaussian seen as: y normal of deviation `y`, and x, given y, normal of deviation
// `xGivenY` around slope * y.
struct Covariance {
    double x, y, slope, xGivenY;
};

Covariance covariance(const GaussianParams& p) {
    const Direction d = direction(p.angle);
    const double major = p.sigma;
    const double minor = p.sigma * p.aspect;
    const double xx = major * major * d.x * d.x + minor * minor * d.y * d.y;
    const double yy = major * major * d.y * d.y + minor * minor * d.x * d.x;
    const double xy = (major * major - minor * minor) * d.x * d.y;
    return {std::sqrt(xx), std::sqrt(yy), xy / yy, major * minor / std::sqrt(yy)};
}

// A tilted Gaussian: exact along x, Gauss-Legendre of 8 nodes along y on panels no longer than the shortest
// scale of the integrand, which leaves errors below 1e-12.
Image tiltedGaussian(const Covariance& g, int rows, int columns) {
    static constexpr std::array<double, 4> nodes{0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                                 0.9602898564975363};
    static constexpr std::array<double, 4> weights{0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                                   0.1012285362903763};
    const double scale = std::min(g.y, g.xGivenY / std::abs(g.slope));
    const int panels = std::max(1, static_cast<int>(std::ceil(1 / scale)));
    const double half = 0.5 / panels;
    Image image = centredImage(rows, columns);
    std::vector<double> sums(static_cast<std::size_t>(image.width()));
    const auto addLine = [&](double y, double weight) {
        const double density = weight * std::exp(-0.5 * y * y / (g.y * g.y));
        const double erfScale = 1 / (g.xGivenY * std::numbers::sqrt2);
        double left = std::erf((-columns - 0.5 - g.slope * y) * erfScale);
        for (int x = -columns; x <= columns; ++x) {
            const double right = std::erf((x + 0.5 - g.slope * y) * erfScale);
            sums[static_cast<std::size_t>(x + columns)] += density * (right - left);
            left = right;
        }
    };
    for (int row = -rows; row <= rows; ++row) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (int panel = 0; panel < panels; ++panel) {
            const double middle = row - 0.5 + (2 * panel + 1) * half;
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                addLine(middle - nodes[i] * half, weights[i]);
                addLine(middle + nodes[i] * half, weights[i]);
            }
        }
        for (int x = 0; x < image.width(); ++x)
            image.at(0, row + rows, x) = static_cast<Real>(sums[static_cast<std::size_t>(x)] / panels);
    }
    return image;
}

Image makeGaussian(const GaussianParams& p) {
    const Covariance g = covariance(p);
    const int rows = sideFor(kGaussianReach * g.y);
    const int columns = sideFor(kGaussianReach * g.x);
    if (g.slope != 0) return tiltedGaussian(g, rows, columns);
    Image image = centredImage(rows, columns);
    fillCentred(image, [&](int x, int y) {
        return normalShare(x - 0.5, x + 0.5, g.x) * normalShare(y - 0.5, y + 0.5, g.y);
    });
    return image;
}

// ---- motion ----

struct MotionParams {
    double length = 15;
    double angle = 0;
    static const ParamTable& table();
};

const ParamTable& MotionParams::table() {
    static const ParamTable table =
        ParamTableOf<MotionParams>()
            .real("length", &MotionParams::length,
                  {.label = "Length",
                   .unit = "px",
                   .help = "Way of a point during the exposure, at constant speed. An odd length at angle 0 "
                           "is a row of that many equal pixels.",
                   .minimum = 0,
                   .maximum = 200,
                   .step = 0.5,
                   .applies = ParamApplies::restart})
            .real("angle", &MotionParams::angle,
                  {.label = "Angle",
                   .unit = "°",
                   .help = "Direction of the motion, counter-clockwise from the right.",
                   .minimum = -180,
                   .maximum = 180,
                   .step = 5,
                   .applies = ParamApplies::restart});
    return table;
}

// Part of the way [first, last] along a line on which coordinate `along` * t stays within half a pixel of
// `centre`.
struct Way {
    double first, last;
};
Way clipped(Way way, double centre, double along) {
    if (along == 0) return centre == 0 ? way : Way{0, 0};
    const double a = (centre - 0.5) / along;
    const double b = (centre + 0.5) / along;
    return {std::max(way.first, std::min(a, b)), std::min(way.last, std::max(a, b))};
}

Image makeMotion(const MotionParams& p) {
    if (p.length == 0) {
        Image point = centredImage(0, 0);
        point.at(0, 0, 0) = 1;
        return point;
    }
    const Direction d = direction(p.angle);
    const double half = p.length / 2;
    Image image = centredImage(sideFor(half * std::abs(d.y)), sideFor(half * std::abs(d.x)));
    fillCentred(image, [&](int x, int y) {
        const Way way = clipped(clipped({-half, half}, x, d.x), y, d.y);
        return std::max(0.0, way.last - way.first) / p.length;
    });
    return image;
}

// ---- disk ----

struct DiskParams {
    double radius = 4;
    static const ParamTable& table();
};

const ParamTable& DiskParams::table() {
    static const ParamTable table =
        ParamTableOf<DiskParams>().real("radius", &DiskParams::radius,
                                        {.label = "Radius",
                                         .unit = "px",
                                         .help = "Radius of the blur circle of a lens that is out of focus.",
                                         .minimum = 0.1,
                                         .maximum = 100,
                                         .step = 0.1,
                                         .scale = ParamScale::logarithmic,
                                         .applies = ParamApplies::restart});
    return table;
}

// Area that the circle of radius r around the origin shares with [0, a] x [0, b].
double quarterArea(double r, double a, double b) {
    a = std::min(a, r);
    b = std::min(b, r);
    if (a * a + b * b <= r * r) return a * b;
    const auto underArc = [r](double x) {
        return 0.5 * (x * std::sqrt(std::max(0.0, r * r - x * x)) + r * r * std::asin(std::min(1.0, x / r)));
    };
    const double corner = std::sqrt(r * r - b * b);  // where the arc leaves the rectangle's upper side
    return b * corner + underArc(a) - underArc(corner);
}

Image makeDisk(const DiskParams& p) {
    const int side = sideFor(p.radius);
    Image image = centredImage(side, side);
    const auto signedArea = [&](double x, double y) {
        const double area = quarterArea(p.radius, std::abs(x), std::abs(y));
        return (x < 0) == (y < 0) ? area : -area;
    };
    fillCentred(image, [&](int x, int y) {
        return std::max(0.0, signedArea(x + 0.5, y + 0.5) - signedArea(x - 0.5, y + 0.5) -
                                 signedArea(x + 0.5, y - 0.5) + signedArea(x - 0.5, y - 0.5));
    });
    return image;
}

// ---- box ----

struct BoxParams {
    double size = 5;
    static const ParamTable& table();
};

const ParamTable& BoxParams::table() {
    static const ParamTable table = ParamTableOf<BoxParams>().real(
        "size", &BoxParams::size,
        {.label = "Size",
         .unit = "px",
         .help = "Side of the square. It is centred on a pixel: unless the size is odd, the outer pixels are "
                 "covered in part.",
         .minimum = 1,
         .maximum = 201,
         .step = 1,
         .applies = ParamApplies::restart});
    return table;
}

Image makeBox(const BoxParams& p) {
    const double half = p.size / 2;
    const int side = sideFor(half);
    const auto covered = [half](int x) { return std::min(1.0, half + 0.5 - std::abs(x)); };
    Image image = centredImage(side, side);
    fillCentred(image, [&](int x, int y) { return covered(x) * covered(y); });
    return image;
}

}  // namespace

std::span<const KernelFamily> kernelFamilies() {
    static const std::array<KernelFamily, 6> families{
        family<GaussianParams>("gaussian", "Gaussian",
                               "Bell-shaped spot, also elongated: slight defocus, turbulence, diffusion.",
                               makeGaussian),
        family<MotionParams>("motion", "Motion", "Straight motion of camera or object at constant speed.",
                             makeMotion),
        family<DiskParams>("disk", "Defocus disk", "Evenly lit circle of a lens that is out of focus.",
                           makeDisk),
        family<BoxParams>("box", "Box", "Average over a square.", makeBox),
        shakeFamily(),
        airyFamily()};
    return families;
}

}  // namespace stillpoint
