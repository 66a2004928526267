// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "solver/core/param.h"
#include "solver/priors/prior.h"
#include "solver/priors/wavelet_transform.h"

namespace stillpoint {

struct WaveletParams {
    double lambda = 0.001;
    double smoothing = 0.005;
    WaveletFamily family = WaveletFamily::haar;
    int levels = 4;
    int shifts = 4;
    static const ParamTable& table();
};

/// Sum of the absolute values of the wavelet details of each channel, smoothed near zero as by Huber:
///     g(x) = sum over details d of W x of phi(d),   phi(t) = t^2 / (2 e) for |t| <= e, |t| - e/2 beyond,
/// W the orthogonal transform of wavelet_transform.h, e = smoothing; approximations are free, and a flat
/// picture costs nothing. Because W is orthogonal the prox is closed, a shrinkage of each detail (Donoho and
/// Johnstone, 1994; with the Huber term)
///     prox_{w g}(v) = W' S W v,   S(t) = t - clamp(t w/(w + e), -w, w),   S(a) = a for approximations.
/// grad g = W' phi'(W x) is Lipschitz with constant 1 / e; e = 0 has no gradient.
///
/// shifts = n > 1 averages that prox over n circular translations t of the picture (cycle spinning; Coifman
/// and Donoho, 1995):
///     P(v) = 1/n sum over t of t^-1 prox_{w g}(t v).
/// P is a fixed function and the prox of a convex function, the proximal average of the n translated g
/// (Bauschke, Goebel, Lucet and Wang, 2008), so that PGD and HQS converge as with any prox. But that function
/// changes with w and has no formula, and it is not the average of the translated g, whose gradient is easy:
/// PGD and GD would solve different problems. Hence with shifts > 1 there is neither value nor gradient, and
/// the equilibrium of PGD depends on the step, as that of HQS always does. The translations are the first n
/// points of Sobol's sequence read from the last bit: the first 4^k hold each pair of row and column
/// remainders modulo 2^k once, so that 4 average level 1 fully, 16 levels 1 and 2.
///
/// Cost of a prox: n times forward, shrinkage and back, about 6 passes over the picture each. A linearisation
/// keeps one byte a sample and translation. Sums are taken in double, row by row, the same for any number of
/// threads.
class WaveletPrior final : public Prior {
 public:
    WaveletPrior(Shape shape, const WaveletParams& params);
    Offers offers() const override {
        const bool one = params_.shifts == 1;
        return {one, one && params_.smoothing > 0, true};
    }
    double lambda() const override { return params_.lambda; }
    double value(ConstImageRef x) override;
    void gradient(ConstImageRef x, ImageRef out) override;
    double gradientLipschitz() const override { return 1 / params_.smoothing; }
    void lineariseGradient(ConstImageRef x) override;
    void gradientVjp(ConstImageRef v, ImageRef out) override;
    void gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) override;
    void prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out,
              RealSpan memoryOut) override;
    void lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) override;
    void proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) override;
    double proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) override;

    /// Rows and columns by which translation number i moves, before it is taken modulo the size.
    static std::pair<int, int> translation(int i);

 private:
    template <class Diagonal>
    void applyAveraged(ConstImageRef in, ImageRef out, const Diagonal& diagonal);
    template <class Term>
    double sumDetails(const Term& term);
    void forward(ConstImageRef x, int shift, RealSpan coefficients);
    void linearise(ConstImageRef x, double threshold);
    // Where `threshold` is passed: -1 or 1, the sign of the detail; inside: 0.
    std::int8_t* sides(int shift) {
        return at_.sides.data() + static_cast<std::size_t>(shift) * shape().size();
    }

    WaveletParams params_;
    WaveletTransform transform_;
    Buffer coefficients_;
    Image moved_, sum_;            // translated picture and sum; with shifts only
    BasicBuffer<double> rowSums_;  // one a row of coefficients

    // The last linearisation, reserved when first needed.
    struct Linearisation {
        double weight = 0;
        Image point;
        BasicBuffer<std::int8_t> sides;  // shifts x size
        Buffer cotangent;                // coefficients of the cotangent
    } at_;
};

}  // namespace stillpoint
