// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/image/image.h"

namespace stillpoint {

/// Derivatives with respect to scalar parameters, by full key ("step", "prior.lambda"). add() sums.
class ParameterGradients {
 public:
    void add(std::string_view key, double value) {
        for (auto& entry : entries_)
            if (entry.first == key) {
                entry.second += value;
                return;
            }
        entries_.emplace_back(key, value);
    }
    double at(std::string_view key) const {
        for (const auto& entry : entries_)
            if (entry.first == key) return entry.second;
        return 0;
    }
    const std::vector<std::pair<std::string, double>>& entries() const { return entries_; }

 private:
    std::vector<std::pair<std::string, double>> entries_;
};

/// Derivatives of a scalar with respect to everything that a map depends on beside its state. The pictures
/// and the weights are filled only where the caller gave them a size; an empty one is not wanted and costs
/// nothing.
struct Gradients {
    ParameterGradients parameters;
    Image data;      ///< with respect to the samples of y; the picture's shape
    Image kernel;    ///< with respect to the kernel's pixels as they are used (sum 1), each by itself; their
                     ///< shape
    Buffer weights;  ///< with respect to the prior's weights (of a network), flat
};

}  // namespace stillpoint
