// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "solver/nn/weights.h"

namespace stillpoint {

/// What the weights of a ridge regulariser are: `filters` filters of 13 x 13 taps, composed of three
/// convolutions of 5 x 5 without bias (channels -> 4 -> 8 -> filters: Goujon, Neumayer and Unser, 2024), the
/// slopes of one profile, and for each filter how it scales with the noise.
struct RidgeArchitecture {
    /// Colour pictures: `joint` filters see all three channels; `opponent`: half of the filters see the
    /// luminance (1, 1, 1), a quarter each of the differences (1, 0, -1) and (1, -2, 1). `grey`: one channel.
    enum class Colour { grey, joint, opponent };
    Colour colour = Colour::grey;
    int filters = 60;
    int pieces = 50;  ///< linear pieces of the profile's derivative

    int channels() const { return colour == Colour::grey ? 1 : 3; }
    bool operator==(const RidgeArchitecture&) const = default;

    /// "ridge, 3 channels, 60 filters of 13 x 13, joint"
    std::string sentence() const;
    /// All 0, with the slices conv1.weight, conv2.weight, conv3.weight, slopes, curvature, scale, power.
    Weights weights() const;
    /// As texts of a file ("network" = "ridge", ...), and back. Throws Error("model", sentence) when a text
    /// is missing or senseless, and when the slices are not those of weights().
    void describe(std::map<std::string, std::string>& texts) const;
    static RidgeArchitecture read(const std::map<std::string, std::string>& texts, const Weights& weights,
                                  const std::string& name);
};

/// Weights to begin training with: random filters, a profile like |t| with a soft bottom.
Weights freshRidge(const RidgeArchitecture& architecture, std::uint64_t seed);

/// The regulariser that such weights describe,
///     g(x) = sum_i sum_p psi(alpha_i (w_i * x)_p) / alpha_i^2,   alpha_i = exp(scale_i) sigma^(-power_i),
/// ready to use: taps, profile and bounds, and derivatives back to the weights.
///
/// Taps: the first convolution's filters have mean 0, so that g of a constant is 0; together they are divided
/// by the norm of the whole bank under a periodic border, the largest singular value of its transfer
/// function on 128 x 128 frequencies, so that ||W|| = 1.
///
/// Profile: psi is even, psi(0) = 0, psi' piecewise linear on `pieces` intervals of width kPiece and constant
/// beyond, with slopes -1 + (mu + 1) / (1 + exp(-u)) for the trained numbers u, mu = exp(curvature). So grad
/// g is mu-Lipschitz, g + 1/2 ||x||^2 is convex, and 1/2 ||x - y||^2 + g(x) has one minimum.
///
/// Immutable once made; construction costs some 10 ms (grey) to 40 ms (colour).
class RidgeBank {
 public:
    static constexpr int kTaps = 13;
    static constexpr int kTapCount = kTaps * kTaps;
    static constexpr double kPiece = 0.1;

    RidgeBank(const RidgeArchitecture& architecture, const Weights& weights);

    const RidgeArchitecture& architecture() const { return architecture_; }
    /// Row by row; responses are (w * x)_p = sum_t w[t] x[p + t - (6, 6)].
    std::span<const double> taps(int filter, int channel) const;
    double lipschitz() const { return mu_; }
    /// psi'(t) = start + slope |t| with the sign of t on piece k; the piece beyond the last has slope 0.
    std::span<const Real> starts() const { return starts_; }
    std::span<const Real> slopes() const { return slopes_; }
    /// psi at the beginning of each piece.
    std::span<const double> values() const { return values_; }
    double alpha(int filter, double sigma) const;
    /// d log alpha / d log sigma
    double alphaPower(int filter) const;

    /// What a linear functional of g's derivatives gives for the bank's own numbers.
    struct Derivatives {
        explicit Derivatives(const RidgeArchitecture& architecture);
        void clear();
        std::vector<double> taps;      ///< filters x channels x kTapCount
        std::vector<double> slopes;    ///< with respect to the slope of each piece
        std::vector<double> logAlpha;  ///< one a filter
        double lipschitz = 0;
    };
    /// Adds scale times the same for the weights to `gradient`, flat as the weights.
    void addGradient(const Derivatives& by, double sigma, double scale, RealSpan gradient) const;

 private:
    void compose(const Weights& weights);
    void normalise();
    void makeProfile(const Weights& weights);
    int trunkChannels() const { return architecture_.colour == RidgeArchitecture::Colour::joint ? 3 : 1; }
    std::size_t tapOffset(int filter, int channel) const;

    RidgeArchitecture architecture_;
    std::vector<Weights::Slice> slices_;
    std::vector<double> first_, second_, third_;  // filters of the convolutions, the first of mean 0
    std::vector<double> firstTwo_;                // composed, 8 x channels x 9 x 9
    std::vector<double> taps_;                    // filters x channels x 13 x 13
    double norm_ = 1;                             // by which they were divided
    std::vector<double> normByTaps_;              // its derivative
    double mu_ = 1;
    std::vector<double> shares_;  // 1 / (1 + exp(-u))
    std::vector<Real> starts_, slopes_;
    std::vector<double> values_, scale_, power_;
};

}  // namespace stillpoint
