// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace stillpoint {

/// Philox 4x32-10 (Salmon et al., 2011): four 32-bit random words as a pure function of a 128-bit counter and
/// a 64-bit key. No state: pixel i of seed s has the same number on every machine and for any thread count.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// Random numbers number `index` of the stream `seed`. Integer arithmetic and IEEE operations only (own
/// logarithm, no fused operations), so results agree bit for bit between machines.
double uniformAt(std::uint64_t seed, std::uint64_t index);  ///< in the open interval (0, 1)
double normalAt(std::uint64_t seed, std::uint64_t index);   ///< mean 0, deviation 1; AS 241 (Wichura, 1988)

/// Sequential reading of one stream: next() is number 0, 1, 2, ...
class RandomStream {
 public:
    explicit RandomStream(std::uint64_t seed) : seed_(seed) {}
    double uniform() { return uniformAt(seed_, index_++); }
    double normal() { return normalAt(seed_, index_++); }

 private:
    std::uint64_t seed_;
    std::uint64_t index_ = 0;
};

}  // namespace stillpoint
