// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/models.h"

#include <algorithm>
#include <mutex>

#include "solver/core/error.h"
#include "solver/core/param.h"
#include "solver/nn/model_texts.h"

namespace stillpoint {
namespace {

namespace fs = std::filesystem;

const ShippedModel* shipped(std::string_view name) {
    for (const ShippedModel& model : shippedModels())
        if (model.name == name) return &model;
    return nullptr;
}

// What tells a file from its next version.
struct Stamp {
    std::uintmax_t size = 0;
    fs::file_time_type time;
    bool operator==(const Stamp&) const = default;
};

Stamp stampOf(const std::string& nameOrFile) {
    std::error_code none;
    if (shipped(nameOrFile) || !fs::exists(nameOrFile, none)) return {};
    return {fs::file_size(nameOrFile, none), fs::last_write_time(nameOrFile, none)};
}

struct Known {
    std::string name;
    Stamp stamp;
    std::weak_ptr<const Model> model;
};

}  // namespace

WeightsFile findWeights(const std::string& nameOrFile) {
    if (const ShippedModel* model = shipped(nameOrFile)) return readWeights(model->file, nameOrFile);
    std::error_code none;
    if (fs::is_regular_file(nameOrFile, none)) return readWeights(fs::path(nameOrFile));
    std::string names;
    for (const ShippedModel& model : shippedModels())
        names += (names.empty() ? "" : ", ") + std::string(model.name);
    throw Error("model", "The model is '" + nameOrFile +
                             "', which is neither a file nor a model that comes with the program (" +
                             (names.empty() ? "there are none" : names) + ").");
}

// Noise below this is treated as this: files of 8 bits have as much.
constexpr double kLeastNoise = 1e-3;

double ModelTuning::sigma(double noiseSigma) const {
    return std::clamp(level * std::max(noiseSigma, kLeastNoise), 1e-3, 0.2);
}

double ModelTuning::step(double sigma, double noiseSigma) const {
    const double ratio = sigma / std::max(noiseSigma, kLeastNoise);
    return balance * ratio * ratio;
}

Model modelOf(WeightsFile file, const std::string& name) {
    Model model;
    if (texts::text(file.texts, "network", name) == "ridge") {
        model.architecture = RidgeArchitecture::read(file.texts, file.weights, name);
        model.tuning = {1, 1};
    } else {
        model.architecture = DenoiserArchitecture::read(file.texts, file.weights, name);
    }
    const auto read = [&](const char* key, double& value) {
        const auto text = file.texts.find(key);
        if (text == file.texts.end()) return;
        const auto number = parseDouble(text->second);
        if (!number || !(*number > 0 && *number < 1e6))
            throw Error("model", "The weights '" + name + "' cannot be used: '" + key + "' is '" +
                                     text->second + "'; it must be a positive number.");
        value = *number;
    };
    read("level", model.tuning.level);
    read("balance", model.tuning.balance);
    model.weights = std::move(file.weights);
    model.texts = std::move(file.texts);
    if (model.ridge()) model.makeBank();
    return model;
}

WeightsFile fileOf(const Model& model) {
    WeightsFile file{model.weights, model.texts};
    std::visit([&](const auto& architecture) { architecture.describe(file.texts); }, model.architecture);
    file.texts["level"] = toText(model.tuning.level);
    file.texts["balance"] = toText(model.tuning.balance);
    return file;
}

std::shared_ptr<const Model> findModel(const std::string& nameOrFile) {
    static std::mutex mutex;
    static std::vector<Known> known;
    static std::shared_ptr<const Model> newest;  // forms ask again and again what it offers
    const std::lock_guard lock(mutex);
    const Stamp stamp = stampOf(nameOrFile);
    std::erase_if(known, [](const Known& one) { return one.model.expired(); });
    for (const Known& one : known)
        if (one.name == nameOrFile && one.stamp == stamp)
            if (auto model = one.model.lock()) return newest = model;
    auto model = std::make_shared<const Model>(modelOf(findWeights(nameOrFile), nameOrFile));
    known.push_back({nameOrFile, stamp, model});
    return newest = model;
}

}  // namespace stillpoint
