// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/model_files.h"

#include <filesystem>

#include "solver/nn/import_weights.h"

namespace stillpoint {
namespace {

ModelInfo infoOf(const Model& model, const std::string& name) {
    ModelInfo info;
    info.name = name;
    info.weights = model.weights.size();
    std::visit(
        [&](const auto& architecture) {
            architecture.describe(info.architecture);
            info.sentence = architecture.sentence();
        },
        model.architecture);
    info.prior = info.architecture.at("network");
    return info;
}

std::string titleOf(const Model& model) {
    const auto title = model.texts.find("name");
    return title == model.texts.end() ? "" : title->second;
}

}  // namespace

std::vector<ModelInfo> shippedModelInfos() {
    std::vector<ModelInfo> infos;
    for (const ShippedModel& model : shippedModels()) {
        const std::string name(model.name);
        infos.push_back(infoOf(*findModel(name), name));
    }
    return infos;
}

ModelInfo importModel(const std::string& file, const std::string& output, const std::string& title) {
    Model model = importDenoiser(readWeights(std::filesystem::path(file)), file);
    if (!title.empty()) model.texts["name"] = title;
    writeWeights(output, fileOf(model));
    return infoOf(model, titleOf(model));
}

ModelInfo exportModel(const std::string& nameOrFile, const std::string& output) {
    const auto model = findModel(nameOrFile);
    writeWeights(output, exportDenoiser(*model));
    return infoOf(*model, titleOf(*model));
}

}  // namespace stillpoint
