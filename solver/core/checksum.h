// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace stillpoint {

/// FNV-1a, 64 bits (Fowler, Noll and Vo): recognises damage and difference, not malice.
class Checksum {
 public:
    void add(std::span<const std::byte> bytes) {
        for (const std::byte byte : bytes) {
            value_ ^= std::to_integer<std::uint64_t>(byte);
            value_ *= 0x100000001b3ULL;
        }
    }
    /// Sixteen hexadecimal digits.
    std::string text() const {
        std::string digits(16, '0');
        for (unsigned k = 0; k < 16; ++k) digits[k] = "0123456789abcdef"[value_ >> (60 - 4 * k) & 15U];
        return digits;
    }

 private:
    std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

}  // namespace stillpoint
