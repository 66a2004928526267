// SPDX-License-Identifier: GPL-3.0-or-later
// Diffraction by a round aperture with aberrations: the squared modulus of the Fourier transform of the pupil
// P exp(2 pi i W), W in Zernike terms of Noll's normalisation (root mean square over the pupil; Noll, 1976).
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "solver/physics/kernel_family.h"

namespace stillpoint {
namespace {

using Field = Eigen::MatrixXcd;

struct AiryParams {
    double radius = 2;
    double defocus = 0;
    double astigmatism = 0;
    double coma = 0;
    double spherical = 0;
    double angle = 0;
    static const ParamTable& table();
};

const ParamTable& AiryParams::table() {
    const auto waves = [](const char* label, const char* help) {
        return ParamInfo{.label = label,
                         .unit = "λ",
                         .help = help,
                         .minimum = -2,
                         .maximum = 2,
                         .step = 0.05,
                         .applies = ParamApplies::restart};
    };
    static const ParamTable table =
        ParamTableOf<AiryParams>()
            .real(
                "radius", &AiryParams::radius,
                {.label = "Radius",
                 .unit = "px",
                 .help =
                     "Radius of the first dark ring of a perfect lens: 1.22 times wavelength times f-number, "
                     "divided by the pixel's width.",
                 .minimum = 0.5,
                 .maximum = 20,
                 .step = 0.1,
                 .applies = ParamApplies::restart})
            .real("defocus", &AiryParams::defocus,
                  waves("Defocus", "Root mean square of the wavefront's defocus, in wavelengths."))
            .real("astigmatism", &AiryParams::astigmatism,
                  waves("Astigmatism", "Root mean square of the wavefront's astigmatism, in wavelengths."))
            .real("coma", &AiryParams::coma,
                  waves("Coma", "Root mean square of the wavefront's coma, in wavelengths."))
            .real("spherical", &AiryParams::spherical,
                  waves("Spherical",
                        "Root mean square of the wavefront's spherical aberration, in wavelengths."))
            .real("angle", &AiryParams::angle,
                  {.label = "Angle",
                   .unit = "°",
                   .help = "Direction of astigmatism and coma, counter-clockwise from the right.",
                   .minimum = -180,
                   .maximum = 180,
                   .step = 5,
                   .applies = ParamApplies::restart});
    return table;
}

constexpr double kFirstZero =
    1.2196698912665045 / 2;     // of the Airy pattern, in cycles across the pupil's radius
constexpr int kMostSide = 75;   // px on each side of the centre
constexpr double kKept = 0.99;  // share of the light within the kernel's square

// Wavefront at a point of the unit disk, in wavelengths.
double wavefront(const AiryParams& p, double x, double y) {
    const double turn = p.angle * std::numbers::pi / 180;
    const double u = x * std::cos(turn) - y * std::sin(turn);  // rows count downwards
    const double v = x * std::sin(turn) + y * std::cos(turn);
    const double square = u * u + v * v;
    return p.defocus * std::sqrt(3.0) * (2 * square - 1) + p.astigmatism * std::sqrt(6.0) * (u * u - v * v) +
           p.coma * std::sqrt(8.0) * (3 * square - 2) * u +
           p.spherical * std::sqrt(5.0) * (6 * square * square - 6 * square + 1);
}

// How far the light may reach, in px: rings of the perfect pattern, and the wavefront's steepest slope.
int sideOf(const AiryParams& p) {
    const double slope = 7 * std::abs(p.defocus) + 5 * std::abs(p.astigmatism) + 20 * std::abs(p.coma) +
                         27 * std::abs(p.spherical);
    return std::min(kMostSide, static_cast<int>(std::ceil(p.radius * (8 + slope / kFirstZero))));
}

// The pupil on a grid over [-1, 1]^2; a cell on the rim counts with the share of its points inside.
Field pupilOf(const AiryParams& p, int size) {
    constexpr int kPoints = 4;
    Field pupil(size, size);
    for (int i = 0; i < size; ++i)
        for (int j = 0; j < size; ++j) {
            int inside = 0;
            for (int a = 0; a < kPoints * kPoints; ++a) {
                const double x = 2 * (j + (a % kPoints + 0.5) / kPoints) / size - 1;
                const double y = 2 * (i + (a / kPoints + 0.5) / kPoints) / size - 1;
                inside += x * x + y * y <= 1;
            }
            const double phase =
                2 * std::numbers::pi * wavefront(p, 2 * (j + 0.5) / size - 1, 2 * (i + 0.5) / size - 1);
            pupil(i, j) = std::polar(static_cast<double>(inside) / (kPoints * kPoints), phase);
        }
    return pupil;
}

// The smallest centred square that holds kKept of the light.
int keptSide(const Eigen::MatrixXd& light, int side) {
    const double wanted = kKept * light.sum();
    for (int kept = 0; kept < side; ++kept)
        if (light.block(side - kept, side - kept, 2 * kept + 1, 2 * kept + 1).sum() >= wanted) return kept;
    return side;
}

Image makeAiry(const AiryParams& p) {
    const int side = sideOf(p);
    const double frequency = kFirstZero / p.radius;  // cycles per px for the pupil's rim
    // Points a pixel, odd so that one is its middle, and a pupil fine enough not to repeat within the kernel.
    const int points =
        p.radius > 6 ? 1 : 2 * std::clamp(static_cast<int>(std::ceil(1.5 / p.radius)), 1, 3) + 1;
    const int size = std::max(64, 2 * static_cast<int>(std::ceil(1.1 * frequency * (2 * side + 1))));
    const int samples = (2 * side + 1) * points;
    Field wave(samples, size);  // exp(-2 pi i frequency x xi)
    for (int i = 0; i < samples; ++i)
        for (int j = 0; j < size; ++j) {
            const double x = (i - samples / 2) / static_cast<double>(points);
            wave(i, j) = std::polar(1.0, -2 * std::numbers::pi * frequency * x * (2 * (j + 0.5) / size - 1));
        }
    const Eigen::MatrixXd fine = (wave * pupilOf(p, size) * wave.transpose()).cwiseAbs2();
    Eigen::MatrixXd light(2 * side + 1, 2 * side + 1);
    for (int i = 0; i < light.rows(); ++i)
        for (int j = 0; j < light.cols(); ++j)
            light(i, j) = fine.block(i * points, j * points, points, points).sum();
    const int kept = keptSide(light, side);
    Image image(1, 2 * kept + 1, 2 * kept + 1);
    for (int i = 0; i < image.height(); ++i)
        for (int j = 0; j < image.width(); ++j)
            image.at(0, i, j) = static_cast<Real>(light(side - kept + i, side - kept + j) / light.sum());
    return image;
}

}  // namespace

KernelFamily airyFamily() {
    return family<AiryParams>(
        "airy", "Diffraction",
        "A lens at its best, or with defocus, astigmatism, coma and spherical aberration.", makeAiry);
}

}  // namespace stillpoint
