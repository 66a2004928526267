// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/anderson.h"

#include <cassert>
#include <cmath>

namespace stillpoint {
namespace {

// Condition of the differences up to which their Gram matrix in double is exact enough. In float the
// residuals' own rounding is the limit, which no factorisation mends.
constexpr double kGramCondition = sizeof(Real) == sizeof(double) ? 1e6 : 1e8;

}  // namespace

Anderson::Anderson(std::size_t size, const AndersonParams& params) : params_(params) {
    // Two pairs at least: the plain iteration reads one output while it writes the next.
    const int capacity = params.enabled ? std::max(params.history, 2) : 2;
    pairs_.resize(static_cast<std::size_t>(capacity));
    for (auto& pair : pairs_) {
        pair.output = Buffer(size);
        pair.residual = Buffer(size);
    }
    if (params.enabled && params.conditionBound > kGramCondition &&
        params.ridgeScaling == RidgeScaling::relative)
        for (int i = 1; i < params.history; ++i) orthogonal_.emplace_back(size);
    gram_ = SmallMatrix::Zero(capacity, capacity);
}

RealSpan Anderson::nextOutput() {
    if (count_ == capacity()) {
        first_ = (first_ + 1) % capacity();
        --count_;
    }
    return slot(count_).output.span();
}

DifferenceNorms Anderson::push(ConstRealSpan z) {
    assert(count_ < capacity());
    Pair& pair = slot(count_);
    std::array<const Real*, kMaxHistory> columns{};
    std::array<double, kMaxHistory> products{};
    const auto used = static_cast<std::size_t>(params_.enabled && params_.history > 1 ? count_ : 0);
    for (std::size_t i = 0; i < used; ++i) columns[i] = slot(static_cast<int>(i)).residual.data();
    const DifferenceNorms norms =
        subtractWithProducts(pair.output.span(), z, pair.residual.span(), std::span(columns.data(), used),
                             std::span(products.data(), used));
    const int newest = index(count_++);
    gram_(newest, newest) = norms.difference;
    for (std::size_t i = 0; i < used; ++i)
        gram_(index(static_cast<int>(i)), newest) = gram_(newest, index(static_cast<int>(i))) = products[i];
    return norms;
}

void Anderson::pop() {
    assert(count_ > 0);
    --count_;
}

void Anderson::restart() {
    if (count_ < 1) return;
    first_ = index(count_ - 1);
    count_ = 1;
}

// The newest pairs within the history, as far back as none is stale.
int Anderson::usablePairs() const {
    const int most = std::min(count_, std::max(params_.history, 1));
    const double newest = gram(count_ - 1, count_ - 1);
    int pairs = 1;
    while (pairs < most &&
           gram(count_ - 1 - pairs, count_ - 1 - pairs) <= params_.stale * params_.stale * newest)
        ++pairs;
    return pairs;
}

SmallMatrix Anderson::newestGram(int pairs) const {
    SmallMatrix matrix(pairs, pairs);
    const int oldest = count_ - pairs;
    for (int i = 0; i < pairs; ++i)
        for (int j = 0; j < pairs; ++j) matrix(i, j) = gram(oldest + i, oldest + j);
    return matrix;
}

MixingWeights Anderson::solve(const SmallMatrix& gram) {
    if (params_.ridgeScaling == RidgeScaling::absolute) return weightsWithAbsoluteRidge(gram, params_.ridge);
    const auto pairs = static_cast<int>(gram.rows());
    MixingWeights mixing =
        weightsFromGram(gram, params_.ridge, std::min(params_.conditionBound, kGramCondition));
    if (mixing.columns < pairs - 1 && !orthogonal_.empty()) return solveByOrthogonalisation(pairs);
    return mixing;
}

// Gram-Schmidt on the differences themselves, newest first, each scaled to length 1; a column that the newer
// ones span is left out. Two projections make the result orthogonal to rounding.
MixingWeights Anderson::solveByOrthogonalisation(int pairs) {
    SmallMatrix r = SmallMatrix::Zero(pairs - 1, pairs - 1);
    SmallVector right(pairs - 1), lengths(pairs - 1);
    std::array<int, kMaxHistory> kept{};
    std::array<const Real*, kMaxHistory> basis{};
    std::array<double, kMaxHistory> products{};
    std::size_t used = 0;
    for (int a = 0; a < pairs - 1; ++a) {
        const int i = count_ - 2 - a;
        const RealSpan q = orthogonal_[used].span();
        subtract(slot(i + 1).residual.span(), slot(i).residual.span(), q);
        lengths(a) = norm(q);
        if (!(lengths(a) > 0)) continue;
        scale(1 / lengths(a), q);
        const auto column = static_cast<Eigen::Index>(used);
        r.col(column).setZero();
        for (int pass = 0; pass < 2; ++pass) {
            dots(std::span(basis.data(), used), q, std::span(products.data(), used));
            for (std::size_t k = 0; k < used; ++k) {
                axpy(-products[k], orthogonal_[k].span(), q);
                r(static_cast<Eigen::Index>(k), column) += products[k];
            }
        }
        const double left = norm(q);
        if (!(left * params_.conditionBound > 1)) continue;
        scale(1 / left, q);
        r(column, column) = left;
        right(column) = dot(q, slot(count_ - 1).residual.span());
        basis[used] = q.data();
        kept[used++] = a;
    }
    while (used > 0) {
        MixingWeights mixing =
            weightsFromFactor(r, right, lengths, std::span(kept.data(), used), pairs, params_.ridge);
        if (mixing.condition <= params_.conditionBound) return mixing;
        --used;
    }
    return {};
}

Anderson::Mix Anderson::mix(RealSpan z) {
    assert(count_ > 0);
    Mix mix;
    const SmallMatrix gram = newestGram(usablePairs());
    MixingWeights mixing = solve(gram);
    if (mixing.weights.size() == 0) {
        if (gram.rows() > 1) {
            mix.refusal = Refusal::illConditioned;
            return mix;
        }
        mixing.weights = SmallVector::Ones(1);
    }
    mix.condition = mixing.condition;
    mix.columns = mixing.columns;
    mix.weightCount = static_cast<int>(mixing.weights.size());
    for (int i = 0; i < mix.weightCount; ++i) mix.weights[static_cast<std::size_t>(i)] = mixing.weights(i);
    const double size = mixing.weights.lpNorm<1>();
    if (!(size <= params_.weightCap)) {
        mix.refusal = std::isfinite(size) ? Refusal::weightsTooLarge : Refusal::notFinite;
        return mix;
    }
    const double newest = gram(gram.rows() - 1, gram.rows() - 1);
    mix.gain = newest > 0 ? std::sqrt(mixedNormSquared(gram, mixing.weights) / newest) : 1;
    combineInto(z, mix,
                params_.gainDamping ? params_.beta * (1 - 0.5 * std::min(mix.gain, 1.0)) : params_.beta);
    return mix;
}

// z_i = T(z_i) - r_i, so z+ = sum alpha_i T(z_i) - (1 - beta) sum alpha_i r_i.
void Anderson::combineInto(RealSpan z, const Mix& mix, double beta) const {
    std::array<const Real*, 2 * kMaxHistory> columns{};
    std::array<double, 2 * kMaxHistory> factors{};
    std::size_t used = 0;
    const int oldest = count_ - mix.weightCount;
    for (int i = 0; i < mix.weightCount; ++i) {
        const double weight = mix.weights[static_cast<std::size_t>(i)];
        if (weight == 0) continue;
        columns[used] = slot(oldest + i).output.data();
        factors[used++] = weight;
        if (beta == 1) continue;
        columns[used] = slot(oldest + i).residual.data();
        factors[used++] = -(1 - beta) * weight;
    }
    combine(std::span(columns.data(), used), std::span(factors.data(), used), z);
}

}  // namespace stillpoint
