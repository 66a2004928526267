// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/canvas.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "solver/core/parallel.h"
#include "solver/core/vec.h"
#include "solver/fft/fft2d.h"

namespace stillpoint {
namespace {

// Rows or columns of the canvas. What fades needs room to do so: over less than twice the kernel's support
// the fade itself is a structure that the restoration sharpens.
int canvasSize(int window, int kernel, Boundary boundary) {
    if (boundary == Boundary::periodic) return window;
    return transformSize(window + (boundary == Boundary::unknown ? 1 : 2) * (kernel - 1));
}

// Index of the mirrored picture (its rim doubled) at any distance outside.
int mirrored(int index, int size) {
    const int period = 2 * size;
    const int inPeriod = ((index % period) + period) % period;
    return inPeriod < size ? inPeriod : period - 1 - inPeriod;
}

template <class Body>
void forRows(const Shape& shape, const Body& body) {
    const auto rows = static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height);
    parallelRanges(rows, 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            body(static_cast<int>(row / static_cast<std::size_t>(shape.height)),
                 static_cast<int>(row % static_cast<std::size_t>(shape.height)));
    });
}

}  // namespace

int transformSize(int n) {
    return 2 * fastFftSize((n + 1) / 2);
}

Canvas::Canvas(Shape picture, Shape kernel, Boundary boundary)
    : boundary_(boundary),
      picture_(picture),
      shape_{picture.channels, canvasSize(picture.height, kernel.height, boundary),
             canvasSize(picture.width, kernel.width, boundary)},
      top_((shape_.height - picture.height) / 2),
      left_((shape_.width - picture.width) / 2),
      rows_(blends(picture.height, top_, shape_.height)),
      columns_(blends(picture.width, left_, shape_.width)) {}

std::vector<Canvas::Blend> Canvas::blends(int window, int start, int size) const {
    std::vector<Blend> all;
    all.reserve(static_cast<std::size_t>(size));
    const int gap = size - window;  // around the torus, from the last pixel to the first
    for (int at = 0; at < size; ++at) {
        const int inside = at - start;
        if (inside >= 0 && inside < window) {
            all.push_back({inside, inside, 0});
            continue;
        }
        const int beyond = (inside < 0 ? inside + size : inside) - (window - 1);  // 1 .. gap
        const int before = gap + 1 - beyond;
        const double share = 0.5 - 0.5 * std::cos(std::numbers::pi * beyond / (gap + 1));
        const bool reflect = boundary_ == Boundary::reflect;
        all.push_back({reflect ? mirrored(window - 1 + beyond, window) : window - 1,
                       reflect ? mirrored(-before, window) : 0, static_cast<Real>(share)});
    }
    return all;
}

void Canvas::crop(ConstImageRef canvas, ImageRef out) const {
    assert(canvas.shape() == shape_ && out.shape() == picture_);
    forRows(picture_, [&](int c, int y) {
        std::copy_n(canvas.row(c, top_ + y) + left_, picture_.width, out.row(c, y));
    });
}

void Canvas::place(ConstImageRef picture, ImageRef out) const {
    assert(picture.shape() == picture_ && out.shape() == shape_);
    forRows(shape_, [&](int c, int y) {
        Real* to = out.row(c, y);
        std::fill_n(to, shape_.width, Real(0));
        if (y >= top_ && y < top_ + picture_.height)
            std::copy_n(picture.row(c, y - top_), picture_.width, to + left_);
    });
}

void Canvas::extend(ConstImageRef picture, ImageRef out) const {
    assert(picture.shape() == picture_ && out.shape() == shape_);
    forRows(shape_, [&](int c, int y) {
        const Blend& row = rows_[static_cast<std::size_t>(y)];
        const Real* a = picture.row(c, row.a);
        const Real* b = picture.row(c, row.b);
        Real* to = out.row(c, y);
        Real* window = to + left_;
        for (int x = 0; x < picture_.width; ++x) window[x] = a[x] + row.second * (b[x] - a[x]);
        for (int x = 0; x < shape_.width; ++x) {
            if (x == left_) x += picture_.width;
            if (x >= shape_.width) break;
            const Blend& column = columns_[static_cast<std::size_t>(x)];
            to[x] = window[column.a] + column.second * (window[column.b] - window[column.a]);
        }
    });
}

void Canvas::extendAdjoint(ConstImageRef canvas, ImageRef out) const {
    assert(canvas.shape() == shape_ && out.shape() == picture_);
    fill(out.samples(), 0);
    for (int c = 0; c < shape_.channels; ++c)
        for (int y = 0; y < shape_.height; ++y) {
            const Blend& row = rows_[static_cast<std::size_t>(y)];
            const Real* from = canvas.row(c, y);
            Real* a = out.row(c, row.a);
            Real* b = out.row(c, row.b);
            const auto add = [&](int x, Real value) {
                a[x] += (1 - row.second) * value;
                b[x] += row.second * value;
            };
            for (int x = 0; x < shape_.width; ++x) {
                const Blend& column = columns_[static_cast<std::size_t>(x)];
                add(column.a, (1 - column.second) * from[x]);
                add(column.b, column.second * from[x]);
            }
        }
}

}  // namespace stillpoint
