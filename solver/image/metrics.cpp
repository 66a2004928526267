// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/image/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "solver/core/parallel.h"

namespace stillpoint {
namespace {

double squaredErrorOfRow(const Real* estimate, const Real* reference, int begin, int end) {
    std::array<double, 8> lanes{};
    const auto term = [&](int x) {
        // Written so that a NaN stays a NaN: std::clamp(NaN) would too, but does not vectorise.
        const Real e = estimate[x];
        const Real clipped = e < 0 ? Real(0) : (e > 1 ? Real(1) : e);
        const double d = static_cast<double>(clipped) - static_cast<double>(reference[x]);
        return d * d;
    };
    int x = begin;
    for (; x + 8 <= end; x += 8)
        for (int lane = 0; lane < 8; ++lane) lanes[static_cast<std::size_t>(lane)] += term(x + lane);
    double sum = 0;
    for (; x < end; ++x) sum += term(x);
    return std::accumulate(lanes.begin(), lanes.end(), sum);
}

constexpr int kWindow = 11;

std::array<double, kWindow> gaussianWindow() {
    std::array<double, kWindow> w{};
    double sum = 0;
    for (int i = 0; i < kWindow; ++i) {
        const double d = i - kWindow / 2;
        sum += w[static_cast<std::size_t>(i)] = std::exp(-d * d / (2 * 1.5 * 1.5));
    }
    for (auto& v : w) v /= sum;
    return w;
}

// Window sums of x, y, x^2, y^2, xy for one output row: first down the 11 rows, then along the row.
double ssimOfRow(ConstImageRef a, ConstImageRef b, int c, int row, const std::array<double, kWindow>& window,
                 std::vector<std::array<double, 5>>& columns) {
    const auto width = static_cast<std::size_t>(a.width());
    std::fill(columns.begin(), columns.end(), std::array<double, 5>{});
    for (int i = 0; i < kWindow; ++i) {
        const Real* pa = a.row(c, row + i);
        const Real* pb = b.row(c, row + i);
        const double w = window[static_cast<std::size_t>(i)];
        for (std::size_t x = 0; x < width; ++x) {
            const double u = static_cast<double>(pa[x]);
            const double v = static_cast<double>(pb[x]);
            auto& s = columns[x];
            s[0] += w * u;
            s[1] += w * v;
            s[2] += w * u * u;
            s[3] += w * v * v;
            s[4] += w * u * v;
        }
    }
    constexpr double c1 = 0.01 * 0.01;
    constexpr double c2 = 0.03 * 0.03;
    double sum = 0;
    for (std::size_t x = 0; x + kWindow <= width; ++x) {
        std::array<double, 5> s{};
        for (std::size_t i = 0; i < kWindow; ++i)
            for (std::size_t k = 0; k < 5; ++k) s[k] += window[i] * columns[x + i][k];
        const double varianceA = std::max(0.0, s[2] - s[0] * s[0]);
        const double varianceB = std::max(0.0, s[3] - s[1] * s[1]);
        const double covariance = s[4] - s[0] * s[1];
        sum += (2 * s[0] * s[1] + c1) * (2 * covariance + c2) /
               ((s[0] * s[0] + s[1] * s[1] + c1) * (varianceA + varianceB + c2));
    }
    return sum;
}

}  // namespace

double psnr(ConstImageRef estimate, ConstImageRef reference, int border) {
    assert(estimate.shape() == reference.shape());
    const int b = std::clamp(border, 0, (std::min(estimate.height(), estimate.width()) - 1) / 2);
    const int rows = estimate.height() - 2 * b;
    const int columns = estimate.width() - 2 * b;
    double sum = 0;
    for (int c = 0; c < estimate.channels(); ++c)
        for (int y = b; y < b + rows; ++y)
            sum += squaredErrorOfRow(estimate.row(c, y), reference.row(c, y), b, b + columns);
    const double count = static_cast<double>(estimate.channels()) * rows * columns;
    return -10 * std::log10(sum / count);
}

double ssim(ConstImageRef estimate, ConstImageRef reference) {
    assert(estimate.shape() == reference.shape());
    const int rows = estimate.height() - kWindow + 1;
    const int columns = estimate.width() - kWindow + 1;
    if (rows < 1 || columns < 1) return std::numeric_limits<double>::quiet_NaN();
    const auto window = gaussianWindow();
    const auto total = static_cast<std::size_t>(rows) * static_cast<std::size_t>(estimate.channels());
    std::vector<double> sums(total);  // one per row, added in order: the same result for any thread count
    parallelRanges(total, 16, [&](std::size_t begin, std::size_t end) {
        std::vector<std::array<double, 5>> scratch(static_cast<std::size_t>(estimate.width()));
        for (std::size_t r = begin; r < end; ++r)
            sums[r] = ssimOfRow(estimate, reference, static_cast<int>(r) / rows, static_cast<int>(r) % rows,
                                window, scratch);
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0) / (static_cast<double>(total) * columns);
}

}  // namespace stillpoint
