// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "solver/nn/weights.h"

namespace stillpoint {

/// What a file of weights holds: named arrays, and texts about them. For our own files the texts are the
/// architecture (see DenoiserArchitecture), the training recipe, the data, and `checksum` of the numbers.
struct WeightsFile {
    Weights weights;
    std::map<std::string, std::string> texts;
};

/// Files are in the safetensors format (version of 2023; eight bytes with the header's size, a JSON header,
/// the numbers): names, shapes and 32-bit floats (also half, bfloat16 and double when reading),
/// little-endian, with the texts under `__metadata__`. Read in full and checked before anything is returned:
/// sizes, offsets, types, finite numbers, and the checksum if the file has one. Throws Error("model",
/// sentence) that names the file and what is wrong with it.
WeightsFile readWeights(const std::filesystem::path& path);
/// The same from memory; `name` is for the sentences.
WeightsFile readWeights(std::span<const std::byte> bytes, const std::string& name);

/// Writes beside the path, then renames: a file of that name is replaced whole or not at all. Sets
/// `checksum`.
void writeWeights(const std::filesystem::path& path, const WeightsFile& file);

}  // namespace stillpoint
