// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>

namespace stillpoint {

/// Number of threads the calling thread's loops and transforms use from now on (at least 1). It is a property
/// of the calling thread, so a worker may use two while the GUI thread uses one. 1 in builds without OpenMP.
void setThreadCount(int count);
int threadCount();
/// Threads the machine offers to this process.
int hardwareThreads();

/// Calls body(begin, end) on disjoint ranges that cover [0, count), one call per thread; runs in the calling
/// thread when count < 2 * grain. Does not allocate. body must not throw.
template <class Body>
void parallelRanges(std::size_t count, std::size_t grain, const Body& body) {
    const auto wanted = std::min<std::size_t>(static_cast<std::size_t>(threadCount()),
                                              count / std::max<std::size_t>(grain, 1));
    if (wanted < 2) {
        body(std::size_t{0}, count);
        return;
    }
#ifdef _OPENMP
    const int threads = static_cast<int>(wanted);
#pragma omp parallel for schedule(static, 1) num_threads(threads)
    for (int t = 0; t < threads; ++t) {
        const auto part = static_cast<std::size_t>(t);
        body(count * part / wanted, count * (part + 1) / wanted);
    }
#else
    body(std::size_t{0}, count);
#endif
}

}  // namespace stillpoint
