// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/model_files.h"

#include <filesystem>

#include "solver/nn/import_weights.h"

namespace stillpoint {
namespace {

ModelInfo infoOf(const DenoiserModel& model, const std::string& name) {
    const DenoiserArchitecture& of = model.architecture;
    return {name,
            of.body == DenoiserArchitecture::Body::plain ? "plain" : "residual",
            of.channels,
            of.width,
            of.depth,
            of.unshuffle,
            of.noiseMap > 0,
            model.weights.size(),
            of.sentence()};
}

std::string titleOf(const DenoiserModel& model) {
    const auto title = model.texts.find("name");
    return title == model.texts.end() ? "" : title->second;
}

}  // namespace

std::vector<ModelInfo> shippedModelInfos() {
    std::vector<ModelInfo> infos;
    for (const ShippedModel& model : shippedModels()) {
        const std::string name(model.name);
        infos.push_back(infoOf(*findDenoiser(name), name));
    }
    return infos;
}

ModelInfo importModel(const std::string& file, const std::string& output, const std::string& title) {
    DenoiserModel model = importDenoiser(readWeights(std::filesystem::path(file)), file);
    if (!title.empty()) model.texts["name"] = title;
    writeWeights(output, fileOf(model));
    return infoOf(model, titleOf(model));
}

ModelInfo exportModel(const std::string& nameOrFile, const std::string& output) {
    const auto model = findDenoiser(nameOrFile);
    writeWeights(output, exportDenoiser(*model));
    return infoOf(*model, titleOf(*model));
}

}  // namespace stillpoint
