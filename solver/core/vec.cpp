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

namespace {

// 32 bytes of samples at once, as vector types of the compiler (g++ and clang): plain loops are not
// vectorised well enough to keep up with memory. Products of Real are summed in Real over a short run only,
// then in double: with everything converted to double, one Anderson step spent twice the time that its memory
// traffic needs. The rounding of a run is as random as that of the residuals themselves and averages out over
// the runs.
constexpr std::size_t kWide = 32 / sizeof(Real);
constexpr std::size_t kRun = 16 * kWide;  // at most 16 products a lane and sum
typedef Real Samples __attribute__((vector_size(kWide * sizeof(Real)), aligned(alignof(Real)), may_alias));
typedef double Doubles __attribute__((vector_size(kWide / 2 * sizeof(double))));

inline Samples load(const Real* p) {
    return *reinterpret_cast<const Samples*>(p);
}

// Adds both halves of a short run's sums to those in double.
inline void addTo(Doubles& sum, const Samples& run) {
    for (std::size_t lane = 0; lane < kWide / 2; ++lane)
        sum[lane] += static_cast<double>(run[lane]) + static_cast<double>(run[lane + kWide / 2]);
}

inline double total(const Doubles& lanes) {
    double sum = 0;
    for (std::size_t lane = 0; lane < kWide / 2; ++lane) sum += lanes[lane];
    return sum;
}

// products[c] += <columns[c], x> over [begin, end) for N columns.
template <std::size_t N>
void addDots(const Real* const* columns, const Real* x, std::size_t begin, std::size_t end,
             double* products) {
    Doubles sums[N] = {};
    std::size_t i = begin;
    for (; i + kRun <= end; i += kRun) {
        Samples even[N] = {};  // two sums a column hide the latency of the addition
        Samples odd[N] = {};
        for (std::size_t k = i; k < i + kRun; k += 2 * kWide) {
            const Samples xEven = load(x + k);
            const Samples xOdd = load(x + k + kWide);
            for (std::size_t c = 0; c < N; ++c) {
                even[c] += load(columns[c] + k) * xEven;
                odd[c] += load(columns[c] + k + kWide) * xOdd;
            }
        }
        for (std::size_t c = 0; c < N; ++c) addTo(sums[c], even[c] + odd[c]);
    }
    for (std::size_t c = 0; c < N; ++c) products[c] += total(sums[c]);
    for (; i < end; ++i)
        for (std::size_t c = 0; c < N; ++c) products[c] += product(columns[c][i], x[i]);
}

// Groups of up to five columns: their ten sums still fit the registers.
void addDots(std::span<const Real* const> columns, const Real* x, std::size_t begin, std::size_t end,
             double* products) {
    const Real* const* c = columns.data();
    std::size_t left = columns.size();
    for (; left >= 5; left -= 5, c += 5, products += 5) addDots<5>(c, x, begin, end, products);
    if (left == 4) addDots<4>(c, x, begin, end, products);
    if (left == 3) addDots<3>(c, x, begin, end, products);
    if (left == 2) addDots<2>(c, x, begin, end, products);
    if (left == 1) addDots<1>(c, x, begin, end, products);
}

// out[i] = (sums ? sums[i] : 0) + sum of N columns at begin + i, i < length. out may be a column or sums.
template <std::size_t N>
void addColumns(const Real* const* columns, const double* weights, std::size_t begin, std::size_t length,
                const Real* sums, Real* out) {
    Real factor[N];
    for (std::size_t c = 0; c < N; ++c) factor[c] = static_cast<Real>(weights[c]);
    std::size_t i = 0;
    for (; i + kWide <= length; i += kWide) {
        Samples sum = {};
        if (sums) sum = load(sums + i);
        for (std::size_t c = 0; c < N; ++c) sum += factor[c] * load(columns[c] + begin + i);
        *reinterpret_cast<Samples*>(out + i) = sum;
    }
    for (; i < length; ++i) {
        Real sum = sums ? sums[i] : 0;
        for (std::size_t c = 0; c < N; ++c) sum += factor[c] * columns[c][begin + i];
        out[i] = sum;
    }
}

// Number of ranges that a loop over `count` entries is split into.
std::size_t rangesFor(std::size_t count) {
    const auto threads = std::min<std::size_t>(static_cast<std::size_t>(threadCount()), kMaxThreads);
    return std::clamp<std::size_t>(count / kGrain, 1, threads);
}

}  // namespace

namespace {

// out = a - b on [begin, end), adding to the squared norms of both out and a.
void subtractBlock(const Real* a, const Real* b, Real* out, std::size_t begin, std::size_t end,
                   DifferenceNorms& norms) {
    Doubles difference = {};
    Doubles minuend = {};
    std::size_t i = begin;
    for (; i + kRun <= end; i += kRun) {
        Samples differences = {};
        Samples minuends = {};
        for (std::size_t k = i; k < i + kRun; k += kWide) {
            const Samples m = load(a + k);
            const Samples d = m - load(b + k);
            *reinterpret_cast<Samples*>(out + k) = d;
            differences += d * d;
            minuends += m * m;
        }
        addTo(difference, differences);
        addTo(minuend, minuends);
    }
    norms.difference += total(difference);
    norms.minuend += total(minuend);
    for (; i < end; ++i) {
        out[i] = a[i] - b[i];
        norms.difference += product(out[i], out[i]);
        norms.minuend += product(a[i], a[i]);
    }
}

}  // namespace

DifferenceNorms subtractWithProducts(ConstRealSpan a, ConstRealSpan b, RealSpan out,
                                     std::span<const Real* const> columns, std::span<double> products) {
    assert(a.size() == b.size() && a.size() == out.size());
    assert(columns.size() <= kMaxColumns && products.size() >= columns.size());
    const std::size_t count = a.size();
    std::array<DifferenceNorms, kMaxThreads> norms{};
    std::array<std::array<double, kMaxColumns>, kMaxThreads> parts;
    const std::size_t ranges = rangesFor(count);
    parallelRanges(ranges, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t t = first; t < last; ++t) {
            std::fill_n(parts[t].begin(), columns.size(), 0.0);
            const std::size_t end = count * (t + 1) / ranges;
            for (std::size_t begin = count * t / ranges; begin < end; begin += kBlock) {
                const std::size_t stop = std::min(begin + kBlock, end);
                subtractBlock(a.data(), b.data(), out.data(), begin, stop, norms[t]);
                addDots(columns, out.data(), begin, stop, parts[t].data());
            }
        }
    });
    DifferenceNorms sum;
    for (std::size_t t = 0; t < ranges; ++t) {
        sum.difference += norms[t].difference;
        sum.minuend += norms[t].minuend;
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
        products[c] = 0;
        for (std::size_t t = 0; t < ranges; ++t) products[c] += parts[t][c];
    }
    return sum;
}

void dots(std::span<const Real* const> columns, ConstRealSpan x, std::span<double> products) {
    assert(columns.size() <= kMaxColumns && products.size() >= columns.size());
    const std::size_t count = x.size();
    std::array<std::array<double, kMaxColumns>, kMaxThreads> parts;
    const std::size_t ranges = rangesFor(count);
    parallelRanges(ranges, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t t = first; t < last; ++t) {
            std::fill_n(parts[t].begin(), columns.size(), 0.0);
            const std::size_t end = count * (t + 1) / ranges;
            for (std::size_t begin = count * t / ranges; begin < end; begin += kBlock)
                addDots(columns, x.data(), begin, std::min(begin + kBlock, end), parts[t].data());
        }
    });
    for (std::size_t c = 0; c < columns.size(); ++c) {
        products[c] = 0;
        for (std::size_t t = 0; t < ranges; ++t) products[c] += parts[t][c];
    }
}

void combine(std::span<const Real* const> columns, std::span<const double> weights, RealSpan out) {
    assert(columns.size() == weights.size() && columns.size() <= kMaxColumns);
    if (columns.empty()) fill(out, 0);
    parallelRanges(out.size(), kGrain, [&](std::size_t first, std::size_t last) {
        std::array<Real, kBlock> sums;  // out may be a column that is still to be read
        for (std::size_t begin = first; begin < last; begin += kBlock) {
            const std::size_t length = std::min(kBlock, last - begin);
            std::size_t c = 0;
            const auto add = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
                Real* to = c + N == columns.size() ? out.data() + begin : sums.data();
                addColumns<N>(columns.data() + c, weights.data() + c, begin, length,
                              c == 0 ? nullptr : sums.data(), to);
                c += N;
            };
            while (columns.size() - c >= 5) add(std::integral_constant<std::size_t, 5>{});
            while (columns.size() - c >= 2) add(std::integral_constant<std::size_t, 2>{});
            if (c < columns.size()) add(std::integral_constant<std::size_t, 1>{});
        }
    });
}

}  // namespace stillpoint
