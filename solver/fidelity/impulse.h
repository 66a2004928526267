// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>

#include "solver/fidelity/separable.h"

namespace stillpoint {

struct ImpulseParams {
    double smoothing = 0.02;
    double accuracy = 1e-5;
    static const ParamTable& table();
};

/// Absolute misfit, for data of which some pixels are plainly wrong (impulse noise, dead pixels): each pixel
/// pulls with at most the same force (Nikolova, 2004), rounded near zero as by Huber (1964):
///     h(t) = phi(t - y),   phi(r) = r^2 / (2 e) for |r| <= e, |r| - e/2 beyond;   e = smoothing
/// h'' is 1 / e or 0: twice differentiable but for |r| = e, where the inner value is taken. e = 0 is plain
/// L1, which has neither gradient nor a proximal map through the blur, only that of the conjugate, for
/// primal-dual methods.
struct ImpulseLaw {
    using Params = ImpulseParams;
    static constexpr std::string_view kOwnKey = "fidelity.smoothing";
    static constexpr bool kQuadratic = false;

    Real e;

    explicit ImpulseLaw(const ImpulseParams& params) : e(static_cast<Real>(params.smoothing)) {}
    bool smooth() const { return e > 0; }
    double curvatureBound() const { return 1 / static_cast<double>(e); }

    double value(double t, double y) const {
        const double own = static_cast<double>(e);
        const double r = std::abs(t - y);
        return r <= own ? (own > 0 ? r * r / (2 * own) : 0.0) : r - own / 2;
    }
    Real slope(Real t, Real y) const { return std::clamp((t - y) / e, Real(-1), Real(1)); }
    Real curvature(Real t, Real y) const { return std::abs(t - y) <= e ? 1 / e : Real(0); }
    Real slopeByData(Real t, Real y) const { return -curvature(t, y); }
    Real slopeByOwn(Real t, Real y) const { return std::abs(t - y) <= e ? (y - t) / (e * e) : Real(0); }
    /// clamp((a - sigma y) / (1 + sigma e), -1, 1), for e = 0 too.
    DualStep dual(Real a, Real sigma, Real y) const {
        const Real d = a - sigma * y;
        const Real scale = 1 / (1 + sigma * e);
        const Real inside = d * scale;
        const bool free = std::abs(inside) <= 1;
        const Real value = std::clamp(inside, Real(-1), Real(1));
        return {value, free ? scale : Real(0), free ? y + e * inside : (a - value) / sigma,
                free ? -sigma * scale : Real(0), free ? -sigma * inside * scale : Real(0)};
    }
};

using ImpulseFidelity = SeparableFidelity<ImpulseLaw>;

}  // namespace stillpoint
