// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/noise.h"

#include <cmath>

#include "solver/core/parallel.h"
#include "solver/core/rng.h"

namespace stillpoint {
namespace {

// samples[i] = body(samples[i], i)
template <class Body>
void changeSamples(ImageRef picture, const Body& body) {
    const auto samples = picture.samples();
    parallelRanges(samples.size(), 4096, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            samples[i] = static_cast<Real>(body(static_cast<double>(samples[i]), i));
    });
}

// e^x for x in [-32, 0] from IEEE operations alone: the C library's differs in the last bit between
// processors.
double portableExp(double x) {
    const double reduced = x / 64;
    double sum = 1;
    for (int k = 14; k >= 1; --k) sum = 1 + sum * reduced / k;
    for (int doubling = 0; doubling < 6; ++doubling) sum *= sum;
    return sum;
}

// Probability of the count m = floor(mean), the most likely one: e^-mean mean^m / m!, for larger m by
// Stirling's series (an error below 1e-12).
double modeProbability(double mean, double m) {
    if (m < 16) {
        double probability = portableExp(-mean);
        for (double k = 1; k <= m; ++k) probability *= mean / k;
        return probability;
    }
    // m log(mean / m) + m - mean, by the series of log(1 + r), 0 <= r < 1/16, without its first term.
    const double r = (mean - m) / m;
    double series = 0;
    for (int k = 14; k >= 2; --k) series = (k % 2 ? 1.0 / k : -1.0 / k) + r * series;
    const double m2 = m * m;
    const double correction = (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / (1680 * m2)) / m2) / m2) / m;
    return portableExp(m * r * r * series - correction) / std::sqrt(6.283185307179586477 * m);
}

}  // namespace

double poissonCount(double mean, double u) {
    if (!(mean > 0)) return 0;
    const double m = std::floor(mean);
    double above = m, below = m;
    double pAbove = modeProbability(mean, m);
    double pBelow = pAbove;
    u -= pAbove;
    // Beyond 12 deviations all probabilities together are below u's resolution.
    const double reach = 12 * std::sqrt(mean) + 40;
    while (u > 0 && above - m < reach) {
        const double next = pAbove * mean / (above + 1);
        const double previous = below > 0 ? pBelow * below / mean : 0;
        if (next >= previous) {
            pAbove = next;
            ++above;
            u -= next;
            if (u <= 0) return above;
        } else {
            pBelow = previous;
            --below;
            u -= previous;
            if (u <= 0) return below;
        }
    }
    return u > 0 ? above : m;
}

void addGaussianNoise(ImageRef picture, double sigma, std::uint64_t seed) {
    changeSamples(picture, [=](double value, std::size_t i) { return value + sigma * normalAt(seed, i); });
}

void addPoissonNoise(ImageRef picture, double peak, std::uint64_t seed) {
    changeSamples(picture, [=](double value, std::size_t i) {
        return poissonCount(peak * value, uniformAt(seed, i)) / peak;
    });
}

void addImpulseNoise(ImageRef picture, double share, std::uint64_t seed) {
    changeSamples(picture, [=](double value, std::size_t i) {
        const double u = uniformAt(seed, i);
        return u < share / 2 ? 0.0 : (u < share ? 1.0 : value);
    });
}

}  // namespace stillpoint
