// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "solver/core/rng.h"
#include "solver/image/image.h"

namespace stillpoint {

/// A photograph as it is kept for training: 8 bits a sample, planar, three channels (a quarter of the
/// memory).
class CompactPicture {
 public:
    /// Samples are clipped to [0, 1]; a grey picture's channel is repeated.
    explicit CompactPicture(ConstImageRef picture);
    int height() const { return shape_.height; }
    int width() const { return shape_.width; }
    Real at(int channel, int row, int column) const;

 private:
    Shape shape_;
    std::vector<std::uint8_t> samples_;
};

/// Random patches of a set of photographs: a picture, a place, one of the eight symmetries, each drawn from
/// the stream given. Immutable; any thread.
class PatchSource {
 public:
    /// Pictures smaller than `smallest` in a direction are left out. Throws Error("FOLDER", sentence) if none
    /// is left.
    PatchSource(std::vector<CompactPicture> pictures, int smallest);
    std::size_t pictures() const { return pictures_.size(); }
    /// size x size, three channels; `grey`: one, the luminance 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
    Image draw(RandomStream& random, int size, bool grey) const;

 private:
    std::vector<CompactPicture> pictures_;
};

}  // namespace stillpoint
