// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

#include "solver/core/parallel.h"
#include "solver/core/vec.h"
#include "solver/image/image.h"

namespace stillpoint {

/// Orthogonal wavelets with compact support (Daubechies, 1988 and 1992): the number is that of vanishing
/// moments, half the number of taps. db: shortest delay; sym: as close to symmetric as its taps allow.
enum class WaveletFamily { haar, db2, db3, db4, sym4, sym8 };
inline constexpr std::array<const char*, 6> kWaveletFamilies{"haar", "db2", "db3", "db4", "sym4", "sym8"};

/// Low-pass taps h: sum sqrt(2), sum_j h[j] h[j+2k] = 1 for k = 0 and 0 for all others. The high-pass taps
/// are g[j] = (-1)^j h[size-1-j].
std::span<const double> waveletTaps(WaveletFamily family);

/// One level along one axis: n numbers to n/2 (rounded down) approximations and the other half details.
/// What the periodic filter takes, an even number, are the first 2 `pairs` of them; what it leaves, `rest` =
/// 0, 1 or 2 numbers at the end, joins by one rotation (cosine, sine).
struct WaveletAxis {
    int size = 0;
    int pairs = 0;
    int rest = 0;
    double cosine = 1, sine = 0;

    bool active() const { return size > 1; }
    int approximations() const { return active() ? size / 2 : size; }
    int details() const { return size - approximations(); }
    /// Filter positions, and one more for a rest of two or an axis that is passed through.
    int items() const { return pairs + (rest == 2 || !active() ? 1 : 0); }
};

/// Orthogonal periodic separable wavelet transform W of each channel of a picture (Mallat, 1989), W'W = I for
/// every size.
///
/// A line of n numbers is filtered as a circle, low[k] = sum_j h[j] x[2(k - s) + j] and the same with g for
/// the details, where s centres the low-pass at 2k; lines shorter than the filter wrap around it, which keeps
/// the filter orthogonal. The number left over by an odd n is rotated together with the last approximation,
/// so that one of the two results vanishes on flat lines: that one is a detail, the other replaces the
/// approximation. From then on a flat line has one number, the last, that differs from the others by a known
/// factor; it stays out of the filter and joins by such a rotation in every level (the weights of an
/// unbalanced Haar wavelet; Girardi and Sweldens, 1997). So the details of a flat picture are zero for every
/// size, not only for even ones.
///
/// Coefficients lie where the samples lay, in nested blocks: of a block of h x w coefficients the upper left
/// h/2 x w/2 (rounded down, at least 1) are approximations and the block of the next level, all others
/// details. Levels beyond the size at which both sides are 1 are not made.
///
/// One level is one pass: rows are filtered vertically as whole rows, and each result at once horizontally
/// while it is in the first cache. Threaded over rows, with results that do not depend on the threads, with
/// the thread count of the constructing thread at most. Scratch of 1/3 picture; no allocation after
/// construction; one caller at a time.
class WaveletTransform {
 public:
    /// Fewer samples are not worth waking a thread.
    static constexpr std::size_t kSamplesPerThread = 131072;

    WaveletTransform(Shape shape, WaveletFamily family, int levels);

    const Shape& shape() const { return shape_; }
    /// Levels that are made, at most those asked for; 0 for a picture of one pixel.
    int levels() const { return static_cast<int>(levels_.size()); }
    int approximationRows() const {
        return levels_.empty() ? shape_.height : levels_.back().rows.approximations();
    }
    int approximationColumns() const {
        return levels_.empty() ? shape_.width : levels_.back().columns.approximations();
    }

    /// coefficients = W x; they must not overlap.
    void forward(ConstImageRef x, RealSpan coefficients);
    /// out = W' coefficients, the inverse; they must not overlap.
    void inverse(ConstRealSpan coefficients, ImageRef out);

    /// Calls body(row, begin, end) for every row of coefficients, channel after channel, where [begin, end)
    /// are its details in the flat order of the coefficients (empty in a row of approximations only);
    /// threaded.
    template <class Body>
    void forDetails(const Body& body) const {
        const auto height = static_cast<std::size_t>(shape_.height);
        const auto width = static_cast<std::size_t>(shape_.width);
        const auto top = static_cast<std::size_t>(approximationRows());
        const auto left = static_cast<std::size_t>(approximationColumns());
        parallelRanges(static_cast<std::size_t>(shape_.channels) * height, kSamplesPerThread / width + 1,
                       [&](std::size_t first, std::size_t last) {
                           for (std::size_t row = first; row < last; ++row)
                               body(row, row * width + (row % height < top ? left : 0), (row + 1) * width);
                       });
    }
    /// Sets the approximations to zero.
    void clearApproximations(RealSpan coefficients) const;

 private:
    static constexpr int kMostTaps = 16;
    static constexpr std::size_t kRows = 4;  // scratch rows of a part
    using Taps = std::array<Real, kMostTaps>;

    struct Level {
        WaveletAxis rows, columns;  // vertical, horizontal
    };
    // Rows of a plane or of a block in it.
    template <class T>
    struct Grid {
        T* data = nullptr;
        std::size_t rowStride = 0, planeStride = 0;
        T* row(int channel, int y) const {
            return data + static_cast<std::size_t>(channel) * planeStride +
                   static_cast<std::size_t>(y) * rowStride;
        }
    };
    // A row of coefficients in two places: left approximations, right details of the horizontal filter.
    struct SplitRow {
        const Real* left = nullptr;
        const Real* right = nullptr;
    };
    // What one level reads and writes when it goes back.
    struct Synthesis {
        const Level& level;
        Grid<const Real> low, detail;
        Grid<Real> out;
    };

    Grid<Real> scratch(std::size_t level);
    Real* partRow(std::size_t part, std::size_t which);
    template <class Body>
    void forItems(const Level& level, const Body& body);

    void analyseItem(const Level& level, Grid<const Real> in, Grid<Real> low, Grid<Real> detail, int channel,
                     int k, std::size_t part);
    void analyseLine(const WaveletAxis& axis, const Real* in, Real* low, Real* high, std::size_t part);
    void mendLastApproximations(const Synthesis& s);
    SplitRow approximationRow(const Synthesis& s, int channel, int k) const;
    SplitRow detailRow(const Synthesis& s, int channel, int k) const;
    void synthesiseItem(const Synthesis& s, int channel, int k, std::size_t part);
    void synthesiseLine(const WaveletAxis& axis, SplitRow in, Real* out, std::size_t part);

    Shape shape_;
    int taps_ = 2;
    int centre_ = 0;   // s of the formula
    Taps low_, high_;  // h and g
    Taps even_, odd_;  // of the inverse: h and g by turns, taps of even and of odd samples
    std::vector<Level> levels_;
    Buffer approximations_[2];  // of odd and of even levels
    std::size_t parts_ = 1;
    std::size_t rowSize_ = 0;
    Buffer rows_;    // kRows rows a part
    Buffer mended_;  // one row a channel
};

}  // namespace stillpoint
