// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/differences.h"

#include "solver/core/parallel.h"

namespace stillpoint {

void differences(ConstImageRef x, RealSpan out) {
    assert(out.size() == 2 * x.size());
    const int height = x.height();
    const int width = x.width();
    const auto rows = static_cast<std::size_t>(x.channels()) * static_cast<std::size_t>(height);
    parallelRanges(rows, 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            const int c = static_cast<int>(r) / height;
            const int y = static_cast<int>(r) % height;
            const Real* row = x.row(c, y);
            const Real* next = y + 1 < height ? x.row(c, y + 1) : row;
            Real* down = out.data() + r * static_cast<std::size_t>(width);
            Real* right = down + x.size();
            for (int j = 0; j < width; ++j) down[j] = next[j] - row[j];
            for (int j = 0; j + 1 < width; ++j) right[j] = row[j + 1] - row[j];
            right[width - 1] = 0;
        }
    });
}

// (D'q)(y, x) = down(y-1, x) - down(y, x) + right(y, x-1) - right(y, x), where a difference that crosses the
// rim, whatever the field holds there, counts as zero.
namespace {

// Bit 0: there is a row above, bit 1: there is a row below. One loop each, so that the compiler vectorises
// all.
template <int kNeighbours>
void subtractAdjointInner(const Real* base, Real s, const FieldRows& q, int width, Real* out) {
    const Real* __restrict up = q.downUp;
    const Real* __restrict down = q.down;
    const Real* __restrict right = q.right;
    const auto rowPart = [&](int j) {
        Real sum = 0;
        if constexpr ((kNeighbours & 1) != 0) sum += up[j];
        if constexpr ((kNeighbours & 2) != 0) sum -= down[j];
        return sum;
    };
    const int end = width - 1;  // column differences exist up to here
    if (end == 0) {
        out[0] = base[0] - s * rowPart(0);
        return;
    }
    out[0] = base[0] - s * (rowPart(0) - right[0]);
#pragma omp simd
    for (int j = 1; j < end; ++j) out[j] = base[j] - s * (rowPart(j) + right[j - 1] - right[j]);
    out[end] = base[end] - s * (rowPart(end) + right[end - 1]);
}

}  // namespace

void subtractAdjointRow(const Real* base, Real s, const FieldRows& q, bool last, int width, Real* out) {
    if (q.downUp && !last)
        subtractAdjointInner<3>(base, s, q, width, out);
    else if (q.downUp)
        subtractAdjointInner<1>(base, s, q, width, out);
    else if (!last)
        subtractAdjointInner<2>(base, s, q, width, out);
    else
        subtractAdjointInner<0>(base, s, q, width, out);
}

void subtractAdjointDifferences(ConstImageRef base, double s, ConstRealSpan q, ImageRef out) {
    assert(q.size() == 2 * base.size());
    const int height = base.height();
    const auto rows = static_cast<std::size_t>(base.channels()) * static_cast<std::size_t>(height);
    parallelRanges(rows, 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            const int c = static_cast<int>(r) / height;
            const int y = static_cast<int>(r) % height;
            subtractAdjointRow(base.row(c, y), static_cast<Real>(s), fieldRows(q, base.shape(), c, y),
                               y + 1 == height, base.width(), out.row(c, y));
        }
    });
}

}  // namespace stillpoint
