// SPDX-License-Identifier: GPL-3.0-or-later
#include <cctype>
#include <cmath>

#include "solver/nn/models.h"

namespace stillpoint {
namespace {

std::string textOf(const Model& model, const char* key) {
    const auto text = model.texts.find(key);
    return text == model.texts.end() ? "" : text->second;
}

// The trainer notes its command line.
bool isForDeblurring(const Model& model) {
    return textOf(model, "recipe").find("--stage equilibrium") != std::string::npos;
}

std::string upper(std::string text) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

Suggestion suggestionOf(const Model& model, const std::string& name) {
    const std::string size = std::to_string(model.weights.size()) + " weights";
    const std::string data = textOf(model, "data").empty() ? "" : " Data: " + textOf(model, "data") + ".";
    const std::string colours = model.channels() == 1 ? "grey, " : "colour and grey, ";
    if (model.ridge()) {
        const std::string filters = std::to_string(model.ridge()->filters) + " filters";
        return {name, colours + filters, upper(model.ridge()->sentence() + "; " + size + "." + data)};
    }
    const bool deblurs = isForDeblurring(model);
    const std::string cost =
        std::to_string(std::lround(model.denoiser()->flopsPerPixel() / 1000)) + " kFLOP a pixel";
    const char* purpose =
        deblurs ? " Trained through the equilibrium of restorations: it restores well when it is iterated."
                : " Trained to remove noise in one application.";
    return {name, std::string(deblurs ? "for deblurring, " : "for noise, ") + colours + cost,
            upper(model.denoiser()->sentence() + "; " + size + ", " + cost + "." + purpose + data)};
}

}  // namespace

std::vector<Suggestion> modelSuggestions(ModelKind kind) {
    std::vector<Suggestion> deblurring, others;
    for (const ShippedModel& shipped : shippedModels()) {
        const std::string name(shipped.name);
        const Model model = modelOf(readWeights(shipped.file, name), name);
        if (model.kind() != kind) continue;
        (isForDeblurring(model) ? deblurring : others).push_back(suggestionOf(model, name));
    }
    deblurring.insert(deblurring.end(), others.begin(), others.end());
    return deblurring;
}

}  // namespace stillpoint
