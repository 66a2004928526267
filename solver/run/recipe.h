// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "solver/core/param.h"

namespace stillpoint {

/// Names and numbers that decide a run's result, as text under full keys: "iterator" = "pgd", "prior.lambda"
/// = "0.01". A key that is absent means its default (the initialiser of the struct it stands for). What is
/// not in the recipe does not change the result. A plain value; what its keys mean and whether they are right
/// is the Registry's business.
class Recipe {
 public:
    const std::map<std::string, std::string, std::less<>>& entries() const { return entries_; }
    std::optional<std::string> find(std::string_view key) const;
    void set(const std::string& key, std::string text) { entries_[key] = std::move(text); }
    void set(const std::string& key, const char* text) { entries_[key] = text; }
    void set(const std::string& key, const Value& value) { entries_[key] = stillpoint::toText(value); }
    void erase(std::string_view key);
    bool operator==(const Recipe&) const = default;

    /// "key = value" lines in alphabetical order after a first line "stillpoint recipe 1".
    std::string toText() const;
    /// Inverse of toText(); blank lines and lines that start with '#' are skipped. Throws Error("recipe",
    /// sentence) that names the line for a wrong first line, a line without '=', an empty or a repeated key.
    static Recipe fromText(std::string_view text);

 private:
    std::map<std::string, std::string, std::less<>> entries_;
};

}  // namespace stillpoint
