// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/tv_dual.h"

#include <array>
#include <cmath>
#include <limits>

#include "solver/core/parallel.h"
#include "solver/priors/differences.h"

namespace stillpoint {
namespace {

constexpr std::size_t kRowsPerPart = 32;  // fewer are not worth a thread

// Constants of one step in the picture's own precision.
struct StepConstants {
    Real step, shrink, weight;
};
StepConstants constants(const TvDual& dual) {
    return {static_cast<Real>(kTvDualStep), static_cast<Real>(dual.shrink()), static_cast<Real>(dual.weight)};
}

Real projectionScale(Real a, Real b, Real weight) {
    // Branch-free so that the loop vectorises; the floor keeps 0/0 out and is never reached by a > weight.
    const Real size2 = a * a + b * b;
    const Real scale = weight / std::sqrt(size2 + std::numeric_limits<Real>::min());
    return scale < 1 ? scale : Real(1);
}

// Calls body(c, y, x, xNext) for every row of the picture u = v - D'q, computing each row of u once per part;
// xNext is the row below, or the row itself at the bottom, so that the row difference there is zero.
template <class Body>
void forRowsOfPrimal(ConstImageRef v, ConstRealSpan q, TvRows& rows, const Body& body) {
    const int height = v.height();
    const auto total = static_cast<std::size_t>(v.channels()) * static_cast<std::size_t>(height);
    const std::size_t parts = rows.parts();
    parallelRanges(parts, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part) {
            Real* current = rows.row(part, 0);
            Real* next = rows.row(part, 1);
            const auto primalRow = [&](int c, int y, Real* out) {
                subtractAdjointRow(v.row(c, y), Real(1), fieldRows(q, v.shape(), c, y), y + 1 == height,
                                   v.width(), out);
            };
            const std::size_t begin = total * part / parts;
            const std::size_t end = total * (part + 1) / parts;
            for (std::size_t r = begin; r < end; ++r) {
                const int c = static_cast<int>(r) / height;
                const int y = static_cast<int>(r) % height;
                if (r == begin || y == 0) primalRow(c, y, current);
                const bool bottom = y + 1 == height;
                if (!bottom) primalRow(c, y + 1, next);
                body(part, r, current, bottom ? current : next);
                std::swap(current, next);
            }
        }
    });
}

}  // namespace

TvRows::TvRows(const Shape& shape)
    : parts_(std::clamp<std::size_t>(
          static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) / kRowsPerPart, 1,
          static_cast<std::size_t>(threadCount()))),
      width_((static_cast<std::size_t>(shape.width) + 15) / 16 * 16),
      rows_(parts_ * kRows * width_) {}

Real* TvRows::row(std::size_t part, int which) {
    return rows_.data() + (kRows * part + static_cast<std::size_t>(which)) * width_;
}

namespace {

// The loops below are plain functions of restricted pointers because lambdas that capture them are not
// vectorised. x and below are rows of u; a field's rows are those of its row differences and, `plane`
// further, its column differences.
void stepPixel(const StepConstants& k, Real rowDifference, Real columnDifference, Real down, Real right,
               Real& downOut, Real& rightOut) {
    const Real a = (down + k.step * rowDifference) * k.shrink;
    const Real b = (right + k.step * columnDifference) * k.shrink;
    const Real scale = projectionScale(a, b, k.weight);
    downOut = a * scale;
    rightOut = b * scale;
}

void stepRow(const StepConstants k, const Real* __restrict x, const Real* __restrict below,
             const Real* __restrict down, const Real* __restrict right, Real* __restrict downOut,
             Real* __restrict rightOut, int width) {
    for (int j = 0; j + 1 < width; ++j)
        stepPixel(k, below[j] - x[j], x[j + 1] - x[j], down[j], right[j], downOut[j], rightOut[j]);
    const int end = width - 1;
    stepPixel(k, below[end] - x[end], 0, down[end], right[end], downOut[end], rightOut[end]);
}

void extrapolateRow(Real momentum, const Real* __restrict next, Real* __restrict current,
                    Real* __restrict out, int width) {
    for (int j = 0; j < width; ++j) {
        out[j] = next[j] + momentum * (next[j] - current[j]);
        current[j] = next[j];
    }
}

}  // namespace

void dualStep(const TvDual& dual, ConstImageRef v, ConstRealSpan qIn, RealSpan qOut, TvRows& rows) {
    const StepConstants k = constants(dual);
    const std::size_t plane = v.size();
    forRowsOfPrimal(v, qIn, rows, [&](std::size_t, std::size_t r, const Real* x, const Real* below) {
        const std::size_t at = r * static_cast<std::size_t>(v.width());
        stepRow(k, x, below, qIn.data() + at, qIn.data() + plane + at, qOut.data() + at,
                qOut.data() + plane + at, v.width());
    });
}

void acceleratedDualStep(const TvDual& dual, ConstImageRef v, double momentum, ConstRealSpan p, RealSpan q,
                         RealSpan pOut, TvRows& rows) {
    const StepConstants k = constants(dual);
    const Real m = static_cast<Real>(momentum);
    const std::size_t plane = v.size();
    forRowsOfPrimal(v, p, rows, [&](std::size_t part, std::size_t r, const Real* x, const Real* below) {
        const std::size_t at = r * static_cast<std::size_t>(v.width());
        Real* down = rows.row(part, 2);
        Real* right = rows.row(part, 3);
        stepRow(k, x, below, p.data() + at, p.data() + plane + at, down, right, v.width());
        extrapolateRow(m, down, q.data() + at, pOut.data() + at, v.width());
        extrapolateRow(m, right, q.data() + plane + at, pOut.data() + plane + at, v.width());
    });
}

namespace {

// Sum over pixels of term(|Dx|, down difference, right difference, index), rows summed in order.
template <class Term>
double sumOverDifferences(ConstImageRef x, const Term& term) {
    const int height = x.height();
    const int width = x.width();
    const auto total = static_cast<std::size_t>(x.channels()) * static_cast<std::size_t>(height);
    constexpr std::size_t kParts = 16;  // fixed, so that the sum does not depend on the number of threads
    std::array<double, kParts> sums{};
    parallelRanges(kParts, x.size() < 32768 ? kParts : 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part) {
            double sum = 0;
            for (std::size_t r = total * part / kParts; r < total * (part + 1) / kParts; ++r) {
                const int y = static_cast<int>(r) % height;
                const Real* row = x.data() + r * static_cast<std::size_t>(width);
                const Real* below = y + 1 < height ? row + width : row;
                std::array<double, 8> lanes{};
                const auto add = [&](int j, Real right, std::size_t lane) {
                    lanes[lane] += static_cast<double>(
                        term(below[j] - row[j], right,
                             r * static_cast<std::size_t>(width) + static_cast<std::size_t>(j)));
                };
                int j = 0;
                for (; j + 9 <= width; j += 8)
                    for (int lane = 0; lane < 8; ++lane)
                        add(j + lane, row[j + lane + 1] - row[j + lane], static_cast<std::size_t>(lane));
                for (; j + 1 < width; ++j) add(j, row[j + 1] - row[j], 0);
                add(width - 1, Real(0), 0);
                for (const double lane : lanes) sum += lane;
            }
            sums[part] = sum;
        }
    });
    double sum = 0;
    for (const double part : sums) sum += part;
    return sum;
}

Real huber(Real t, Real e) {
    return t <= e ? t * t / (2 * std::max(e, std::numeric_limits<Real>::min())) : t - e / 2;
}

}  // namespace

double tvValue(ConstImageRef x, double smoothing) {
    const Real e = static_cast<Real>(smoothing);
    return sumOverDifferences(x, [e](Real down, Real right, std::size_t) {
        return huber(std::sqrt(down * down + right * right), e);
    });
}

double dualityGap(const TvDual& dual, ConstImageRef u, ConstRealSpan q) {
    if (dual.weight <= 0) return 0;
    const Real e = static_cast<Real>(dual.smoothing);
    const Real w = static_cast<Real>(dual.weight);
    return sumOverDifferences(u, [&, size = u.size()](Real down, Real right, std::size_t i) {
        const Real qd = q[i];
        const Real qr = q[i + size];
        return w * huber(std::sqrt(down * down + right * right), e) + e * (qd * qd + qr * qr) / (2 * w) -
               (qd * down + qr * right);
    });
}

}  // namespace stillpoint
