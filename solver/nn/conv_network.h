// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "solver/nn/convolution.h"
#include "solver/nn/weights.h"

namespace stillpoint {

/// One convolution of a network.
struct ConvLayer {
    std::string name;  ///< of its slices: "name.weight", "name.bias"
    int in = 0;
    int out = 0;
    int size = 3;
    bool relu = false;
    bool skip = false;  ///< adds the feature maps from before the layer before it (a residual block's end)
};
/// The weights of such layers, all 0.
Weights weightsOf(const std::vector<ConvLayer>& layers);

/// Convolutions one after the other, between feature maps (see convolution.h), with their products:
/// J = d output / d input at the last linearisation. The ReLU makes the network piecewise affine: J is exact
/// wherever no unit stands at its kink, where it is taken as off.
///
/// Memory, C the widest layer and P the pixels: 2 C P numbers to run, C P bits a ReLU for the products, 2 C P
/// numbers for J', and one C P a layer where gradients with respect to the weights are wanted. Skips need
/// none: two buffers take turns, so that a block's end finds the block's beginning in its own output.
/// One thread at a time; nothing of a picture's size is reserved after each function's first call.
class ConvNetwork {
 public:
    ConvNetwork(std::vector<ConvLayer> layers, int height, int width);

    FeatureShape input() const { return layers_.front().convolution.input(); }
    FeatureShape output() const { return layers_.back().convolution.output(); }
    /// Copies; the slices are those of weightsOf.
    void setWeights(const Weights& weights);

    /// What a call of forward keeps for the products at its point.
    enum class Keep { nothing, slopes, everything };
    /// out = N(in). `slopes`: for jvp and vjp. `everything`: for addWeightGradients too.
    void forward(ConstRealSpan in, RealSpan out, Keep keep);
    /// out = J d. `everything`: addWeightGradients(c, ...) then adds <c, dJ / d weights d> until the next
    /// forward.
    void jvp(ConstRealSpan d, RealSpan out, Keep keep = Keep::slopes);
    /// out = J' c.
    void vjp(ConstRealSpan c, RealSpan out);
    /// out = J' c, and adds scale <c, dN / d weights> to `gradient`, flat as the weights. Needs `everything`.
    void addWeightGradients(ConstRealSpan c, double scale, RealSpan gradient, RealSpan out);

 private:
    struct Layer {
        ConvLayer spec;
        Convolution convolution;
        std::optional<Convolution> transposed;
        BasicBuffer<std::uint8_t> slopes;   // a bit a sample: the ReLU is open
        Buffer kept;                        // the layer's input
        std::size_t filters = 0, bias = 0;  // offsets in the weights
    };
    ConstRealSpan filtersOf(const Layer& layer) const;
    static void keepInput(Layer& layer, ConstRealSpan features);
    void prepareTransposed();
    void backward(ConstRealSpan c, RealSpan out, const double* scale, RealSpan gradient);

    ConvolutionScratch scratch_;
    std::vector<Layer> layers_;
    std::vector<Real> weights_;
    bool transposedCurrent_ = false;
    bool keptTangents_ = false;  // the layers' kept inputs are of a jvp
    Buffer turn_[2];
    Buffer gradientWork_;
};

}  // namespace stillpoint
