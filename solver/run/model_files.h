// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace stillpoint {

/// A model as people choose it (nn/denoiser_network.h and nn/ridge_bank.h say what the words mean).
struct ModelInfo {
    std::string name;                                 ///< "fast"; of a file its text "name", or empty
    std::string prior;                                ///< which it is for: "denoiser", "ridge"
    std::map<std::string, std::string> architecture;  ///< as its file describes it: "width" = "48", ...
    std::string sentence;                             ///< the same for people
    std::size_t weights = 0;                          ///< numbers
};

/// The models that come with the program, by name. Reads them. Any thread.
std::vector<ModelInfo> shippedModelInfos();

/// Writes the weights of another program (nn/import_weights.h), or of our own, as a file for prior.model;
/// `title` becomes its text "name" unless it is empty. Throws Error("model", sentence) for weights that
/// cannot be used, Error("output", sentence) for a place that cannot be written. Any thread.
ModelInfo importModel(const std::string& file, const std::string& output, const std::string& title);
/// Writes a model, of the program or of a file, for other programs. Throws the same.
ModelInfo exportModel(const std::string& nameOrFile, const std::string& output);

}  // namespace stillpoint
