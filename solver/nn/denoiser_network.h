// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "solver/core/shape.h"
#include "solver/nn/conv_network.h"

namespace stillpoint {

/// Layers of a convolutional denoiser. With u the picture, rearranged by 2 x 2 pixels into 4 channels a
/// colour if `unshuffle` (FFDNet: Zhang, Zuo and Zhang, 2018), joined by a constant channel noiseMap * sigma
/// unless that is 0, all convolutions 3 x 3:
///     plain     N = conv (relu conv)^(depth - 1)                  (DnCNN: Zhang et al., 2017)
///     residual  N = tail (h + conv relu conv h)^((depth - 2) / 2) head
/// and D(x) = x + N(u) rearranged back. Zeros beyond the border.
struct DenoiserArchitecture {
    enum class Body { plain, residual };
    Body body = Body::residual;
    int channels = 3;
    int width = 48;  ///< feature maps
    int depth = 12;  ///< convolutions
    bool unshuffle = true;
    double noiseMap = 5;  ///< 0: no noise map, one network for one level
    bool operator==(const DenoiserArchitecture&) const = default;

    std::vector<ConvLayer> layers() const;
    /// Floating-point operations a pixel of one application, two for each multiplication with its addition.
    double flopsPerPixel() const;
    /// Bytes of the feature maps that DenoiserNetwork reserves to run.
    std::size_t workBytes(Shape picture, ConvNetwork::Keep keep) const;

    /// For people: "residual, 3 channels, 12 convolutions of 48 features, unshuffled, with noise map".
    std::string sentence() const;
    /// As texts of a file ("network" = "denoiser", ...), and back. Throws Error("model", sentence) when a
    /// text is missing or senseless, and when the weights' slices are not those of layers().
    void describe(std::map<std::string, std::string>& texts) const;
    static DenoiserArchitecture read(const std::map<std::string, std::string>& texts, const Weights& weights,
                                     const std::string& name);
};

/// D for pictures of one shape, any size, with the products at its last linearisation (see ConvNetwork for
/// memory and kinks). Sizes that are odd where pixels are unshuffled are continued by their last row and
/// column.
///
/// Channels: a network of 1 channel treats each channel of a picture by itself. A network of 3 treats a grey
/// picture x as D(x, x, x), averaged: it must have been trained with grey pictures among the colour ones.
class DenoiserNetwork {
 public:
    /// Throws Error("model", sentence) if the channels do not fit.
    DenoiserNetwork(const DenoiserArchitecture& architecture, Shape picture);
    void setWeights(const Weights& weights);

    using Keep = ConvNetwork::Keep;
    /// out = D(x); x and out differ. sigma on the [0,1] scale.
    void apply(ConstRealSpan x, double sigma, RealSpan out, Keep keep);
    /// out = J d, J = dD/dx at the last apply that kept `slopes`. `everything`: addWeightGradients(c, ...)
    /// then adds <c, dJ/dweights d> until the next apply.
    void jvp(ConstRealSpan d, RealSpan out, Keep keep = Keep::slopes);
    /// out = J' c.
    void vjp(ConstRealSpan c, RealSpan out);
    /// Adds scale <c, dD/dweights> to `gradient`; the last apply kept `everything`. out = J' c.
    void addWeightGradients(ConstRealSpan c, double scale, RealSpan gradient, RealSpan out);
    /// <c, dD/dsigma> for the c of the last vjp or addWeightGradients.
    double sigmaProduct() const { return sigmaProduct_; }

 private:
    // Which pixels of a picture's channels one of the networks sees, and how often.
    struct Part {
        std::size_t firstChannel = 0;
        std::unique_ptr<ConvNetwork> network;
    };
    template <class Visit>
    void overSamples(const Part& part, const Visit& visit) const;
    void pack(const Part& part, ConstRealSpan x, double level);
    void addUnpacked(const Part& part, ConstRealSpan x, RealSpan out);
    void packCotangent(const Part& part, ConstRealSpan c);
    void addUnpackedCotangent(const Part& part, ConstRealSpan c, RealSpan out);
    template <class Run>
    void backward(ConstRealSpan c, RealSpan out, const Run& run);
    bool replicates() const { return architecture_.channels > picture_.channels; }

    DenoiserArchitecture architecture_;
    Shape picture_;
    int scale_;
    FeatureShape coarse_;  // of one picture channel's samples: channels is not used
    std::vector<Part> parts_;
    Buffer in_, out_;
    double sigmaProduct_ = 0;
};

}  // namespace stillpoint
