// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/core/vec.h"

#include <array>
#include <cassert>
#include <cmath>

#include "solver/core/parallel.h"

namespace stillpoint {
namespace {

constexpr std::size_t kGrain = 16384;  // entries below which a second thread costs more than it brings
constexpr std::size_t kBlock = 2048;   // 8 KiB of float: a block of x and one of a column stay in L1
constexpr std::size_t kLanes = 32;     // accumulators; one lane per entry hides the latency of the addition
constexpr std::size_t kMaxThreads = 64;
constexpr std::size_t kMaxColumns = 64;

// Sum of term(i) over [begin, end), in double, in kLanes lanes.
template <class Term>
double laneSum(std::size_t begin, std::size_t end, const Term& term) {
    std::array<double, kLanes> lanes{};
    std::size_t i = begin;
    for (; i + kLanes <= end; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
    double sum = 0;
    for (; i < end; ++i) sum += term(i);
    for (const double lane : lanes) sum += lane;
    return sum;
}

template <class Term>
double parallelSum(std::size_t count, const Term& term) {
    std::array<double, kMaxThreads> parts{};
    const auto wanted = std::min({static_cast<std::size_t>(threadCount()), count / kGrain, kMaxThreads});
    if (wanted < 2) return laneSum(0, count, term);
    parallelRanges(wanted, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t t = first; t < last; ++t)
            parts[t] = laneSum(count * t / wanted, count * (t + 1) / wanted, term);
    });
    double sum = 0;
    for (const double part : parts) sum += part;
    return sum;
}

double product(Real a, Real b) {
    return static_cast<double>(a) * static_cast<double>(b);
}

}  // namespace

double dot(ConstRealSpan a, ConstRealSpan b) {
    assert(a.size() == b.size());
    const Real* pa = a.data();
    const Real* pb = b.data();
    return parallelSum(a.size(), [=](std::size_t i) { return product(pa[i], pb[i]); });
}

double normSquared(ConstRealSpan a) {
    const Real* pa = a.data();
    return parallelSum(a.size(), [=](std::size_t i) { return product(pa[i], pa[i]); });
}

double norm(ConstRealSpan a) {
    return std::sqrt(normSquared(a));
}

double distanceSquared(ConstRealSpan a, ConstRealSpan b) {
    assert(a.size() == b.size());
    const Real* pa = a.data();
    const Real* pb = b.data();
    return parallelSum(a.size(), [=](std::size_t i) {
        const double d = static_cast<double>(pa[i]) - static_cast<double>(pb[i]);
        return d * d;
    });
}

void axpy(double s, ConstRealSpan x, RealSpan y) {
    assert(x.size() == y.size());
    const Real factor = static_cast<Real>(s);
    parallelRanges(x.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        const Real* px = x.data();
        Real* py = y.data();
        for (std::size_t i = begin; i < end; ++i) py[i] += factor * px[i];
    });
}

void subtract(ConstRealSpan a, ConstRealSpan b, RealSpan out) {
    assert(a.size() == b.size() && a.size() == out.size());
    parallelRanges(a.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        const Real* pa = a.data();
        const Real* pb = b.data();
        Real* po = out.data();
        for (std::size_t i = begin; i < end; ++i) po[i] = pa[i] - pb[i];
    });
}

void scale(double s, RealSpan x) {
    const Real factor = static_cast<Real>(s);
    parallelRanges(x.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        Real* px = x.data();
        for (std::size_t i = begin; i < end; ++i) px[i] *= factor;
    });
}

void copy(ConstRealSpan from, RealSpan to) {
    assert(from.size() == to.size());
    parallelRanges(from.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        std::copy(from.data() + begin, from.data() + end, to.data() + begin);
    });
}

void fill(RealSpan x, double value) {
    std::fill(x.begin(), x.end(), static_cast<Real>(value));
}

bool allFinite(ConstRealSpan x) {
    // x - x is 0 for finite x and NaN otherwise, and NaN survives a sum: vectorises, unlike a test per entry.
    const Real* px = x.data();
    return parallelSum(x.size(), [=](std::size_t i) { return static_cast<double>(px[i] - px[i]); }) == 0.0;
}

DifferenceNorms subtractWithNorms(ConstRealSpan a, ConstRealSpan b, RealSpan out) {
    assert(a.size() == b.size() && a.size() == out.size());
    const std::size_t count = a.size();
    std::array<DifferenceNorms, kMaxThreads> parts{};
    const auto wanted = std::clamp<std::size_t>(
        count / kGrain, 1, std::min<std::size_t>(static_cast<std::size_t>(threadCount()), kMaxThreads));
    parallelRanges(wanted, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t t = first; t < last; ++t) {
            const std::size_t end = count * (t + 1) / wanted;
            for (std::size_t begin = count * t / wanted; begin < end; begin += kBlock) {
                const std::size_t stop = std::min(begin + kBlock, end);
                const Real* pa = a.data();
                Real* po = out.data();
                for (std::size_t i = begin; i < stop; ++i) po[i] = pa[i] - b[i];
                parts[t].difference +=
                    laneSum(begin, stop, [=](std::size_t i) { return product(po[i], po[i]); });
                parts[t].minuend +=
                    laneSum(begin, stop, [=](std::size_t i) { return product(pa[i], pa[i]); });
            }
        }
    });
    DifferenceNorms sum;
    for (const auto& part : parts) {
        sum.difference += part.difference;
        sum.minuend += part.minuend;
    }
    return sum;
}

void dots(std::span<const Real* const> columns, ConstRealSpan x, std::span<double> products) {
    assert(columns.size() <= kMaxColumns && products.size() >= columns.size());
    const std::size_t count = x.size();
    std::array<std::array<double, kMaxColumns>, kMaxThreads> parts;
    const auto wanted = std::clamp<std::size_t>(
        count / kGrain, 1, std::min<std::size_t>(static_cast<std::size_t>(threadCount()), kMaxThreads));
    parallelRanges(wanted, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t t = first; t < last; ++t) {
            auto& part = parts[t];
            std::fill_n(part.begin(), columns.size(), 0.0);
            const std::size_t end = count * (t + 1) / wanted;
            for (std::size_t begin = count * t / wanted; begin < end; begin += kBlock) {
                const std::size_t stop = std::min(begin + kBlock, end);
                for (std::size_t c = 0; c < columns.size(); ++c) {
                    const Real* pc = columns[c];
                    const Real* px = x.data();
                    part[c] += laneSum(begin, stop, [=](std::size_t i) { return product(pc[i], px[i]); });
                }
            }
        }
    });
    for (std::size_t c = 0; c < columns.size(); ++c) {
        products[c] = 0;
        for (std::size_t t = 0; t < wanted; ++t) products[c] += parts[t][c];
    }
}

void combine(std::span<const Real* const> columns, std::span<const double> weights, RealSpan out) {
    assert(columns.size() == weights.size() && columns.size() <= kMaxColumns);
    parallelRanges(out.size(), kGrain, [&](std::size_t first, std::size_t last) {
        std::array<double, kBlock> sum;
        for (std::size_t begin = first; begin < last; begin += kBlock) {
            const std::size_t length = std::min(kBlock, last - begin);
            std::fill_n(sum.begin(), length, 0.0);
            for (std::size_t c = 0; c < columns.size(); ++c) {
                const Real* pc = columns[c] + begin;
                const double w = weights[c];
                for (std::size_t i = 0; i < length; ++i) sum[i] += w * static_cast<double>(pc[i]);
            }
            Real* po = out.data() + begin;
            for (std::size_t i = 0; i < length; ++i) po[i] = static_cast<Real>(sum[i]);
        }
    });
}

}  // namespace stillpoint
