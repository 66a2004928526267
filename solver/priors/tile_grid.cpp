// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/tile_grid.h"

#include <cmath>

#include "solver/fft/fft2d.h"

namespace stillpoint {
namespace {

// A canvas of this many samples each way, its spectrum and a second one stay in the second cache.
constexpr int kLargestCanvas = 180;
constexpr int kLargestWhole = 128;  // beyond, several tiles give several threads work

}  // namespace

TileAxis::TileAxis(int all, int reach) : length(all) {
    if (all <= kLargestWhole && fastFftSize(all) == all) {
        count = 1;
        core = size = all;
        margin = 0;
        return;
    }
    margin = reach;
    double best = 0;
    count = 0;
    for (int tiles = 1; tiles <= all; ++tiles) {
        const int each = (all + tiles - 1) / tiles;
        const int canvas = fastFftSize(each + 2 * reach);
        if (canvas > kLargestCanvas) continue;
        const int needed = (all + each - 1) / each;
        const double cost = needed * canvas * std::log(canvas);
        if (count != 0 && cost >= best) {
            if (canvas < 4 * reach) break;  // hardly more than margins: it gets no better
            continue;
        }
        best = cost;
        count = needed;
        core = each;
        size = canvas;
    }
}

int TileAxis::used(int tile) const {
    return std::min(core, length - start(tile));
}

int TileAxis::source(int tile, int i) const {
    if (i >= used(tile) + 2 * margin) return -1;
    const int at = (start(tile) + i - margin) % length;
    return at < 0 ? at + length : at;
}

void TileGrid::read(int tile, ConstRealSpan plane, RealSpan canvas) const {
    const int row = tile / columns_.count, column = tile % columns_.count;
    Real* to = canvas.data();
    for (int i = 0; i < rows_.size; ++i, to += columns_.size) {
        const int from = rows_.source(row, i);
        const Real* line = plane.data() + static_cast<std::ptrdiff_t>(from) * columns_.length;
        for (int j = 0; j < columns_.size; ++j) {
            const int at = from < 0 ? -1 : columns_.source(column, j);
            to[j] = at < 0 ? 0 : line[at];
        }
    }
}

void TileGrid::add(int tile, ConstRealSpan canvas, RealSpan plane) const {
    const int row = tile / columns_.count, column = tile % columns_.count;
    const Real* from = canvas.data();
    for (int i = 0; i < rows_.size; ++i, from += columns_.size) {
        const int to = rows_.source(row, i);
        if (to < 0) continue;
        Real* line = plane.data() + static_cast<std::ptrdiff_t>(to) * columns_.length;
        for (int j = 0; j < columns_.size; ++j)
            if (const int at = columns_.source(column, j); at >= 0) line[at] += from[j];
    }
}

std::size_t TileGrid::coreOffset(int tile) const {
    const int row = tile / columns_.count, column = tile % columns_.count;
    return static_cast<std::size_t>(rows_.start(row)) * static_cast<std::size_t>(columns_.length) +
           static_cast<std::size_t>(rows_.used(row)) * static_cast<std::size_t>(columns_.start(column));
}

}  // namespace stillpoint
