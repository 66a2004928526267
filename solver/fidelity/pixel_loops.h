// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "solver/core/parallel.h"

namespace stillpoint {

/// Calls body(i) for all i in [0, count). Threaded, no allocation; the bodies must not depend on each other.
template <class Body>
void forPixels(std::size_t count, const Body& body) {
    parallelRanges(count, 8192, [&](std::size_t begin, std::size_t end) {
#pragma omp simd
        for (std::size_t i = begin; i < end; ++i) body(i);
    });
}

/// Sum of term(i) over [0, count), in double and in a fixed number of parts, so that it does not depend on
/// the number of threads. Threaded, no allocation; a term may also write what belongs to its pixel.
template <class Term>
double sumPixels(std::size_t count, const Term& term) {
    constexpr std::size_t kParts = 16;
    std::array<double, kParts> sums{};
    parallelRanges(kParts, count < 32768 ? kParts : 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part) {
            double sum = 0;
            const std::size_t end = count * (part + 1) / kParts;
#pragma omp simd reduction(+ : sum)
            for (std::size_t i = count * part / kParts; i < end; ++i) sum += term(i);
            sums[part] = sum;
        }
    });
    double sum = 0;
    for (const double part : sums) sum += part;
    return sum;
}

}  // namespace stillpoint
