// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/recipe.h"

namespace stillpoint {
namespace {

constexpr std::string_view kFirstLine = "stillpoint recipe 1";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

[[noreturn]] void refuse(int line, const std::string& why) {
    throw Error("recipe", "Line " + std::to_string(line) + " of the recipe " + why);
}

}  // namespace

std::optional<std::string> Recipe::find(std::string_view key) const {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return std::nullopt;
    return it->second;
}

void Recipe::erase(std::string_view key) {
    const auto it = entries_.find(key);
    if (it != entries_.end()) entries_.erase(it);
}

std::string Recipe::toText() const {
    std::string text(kFirstLine);
    text += '\n';
    for (const auto& [key, value] : entries_) text += key + " = " + value + '\n';
    return text;
}

Recipe Recipe::fromText(std::string_view text) {
    Recipe recipe;
    int number = 0;
    while (!text.empty() || number == 0) {
        const auto end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (++number == 1) {
            if (line != kFirstLine)
                refuse(1, "is '" + std::string(line) + "'; expected is '" + std::string(kFirstLine) + "'.");
            continue;
        }
        if (line.empty() || line.front() == '#') continue;
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            refuse(number, "is '" + std::string(line) + "'; expected is 'key = value'.");
        const std::string key(trimmed(line.substr(0, equals)));
        if (key.empty()) refuse(number, "has no key before '='.");
        if (recipe.find(key)) refuse(number, "gives '" + key + "' a second time.");
        recipe.set(key, std::string(trimmed(line.substr(equals + 1))));
    }
    return recipe;
}

}  // namespace stillpoint
