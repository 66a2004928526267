// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/core/param.h"
#include "solver/nn/denoiser_network.h"
#include "solver/nn/model_texts.h"

// The architecture as texts of a weights file.
namespace stillpoint {
using texts::number;
using texts::refuse;
using texts::text;

std::string DenoiserArchitecture::sentence() const {
    std::string text = body == Body::residual ? "residual, " : "plain, ";
    text += std::to_string(channels) + (channels == 1 ? " channel, " : " channels, ") +
            std::to_string(depth) + " convolutions of " + std::to_string(width) + " features";
    if (unshuffle) text += ", unshuffled";
    if (noiseMap > 0) text += ", with noise map";
    return text;
}

void DenoiserArchitecture::describe(std::map<std::string, std::string>& texts) const {
    texts["network"] = "denoiser";
    texts["body"] = body == Body::residual ? "residual" : "plain";
    texts["channels"] = std::to_string(channels);
    texts["width"] = std::to_string(width);
    texts["depth"] = std::to_string(depth);
    texts["unshuffle"] = unshuffle ? "2" : "1";
    texts["noise-map"] = toText(noiseMap);
}

DenoiserArchitecture DenoiserArchitecture::read(const std::map<std::string, std::string>& texts,
                                                const Weights& weights, const std::string& name) {
    const std::string& network = text(texts, "network", name);
    if (network != "denoiser") refuse(name, "they are of a network '" + network + "'; needed is 'denoiser'");
    DenoiserArchitecture read;
    const std::string& body = text(texts, "body", name);
    if (body != "plain" && body != "residual")
        refuse(name, "'body' is '" + body + "'; allowed is one of plain, residual");
    read.body = body == "plain" ? Body::plain : Body::residual;
    read.channels = number(texts, "channels", 1, 3, name);
    read.width = number(texts, "width", 1, 1024, name);
    read.depth = number(texts, "depth", 2, 200, name);
    read.unshuffle = number(texts, "unshuffle", 1, 2, name) == 2;
    const auto map = parseDouble(text(texts, "noise-map", name));
    if (!map || !(*map >= 0 && *map <= 1000)) refuse(name, "'noise-map' is not a number from 0 to 1000");
    read.noiseMap = *map;
    if (read.channels == 2) refuse(name, "'channels' is 2; allowed is 1 or 3");
    if (read.body == Body::residual && read.depth % 2 != 0)
        refuse(name, "'depth' is " + std::to_string(read.depth) + "; a residual body has an even one");
    if (weightsOf(read.layers()).slices() != weights.slices())
        refuse(name, "its arrays are not those of the network that it describes");
    return read;
}

}  // namespace stillpoint
