// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/core/param.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace stillpoint {
namespace {

std::variant<Value, Issue> refused(const Param& param, const std::string& key, std::string_view text) {
    return Issue{key, key + " is '" + std::string(text) + "'; allowed is " + allowedText(param) + "."};
}

std::optional<std::int64_t> parseInteger(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<bool> parseBoolean(std::string_view text) {
    if (text == "true" || text == "1" || text == "on" || text == "yes") return true;
    if (text == "false" || text == "0" || text == "off" || text == "no") return false;
    return std::nullopt;
}

// "any text", or what is suggested and which files.
std::string allowedTexts(const ParamInfo& info) {
    std::string list;
    for (const Suggestion& suggestion : info.suggestions) list += suggestion.text + ", ";
    if (!info.files.empty()) return list + (list.empty() ? "" : "or ") + "a file (" + info.files + ")";
    return list + (list.empty() ? "any text" : "or any text");
}

}  // namespace

std::string toText(double value) {
    char text[40];
    const auto result = std::to_chars(text, text + sizeof text, value);
    return {text, result.ptr};
}

std::string toText(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return toText(*real);
    return std::get<std::string>(value);
}

std::optional<double> parseDouble(std::string_view text) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string allowedText(const Param& param) {
    const std::string range = " from " + toText(param.info.minimum) + " to " + toText(param.info.maximum);
    switch (param.kind) {
        case ParamKind::boolean:
            return "true or false";
        case ParamKind::integer:
            return "a whole number" + range;
        case ParamKind::real:
            return "a number" + range;
        case ParamKind::text:
            return allowedTexts(param.info);
        case ParamKind::choice:
            break;
    }
    std::string list;
    for (const auto& choice : param.choices) list += (list.empty() ? "" : ", ") + choice;
    return "one of " + list;
}

std::variant<Value, Issue> parseValue(const Param& param, const std::string& key, std::string_view text) {
    const auto inRange = [&](double v) { return v >= param.info.minimum && v <= param.info.maximum; };
    switch (param.kind) {
        case ParamKind::boolean:
            if (const auto v = parseBoolean(text)) return Value(*v);
            break;
        case ParamKind::integer:
            if (const auto v = parseInteger(text); v && inRange(static_cast<double>(*v))) return Value(*v);
            break;
        case ParamKind::real:
            if (const auto v = parseDouble(text); v && inRange(*v)) return Value(*v);
            break;
        case ParamKind::choice:
            if (std::find(param.choices.begin(), param.choices.end(), text) != param.choices.end())
                return Value(std::string(text));
            break;
        case ParamKind::text:
            return Value(std::string(text));
    }
    return refused(param, key, text);
}

const Param* ParamTable::find(std::string_view key) const {
    const auto it =
        std::find_if(params_.begin(), params_.end(), [&](const Param& p) { return p.key == key; });
    return it == params_.end() ? nullptr : &*it;
}

}  // namespace stillpoint
