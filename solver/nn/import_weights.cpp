// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/import_weights.h"

#include <algorithm>
#include <set>

#include "solver/core/error.h"

namespace stillpoint {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& fault) {
    throw Error("model", "The weights '" + name + "' cannot be used: " + fault + ".");
}

std::string deepinvName(int layer, int depth) {
    if (layer == 0) return "in_conv";
    return layer + 1 == depth ? "out_conv" : "conv_list." + std::to_string(layer - 1);
}

std::string kairName(int layer) {
    return "model." + std::to_string(2 * layer);
}

/// Names of the convolutions, in their order.
struct Layers {
    std::vector<std::string> names;
    bool subtracts = false;
};

Layers layersOf(const Weights& weights, const std::string& name) {
    const auto has = [&](const std::string& layer) { return weights.find(layer + ".weight") != nullptr; };
    Layers layers;
    if (has("in_conv")) {
        int depth = 2;
        while (has("conv_list." + std::to_string(depth - 2))) ++depth;
        for (int k = 0; k < depth; ++k) layers.names.push_back(deepinvName(k, depth));
    } else if (has("model.0")) {
        layers.subtracts = true;
        for (int k = 0; has(kairName(k)); ++k) layers.names.push_back(kairName(k));
    } else {
        const std::string first = weights.slices().empty() ? "" : weights.slices().front().name;
        refuse(name, first.empty()
                         ? "it holds no arrays"
                         : "its arrays ('" + first +
                               "', ...) are not those of a DnCNN: in_conv, conv_list.0, ..., out_conv "
                               "or model.0, model.2, ...");
    }
    return layers;
}

void refuseOtherArrays(const Weights& weights, const Layers& layers, const std::string& name) {
    std::set<std::string> known;
    for (const std::string& layer : layers.names) {
        known.insert(layer + ".weight");
        known.insert(layer + ".bias");
    }
    for (const Weights::Slice& slice : weights.slices())
        if (slice.name.ends_with(".running_mean") || slice.name.ends_with(".running_var"))
            refuse(name, "it holds batch normalisation ('" + slice.name +
                             "'), which must be merged into the convolutions first");
    for (const Weights::Slice& slice : weights.slices())
        if (!known.contains(slice.name))
            refuse(name, "its array '" + slice.name + "' does not belong to a DnCNN of " +
                             std::to_string(layers.names.size()) + " convolutions named " +
                             layers.names.front() + ", ..., " + layers.names.back());
}

std::string text(const std::vector<int>& shape) {
    std::string text;
    for (const int extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "a single number" : text;
}

const Weights::Slice& sliceOf(const Weights& weights, const std::string& slice, const std::vector<int>& shape,
                              const std::string& name) {
    const Weights::Slice* found = weights.find(slice);
    if (found == nullptr) refuse(name, "its array '" + slice + "' is missing");
    if (found->shape != shape)
        refuse(name, "its array '" + slice + "' is " + text(found->shape) + "; needed is " + text(shape));
    return *found;
}

// The shape of the first convolution says channels and width; all layers are compared with it.
DenoiserArchitecture architectureOf(const Weights& weights, const Layers& layers, const std::string& name) {
    const Weights::Slice& first = *weights.find(layers.names.front() + ".weight");
    const bool filters = first.shape.size() == 4 && first.shape[2] == 3 && first.shape[3] == 3;
    if (!filters || (first.shape[1] != 1 && first.shape[1] != 3))
        refuse(name, "its array '" + first.name + "' is " + text(first.shape) +
                         "; needed are filters of 3 x 3 for 1 or 3 channels");
    const int depth = static_cast<int>(layers.names.size());
    if (depth < 2) refuse(name, "it has a single convolution; needed are two at least");
    return {DenoiserArchitecture::Body::plain, first.shape[1], first.shape[0], depth, false, 0};
}

void copyLayer(const Weights& from, const std::string& layer, const ConvLayer& to, bool negated,
               Weights& weights, const std::string& name) {
    const auto copySlice = [&](const Weights::Slice& source, const std::string& slice) {
        const Weights::Slice& target = *weights.find(slice);
        const ConstRealSpan given = from.values().subspan(source.offset, source.size);
        std::ranges::transform(given, weights.values().begin() + static_cast<std::ptrdiff_t>(target.offset),
                               [negated](Real value) { return negated ? -value : value; });
    };
    copySlice(sliceOf(from, layer + ".weight", {to.out, to.in, 3, 3}, name), to.name + ".weight");
    if (from.find(layer + ".bias") != nullptr)
        copySlice(sliceOf(from, layer + ".bias", {to.out}, name), to.name + ".bias");
}

}  // namespace

Model importDenoiser(WeightsFile file, const std::string& name) {
    if (file.texts.contains("network")) return modelOf(std::move(file), name);
    const Layers layers = layersOf(file.weights, name);
    refuseOtherArrays(file.weights, layers, name);
    Model model;
    model.architecture = architectureOf(file.weights, layers, name);
    const auto ours = model.denoiser()->layers();
    // Before anything of the described size is reserved.
    for (std::size_t k = 0; k < ours.size(); ++k)
        sliceOf(file.weights, layers.names[k] + ".weight", {ours[k].out, ours[k].in, 3, 3}, name);
    model.weights = weightsOf(ours);
    for (std::size_t k = 0; k < ours.size(); ++k)
        copyLayer(file.weights, layers.names[k], ours[k], layers.subtracts && k + 1 == ours.size(),
                  model.weights, name);
    model.texts = std::move(file.texts);
    return modelOf(fileOf(model), name);  // the limits of sizes
}

WeightsFile exportDenoiser(const Model& model) {
    if (!model.denoiser()) return fileOf(model);
    const DenoiserArchitecture& architecture = *model.denoiser();
    if (architecture.body != DenoiserArchitecture::Body::plain || architecture.unshuffle ||
        architecture.noiseMap > 0)
        return fileOf(model);
    WeightsFile file{{}, model.texts};
    std::map<std::string, std::string> described;
    architecture.describe(described);
    for (const auto& [key, value] : described) file.texts.erase(key);
    const auto layers = architecture.layers();
    for (std::size_t k = 0; k < layers.size(); ++k)
        for (const char* part : {".weight", ".bias"}) {
            const Weights::Slice& slice = *model.weights.find(layers[k].name + part);
            const std::string theirs = deepinvName(static_cast<int>(k), architecture.depth) + part;
            const RealSpan to = file.weights.values(file.weights.add(theirs, slice.shape));
            std::ranges::copy(model.weights.values().subspan(slice.offset, slice.size), to.begin());
        }
    return file;
}

}  // namespace stillpoint
