// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/models.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <mutex>

#include "solver/core/error.h"
#include "solver/core/param.h"

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
    std::weak_ptr<const DenoiserModel> model;
};

}  // namespace

namespace {

std::string textOf(const DenoiserModel& model, const char* key) {
    const auto text = model.texts.find(key);
    return text == model.texts.end() ? "" : text->second;
}

// The trainer notes its command line.
bool isForDeblurring(const DenoiserModel& model) {
    return textOf(model, "recipe").find("--stage equilibrium") != std::string::npos;
}

Suggestion suggestionOf(const DenoiserModel& model, const std::string& name) {
    const DenoiserArchitecture& of = model.architecture;
    const bool deblurs = isForDeblurring(model);
    const std::string cost = std::to_string(std::lround(of.flopsPerPixel() / 1000)) + " kFLOP a pixel";
    std::string help =
        of.sentence() + "; " + std::to_string(model.weights.size()) + " weights, " + cost + ". " +
        (deblurs ? "Trained through the equilibrium of restorations: it restores well when it is iterated."
                 : "Trained to remove noise in one application.");
    help[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(help[0])));
    if (const std::string data = textOf(model, "data"); !data.empty()) help += " Data: " + data + ".";
    const char* colours = of.channels == 1 ? "grey, " : "colour and grey, ";
    return {name, std::string(deblurs ? "for deblurring, " : "for noise, ") + colours + cost, help};
}

}  // namespace

std::vector<Suggestion> modelSuggestions() {
    std::vector<Suggestion> deblurring, others;
    for (const ShippedModel& shipped : shippedModels()) {
        const std::string name(shipped.name);
        const DenoiserModel model = denoiserOf(readWeights(shipped.file, name), name);
        (isForDeblurring(model) ? deblurring : others).push_back(suggestionOf(model, name));
    }
    deblurring.insert(deblurring.end(), others.begin(), others.end());
    return deblurring;
}

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

double DenoiserTuning::sigma(double noiseSigma) const {
    return std::clamp(level * std::max(noiseSigma, kLeastNoise), 1e-3, 0.2);
}

double DenoiserTuning::step(double sigma, double noiseSigma) const {
    const double ratio = sigma / std::max(noiseSigma, kLeastNoise);
    return balance * ratio * ratio;
}

DenoiserModel denoiserOf(WeightsFile file, const std::string& name) {
    DenoiserModel model;
    model.architecture = DenoiserArchitecture::read(file.texts, file.weights, name);
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
    return model;
}

WeightsFile fileOf(const DenoiserModel& model) {
    WeightsFile file{model.weights, model.texts};
    model.architecture.describe(file.texts);
    file.texts["level"] = toText(model.tuning.level);
    file.texts["balance"] = toText(model.tuning.balance);
    return file;
}

std::shared_ptr<const DenoiserModel> findDenoiser(const std::string& nameOrFile) {
    static std::mutex mutex;
    static std::vector<Known> known;
    static std::shared_ptr<const DenoiserModel> newest;  // forms ask again and again what it offers
    const std::lock_guard lock(mutex);
    const Stamp stamp = stampOf(nameOrFile);
    std::erase_if(known, [](const Known& one) { return one.model.expired(); });
    for (const Known& one : known)
        if (one.name == nameOrFile && one.stamp == stamp)
            if (auto model = one.model.lock()) return newest = model;
    auto model = std::make_shared<const DenoiserModel>(denoiserOf(findWeights(nameOrFile), nameOrFile));
    known.push_back({nameOrFile, stamp, model});
    return newest = model;
}

}  // namespace stillpoint
