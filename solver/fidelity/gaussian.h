// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/fidelity/l2.h"
#include "solver/fidelity/separable.h"

namespace stillpoint {

/// Least squares pixel by pixel, for data of which some samples are ignored, beyond the rim above all: the
/// spectrum no longer separates them (all samples trusted: L2Fidelity does the same in closed form).
///     h(t) = (t - y)^2 / 2
/// The proximal map is one linear system, (I + gamma A'MA) p = x + gamma A'M y, solved by conjugate gradients
/// from p = x.
struct GaussianLaw {
    using Params = L2Params;
    static constexpr std::string_view kOwnKey = "";
    static constexpr bool kQuadratic = true;

    explicit GaussianLaw(const L2Params&) {}
    bool smooth() const { return true; }
    double curvatureBound() const { return 1; }

    double value(double t, double y) const { return (t - y) * (t - y) / 2; }
    Real slope(Real t, Real y) const { return t - y; }
    Real curvature(Real, Real) const { return 1; }
    Real slopeByData(Real, Real) const { return -1; }
    Real slopeByOwn(Real, Real) const { return 0; }
    DualStep dual(Real a, Real sigma, Real y) const {
        const Real scale = 1 / (1 + sigma);
        return {(a - sigma * y) * scale, scale, (a + y) * scale, -sigma * scale, 0};
    }
};

using MaskedL2Fidelity = SeparableFidelity<GaussianLaw>;

}  // namespace stillpoint
