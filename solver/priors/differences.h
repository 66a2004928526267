// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/vec.h"
#include "solver/image/image.h"

namespace stillpoint {

/// Forward differences D of a picture and their adjoint. A field is planar like the picture, with the row
/// differences of all channels first and the column differences after: 2 x channels x height x width.
/// Differences across the last row and the last column are zero. Threaded over rows; no allocation.

/// out = D x
void differences(ConstImageRef x, RealSpan out);
/// out = base - s D'q; base may be out.
void subtractAdjointDifferences(ConstImageRef base, double s, ConstRealSpan q, ImageRef out);

/// Rows of a field for a fused pass; `up` is the row above, or null in the first row.
struct FieldRows {
    const Real* down = nullptr;    ///< row differences of this row
    const Real* right = nullptr;   ///< column differences of this row
    const Real* downUp = nullptr;  ///< row differences of the row above
};
inline FieldRows fieldRows(ConstRealSpan q, const Shape& shape, int c, int y) {
    const auto width = static_cast<std::size_t>(shape.width);
    const std::size_t row =
        (static_cast<std::size_t>(c) * static_cast<std::size_t>(shape.height) + static_cast<std::size_t>(y)) *
        width;
    return {q.data() + row, q.data() + shape.size() + row, y > 0 ? q.data() + row - width : nullptr};
}
/// out[x] = base[x] - s (D'q)[x] for one row; `last` says that it is the picture's last row.
void subtractAdjointRow(const Real* base, Real s, const FieldRows& q, bool last, int width, Real* out);

}  // namespace stillpoint
