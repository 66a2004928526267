// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>

#include "solver/fidelity/separable.h"

namespace stillpoint {

struct PoissonParams {
    double background = 0.1;
    double accuracy = 1e-5;
    static const ParamTable& table();
};

/// Negative log-likelihood of photon counts, divided by the counts that white stands for, so that pictures
/// stay in [0, 1] whatever the exposure (Shepp and Vardi, 1982; with a background: Snyder et al., 1993):
///     h(t) = s - c - c log(s / c),   s = t + b,   c = max(y, 0) + b,   b = background > 0
/// which is 0 at its minimum t = max(y, 0) and near it (t - y)^2 / (2 (y + b)): least squares that trusts
/// each pixel as far as its noise allows. Counts are not negative, so a negative y is read as 0.
///
/// h as written holds for s >= edge = max(b, c / 4), which includes every t >= 0 where y <= 3 b. Below the
/// edge it goes on as its second-order Taylor polynomial there, so that h is convex and twice continuously
/// differentiable on the whole line, with h'' <= c / edge^2 <= 4 / b whatever the data. The true likelihood
/// is left only where the blurred estimate explains less than a quarter of a pixel's light.
///
/// Adding b to model and data alike keeps the estimate unbiased; it limits the weight of pixels darker than
/// b, whose noise is then overrated a little.
struct PoissonLaw {
    using Params = PoissonParams;
    static constexpr std::string_view kOwnKey = "fidelity.background";
    static constexpr bool kQuadratic = false;
    static constexpr Real kEdge = Real(0.25);

    Real b;

    explicit PoissonLaw(const PoissonParams& params) : b(static_cast<Real>(params.background)) {}
    bool smooth() const { return true; }
    double curvatureBound() const { return 1 / (static_cast<double>(kEdge) * static_cast<double>(b)); }

    Real count(Real y) const { return std::max(y, Real(0)) + b; }
    Real edge(Real c) const { return std::max(b, kEdge * c); }

    double value(double t, double y) const {
        const double own = static_cast<double>(b);
        const double s = t + own;
        const double c = std::max(y, 0.0) + own;
        const double from = std::max(s, std::max(own, static_cast<double>(kEdge) * c));
        const double below = std::min(s - from, 0.0);
        return from - c - c * std::log(from / c) + below * (1 - c / from + below * c / (2 * from * from));
    }
    Real slope(Real t, Real y) const {
        const Real c = count(y);
        const Real from = std::max(t + b, edge(c));
        return 1 - c / from + std::min(t + b - from, Real(0)) * c / (from * from);
    }
    Real curvature(Real t, Real y) const {
        const Real c = count(y);
        const Real from = std::max(t + b, edge(c));
        return c / (from * from);
    }
    /// d slope / dy, by way of c and, where it depends on c, of the edge.
    Real slopeByData(Real t, Real y) const {
        const Real c = count(y);
        const Real s = t + b;
        const Real tau = edge(c);
        const Real above = -1 / std::max(s, tau);
        const Real below = kEdge * c > b ? -s / (tau * tau) : (t - b) / (b * b);
        return y < 0 ? Real(0) : (s >= tau ? above : below);
    }
    /// d slope / db, by way of s, c and the edge.
    Real slopeByOwn(Real t, Real y) const {
        const Real c = count(y);
        const Real s = t + b;
        const Real tau = edge(c);
        const Real from = std::max(s, tau);
        const Real above = (c - from) / (from * from);
        const Real below =
            kEdge * c > b ? (c - s) / (tau * tau) : (c + t - b) / (b * b) - 2 * t * c / (b * b * b);
        return s >= tau ? above : below;
    }
    /// h'(p) + sigma p = a is a quadratic equation in s above the edge and linear below.
    DualStep dual(Real a, Real sigma, Real y) const {
        const Real c = count(y);
        const Real tau = edge(c);
        const Real atEdge = 1 - c / tau + sigma * (tau - b) - a;
        const Real q = 1 - a - sigma * b;
        const Real root = std::sqrt(q * q + 4 * sigma * c);
        // The form of the root without cancellation.
        const Real above = q > 0 ? 2 * c / (q + root) : (root - q) / (2 * sigma);
        const Real below = tau - atEdge / (c / (tau * tau) + sigma);
        const Real p = (atEdge <= 0 ? above : below) - b;
        const Real bend = curvature(p, y);
        const Real rest = sigma / (bend + sigma);
        return {slope(p, y), bend / (bend + sigma), p, rest * slopeByData(p, y), rest * slopeByOwn(p, y)};
    }
};

using PoissonFidelity = SeparableFidelity<PoissonLaw>;

}  // namespace stillpoint
