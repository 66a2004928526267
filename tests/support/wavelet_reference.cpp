// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/wavelet_reference.h"

#include <cmath>

namespace stillpoint {
namespace {

using Line = std::vector<double>;

double product(const Line& a, const Line& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

// (p, q) -> the combination with the flat line's values, and the one that vanishes on it.
void join(const Line& flat, Line& p, Line& q) {
    const double a = product(p, flat), b = product(q, flat), length = std::sqrt(a * a + b * b);
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double sum = (a * p[i] + b * q[i]) / length;
        q[i] = (a * q[i] - b * p[i]) / length;
        p[i] = sum;
    }
}

}  // namespace

// Rows: approximations, then details. `flat` is the flat line at this level and becomes that of the next.
ReferenceWavelet::Matrix ReferenceWavelet::levelMatrix(std::vector<double>& flat, WaveletFamily family) {
    const std::size_t n = flat.size();
    if (n == 1) return {{1.0}};
    const auto h = waveletTaps(family);
    double centre = 0;
    for (std::size_t j = 0; j < h.size(); ++j) centre += static_cast<double>(j) * h[j] * h[j];
    const int s = static_cast<int>(std::lround((centre - 0.5) / 2));
    const bool tail = std::abs(flat[n - 1] - flat[0]) > 1e-9 * flat[0];
    const std::size_t pairs = (tail ? n - 1 : n) / 2;
    Matrix low, high;
    for (std::size_t k = 0; k < pairs; ++k) {
        Line a(n, 0.0), d(n, 0.0);
        for (std::size_t j = 0; j < h.size(); ++j) {
            const int circle = static_cast<int>(2 * pairs);
            const int at = 2 * (static_cast<int>(k) - s) + static_cast<int>(j);
            const auto i = static_cast<std::size_t>((at % circle + 8 * circle) % circle);
            a[i] += h[j];
            d[i] += (j % 2 == 0 ? 1 : -1) * h[h.size() - 1 - j];
        }
        low.push_back(a);
        high.push_back(d);
    }
    std::vector<Line> left;
    for (std::size_t i = 2 * pairs; i < n; ++i) {
        left.emplace_back(n, 0.0);
        left.back()[i] = 1;
    }
    if (left.size() == 2) {
        low.push_back(left[0]);
        left.erase(left.begin());
    }
    if (left.size() == 1) {
        join(flat, low.back(), left[0]);
        high.push_back(left[0]);
    }
    Line next;
    for (const auto& row : low) next.push_back(product(row, flat));
    flat = next;
    low.insert(low.end(), high.begin(), high.end());
    return low;
}

ReferenceWavelet::ReferenceWavelet(Shape shape, WaveletFamily family, int levels) : shape_(shape) {
    Line rows(static_cast<std::size_t>(shape.height), 1.0);
    Line columns(static_cast<std::size_t>(shape.width), 1.0);
    for (int l = 0; l < levels && rows.size() * columns.size() > 1; ++l) {
        Level level;
        level.rows = levelMatrix(rows, family);
        level.columns = levelMatrix(columns, family);
        levels_.push_back(level);
    }
    approximationRows_ = static_cast<int>(rows.size());
    approximationColumns_ = static_cast<int>(columns.size());
}

// block <- R block C', or R' block C.
void ReferenceWavelet::applyLevel(const Level& level, bool transposed, Line& coefficients) const {
    const std::size_t h = level.rows.size(), w = level.columns.size();
    const auto width = static_cast<std::size_t>(shape_.width);
    const auto entry = [&](const Matrix& m, std::size_t i, std::size_t j) {
        return transposed ? m[j][i] : m[i][j];
    };
    for (std::size_t plane = 0; plane < coefficients.size(); plane += shape_.planeSize()) {
        Matrix half(h, Line(w, 0.0));
        for (std::size_t i = 0; i < h; ++i)
            for (std::size_t j = 0; j < w; ++j)
                for (std::size_t k = 0; k < w; ++k)
                    half[i][j] += entry(level.columns, j, k) * coefficients[plane + i * width + k];
        for (std::size_t i = 0; i < h; ++i)
            for (std::size_t j = 0; j < w; ++j) {
                double sum = 0;
                for (std::size_t k = 0; k < h; ++k) sum += entry(level.rows, i, k) * half[k][j];
                coefficients[plane + i * width + j] = sum;
            }
    }
}

std::vector<double> ReferenceWavelet::forward(ConstImageRef x) const {
    Line coefficients(x.samples().begin(), x.samples().end());
    for (const auto& level : levels_) applyLevel(level, false, coefficients);
    return coefficients;
}

Image ReferenceWavelet::inverse(Line coefficients) const {
    for (std::size_t l = levels_.size(); l-- > 0;) applyLevel(levels_[l], true, coefficients);
    Image out(shape_);
    for (std::size_t i = 0; i < out.size(); ++i) out.samples()[i] = static_cast<Real>(coefficients[i]);
    return out;
}

bool ReferenceWavelet::isDetail(std::size_t index) const {
    const auto width = static_cast<std::size_t>(shape_.width);
    const std::size_t row = index % shape_.planeSize() / width;
    return row >= static_cast<std::size_t>(approximationRows_) ||
           index % width >= static_cast<std::size_t>(approximationColumns_);
}

Image ReferenceWavelet::mapDetails(ConstImageRef x, const std::function<double(double)>& function,
                                   bool keepApproximations) const {
    Line coefficients = forward(x);
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
        if (isDetail(i))
            coefficients[i] = function(coefficients[i]);
        else if (!keepApproximations)
            coefficients[i] = 0;
    }
    return inverse(std::move(coefficients));
}

Image translated(ConstImageRef picture, int rows, int columns) {
    const int h = picture.height(), w = picture.width();
    Image out(picture.shape());
    for (int c = 0; c < picture.channels(); ++c)
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x)
                out.at(c, y, x) = picture.at(c, ((y + rows) % h + h) % h, ((x + columns) % w + w) % w);
    return out;
}

}  // namespace stillpoint
