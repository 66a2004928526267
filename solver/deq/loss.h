// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "solver/fidelity/fidelity.h"

namespace stillpoint {

/// How good an estimate x is, as one number to be made small, with its gradient. The first three compare it
/// with a reference picture x0; the others need none: they know y, the blur A and, some of them, the noise.
/// r = y - A x the misfit, 0 where a sample is ignored, sigma the deviation of the noise, N = number of
/// samples of the picture, for the losses of r of those that are trusted. All of them look at the picture
/// alone, the window of the operator's canvas.
///
///   mse          ||x - x0||^2 / N
///   l1           ||x - x0||_1 / N; its derivative is taken as 0 where they are equal
///   ssim         1 - SSIM(x, x0), SSIM exactly as in image/metrics.h (Wang et al., 2004); at least 11x11
///   discrepancy  (||r||^2 / (N sigma^2) - 1)^2: the misfit should have the noise's energy (Morozov, 1966)
///   whiteness    sum of a(t)^2 / a(0)^2 over the lags t != 0 of up to kWhitenessLag rows and columns, mean
///                over the channels; a(t) = sum of r(p) r(p + t) over the pixels p with p and p + t inside,
///                so t and -t both count. White noise gives about ((2 L + 1)^2 - 1) / pixels, a misfit with
///                structure more. The mean is not taken off: an offset is structure too. Knows nothing of
///                sigma (after Almeida and Figueiredo, 2013, and Lanza et al., 2020).
///   sure         ||r||^2 / N - sigma^2 + 2 sigma^2 / N div: Stein's unbiased estimate of
///                ||A x - A x_true||^2 / N for white Gaussian noise (Stein, 1981; Vonesch, Ramani and Unser,
///                2008). div = b'(A x(y + e b) - A x(y)) / e stands for the divergence of y -> A x(y)
///                (Ramani, Blu and Unser, 2008), b a fixed standard normal probe (normalAt(seed, i) for
///                sample i), e = 2 sigma / N^0.3 (Deledalle et al., 2014). It needs the equilibrium of a
///                second problem, the one with the data y + e b; its gradient, which is that of this very
///                number, needs one adjoint at each of the two and no second derivative. b being symmetric
///                about 0, the one-sided difference has no bias of first order in e. Both problems must be
///                solved to well below e: a residual of 1e-5 or better, the second started from the first's
///                solution.
enum class LossKind { mse, l1, ssim, discrepancy, whiteness, sure };

inline constexpr int kWhitenessLag = 4;

/// What a list of losses shows and asks for.
struct LossInfo {
    LossKind kind;
    std::string name;   ///< "mse"
    std::string label;  ///< "Mean squared error"
    std::string help;   ///< one sentence
    bool needsReference = false;
    bool needsNoiseSigma = false;
    int solves = 1;  ///< number of equilibria that it is a function of
};
/// All losses, in the order of LossKind.
std::span<const LossInfo> losses();
/// Throws Error("loss", sentence) for an unknown name.
const LossInfo& lossNamed(std::string_view name);

struct LossParams {
    LossKind kind = LossKind::mse;
    std::optional<ConstImageRef> reference = {};  ///< of the picture's shape; must outlive the loss
    double noiseSigma = 0;                        ///< on the [0, 1] scale, above 0 where it is needed
    std::uint64_t seed = 1;                       ///< of the probe of `sure`
};

/// Value and gradient. `estimates` is filled with one picture per solve, on the canvas; `data` and `kernel`,
/// the direct dependence on y and on the kernel's pixels while the estimates stand still, only where the
/// caller gave them a shape, that of the picture and of the kernel (they are overwritten).
struct LossGradient {
    double value = 0;
    std::vector<Image> estimates;
    Image data;
    Image kernel;
};

/// A loss for one blurred picture. It is a function of solves() equilibria, those of the same problem with
/// the data y and, for `sure`, a second with probedData(). The whole derivative is the sum of the
/// implicit gradients with estimates[i] at each, and of the direct terms: see implicit_gradient.h.
///
/// Keeps a reference to the fidelity (for A and y) and works in its operator's scratch: one thread at a time.
/// Throws Error("reference", "noise-sigma" or "loss", sentence) for what is missing or does not fit. value
/// and gradient allocate a few pictures; cost at most a handful of transforms, whiteness 40 passes over r.
class Loss {
 public:
    Loss(const LossParams& params, DataFidelity& fidelity);

    const LossInfo& info() const { return losses()[static_cast<std::size_t>(params_.kind)]; }
    int solves() const { return info().solves; }
    /// Data of the second problem, of the picture's shape; lives as long as this.
    ConstImageRef probedData() const { return probed_; }
    /// One estimate for each problem, on the canvas.
    double value(std::span<const ConstImageRef> estimates) { return evaluate(estimates, nullptr); }
    void gradient(std::span<const ConstImageRef> estimates, LossGradient& out);

 private:
    double evaluate(std::span<const ConstImageRef> estimates, LossGradient* out);
    const Canvas& canvas() const { return fidelity_.op().canvas(); }
    Image window(ConstImageRef onCanvas) const;
    void ignore(Image& picture) const;
    // With the reference; the derivative only where it has a shape.
    double compare(ConstImageRef estimate, LossGradient* out) const;
    double squaredError(const Image& x, Image& derivative) const;
    double absoluteError(const Image& x, Image& derivative) const;
    double dissimilarity(const Image& x, Image& derivative) const;
    double discrepancy(ConstImageRef x, LossGradient* out);
    double whiteness(ConstImageRef x, LossGradient* out);
    double sure(std::span<const ConstImageRef> estimates, LossGradient* out);
    Image misfit(ConstImageRef x);
    void addThroughMisfit(Image& c, ConstImageRef x, LossGradient& out);

    LossParams params_;
    DataFidelity& fidelity_;
    double count_;       // N
    double offset_ = 0;  // e of `sure`
    Image probe_;        // b
    Image probed_;       // y + e b
};

}  // namespace stillpoint
