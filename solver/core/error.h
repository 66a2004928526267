// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace stillpoint {

/// One fault of an input: the key of the parameter it concerns ("prior.lambda", empty if none) and a sentence
/// that says what, what was given and what is allowed. Checks return lists, so that all faults show at once.
struct Issue {
    std::string key;
    std::string text;
};

/// Bad input found while building: the same key and sentence as an exception. The window focuses the field
/// of that key, the command line prints the option. Never thrown inside the iteration loop.
class Error : public std::runtime_error {
 public:
    Error(std::string key, const std::string& text) : std::runtime_error(text), key_(std::move(key)) {}
    explicit Error(const Issue& issue) : Error(issue.key, issue.text) {}
    const std::string& key() const { return key_; }

 private:
    std::string key_;
};

}  // namespace stillpoint
