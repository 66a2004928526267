// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/model_texts.h"

#include <charconv>

#include "solver/core/error.h"

namespace stillpoint::texts {

void refuse(const std::string& name, const std::string& fault) {
    throw Error("model", "The weights '" + name + "' cannot be used: " + fault + ".");
}

const std::string& text(const std::map<std::string, std::string>& texts, const std::string& key,
                        const std::string& name) {
    const auto found = texts.find(key);
    if (found == texts.end()) refuse(name, "they do not say '" + key + "', so they are not of Stillpoint");
    return found->second;
}

int number(const std::map<std::string, std::string>& texts, const std::string& key, int from, int to,
           const std::string& name) {
    const std::string& digits = text(texts, key, name);
    int value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault != std::errc{} || end != digits.data() + digits.size() || value < from || value > to)
        refuse(name, "'" + key + "' is '" + digits + "'; allowed is a whole number from " +
                         std::to_string(from) + " to " + std::to_string(to));
    return value;
}

}  // namespace stillpoint::texts
