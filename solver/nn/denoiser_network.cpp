// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/denoiser_network.h"

#include <algorithm>

#include "solver/core/error.h"
#include "solver/core/parallel.h"

namespace stillpoint {
namespace {

ConvLayer layer(std::string name, int in, int out) {
    return {std::move(name), in, out, 3, false, false};
}

}  // namespace

std::vector<ConvLayer> DenoiserArchitecture::layers() const {
    const int colours = unshuffle ? 4 * channels : channels;
    const int in = colours + (noiseMap > 0 ? 1 : 0);
    std::vector<ConvLayer> all;
    if (body == Body::residual) {
        all.push_back(layer("head", in, width));
        for (int block = 0; block < (depth - 2) / 2; ++block) {
            const std::string name = "blocks." + std::to_string(block);
            all.push_back(layer(name + ".conv1", width, width));
            all.back().relu = true;
            all.push_back(layer(name + ".conv2", width, width));
            all.back().skip = true;
        }
        all.push_back(layer("tail", width, colours));
        return all;
    }
    for (int k = 0; k < depth; ++k) {
        all.push_back(
            layer("layers." + std::to_string(k), k == 0 ? in : width, k + 1 == depth ? colours : width));
        all.back().relu = k + 1 < depth;
    }
    return all;
}

double DenoiserArchitecture::flopsPerPixel() const {
    double flops = 0;
    for (const ConvLayer& one : layers()) flops += 2.0 * one.in * one.out * one.size * one.size;
    return unshuffle ? flops / 4 : flops;
}

std::size_t DenoiserArchitecture::workBytes(Shape picture, ConvNetwork::Keep keep) const {
    const int scale = unshuffle ? 2 : 1;
    const auto numbers = [&](int maps) {
        return FeatureShape{maps, (picture.height + scale - 1) / scale, (picture.width + scale - 1) / scale}
            .size();
    };
    const auto all = layers();
    std::size_t slopes = 0, kept = 0;
    for (const ConvLayer& one : all) {
        if (one.relu) slopes += numbers(one.out) / 8;
        kept += numbers(one.in) * sizeof(Real);
    }
    const std::size_t networks = channels == 1 ? static_cast<std::size_t>(picture.channels) : 1;
    std::size_t each = 2 * numbers(width) * sizeof(Real);
    if (keep != ConvNetwork::Keep::nothing) each += slopes;
    if (keep == ConvNetwork::Keep::everything) each += kept;
    return networks * each + (numbers(all.front().in) + numbers(all.back().out)) * sizeof(Real);
}

DenoiserNetwork::DenoiserNetwork(const DenoiserArchitecture& architecture, Shape picture)
    : architecture_(architecture), picture_(picture), scale_(architecture.unshuffle ? 2 : 1) {
    const int channels = architecture.channels;
    if (channels != picture.channels && channels != 1 && picture.channels != 1)
        throw Error("model", "The model is for pictures of " + std::to_string(channels) +
                                 " channels; the picture has " + std::to_string(picture.channels) + ".");
    const int height = (picture.height + scale_ - 1) / scale_, width = (picture.width + scale_ - 1) / scale_;
    coarse_ = {0, height, width};
    const std::size_t count = channels == 1 ? static_cast<std::size_t>(picture.channels) : 1;
    for (std::size_t k = 0; k < count; ++k)
        parts_.push_back({k, std::make_unique<ConvNetwork>(architecture.layers(), height, width)});
    in_ = Buffer(parts_[0].network->input().size());
    out_ = Buffer(parts_[0].network->output().size());
}

void DenoiserNetwork::setWeights(const Weights& weights) {
    for (Part& part : parts_) part.network->setWeights(weights);
}

// Calls visit(network channel, feature pixel, sample of the picture, inside) for each sample that a network
// sees; `inside` is false for the row and column that continue an odd picture.
// Rows of features, which see different samples, are shared out among the threads.
template <class Visit>
void DenoiserNetwork::overSamples(const Part& part, const Visit& visit) const {
    const auto scale = static_cast<std::size_t>(scale_);
    const auto channels = static_cast<std::size_t>(architecture_.channels);
    const auto height = static_cast<std::size_t>(picture_.height),
               width = static_cast<std::size_t>(picture_.width);
    const auto columns = static_cast<std::size_t>(coarse_.width);
    const auto row = [&](std::size_t i, std::size_t k, std::size_t a, std::size_t b) {
        const std::size_t y = std::min(i * scale + a, height - 1);
        const std::size_t plane = (part.firstChannel + (replicates() ? 0 : k)) * picture_.planeSize();
        for (std::size_t j = 0; j < columns; ++j) {
            const std::size_t x = std::min(j * scale + b, width - 1);
            const bool inside = i * scale + a < height && j * scale + b < width;
            visit((k * scale + a) * scale + b, i * columns + j, plane + y * width + x, inside);
        }
    };
    constexpr std::size_t grain = 16;
    parallelRanges(static_cast<std::size_t>(coarse_.height), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t k = 0; k < channels; ++k)
                for (std::size_t a = 0; a < scale; ++a)
                    for (std::size_t b = 0; b < scale; ++b) row(i, k, a, b);
    });
}

void DenoiserNetwork::pack(const Part& part, ConstRealSpan x, double level) {
    const FeatureShape shape = part.network->input();
    overSamples(part, [&](std::size_t channel, std::size_t pixel, std::size_t sample, bool) {
        in_[shape.index(channel, pixel)] = x[sample];
    });
    if (architecture_.noiseMap <= 0) return;
    const auto value = static_cast<Real>(architecture_.noiseMap * level);
    for (std::size_t p = 0; p < shape.planeSize(); ++p)
        in_[shape.index(static_cast<std::size_t>(shape.channels) - 1, p)] = value;
}

// out = x + the network's output
void DenoiserNetwork::addUnpacked(const Part& part, ConstRealSpan x, RealSpan out) {
    const FeatureShape shape = part.network->output();
    const Real share = replicates() ? Real{1} / static_cast<Real>(architecture_.channels) : Real{1};
    const auto first = part.firstChannel * picture_.planeSize();
    const auto count = replicates() ? picture_.planeSize()
                                    : static_cast<std::size_t>(architecture_.channels) * picture_.planeSize();
    copy(x.subspan(first, count), out.subspan(first, count));
    overSamples(part, [&](std::size_t channel, std::size_t pixel, std::size_t sample, bool inside) {
        if (inside) out[sample] += share * out_[shape.index(channel, pixel)];
    });
}

void DenoiserNetwork::packCotangent(const Part& part, ConstRealSpan c) {
    const FeatureShape shape = part.network->output();
    const Real share = replicates() ? Real{1} / static_cast<Real>(architecture_.channels) : Real{1};
    overSamples(part, [&](std::size_t channel, std::size_t pixel, std::size_t sample, bool inside) {
        out_[shape.index(channel, pixel)] = inside ? share * c[sample] : Real{0};
    });
}

void DenoiserNetwork::addUnpackedCotangent(const Part& part, ConstRealSpan c, RealSpan out) {
    const FeatureShape shape = part.network->input();
    const auto first = part.firstChannel * picture_.planeSize();
    const auto count = replicates() ? picture_.planeSize()
                                    : static_cast<std::size_t>(architecture_.channels) * picture_.planeSize();
    copy(c.subspan(first, count), out.subspan(first, count));
    overSamples(part, [&](std::size_t channel, std::size_t pixel, std::size_t sample, bool) {
        out[sample] += in_[shape.index(channel, pixel)];
    });
    if (architecture_.noiseMap <= 0) return;
    double sum = 0;
    for (std::size_t p = 0; p < shape.planeSize(); ++p)
        sum += static_cast<double>(in_[shape.index(static_cast<std::size_t>(shape.channels) - 1, p)]);
    sigmaProduct_ += architecture_.noiseMap * sum;
}

void DenoiserNetwork::apply(ConstRealSpan x, double sigma, RealSpan out, Keep keep) {
    for (Part& part : parts_) {
        pack(part, x, sigma);
        part.network->forward(in_.span(), out_.span(), keep);
        addUnpacked(part, x, out);
    }
}

void DenoiserNetwork::jvp(ConstRealSpan d, RealSpan out, Keep keep) {
    for (Part& part : parts_) {
        pack(part, d, 0);
        part.network->jvp(in_.span(), out_.span(), keep);
        addUnpacked(part, d, out);
    }
}

template <class Run>
void DenoiserNetwork::backward(ConstRealSpan c, RealSpan out, const Run& run) {
    sigmaProduct_ = 0;
    for (Part& part : parts_) {
        packCotangent(part, c);
        run(*part.network);
        addUnpackedCotangent(part, c, out);
    }
}

void DenoiserNetwork::vjp(ConstRealSpan c, RealSpan out) {
    backward(c, out, [&](ConvNetwork& network) { network.vjp(out_.span(), in_.span()); });
}

void DenoiserNetwork::addWeightGradients(ConstRealSpan c, double scale, RealSpan gradient, RealSpan out) {
    backward(c, out, [&](ConvNetwork& network) {
        network.addWeightGradients(out_.span(), scale, gradient, in_.span());
    });
}

}  // namespace stillpoint
