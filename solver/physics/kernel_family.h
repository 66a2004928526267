// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/physics/kernel.h"

namespace stillpoint {

/// For the makers of kernel families (kernel_families.cpp lists them): values of a spec as a struct with a
/// table. Throws Error("kernel", sentence).
template <class S>
S readValues(const std::map<std::string, std::string>& values) {
    S params;
    for (const auto& param : S::table().params()) {
        const auto it = values.find(param.key);
        if (it == values.end()) continue;
        const auto value = parseValue(param, param.key, it->second);
        if (const auto* issue = std::get_if<Issue>(&value)) throw Error("kernel", issue->text);
        param.write(&params, std::get<Value>(value));
    }
    return params;
}

template <class S>
KernelFamily family(std::string name, std::string label, std::string help, Image (*make)(const S&)) {
    return {std::move(name), std::move(label), std::move(help), &S::table(),
            [make](const std::map<std::string, std::string>& values) { return make(readValues<S>(values)); }};
}

/// The families that have a file of their own.
KernelFamily shakeFamily();
KernelFamily airyFamily();

}  // namespace stillpoint
