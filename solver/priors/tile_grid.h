// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "solver/core/shape.h"
#include "solver/core/vec.h"

namespace stillpoint {

/// One direction of a plane under a periodic border, cut into `count` stretches of `core` samples, each the
/// middle of a canvas of `size`, a length that transforms are fast at, with `margin` samples around: so a
/// filter that reaches `margin` samples to each side gives on the core what it gives on the whole plane. A
/// plane that is small and of such a length itself is one tile without a margin.
struct TileAxis {
    TileAxis(int length, int reach);
    int length, count, core, size, margin;
    int start(int tile) const { return tile * core; }
    /// Samples of the core that belong to the plane: the last one may be cut.
    int used(int tile) const;
    /// Where sample i of the canvas of a tile lies on the plane; -1 if the canvas is larger than needed
    /// there.
    int source(int tile, int i) const;
};

/// Tiles of planes of one height and width, for correlations by transforms that stay in the cache of a
/// core: their working memory does not grow with the picture. Immutable.
class TileGrid {
 public:
    TileGrid(int height, int width, int reach) : rows_(height, reach), columns_(width, reach) {}

    int count() const { return rows_.count * columns_.count; }
    Shape canvas() const { return {1, rows_.size, columns_.size}; }
    /// The tile's part of a plane, margins too; 0 where the canvas is larger.
    void read(int tile, ConstRealSpan plane, RealSpan canvas) const;
    /// Adds a canvas to the plane, each sample where it was read from: the transposed map of read.
    void add(int tile, ConstRealSpan canvas, RealSpan plane) const;

    /// Calls body(begin, length) for each row of the tile's core: offsets on the canvas.
    template <class Body>
    void overCore(int tile, const Body& body) const {
        const int row = tile / columns_.count, column = tile % columns_.count;
        const int width = columns_.used(column);
        for (int i = 0; i < rows_.used(row); ++i)
            body(static_cast<std::size_t>((i + rows_.margin) * columns_.size + columns_.margin),
                 static_cast<std::size_t>(width));
    }
    /// Samples of all cores of tiles before this one: the cores one after the other fill a plane.
    std::size_t coreOffset(int tile) const;

 private:
    TileAxis rows_, columns_;
};

}  // namespace stillpoint
