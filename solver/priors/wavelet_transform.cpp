// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/wavelet_transform.h"

#include <cmath>
#include <numbers>

namespace stillpoint {
namespace {

// The axis of the next level. `last` is the factor by which the last number of a flat line differs from the
// others, 0 for a line without an exception; it is moved on to the next level.
WaveletAxis makeAxis(int size, double& last) {
    WaveletAxis axis;
    axis.size = size;
    axis.rest = 1;
    if (size == 1) return axis;
    const int alike = last > 0 ? size - 1 : size;
    axis.pairs = alike / 2;
    axis.rest = size - 2 * axis.pairs;
    if (axis.rest == 0) return axis;
    // Of flat lines: a rest of two is (1, last), a rest of one joins an approximation, (sqrt(2), last or 1).
    const double first = axis.rest == 2 ? 1 : std::numbers::sqrt2;
    const double second = last > 0 ? last : 1;
    const double length = std::hypot(first, second);
    axis.cosine = first / length;
    axis.sine = second / length;
    last = length / std::numbers::sqrt2;
    return axis;
}

template <int kCount, bool kFirst>
void addRows(const Real* const* in, const Real* a, const Real* b, int size, Real* __restrict out0,
             Real* __restrict out1) {
    static_assert(kCount == 2 || kCount == 4);
    const Real *p0 = in[0], *p1 = in[1];
    const Real a0 = a[0], a1 = a[1], b0 = b[0], b1 = b[1];
    // Read with two rows too, where they are the same and unused.
    [[maybe_unused]] const Real *p2 = in[kCount - 2], *p3 = in[kCount - 1];
    [[maybe_unused]] const Real a2 = a[kCount - 2], a3 = a[kCount - 1], b2 = b[kCount - 2],
                                b3 = b[kCount - 1];
#pragma omp simd
    for (int i = 0; i < size; ++i) {
        Real sum0 = kFirst ? Real(0) : out0[i];
        Real sum1 = kFirst ? Real(0) : out1[i];
        sum0 += a0 * p0[i] + a1 * p1[i];
        sum1 += b0 * p0[i] + b1 * p1[i];
        if constexpr (kCount == 4) {
            sum0 += a2 * p2[i] + a3 * p3[i];
            sum1 += b2 * p2[i] + b3 * p3[i];
        }
        out0[i] = sum0;
        out1[i] = sum1;
    }
}

// out0 = sum_j a[j] in[j], out1 = sum_j b[j] in[j] for an even number of rows: filters along columns as they
// are and filters along rows too, on samples parted into even and odd ones. Four rows at a time, so that the
// taps stay in registers. The outputs overlap nothing.
void combineRows(const Real* const* in, const Real* a, const Real* b, int count, int size, Real* out0,
                 Real* out1) {
    if (count == 2) {
        addRows<2, true>(in, a, b, size, out0, out1);
        return;
    }
    addRows<4, true>(in, a, b, size, out0, out1);
    int j = 4;
    for (; j + 4 <= count; j += 4) addRows<4, false>(in + j, a + j, b + j, size, out0, out1);
    if (j < count) addRows<2, false>(in + j, a + j, b + j, size, out0, out1);
}

// (sum, difference) = rotation of (first, second); outputs may be the inputs.
void rotateRows(double cosine, double sine, const Real* first, const Real* second, int size, Real* sum,
                Real* difference) {
    const Real c = static_cast<Real>(cosine);
    const Real s = static_cast<Real>(sine);
    for (int i = 0; i < size; ++i) {
        const Real a = first[i], b = second[i];
        sum[i] = c * a + s * b;
        difference[i] = c * b - s * a;
    }
}

// k modulo pairs, from 0.
int wrapped(int k, int pairs) {
    return (k % pairs + pairs) % pairs;
}

// Continues the circle of `period` numbers that begins at `first` to the whole of [0, size).
void extendCircle(Real* row, int first, int period, int size) {
    for (int i = first - 1; i >= 0; --i) row[i] = row[i + period];
    for (int i = first + period; i < size; ++i) row[i] = row[i - period];
}

}  // namespace

WaveletTransform::WaveletTransform(Shape shape, WaveletFamily family, int levels) : shape_(shape) {
    const auto taps = waveletTaps(family);
    taps_ = static_cast<int>(taps.size());
    double centre = 0;
    for (std::size_t j = 0; j < taps.size(); ++j) {
        const double mirrored = taps[taps.size() - 1 - j];
        low_[j] = static_cast<Real>(taps[j]);
        high_[j] = static_cast<Real>(j % 2 ? -mirrored : mirrored);
        centre += static_cast<double>(j) * taps[j] * taps[j];
    }
    for (std::size_t j = 0; j < taps.size(); j += 2) {
        even_[j] = low_[j];
        even_[j + 1] = high_[j];
        odd_[j] = low_[j + 1];
        odd_[j + 1] = high_[j + 1];
    }
    centre_ = static_cast<int>(std::lround((centre - 0.5) / 2));

    double lastRow = 0, lastColumn = 0;
    int height = shape.height, width = shape.width;
    while (static_cast<int>(levels_.size()) < levels && (height > 1 || width > 1)) {
        levels_.push_back({makeAxis(height, lastRow), makeAxis(width, lastColumn)});
        height = levels_.back().rows.approximations();
        width = levels_.back().columns.approximations();
    }
    for (std::size_t i = 0; i < 2 && i + 1 < levels_.size(); ++i)
        approximations_[i] = Buffer(static_cast<std::size_t>(shape.channels) *
                                    static_cast<std::size_t>(levels_[i].rows.approximations()) *
                                    static_cast<std::size_t>(levels_[i].columns.approximations()));
    parts_ =
        std::clamp<std::size_t>(shape.size() / kSamplesPerThread, 1, static_cast<std::size_t>(threadCount()));
    rowSize_ = (static_cast<std::size_t>(shape.width) + kMostTaps + 15) / 16 * 16;
    rows_ = Buffer(parts_ * kRows * rowSize_);
    mended_ = Buffer(static_cast<std::size_t>(shape.channels) * rowSize_);
}

// Where the approximations of a level lie that is not the last.
WaveletTransform::Grid<Real> WaveletTransform::scratch(std::size_t level) {
    const auto rows = static_cast<std::size_t>(levels_[level].rows.approximations());
    const auto columns = static_cast<std::size_t>(levels_[level].columns.approximations());
    return {approximations_[level % 2].data(), columns, rows * columns};
}

Real* WaveletTransform::partRow(std::size_t part, std::size_t which) {
    return rows_.data() + (part * kRows + which) * rowSize_;
}

// Calls body(channel, item, part) for all vertical positions of a level, threaded.
template <class Body>
void WaveletTransform::forItems(const Level& level, const Body& body) {
    const int items = level.rows.items();
    const std::size_t total = static_cast<std::size_t>(shape_.channels) * static_cast<std::size_t>(items);
    const std::size_t samples = static_cast<std::size_t>(shape_.channels) *
                                static_cast<std::size_t>(level.rows.size) *
                                static_cast<std::size_t>(level.columns.size);
    const std::size_t parts = std::clamp<std::size_t>(samples / kSamplesPerThread, 1, parts_);
    parallelRanges(parts, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part)
            for (std::size_t i = total * part / parts; i < total * (part + 1) / parts; ++i)
                body(static_cast<int>(i) / items, static_cast<int>(i) % items, part);
    });
}

void WaveletTransform::forward(ConstImageRef x, RealSpan coefficients) {
    assert(x.shape() == shape_ && coefficients.size() == shape_.size());
    if (levels_.empty()) {
        stillpoint::copy(x.samples(), coefficients);
        return;
    }
    const auto width = static_cast<std::size_t>(shape_.width);
    const Grid<Real> detail{coefficients.data(), width, shape_.planeSize()};
    Grid<const Real> in{x.data(), width, shape_.planeSize()};
    for (std::size_t l = 0; l < levels_.size(); ++l) {
        const Grid<Real> low = l + 1 < levels_.size() ? scratch(l) : detail;
        forItems(levels_[l], [&](int channel, int k, std::size_t part) {
            analyseItem(levels_[l], in, low, detail, channel, k, part);
        });
        in = {low.data, low.rowStride, low.planeStride};
    }
}

// Rows 2k and 2k + 1 of the way forward: one row of approximations and one of details, each filtered along
// itself.
void WaveletTransform::analyseItem(const Level& level, Grid<const Real> in, Grid<Real> low, Grid<Real> detail,
                                   int channel, int k, std::size_t part) {
    const WaveletAxis& axis = level.rows;
    const int width = level.columns.size;
    const int left = level.columns.approximations();
    Real* sum = partRow(part, 0);
    Real* difference = partRow(part, 1);
    const auto putApproximations = [&](const Real* row) {
        analyseLine(level.columns, row, low.row(channel, k), detail.row(channel, k) + left, part);
    };
    const auto putDetails = [&](const Real* row, int at) {
        Real* out = detail.row(channel, axis.approximations() + at);
        analyseLine(level.columns, row, out, out + left, part);
    };
    if (!axis.active()) {
        putApproximations(in.row(channel, 0));
        return;
    }
    if (k == axis.pairs) {  // a rest of two
        rotateRows(axis.cosine, axis.sine, in.row(channel, axis.size - 2), in.row(channel, axis.size - 1),
                   width, sum, difference);
        putApproximations(sum);
        putDetails(difference, k);
        return;
    }
    std::array<const Real*, kMostTaps> rows;
    for (int j = 0; j < taps_; ++j)
        rows[static_cast<std::size_t>(j)] =
            in.row(channel, 2 * wrapped(k - centre_ + j / 2, axis.pairs) + j % 2);
    combineRows(rows.data(), low_.data(), high_.data(), taps_, width, sum, difference);
    putDetails(difference, k);
    if (axis.rest == 1 && k + 1 == axis.pairs) {
        rotateRows(axis.cosine, axis.sine, sum, in.row(channel, axis.size - 1), width, sum, difference);
        putDetails(difference, axis.pairs);
    }
    putApproximations(sum);
}

void WaveletTransform::analyseLine(const WaveletAxis& axis, const Real* in, Real* low, Real* high,
                                   std::size_t part) {
    if (!axis.active()) {
        low[0] = in[0];
        return;
    }
    const int pairs = axis.pairs;
    if (pairs > 0) {
        Real* __restrict even = partRow(part, 2);
        Real* __restrict odd = partRow(part, 3);
        Real* __restrict evenStart = even + centre_;
        Real* __restrict oddStart = odd + centre_;
#pragma omp simd
        for (int k = 0; k < pairs; ++k) {
            evenStart[k] = in[2 * k];
            oddStart[k] = in[2 * k + 1];
        }
        const int size = pairs + taps_ / 2 - 1;
        extendCircle(even, centre_, pairs, size);
        extendCircle(odd, centre_, pairs, size);
        std::array<const Real*, kMostTaps> rows;
        for (int j = 0; j < taps_; ++j) rows[static_cast<std::size_t>(j)] = (j % 2 ? odd : even) + j / 2;
        combineRows(rows.data(), low_.data(), high_.data(), taps_, pairs, low, high);
    }
    const Real* end = in + axis.size;
    if (axis.rest == 2) rotateRows(axis.cosine, axis.sine, end - 2, end - 1, 1, low + pairs, high + pairs);
    if (axis.rest == 1)
        rotateRows(axis.cosine, axis.sine, low + pairs - 1, end - 1, 1, low + pairs - 1, high + pairs);
}

void WaveletTransform::inverse(ConstRealSpan coefficients, ImageRef out) {
    assert(out.shape() == shape_ && coefficients.size() == shape_.size());
    if (levels_.empty()) {
        stillpoint::copy(coefficients, out.samples());
        return;
    }
    const auto width = static_cast<std::size_t>(shape_.width);
    const Grid<const Real> detail{coefficients.data(), width, shape_.planeSize()};
    Grid<const Real> low = detail;
    for (std::size_t l = levels_.size(); l-- > 0;) {
        const Grid<Real> to = l > 0 ? scratch(l - 1) : Grid<Real>{out.data(), width, shape_.planeSize()};
        const Synthesis synthesis{levels_[l], low, detail, to};
        mendLastApproximations(synthesis);
        forItems(levels_[l],
                 [&](int channel, int k, std::size_t part) { synthesiseItem(synthesis, channel, k, part); });
        low = {to.data, to.rowStride, to.planeStride};
    }
}

// The last row of approximations as it was before a rest of one joined it: several rows need it.
void WaveletTransform::mendLastApproximations(const Synthesis& s) {
    const WaveletAxis& axis = s.level.rows;
    if (axis.rest != 1 || !axis.active()) return;
    const int left = s.level.columns.approximations();
    for (int c = 0; c < shape_.channels; ++c) {
        Real* row = mended_.data() + static_cast<std::size_t>(c) * rowSize_;
        const SplitRow tail = detailRow(s, c, axis.pairs);
        const Real cosine = static_cast<Real>(axis.cosine), sine = static_cast<Real>(axis.sine);
        const Real* approximation = s.low.row(c, axis.pairs - 1);
        for (int i = 0; i < left; ++i) row[i] = cosine * approximation[i] - sine * tail.left[i];
        const Real* details = s.detail.row(c, axis.pairs - 1);
        for (int i = left; i < s.level.columns.size; ++i)
            row[i] = cosine * details[i] - sine * tail.right[i - left];
    }
}

WaveletTransform::SplitRow WaveletTransform::approximationRow(const Synthesis& s, int channel, int k) const {
    const int left = s.level.columns.approximations();
    const WaveletAxis& axis = s.level.rows;
    if (axis.active() && axis.rest == 1 && k + 1 == axis.pairs) {
        const Real* row = mended_.data() + static_cast<std::size_t>(channel) * rowSize_;
        return {row, row + left};
    }
    return {s.low.row(channel, k), s.detail.row(channel, k) + left};
}

WaveletTransform::SplitRow WaveletTransform::detailRow(const Synthesis& s, int channel, int k) const {
    const Real* row = s.detail.row(channel, s.level.rows.approximations() + k);
    return {row, row + s.level.columns.approximations()};
}

// Rows 2k and 2k + 1 of the way back.
void WaveletTransform::synthesiseItem(const Synthesis& s, int channel, int k, std::size_t part) {
    const WaveletAxis& axis = s.level.rows;
    const WaveletAxis& along = s.level.columns;
    const int left = along.approximations();
    if (!axis.active()) {
        synthesiseLine(along, approximationRow(s, channel, 0), s.out.row(channel, 0), part);
        return;
    }
    Real* first = partRow(part, 0);
    Real* second = partRow(part, 1);
    const auto put = [&](const Real* row, int y) {
        synthesiseLine(along, {row, row + left}, s.out.row(channel, y), part);
    };
    if (k == axis.pairs) {  // a rest of two: the rotation turned back
        const SplitRow a = approximationRow(s, channel, k);
        const SplitRow d = detailRow(s, channel, k);
        rotateRows(axis.cosine, -axis.sine, a.left, d.left, left, first, second);
        rotateRows(axis.cosine, -axis.sine, a.right, d.right, along.details(), first + left, second + left);
        put(first, axis.size - 2);
        put(second, axis.size - 1);
        return;
    }
    std::array<const Real*, kMostTaps> lefts, rights;
    for (std::size_t j = 0; j < static_cast<std::size_t>(taps_); j += 2) {
        const int at = wrapped(k + centre_ - static_cast<int>(j / 2), axis.pairs);
        const SplitRow a = approximationRow(s, channel, at);
        const SplitRow d = detailRow(s, channel, at);
        lefts[j] = a.left;
        lefts[j + 1] = d.left;
        rights[j] = a.right;
        rights[j + 1] = d.right;
    }
    combineRows(lefts.data(), even_.data(), odd_.data(), taps_, left, first, second);
    combineRows(rights.data(), even_.data(), odd_.data(), taps_, along.details(), first + left,
                second + left);
    put(first, 2 * k);
    put(second, 2 * k + 1);
    if (axis.rest == 1 && k + 1 == axis.pairs) {
        const SplitRow tail = detailRow(s, channel, axis.pairs);
        rotateRows(axis.cosine, -axis.sine, s.low.row(channel, k), tail.left, left, first, second);
        rotateRows(axis.cosine, -axis.sine, s.detail.row(channel, k) + left, tail.right, along.details(),
                   first + left, second + left);
        put(second, axis.size - 1);
    }
}

void WaveletTransform::synthesiseLine(const WaveletAxis& axis, SplitRow in, Real* out, std::size_t part) {
    if (!axis.active()) {
        out[0] = in.left[0];
        return;
    }
    const int pairs = axis.pairs;
    Real* low = partRow(part, 2);
    Real* high = low + rowSize_ / 2;
    Real* even = partRow(part, 3);
    Real* odd = even + rowSize_ / 2;
    if (axis.rest == 2)
        rotateRows(axis.cosine, -axis.sine, in.left + pairs, in.right + pairs, 1, out + 2 * pairs,
                   out + 2 * pairs + 1);
    if (pairs == 0) return;
    const int size = pairs + taps_ / 2 - 1;
    const int start = taps_ / 2 - 1 - centre_;
    std::copy_n(in.left, pairs, low + start);
    std::copy_n(in.right, pairs, high + start);
    if (axis.rest == 1)
        rotateRows(axis.cosine, -axis.sine, in.left + pairs - 1, in.right + pairs, 1, low + start + pairs - 1,
                   out + 2 * pairs);
    extendCircle(low, start, pairs, size);
    extendCircle(high, start, pairs, size);
    std::array<const Real*, kMostTaps> rows;
    for (int j = 0; j < taps_; ++j)
        rows[static_cast<std::size_t>(j)] = (j % 2 ? high : low) + taps_ / 2 - 1 - j / 2;
    combineRows(rows.data(), even_.data(), odd_.data(), taps_, pairs, even, odd);
    for (int k = 0; k < pairs; ++k) {
        out[2 * k] = even[k];
        out[2 * k + 1] = odd[k];
    }
}

void WaveletTransform::clearApproximations(RealSpan coefficients) const {
    for (int c = 0; c < shape_.channels; ++c)
        for (int y = 0; y < approximationRows(); ++y)
            std::fill_n(
                coefficients.data() + (static_cast<std::size_t>(c) * static_cast<std::size_t>(shape_.height) +
                                       static_cast<std::size_t>(y)) *
                                          static_cast<std::size_t>(shape_.width),
                approximationColumns(), Real(0));
}

}  // namespace stillpoint
