// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

// What the texts of a weights file say of a network, checked; `name` is for the sentences.
namespace stillpoint::texts {

/// Throws Error("model", "The weights 'NAME' cannot be used: FAULT.").
[[noreturn]] void refuse(const std::string& name, const std::string& fault);
/// Refuses when there is none.
const std::string& text(const std::map<std::string, std::string>& texts, const std::string& key,
                        const std::string& name);
/// Refuses what is not a whole number from `from` to `to`.
int number(const std::map<std::string, std::string>& texts, const std::string& key, int from, int to,
           const std::string& name);

}  // namespace stillpoint::texts
