// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "solver/physics/kernel.h"

namespace stillpoint {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::string keysOf(const KernelFamily& family) {
    std::string keys;
    for (const auto& param : family.table->params()) keys += (keys.empty() ? "" : ", ") + param.key;
    return keys;
}

void addValue(const KernelFamily& family, std::string_view item, KernelSpec& spec) {
    const std::string ofFamily = " of kernel family " + family.name;
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos)
        throw Error("kernel", "Parameter '" + std::string(item) + "'" + ofFamily +
                                  " has no value; it is written KEY=VALUE, with the keys " + keysOf(family) +
                                  ".");
    const std::string key(trimmed(item.substr(0, equals)));
    const std::string text(trimmed(item.substr(equals + 1)));
    const Param* param = family.table->find(key);
    if (param == nullptr)
        throw Error("kernel",
                    "Unknown parameter " + key + ofFamily + "; its parameters are " + keysOf(family) + ".");
    const auto value = parseValue(*param, "Parameter " + key + ofFamily, text);
    if (const auto* issue = std::get_if<Issue>(&value)) throw Error("kernel", issue->text);
    if (!spec.values.emplace(key, text).second)
        throw Error("kernel", "Parameter " + key + ofFamily + " is given twice; it may be given once.");
}

}  // namespace

const KernelFamily* findKernelFamily(std::string_view name) {
    const auto families = kernelFamilies();
    const auto it = std::find_if(families.begin(), families.end(),
                                 [&](const KernelFamily& family) { return family.name == name; });
    return it == families.end() ? nullptr : &*it;
}

KernelSpec parseKernelSpec(const std::string& spec) {
    const std::string_view text = spec;
    const std::size_t colon = std::min(text.find(':'), text.size());
    const KernelFamily* family = findKernelFamily(text.substr(0, colon));
    if (family == nullptr) return {};
    KernelSpec parsed;
    parsed.family = family->name;
    std::string_view rest = text.substr(std::min(colon + 1, text.size()));
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        addValue(*family, trimmed(rest.substr(0, comma)), parsed);
        rest = rest.substr(std::min(comma + 1, rest.size()));
    }
    return parsed;
}

std::string toText(const KernelSpec& spec) {
    std::string text = spec.family;
    const KernelFamily* family = findKernelFamily(spec.family);
    if (family == nullptr) return text;
    for (const auto& param : family->table->params()) {
        const auto it = spec.values.find(param.key);
        if (it == spec.values.end()) continue;
        text += (text == spec.family ? ":" : ",") + it->first + "=" + it->second;
    }
    return text;
}

}  // namespace stillpoint
