// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "solver/core/param.h"
#include "solver/nn/denoiser_network.h"
#include "solver/nn/ridge_bank.h"
#include "solver/nn/weights_file.h"

namespace stillpoint {

/// How a model is best used for noise of deviation s: at the level sigma = level * s. A denoiser in
/// splittings that solve for the data exactly (hqs, admm, drs) takes the step balance * (sigma / s)^2, where
/// the default balance is 1 / 0.23 (Zhang et al., 2021, equation 9); a ridge regulariser has the weight
/// lambda = balance. Training through the equilibrium learns both.
struct ModelTuning {
    double level = 2;
    double balance = 4.3;
    double sigma(double noiseSigma) const;
    double step(double sigma, double noiseSigma) const;
};

enum class ModelKind { denoiser, ridge };

/// A trained prior: what a weights file holds, checked.
struct Model {
    std::variant<DenoiserArchitecture, RidgeArchitecture> architecture;
    Weights weights;
    ModelTuning tuning;
    std::map<std::string, std::string> texts;  ///< recipe, data and results of its training
    /// Of a ridge regulariser, made from the weights (see makeBank).
    std::shared_ptr<const RidgeBank> bank;

    ModelKind kind() const { return ridge() ? ModelKind::ridge : ModelKind::denoiser; }
    /// nullptr if it is of the other kind.
    const DenoiserArchitecture* denoiser() const { return std::get_if<DenoiserArchitecture>(&architecture); }
    const RidgeArchitecture* ridge() const { return std::get_if<RidgeArchitecture>(&architecture); }
    int channels() const { return ridge() ? ridge()->channels() : denoiser()->channels; }
    /// To be called when the weights of a ridge regulariser were set.
    void makeBank() { bank = std::make_shared<const RidgeBank>(*ridge(), weights); }
};

/// A model that is built into the program (resources/models).
struct ShippedModel {
    std::string_view name;  ///< "fast"
    std::span<const std::byte> file;
};
std::span<const ShippedModel> shippedModels();

/// The shipped models of a kind as values of a parameter, those for deblurring first: what they are for,
/// colours and cost in a few words, and their architecture and training. Reads the files. Any thread.
std::vector<Suggestion> modelSuggestions(ModelKind kind);

/// The weights behind a name: of a shipped model, else of a file. Throws Error("model", sentence), which
/// lists the shipped names if there is no such file.
WeightsFile findWeights(const std::string& nameOrFile);

/// The model behind a name, kept while somebody uses it and until another one is asked for, so that many
/// problems share one copy; a file that has changed is read again. Any thread. Throws as findWeights and
/// modelOf.
std::shared_ptr<const Model> findModel(const std::string& nameOrFile);

/// Checks and keeps the parts of a weights file. Throws Error("model", sentence).
Model modelOf(WeightsFile file, const std::string& name);
/// And back, with the architecture among the texts.
WeightsFile fileOf(const Model& model);

}  // namespace stillpoint
