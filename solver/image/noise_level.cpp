// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/image/noise_level.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace stillpoint {
namespace {

// Daubechies' high-pass filter of length 4, of norm 1.
constexpr std::array<double, 4> kHighPass{-0.12940952255126037, -0.22414386804201339, 0.83651630373780794,
                                          -0.48296291314453416};
constexpr int kTaps = 4;
constexpr std::size_t kMostDetails = 1'000'000;
constexpr std::size_t kFewestDetails = 16;
constexpr double kMedianOfNormal = 0.67448975019608171;

// Negative for too few details.
double deviation(ConstImageRef picture, int c) {
    const int rows = picture.height() - kTaps + 1, columns = picture.width() - kTaps + 1;
    if (rows < 1 || columns < 1) return -1;
    const std::size_t all = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    const int stride = static_cast<int>(all / kMostDetails) + 1;
    std::vector<float> details;
    details.reserve(all / static_cast<std::size_t>(stride) + static_cast<std::size_t>(columns));
    for (int y = 0; y < rows; y += stride)
        for (int x = 0; x < columns; ++x) {
            double sum = 0;
            bool clipped = false;
            for (std::size_t i = 0; i < kTaps; ++i) {
                const Real* row = picture.row(c, y + static_cast<int>(i)) + x;
                double inRow = 0;
                for (std::size_t j = 0; j < kTaps; ++j) {
                    clipped = clipped || row[j] <= 0 || row[j] >= 1;
                    inRow += kHighPass[j] * static_cast<double>(row[j]);
                }
                sum += kHighPass[i] * inRow;
            }
            if (!clipped) details.push_back(static_cast<float>(std::abs(sum)));
        }
    if (details.size() < kFewestDetails) return -1;
    const auto middle = details.begin() + static_cast<std::ptrdiff_t>(details.size() / 2);
    std::nth_element(details.begin(), middle, details.end());
    return static_cast<double>(*middle) / kMedianOfNormal;
}

}  // namespace

double estimateNoise(ConstImageRef picture) {
    double sum = 0;
    int channels = 0;
    for (int c = 0; c < picture.channels(); ++c) {
        const double sigma = deviation(picture, c);
        if (!(sigma >= 0)) continue;
        sum += sigma * sigma;
        ++channels;
    }
    return channels > 0 ? std::sqrt(sum / channels) : -1;
}

}  // namespace stillpoint
