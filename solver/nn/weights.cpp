// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/weights.h"

#include <cassert>

namespace stillpoint {

std::size_t Weights::add(std::string name, std::vector<int> shape) {
    assert(find(name) == nullptr);
    std::size_t size = 1;
    for (const int extent : shape) size *= static_cast<std::size_t>(extent);
    slices_.push_back({std::move(name), std::move(shape), values_.size(), size});
    values_.resize(values_.size() + size);
    return slices_.size() - 1;
}

const Weights::Slice* Weights::find(std::string_view name) const {
    for (const Slice& slice : slices_)
        if (slice.name == name) return &slice;
    return nullptr;
}

}  // namespace stillpoint
