// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace stillpoint {

/// A denoiser as people choose it (nn/denoiser_network.h says what the words mean).
struct ModelInfo {
    std::string name;  ///< "fast"; of a file its text "name", or empty
    std::string body;  ///< "plain" or "residual"
    int channels = 0;
    int width = 0;  ///< feature maps
    int depth = 0;  ///< convolutions
    bool unshuffle = false;
    bool noiseMap = false;    ///< is told the level of the noise
    std::size_t weights = 0;  ///< numbers
    std::string sentence;     ///< the five above for people (DenoiserArchitecture::sentence)
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
