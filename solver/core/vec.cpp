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

// Four samples at once, as vector types of the compiler (g++ and clang): plain loops over double
// accumulators are not vectorised well enough to keep up with memory.
constexpr std::size_t kWide = 4;
typedef Real Samples __attribute__((vector_size(kWide * sizeof(Real)), aligned(alignof(Real)), may_alias));
typedef double Doubles __attribute__((vector_size(kWide * sizeof(double))));
typedef double DoublesInMemory
    __attribute__((vector_size(kWide * sizeof(double)), aligned(alignof(double)), may_alias));

inline Doubles load(const Real* p) {
    return __builtin_convertvector(*reinterpret_cast<const Samples*>(p), Doubles);
}

inline double total(const Doubles& lanes) {
    double sum = 0;
    for (std::size_t lane = 0; lane < kWide; ++lane) sum += lanes[lane];
    return sum;
}

// products[c] += <columns[c], x> over [begin, end) for N columns; x is converted once for all of them.
template <std::size_t N>
void addDots(const Real* const* columns, const Real* x, std::size_t begin, std::size_t end,
             double* products) {
    Doubles even[N] = {};  // two sums a column hide the latency of the addition
    Doubles odd[N] = {};
    std::size_t i = begin;
    for (; i + 2 * kWide <= end; i += 2 * kWide) {
        const Doubles xEven = load(x + i);
        const Doubles xOdd = load(x + i + kWide);
        for (std::size_t c = 0; c < N; ++c) {
            even[c] += load(columns[c] + i) * xEven;
            odd[c] += load(columns[c] + i + kWide) * xOdd;
        }
    }
    for (std::size_t c = 0; c < N; ++c) products[c] += total(even[c] + odd[c]);
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

// out = (first ? 0 : sums) + sum of N columns, kept in double in `sums` while columns are left.
template <std::size_t N>
void addColumns(const Real* const* columns, const double* weights, std::size_t at, std::size_t length,
                bool first, double* sums) {
    Doubles factor[N];
    for (std::size_t c = 0; c < N; ++c) factor[c] = weights[c] - Doubles{};
    std::size_t i = 0;
    for (; i + kWide <= length; i += kWide) {
        Doubles sum = {};
        if (!first) sum = *reinterpret_cast<const DoublesInMemory*>(sums + i);
        for (std::size_t c = 0; c < N; ++c) sum += factor[c] * load(columns[c] + at + i);
        *reinterpret_cast<DoublesInMemory*>(sums + i) = sum;
    }
    for (; i < length; ++i) {
        double sum = first ? 0 : sums[i];
        for (std::size_t c = 0; c < N; ++c) sum += weights[c] * static_cast<double>(columns[c][at + i]);
        sums[i] = sum;
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
    for (; i + kWide <= end; i += kWide) {
        const Samples residual =
            *reinterpret_cast<const Samples*>(a + i) - *reinterpret_cast<const Samples*>(b + i);
        *reinterpret_cast<Samples*>(out + i) = residual;
        const Doubles d = __builtin_convertvector(residual, Doubles);
        const Doubles m = load(a + i);
        difference += d * d;
        minuend += m * m;
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
    parallelRanges(out.size(), kGrain, [&](std::size_t first, std::size_t last) {
        std::array<double, kBlock> sums{};  // zero also when there are no columns
        for (std::size_t begin = first; begin < last; begin += kBlock) {
            const std::size_t length = std::min(kBlock, last - begin);
            std::size_t c = 0;
            const auto add = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
                addColumns<N>(columns.data() + c, weights.data() + c, begin, length, c == 0, sums.data());
                c += N;
            };
            while (columns.size() - c >= 5) add(std::integral_constant<std::size_t, 5>{});
            while (columns.size() - c >= 2) add(std::integral_constant<std::size_t, 2>{});
            if (c < columns.size()) add(std::integral_constant<std::size_t, 1>{});
            Real* po = out.data() + begin;
            for (std::size_t i = 0; i < length; ++i) po[i] = static_cast<Real>(sums[i]);
        }
    });
}

}  // namespace stillpoint
