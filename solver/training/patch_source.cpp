// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/patch_source.h"

#include <algorithm>
#include <cmath>

#include "solver/core/error.h"
#include "solver/image/colour.h"

namespace stillpoint {

CompactPicture::CompactPicture(ConstImageRef picture)
    : shape_{3, picture.shape().height, picture.shape().width}, samples_(shape_.size()) {
    const std::size_t plane = shape_.planeSize();
    const bool grey = picture.shape().channels == 1;
    for (std::size_t k = 0; k < samples_.size(); ++k) {
        const Real sample = picture.samples()[grey ? k % plane : k];
        const double clipped = std::clamp(static_cast<double>(sample), 0.0, 1.0);
        samples_[k] = static_cast<std::uint8_t>(std::lround(255 * clipped));
    }
}

Real CompactPicture::at(int channel, int row, int column) const {
    const auto index = (static_cast<std::size_t>(channel) * static_cast<std::size_t>(shape_.height) +
                        static_cast<std::size_t>(row)) *
                           static_cast<std::size_t>(shape_.width) +
                       static_cast<std::size_t>(column);
    return static_cast<Real>(samples_[index]) / 255;
}

PatchSource::PatchSource(std::vector<CompactPicture> pictures, int smallest)
    : pictures_(std::move(pictures)) {
    const std::size_t given = pictures_.size();
    std::erase_if(pictures_, [&](const CompactPicture& picture) {
        return picture.height() < smallest || picture.width() < smallest;
    });
    if (pictures_.empty())
        throw Error("FOLDER", "Of " + std::to_string(given) + " pictures none is at least " +
                                  std::to_string(smallest) + " x " + std::to_string(smallest) +
                                  " pixels large, the size of a patch.");
}

Image PatchSource::draw(RandomStream& random, int size, bool grey) const {
    const auto below = [&](std::size_t count) {
        return std::min(static_cast<std::size_t>(random.uniform() * static_cast<double>(count)), count - 1);
    };
    const CompactPicture& picture = pictures_[below(pictures_.size())];
    const int top = static_cast<int>(below(static_cast<std::size_t>(picture.height() - size + 1)));
    const int left = static_cast<int>(below(static_cast<std::size_t>(picture.width() - size + 1)));
    const std::size_t symmetry = below(8);
    Image patch(3, size, size);
    for (int i = 0; i < size; ++i)
        for (int j = 0; j < size; ++j) {
            int row = (symmetry & 1) != 0 ? size - 1 - i : i, column = (symmetry & 2) != 0 ? size - 1 - j : j;
            if ((symmetry & 4) != 0) std::swap(row, column);
            for (int c = 0; c < 3; ++c) patch.at(c, i, j) = picture.at(c, top + row, left + column);
        }
    return grey ? luminance(patch) : std::move(patch);
}

}  // namespace stillpoint
