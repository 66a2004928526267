// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/conv_network.h"

#include <algorithm>
#include <cassert>

#include "solver/core/parallel.h"

namespace stillpoint {
namespace {

constexpr std::size_t kGrain = 1 << 12;  // bytes of slopes a thread should have

// slopes = whether each sample is positive
void keepSlopes(ConstRealSpan features, BasicBuffer<std::uint8_t>& slopes) {
    parallelRanges(slopes.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k) {
            unsigned bits = 0;
            for (unsigned j = 0; j < 8; ++j) bits |= static_cast<unsigned>(features[8 * k + j] > 0) << j;
            slopes[k] = static_cast<std::uint8_t>(bits);
        }
    });
}

void closeUnits(const BasicBuffer<std::uint8_t>& slopes, RealSpan features) {
    parallelRanges(slopes.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k) {
            const unsigned bits = slopes[k];
            for (unsigned j = 0; j < 8; ++j)
                features[8 * k + j] = (bits >> j & 1U) != 0 ? features[8 * k + j] : Real{0};
        }
    });
}

}  // namespace

Weights weightsOf(const std::vector<ConvLayer>& layers) {
    Weights weights;
    for (const ConvLayer& layer : layers) {
        weights.add(layer.name + ".weight", {layer.out, layer.in, layer.size, layer.size});
        weights.add(layer.name + ".bias", {layer.out});
    }
    return weights;
}

ConvNetwork::ConvNetwork(std::vector<ConvLayer> layers, int height, int width) {
    std::size_t widest = 0, offset = 0;
    layers_.reserve(layers.size());
    for (ConvLayer& spec : layers) {
        assert(layers_.empty() ? !spec.skip : layers_.back().spec.out == spec.in);
        Convolution convolution(spec.in, spec.out, spec.size, height, width, scratch_);
        widest = std::max(widest, convolution.output().size());
        const std::size_t filters = static_cast<std::size_t>(spec.in) * static_cast<std::size_t>(spec.out) *
                                    static_cast<std::size_t>(spec.size * spec.size);
        const std::size_t bias = offset + filters;
        layers_.push_back({std::move(spec), std::move(convolution), {}, {}, {}, offset, bias});
        offset = bias + static_cast<std::size_t>(layers_.back().spec.out);
    }
    weights_.resize(offset);
    // Rounded up to whole bytes of slopes: a plane of an odd size has a rest in the planar layout.
    for (Buffer& buffer : turn_) buffer = Buffer((widest + 7) / 8 * 8);
}

ConstRealSpan ConvNetwork::filtersOf(const Layer& layer) const {
    return ConstRealSpan(weights_).subspan(layer.filters, layer.bias - layer.filters);
}

void ConvNetwork::setWeights(const Weights& weights) {
    assert(weights.size() == weights_.size());
    std::copy(weights.values().begin(), weights.values().end(), weights_.begin());
    for (Layer& layer : layers_)
        layer.convolution.setWeights(
            filtersOf(layer),
            ConstRealSpan(weights_).subspan(layer.bias, static_cast<std::size_t>(layer.spec.out)));
    transposedCurrent_ = false;
}

void ConvNetwork::prepareTransposed() {
    if (transposedCurrent_) return;
    for (Layer& layer : layers_) {
        const FeatureShape shape = layer.convolution.input();
        if (!layer.transposed)
            layer.transposed.emplace(layer.spec.out, layer.spec.in, layer.spec.size, shape.height,
                                     shape.width, scratch_);
        layer.transposed->setTransposedWeights(filtersOf(layer));
    }
    transposedCurrent_ = true;
}

void ConvNetwork::keepInput(Layer& layer, ConstRealSpan features) {
    if (layer.kept.empty()) layer.kept = Buffer(features.size());
    copy(features, layer.kept.span());
}

// Buffer k % 2 holds the input of layer k; a skip's output buffer still holds what it adds to.
void ConvNetwork::forward(ConstRealSpan in, RealSpan out, Keep keep) {
    if (keep == Keep::everything) keptTangents_ = false;
    ConstRealSpan from = in;
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        Layer& layer = layers_[k];
        const std::size_t size = layer.convolution.output().size();
        const RealSpan to = k + 1 == layers_.size() ? out : turn_[k % 2].span().first(size);
        if (keep == Keep::everything) keepInput(layer, from);
        assert(!layer.spec.skip || k >= 2);
        layer.convolution.apply(from, to, {.add = layer.spec.skip, .relu = layer.spec.relu});
        if (layer.spec.relu && keep != Keep::nothing) {
            if (layer.slopes.empty()) layer.slopes = BasicBuffer<std::uint8_t>((size + 7) / 8);
            keepSlopes(turn_[k % 2].span(), layer.slopes);
        }
        from = to;
    }
}

void ConvNetwork::jvp(ConstRealSpan d, RealSpan out, Keep keep) {
    if (keep == Keep::everything) keptTangents_ = true;
    ConstRealSpan from = d;
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        Layer& layer = layers_[k];
        const std::size_t size = layer.convolution.output().size();
        const RealSpan to = k + 1 == layers_.size() ? out : turn_[k % 2].span().first(size);
        if (keep == Keep::everything) keepInput(layer, from);
        layer.convolution.apply(from, to, {.add = layer.spec.skip, .bias = false});
        if (layer.spec.relu) closeUnits(layer.slopes, turn_[k % 2].span());
        from = to;
    }
}

void ConvNetwork::vjp(ConstRealSpan c, RealSpan out) {
    backward(c, out, nullptr, {});
}

void ConvNetwork::addWeightGradients(ConstRealSpan c, double scale, RealSpan gradient, RealSpan out) {
    backward(c, out, &scale, gradient);
}

// The same two turns backwards: when layer k begins a residual block (layer k + 1 has the skip), its input's
// cotangent adds to the cotangent of that block's output, which stands in the other buffer.
void ConvNetwork::backward(ConstRealSpan c, RealSpan out, const double* scale, RealSpan gradient) {
    prepareTransposed();
    if (scale != nullptr && gradientWork_.empty()) gradientWork_ = Buffer(weights_.size());
    if (scale != nullptr) fill(gradientWork_.span(), 0);
    ConstRealSpan from = c;
    for (std::size_t k = layers_.size(); k-- > 0;) {
        Layer& layer = layers_[k];
        if (layer.spec.relu) closeUnits(layer.slopes, turn_[(k + 1) % 2].span());
        if (scale != nullptr) {
            const RealSpan work = gradientWork_.span();
            const auto bias = keptTangents_ ? 0 : static_cast<std::size_t>(layer.spec.out);
            layer.convolution.addWeightGradients(layer.kept.span(), from,
                                                 work.subspan(layer.filters, layer.bias - layer.filters),
                                                 work.subspan(layer.bias, bias));
        }
        const RealSpan to = k == 0 ? out : turn_[k % 2].span().first(layer.convolution.input().size());
        const bool beginsBlock = k + 1 < layers_.size() && layers_[k + 1].spec.skip;
        layer.transposed->apply(from, to, {.add = beginsBlock, .bias = false});
        from = to;
    }
    if (scale != nullptr) axpy(*scale, gradientWork_.span(), gradient);
}

}  // namespace stillpoint
