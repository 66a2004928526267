// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peak.h"

#include <algorithm>
#include <array>
#include <vector>

#include "solver/core/parallel.h"
#include "solver/core/real.h"
#include "solver/core/timer.h"

namespace stillpoint {
namespace {

constexpr std::size_t kWide = 8, kSums = 10, kTurns = 2'000'000;
typedef Real Numbers __attribute__((vector_size(kWide * sizeof(Real))));

// Volatile ends keep the compiler from knowing the result.
Real multiplyAdds(const volatile Real& seed) {
    const Numbers factor = seed - Numbers{};
    std::array<Numbers, kSums> sums;
    for (std::size_t k = 0; k < kSums; ++k) sums[k] = factor * static_cast<Real>(k);
    for (std::size_t turn = 0; turn < kTurns; ++turn)
        for (Numbers& sum : sums) sum = sum * factor + factor;
    Numbers all{};
    for (const Numbers& sum : sums) all += sum;
    return all[0];
}

}  // namespace

double peakGigaflops() {
    const auto threads = static_cast<std::size_t>(threadCount());
    std::vector<Real> results(16 * threads);  // a cache line each
    volatile Real seed = Real(0.999);
    double best = 1e9;
    for (int run = 0; run < 5; ++run) {
        const Timer timer;
        parallelRanges(threads, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t t = begin; t < end; ++t) results[16 * t] = multiplyAdds(seed);
        });
        best = std::min(best, timer.seconds());
    }
    return 2e-9 * static_cast<double>(kWide * kSums * kTurns * threads) / best;
}

}  // namespace stillpoint
