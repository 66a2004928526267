// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/simulate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/physics/blur_operator.h"
#include "solver/physics/noise.h"
#include "solver/run/components.h"

namespace stillpoint {

namespace {

void checkNumber(const std::string& key, double value, double maximum, const std::string& allowed) {
    if (!(value >= 0 && value <= maximum) || !std::isfinite(value))
        throw Error(key, key + " is " + toText(value) + "; allowed is a number " + allowed + ".");
}

// What is beyond the scene's own rim reaches nothing of what the camera shows for `unknown`, and is what the
// boundary says for the others.
Simulation blurredScene(const Image& scene, const Kernel& kernel, Boundary boundary) {
    const bool unknown = boundary == Boundary::unknown;
    BlurOperator op(kernel, scene.shape(), unknown ? Boundary::taper : boundary);
    Image canvas(op.shape());
    op.canvas().extend(scene, canvas);
    op.apply(canvas, canvas);
    Image blurred(scene.shape());
    op.canvas().crop(canvas, blurred);
    if (!unknown) return {std::move(blurred), scene.clone()};
    const Shape& k = kernel.pixels.shape();
    const int height = scene.height() - k.height + 1, width = scene.width() - k.width + 1;
    if (height < 1 || width < 1)
        throw Error("kernel", "The kernel has " + std::to_string(k.width) + " x " + std::to_string(k.height) +
                                  " pixels; with the boundary unknown it must be smaller than the scene's " +
                                  std::to_string(scene.width()) + " x " + std::to_string(scene.height()) +
                                  ".");
    const int top = k.height - 1 - k.height / 2, left = k.width - 1 - k.width / 2;
    return {crop(blurred, top, left, height, width), crop(scene, top, left, height, width)};
}

void quantise(Image& picture, int bits) {
    const auto levels = static_cast<double>((1 << bits) - 1);
    for (Real& sample : picture.samples())
        sample = static_cast<Real>(std::round(std::clamp(static_cast<double>(sample), 0.0, 1.0) * levels) /
                                   levels);
}

// Streams that no seed given as a positive number reaches, so that kinds of noise do not repeat each other.
constexpr std::uint64_t kPhotonStream = std::uint64_t{1} << 63;
constexpr std::uint64_t kImpulseStream = std::uint64_t{3} << 62;

}  // namespace

Simulation simulate(const Image& scene, const Recipe& recipe, const NoiseModel& noise,
                    const KernelSource& source) {
    checkNumber("noise-sigma", noise.sigma, std::numeric_limits<double>::max(),
                "from 0, on the scale where white is 1");
    checkNumber("peak", noise.peak, 1e9, "of photons from 0 to 1e9");
    checkNumber("share", noise.share, 1, "from 0 to 1");
    if (noise.bits < 0 || noise.bits > 16)
        throw Error("bits", "bits is " + std::to_string(noise.bits) +
                                "; allowed is a number from 1 to 16, or 0 for none.");
    const auto problem = readParams<ProblemParams>(recipe, "");
    Simulation made = blurredScene(scene, source(problem.kernel), problem.boundary);
    Image& blurred = made.blurred;
    if (noise.peak > 0) addPoissonNoise(blurred, noise.peak, noise.seed ^ kPhotonStream);
    if (noise.sigma > 0) addGaussianNoise(blurred, noise.sigma, noise.seed);
    if (noise.share > 0) addImpulseNoise(blurred, noise.share, noise.seed ^ kImpulseStream);
    if (noise.bits > 0) quantise(blurred, noise.bits);
    return made;
}

Image simulateBlur(const Image& sharp, const Recipe& recipe, const NoiseModel& noise,
                   const KernelSource& source) {
    return simulate(sharp, recipe, noise, source).blurred;
}

Image simulateBlur(const Image& sharp, const Recipe& recipe, double noiseSigma, std::uint64_t seed,
                   const KernelSource& source) {
    return simulateBlur(sharp, recipe, {.sigma = noiseSigma, .seed = seed}, source);
}

}  // namespace stillpoint
