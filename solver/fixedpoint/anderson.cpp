// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/anderson.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cassert>
#include <cmath>

namespace stillpoint {

const ParamTable& AndersonParams::table() {
    using P = AndersonParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .boolean("enabled", &P::enabled,
                     {.label = "Enabled",
                      .help = "Anderson acceleration on; off is the plain (Picard) iteration."})
            .integer("history", &P::history,
                     {.label = "History",
                      .symbol = "m",
                      .help = "Number of past iterates that are mixed. More can be faster, costs memory (two "
                              "states each) and "
                              "is more sensitive.",
                      .minimum = 1,
                      .maximum = kMaxHistory,
                      .step = 1})
            .real("beta", &P::beta,
                  {.label = "Mixing",
                   .symbol = "β",
                   .help = "Share of the map's outputs in the mixed point; the rest is taken from its "
                           "inputs. 1 is undamped.",
                   .minimum = 0.01,
                   .maximum = 2,
                   .step = 0.05})
            .real("ridge", &P::ridge,
                  {.label = "Ridge",
                   .symbol = "ε",
                   .help = "Regularisation of the small least-squares problem that finds the mixing weights. "
                           "Not the tolerance.",
                   .minimum = 0,
                   .maximum = 1,
                   .step = 1e-10,
                   .scale = ParamScale::logarithmic})
            .choice("ridge-scaling", &P::ridgeScaling, {"relative", "absolute"},
                    {.label = "Ridge scaling",
                     .help = "relative: in proportion to the residuals. absolute: a fixed number, as in "
                             "other programs, for "
                             "comparison; near convergence it turns the mixing into a plain average."})
            .integer("delay", &P::delay,
                     {.label = "Delay",
                      .help = "Plain iterations before mixing begins.",
                      .minimum = 0,
                      .maximum = 1000,
                      .step = 1})
            .real("condition-bound", &P::conditionBound,
                  {.label = "Condition bound",
                   .help = "Oldest columns are dropped until the condition number of the residual "
                           "differences is below this.",
                   .minimum = 1,
                   .maximum = 1e16,
                   .step = 1000,
                   .scale = ParamScale::logarithmic})
            .real("weight-cap", &P::weightCap,
                  {.label = "Weight cap",
                   .help = "A mixed step whose weights' absolute values sum to more is refused.",
                   .minimum = 1,
                   .maximum = 1e16,
                   .step = 100,
                   .scale = ParamScale::logarithmic})
            .real("growth", &P::growth,
                  {.label = "Growth limit",
                   .help = "A mixed step whose residual exceeds the best so far by more than this factor is "
                           "refused and the "
                           "history restarts.",
                   .minimum = 1,
                   .maximum = 1e6,
                   .step = 0.5,
                   .scale = ParamScale::logarithmic});
    return table;
}

Anderson::Anderson(std::size_t size, const AndersonParams& params) : params_(params) {
    // Two pairs at least: the plain iteration reads one output while it writes the next.
    const int capacity = params.enabled ? std::max(params.history, 2) : 2;
    pairs_.resize(static_cast<std::size_t>(capacity));
    for (auto& pair : pairs_) {
        pair.output = Buffer(size);
        pair.residual = Buffer(size);
    }
    gram_ = Small::Zero(capacity, capacity);
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
    const DifferenceNorms norms = subtractWithNorms(pair.output.span(), z, pair.residual.span());
    ++count_;
    const int newest = count_ - 1;
    gram_(index(newest), index(newest)) = norms.difference;
    if (!params_.enabled || params_.history < 2) return norms;
    std::array<const Real*, kMaxHistory> columns{};
    std::array<double, kMaxHistory> products{};
    for (int i = 0; i < newest; ++i) columns[static_cast<std::size_t>(i)] = slot(i).residual.data();
    const auto used = static_cast<std::size_t>(newest);
    dots(std::span(columns.data(), used), pair.residual.span(), std::span(products.data(), used));
    for (int i = 0; i < newest; ++i)
        gram_(index(i), index(newest)) = gram_(index(newest), index(i)) =
            products[static_cast<std::size_t>(i)];
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

// Correlation matrix of the differences d_i = r_(i+1) - r_i, i = oldest .. newest - 1, from the Gram matrix,
// with the right-hand side <d_i, r_newest> / |d_i|; returns the lengths |d_i| (0 for a column that has
// vanished).
Anderson::SmallVector Anderson::scaledDifferences(int oldest, Small& correlation, SmallVector& right) const {
    const int newest = count_ - 1;
    const int columns = newest - oldest;
    correlation.resize(columns, columns);
    right.resize(columns);
    SmallVector lengths(columns);
    for (int a = 0; a < columns; ++a) {
        const int i = oldest + a;
        const double squared = gram(i + 1, i + 1) - 2 * gram(i + 1, i) + gram(i, i);
        // Below this the difference of two Gram entries is rounding, not length.
        const double floor = 1e-15 * (gram(i + 1, i + 1) + gram(i, i));
        lengths(a) = squared > floor ? std::sqrt(squared) : 0;
    }
    for (int a = 0; a < columns; ++a) {
        const int i = oldest + a;
        const double scaleA = lengths(a) > 0 ? 1 / lengths(a) : 0;
        right(a) = scaleA * (gram(i + 1, newest) - gram(i, newest));
        for (int b = 0; b <= a; ++b) {
            const int j = oldest + b;
            const double scaleB = lengths(b) > 0 ? 1 / lengths(b) : 0;
            const double product = gram(i + 1, j + 1) - gram(i + 1, j) - gram(i, j + 1) + gram(i, j);
            correlation(a, b) = correlation(b, a) = a == b ? 1.0 : product * scaleA * scaleB;
        }
    }
    return lengths;
}

void Anderson::solveRelative(Mix& mix) const {
    const int newest = count_ - 1;
    Small correlation;
    SmallVector right;
    for (int oldest = std::max(0, count_ - params_.history); oldest < newest; ++oldest) {
        const SmallVector lengths = scaledDifferences(oldest, correlation, right);
        if ((lengths.array() <= 0).any()) continue;
        const Eigen::SelfAdjointEigenSolver<Small> eigen(correlation);
        const double largest = eigen.eigenvalues().maxCoeff();
        const double smallest = std::max(eigen.eigenvalues().minCoeff(), 0.0);
        const double condition = std::sqrt(largest / std::max(smallest, 1e-300));
        if (!(condition <= params_.conditionBound)) continue;
        mix.condition = condition;
        // gamma in scaled columns, then in true ones; the newest residual less D gamma is the mixed residual.
        SmallVector gamma = eigen.eigenvectors().transpose() * right;
        gamma.array() /= eigen.eigenvalues().array() + params_.ridge;
        gamma = eigen.eigenvectors() * gamma;
        gamma.array() /= lengths.array();
        mix.weightCount = newest - oldest + 1;
        const auto weight = [&](int i) -> double& { return mix.weights[static_cast<std::size_t>(i)]; };
        const auto columns = static_cast<int>(gamma.size());
        for (int a = 0; a <= columns; ++a)
            weight(a) = (a < columns ? gamma(a) : 1.0) - (a > 0 ? gamma(a - 1) : 0.0);
        return;
    }
    mix.weightCount = 1;
    mix.weights[0] = 1;
    if (newest > 0) mix.refusal = Refusal::illConditioned;
}

void Anderson::solveAbsolute(Mix& mix) const {
    const int used = std::min(count_, params_.history);
    const int oldest = count_ - used;
    Small matrix(used, used);
    for (int i = 0; i < used; ++i)
        for (int j = 0; j < used; ++j)
            matrix(i, j) = gram(oldest + i, oldest + j) + (i == j ? params_.ridge : 0.0);
    const SmallVector solution = matrix.ldlt().solve(SmallVector::Ones(used));
    const double sum = solution.sum();
    mix.weightCount = used;
    for (int i = 0; i < used; ++i) mix.weights[static_cast<std::size_t>(i)] = solution(i) / sum;
    const Eigen::SelfAdjointEigenSolver<Small> eigen(matrix, Eigen::EigenvaluesOnly);
    mix.condition =
        std::sqrt(eigen.eigenvalues().maxCoeff() / std::max(eigen.eigenvalues().minCoeff(), 1e-300));
}

double Anderson::mixedNormSquared(const Mix& mix) const {
    const int oldest = count_ - mix.weightCount;
    double sum = 0;
    for (int i = 0; i < mix.weightCount; ++i)
        for (int j = 0; j < mix.weightCount; ++j)
            sum += mix.weights[static_cast<std::size_t>(i)] * mix.weights[static_cast<std::size_t>(j)] *
                   gram(oldest + i, oldest + j);
    return std::max(sum, 0.0);
}

Anderson::Mix Anderson::mix(RealSpan z) {
    assert(count_ > 0);
    Mix mix;
    if (params_.ridgeScaling == RidgeScaling::relative)
        solveRelative(mix);
    else
        solveAbsolute(mix);
    if (mix.refusal != Refusal::none) return mix;
    double size = 0;
    for (const double weight : std::span(mix.weights.data(), static_cast<std::size_t>(mix.weightCount)))
        size += std::abs(weight);
    if (!(size <= params_.weightCap)) {
        mix.refusal = std::isfinite(size) ? Refusal::weightsTooLarge : Refusal::notFinite;
        return mix;
    }
    mix.gain = std::sqrt(mixedNormSquared(mix) / gram(count_ - 1, count_ - 1));

    // z_i = T(z_i) - r_i, so z+ = sum alpha_i T(z_i) - (1 - beta) sum alpha_i r_i.
    std::array<const Real*, 2 * kMaxHistory> columns{};
    std::array<double, 2 * kMaxHistory> factors{};
    std::size_t used = 0;
    const int oldest = count_ - mix.weightCount;
    for (int i = 0; i < mix.weightCount; ++i) {
        const double weight = mix.weights[static_cast<std::size_t>(i)];
        columns[used] = slot(oldest + i).output.data();
        factors[used++] = weight;
        if (params_.beta == 1) continue;
        columns[used] = slot(oldest + i).residual.data();
        factors[used++] = -(1 - params_.beta) * weight;
    }
    combine(std::span(columns.data(), used), std::span(factors.data(), used), z);
    return mix;
}

}  // namespace stillpoint
