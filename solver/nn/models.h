// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "solver/core/param.h"
#include "solver/nn/denoiser_network.h"
#include "solver/nn/weights_file.h"

namespace stillpoint {

/// How a denoiser is best used for noise of deviation s in splittings that solve for the data exactly (hqs,
/// admm, drs): at the level sigma = level * s with the step balance * (sigma / s)^2. The default balance is
/// 1 / 0.23 (Zhang et al., 2021, equation 9); training through the equilibrium learns both.
struct DenoiserTuning {
    double level = 2;
    double balance = 4.3;
    double sigma(double noiseSigma) const;
    double step(double sigma, double noiseSigma) const;
};

/// A trained denoiser: what a weights file holds, checked.
struct DenoiserModel {
    DenoiserArchitecture architecture;
    Weights weights;
    DenoiserTuning tuning;
    std::map<std::string, std::string> texts;  ///< recipe, data and results of its training
};

/// A model that is built into the program (resources/models).
struct ShippedModel {
    std::string_view name;  ///< "fast"
    std::span<const std::byte> file;
};
std::span<const ShippedModel> shippedModels();

/// The shipped models as values of a parameter, those for deblurring first: what they are for, colours and
/// cost in a few words, and their architecture and training. Reads the files. Any thread.
std::vector<Suggestion> modelSuggestions();

/// The weights behind a name: of a shipped model, else of a file. Throws Error("model", sentence), which
/// lists the shipped names if there is no such file.
WeightsFile findWeights(const std::string& nameOrFile);

/// The denoiser behind a name, kept while somebody uses it and until another one is asked for, so that many
/// problems share one copy; a file that has changed is read again. Any thread. Throws as findWeights and
/// DenoiserArchitecture::read.
std::shared_ptr<const DenoiserModel> findDenoiser(const std::string& nameOrFile);

/// Checks and keeps the parts of a weights file.
DenoiserModel denoiserOf(WeightsFile file, const std::string& name);
/// And back, with the architecture among the texts.
WeightsFile fileOf(const DenoiserModel& model);

}  // namespace stillpoint
