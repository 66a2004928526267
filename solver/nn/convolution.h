// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/core/buffer.h"
#include "solver/core/vec.h"

namespace stillpoint {

/// Feature maps as the convolutions want them: channels in blocks of featureBlock() side by side, sample
/// (c, row, column) at ((c / B * height + row) * width + column) * B + c % B, channels rounded up to whole
/// blocks. Channels beyond the real ones are 0 and stay 0. B is 16 where the processor has AVX-512, else 8;
/// 1 (planar) in the `verify` build.
std::size_t featureBlock();
struct FeatureShape {
    int channels = 0;
    int height = 0;
    int width = 0;

    std::size_t planeSize() const {
        return static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    }
    std::size_t paddedChannels() const {
        const std::size_t block = featureBlock();
        return (static_cast<std::size_t>(channels) + block - 1) / block * block;
    }
    /// Numbers to reserve.
    std::size_t size() const { return paddedChannels() * planeSize(); }
    std::size_t index(std::size_t channel, std::size_t pixel) const {
        const std::size_t block = featureBlock();
        return (channel / block * planeSize() + pixel) * block + channel % block;
    }
};

/// What is done with a convolution's result before it is written.
struct ConvolutionForm {
    bool add = false;   ///< onto what the output holds
    bool relu = false;  ///< max(0, .), after everything else
    bool bias = true;
    bool operator==(const ConvolutionForm&) const = default;
};

/// Memory that the primitives of one network share, since they run one after the other.
using ConvolutionScratch = BasicBuffer<std::byte>;

/// One layer: cross-correlation of `in` feature maps with out x in filters of odd size, zeros beyond the
/// border, same height and width:
///     y_o(p) = b_o + sum over i, d of w_oi(d) x_i(p + d - size / 2).
/// The only class that knows oneDNN; in the `verify` build, for which oneDNN has no arithmetic, plain loops.
///
/// Threads: the count in force when a form is first used stays; one thread at a time calls in. Nothing of a
/// picture's size is reserved after the first call of a form (oneDNN makes a few small argument tables in
/// each call). Primitives are found in oneDNN's own cache after the first network of a size: about 0.1 ms.
class Convolution {
 public:
    /// Keeps a reference to `scratch`, which may grow when a form is first used.
    Convolution(int in, int out, int size, int height, int width, ConvolutionScratch& scratch);
    ~Convolution();
    Convolution(Convolution&&) noexcept;
    Convolution& operator=(Convolution&&) = delete;

    FeatureShape input() const { return {in_, height_, width_}; }
    FeatureShape output() const { return {out_, height_, width_}; }

    /// filters: out x in x size x size, row-major; bias: out numbers, or none for zeros.
    void setWeights(ConstRealSpan filters, ConstRealSpan bias);
    /// Filters of the transposed map: in x out, mirrored. `filters` are those of the layer itself.
    void setTransposedWeights(ConstRealSpan filters);

    /// in and out differ.
    void apply(ConstRealSpan in, RealSpan out, ConvolutionForm form);
    /// Adds <c, d apply(in) / d weights> to filters and bias, laid out as in setWeights.
    void addWeightGradients(ConstRealSpan in, ConstRealSpan c, RealSpan filters, RealSpan bias);

 private:
    std::size_t filterCount() const {
        return static_cast<std::size_t>(in_) * static_cast<std::size_t>(out_) *
               static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_);
    }
    int in_, out_, size_, height_, width_;
    struct Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace stillpoint
