// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "solver/core/vec.h"

namespace stillpoint {

/// Trainable numbers of a network ("weights"; a user's knob is a "parameter"): one flat vector with named
/// slices, so that optimisers, gradients and files see plain numbers and layers see their filters. Slices
/// stand in the order in which they were added, without gaps.
class Weights {
 public:
    struct Slice {
        std::string name;        ///< as in a file: "blocks.0.conv1.weight"
        std::vector<int> shape;  ///< filters: out, in, height, width; biases: out
        std::size_t offset = 0;
        std::size_t size = 0;
        bool operator==(const Slice&) const = default;
    };

    /// Appends zeros; returns the slice's index. Names must differ.
    std::size_t add(std::string name, std::vector<int> shape);

    const std::vector<Slice>& slices() const { return slices_; }
    /// nullptr if there is none of that name.
    const Slice* find(std::string_view name) const;
    std::size_t size() const { return values_.size(); }
    RealSpan values() { return {values_.data(), values_.size()}; }
    ConstRealSpan values() const { return {values_.data(), values_.size()}; }
    RealSpan values(std::size_t slice) {
        return values().subspan(slices_[slice].offset, slices_[slice].size);
    }
    ConstRealSpan values(std::size_t slice) const {
        return values().subspan(slices_[slice].offset, slices_[slice].size);
    }

 private:
    std::vector<Slice> slices_;
    std::vector<Real> values_;
};

}  // namespace stillpoint
