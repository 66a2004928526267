// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace stillpoint {

/// Channels x height x width of a planar picture: sample (c, row, column) stands at (c*height + row)*width +
/// column.
struct Shape {
    int channels = 0;
    int height = 0;
    int width = 0;

    std::size_t planeSize() const {
        return static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    }
    std::size_t size() const { return static_cast<std::size_t>(channels) * planeSize(); }
    bool operator==(const Shape&) const = default;
};

}  // namespace stillpoint
