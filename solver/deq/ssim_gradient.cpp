// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/ssim_gradient.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "solver/core/parallel.h"

namespace stillpoint {
namespace {

constexpr double kC1 = 0.01 * 0.01;
constexpr double kC2 = 0.03 * 0.03;

using Map = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Window = std::array<double, kSsimWindow>;

Window gaussianWindow() {
    Window window{};
    double sum = 0;
    for (int i = 0; i < kSsimWindow; ++i) {
        const double d = i - kSsimWindow / 2;
        sum += window[static_cast<std::size_t>(i)] = std::exp(-d * d / (2 * 1.5 * 1.5));
    }
    for (auto& weight : window) weight /= sum;
    return window;
}

// Weighted mean in each window that lies inside.
Map filtered(const Map& x, const Window& window) {
    const Eigen::Index rows = x.rows() - kSsimWindow + 1;
    const Eigen::Index columns = x.cols() - kSsimWindow + 1;
    Map down = Map::Zero(rows, x.cols());
    for (int i = 0; i < kSsimWindow; ++i) down += window[static_cast<std::size_t>(i)] * x.middleRows(i, rows);
    Map out = Map::Zero(rows, columns);
    for (int i = 0; i < kSsimWindow; ++i)
        out += window[static_cast<std::size_t>(i)] * down.middleCols(i, columns);
    return out;
}

// Its adjoint.
Map spread(const Map& c, const Window& window) {
    Map along = Map::Zero(c.rows(), c.cols() + kSsimWindow - 1);
    for (int i = 0; i < kSsimWindow; ++i)
        along.middleCols(i, c.cols()) += window[static_cast<std::size_t>(i)] * c;
    Map out = Map::Zero(c.rows() + kSsimWindow - 1, along.cols());
    for (int i = 0; i < kSsimWindow; ++i)
        out.middleRows(i, c.rows()) += window[static_cast<std::size_t>(i)] * along;
    return out;
}

// Sum of S over the windows of one channel; `gradient` receives that sum's gradient.
double ofChannel(const Map& x, const Map& y, const Window& window, Map& gradient) {
    const Map meanX = filtered(x, window);
    const Map meanY = filtered(y, window);
    const Map rawX = filtered(x * x, window) - meanX * meanX;
    const Map varianceX = rawX.max(0.0);
    const Map varianceY = (filtered(y * y, window) - meanY * meanY).max(0.0);
    const Map covariance = filtered(x * y, window) - meanX * meanY;
    const Map luminance = 2 * meanX * meanY + kC1;
    const Map contrast = 2 * covariance + kC2;
    const Map squares = meanX * meanX + meanY * meanY + kC1;
    const Map variances = varianceX + varianceY + kC2;
    const Map s = luminance * contrast / (squares * variances);

    const Map byCovariance = 2 * luminance / (squares * variances);
    const Map byVariance = (rawX > 0.0).select(-s / variances, 0.0);
    const Map byMean = 2 * meanY * contrast / (squares * variances) - 2 * meanX * s / squares -
                       meanY * byCovariance - 2 * meanX * byVariance;
    gradient = spread(byMean, window) + 2 * x * spread(byVariance, window) + y * spread(byCovariance, window);
    return s.sum();
}

}  // namespace

double ssimWithGradient(ConstImageRef estimate, ConstImageRef reference, double scale, ImageRef gradient) {
    assert(estimate.shape() == reference.shape() && estimate.shape() == gradient.shape());
    assert(std::min(estimate.height(), estimate.width()) >= kSsimWindow);
    const Window window = gaussianWindow();
    const double count = static_cast<double>(estimate.channels()) * (estimate.height() - kSsimWindow + 1) *
                         (estimate.width() - kSsimWindow + 1);
    double sum = 0;
    Map channelGradient;
    for (int c = 0; c < estimate.channels(); ++c) {
        const Map x = estimate.plane(c).cast<double>();
        const Map y = reference.plane(c).cast<double>();
        sum += ofChannel(x, y, window, channelGradient);
        gradient.plane(c).array() += (scale / count * channelGradient).cast<Real>();
    }
    return sum / count;
}

}  // namespace stillpoint
