// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/model_texts.h"
#include "solver/nn/ridge_bank.h"

// The architecture of a ridge regulariser: its slices, and itself as texts of a weights file.
namespace stillpoint {

using texts::number;
using texts::refuse;
using texts::text;

namespace {

const char* nameOf(RidgeArchitecture::Colour colour) {
    if (colour == RidgeArchitecture::Colour::grey) return "grey";
    return colour == RidgeArchitecture::Colour::joint ? "joint" : "opponent";
}

}  // namespace

std::string RidgeArchitecture::sentence() const {
    return "ridge, " + std::to_string(channels()) + (channels() == 1 ? " channel, " : " channels, ") +
           std::to_string(filters) + " filters of 13 x 13" +
           (colour == Colour::grey ? "" : std::string(", ") + nameOf(colour));
}

Weights RidgeArchitecture::weights() const {
    Weights weights;
    weights.add("conv1.weight", {4, colour == Colour::joint ? 3 : 1, 5, 5});
    weights.add("conv2.weight", {8, 4, 5, 5});
    weights.add("conv3.weight", {filters, 8, 5, 5});
    weights.add("slopes", {pieces});
    weights.add("curvature", {1});
    weights.add("scale", {filters});
    weights.add("power", {filters});
    return weights;
}

void RidgeArchitecture::describe(std::map<std::string, std::string>& texts) const {
    texts["network"] = "ridge";
    texts["colour"] = nameOf(colour);
    texts["filters"] = std::to_string(filters);
    texts["pieces"] = std::to_string(pieces);
}

RidgeArchitecture RidgeArchitecture::read(const std::map<std::string, std::string>& texts,
                                          const Weights& weights, const std::string& name) {
    const std::string& network = text(texts, "network", name);
    if (network != "ridge") refuse(name, "they are of a network '" + network + "'; needed is 'ridge'");
    RidgeArchitecture read;
    const std::string& colour = text(texts, "colour", name);
    if (colour != "grey" && colour != "joint" && colour != "opponent")
        refuse(name, "'colour' is '" + colour + "'; allowed is one of grey, joint, opponent");
    read.colour = colour == "grey" ? Colour::grey : colour == "joint" ? Colour::joint : Colour::opponent;
    read.filters = number(texts, "filters", 1, 1024, name);
    read.pieces = number(texts, "pieces", 1, 250, name);
    if (read.weights().slices() != weights.slices())
        refuse(name, "its arrays are not those of the network that it describes");
    return read;
}

}  // namespace stillpoint
