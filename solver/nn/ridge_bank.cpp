// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/ridge_bank.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "solver/core/rng.h"

namespace stillpoint {
namespace {

constexpr int kSide = 5;           // of the convolutions that are composed
constexpr int kInner[2] = {4, 8};  // their channels between
constexpr int kFrequencies = 128;
constexpr auto kTaps = RidgeBank::kTaps;
constexpr auto kTapCount = RidgeBank::kTapCount;

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

// Filters of `outer` (out x mid x a x a) after those of `inner` (mid x in x b x b): out x in x c x c, c = a +
// b - 1. visit(outer index, inner index, composed index) for every product in the sum.
template <class Visit>
void overProducts(int out, int mid, int in, int a, int b, const Visit& visit) {
    const int c = a + b - 1;
    for (int o = 0; o < out; ++o)
        for (int m = 0; m < mid; ++m)
            for (int i = 0; i < in; ++i)
                for (int ya = 0; ya < a; ++ya)
                    for (int xa = 0; xa < a; ++xa)
                        for (int yb = 0; yb < b; ++yb)
                            for (int xb = 0; xb < b; ++xb)
                                visit(at(((o * mid + m) * a + ya) * a + xa),
                                      at(((m * in + i) * b + yb) * b + xb),
                                      at(((o * in + i) * c + ya + yb) * c + xa + xb));
}

std::vector<double> valuesOf(const Weights& weights, const char* slice) {
    const Weights::Slice* found = weights.find(slice);
    const auto values = weights.values().subspan(found->offset, found->size);
    return {values.begin(), values.end()};
}

// What filter i of an opponent bank sees of the channels.
std::array<double, 3> opponent(int filter, int filters) {
    if (2 * filter < filters) return {1 / std::sqrt(3.0), 1 / std::sqrt(3.0), 1 / std::sqrt(3.0)};
    if (4 * filter < 3 * filters) return {1 / std::sqrt(2.0), 0, -1 / std::sqrt(2.0)};
    return {1 / std::sqrt(6.0), -2 / std::sqrt(6.0), 1 / std::sqrt(6.0)};
}

void removeMeans(std::vector<double>& filters) {
    constexpr std::size_t size = kSide * kSide;
    for (std::size_t begin = 0; begin < filters.size(); begin += size) {
        double mean = 0;
        for (std::size_t k = 0; k < size; ++k) mean += filters[begin + k] / size;
        for (std::size_t k = 0; k < size; ++k) filters[begin + k] -= mean;
    }
}

using Response = std::complex<double>;
using Responses = Eigen::MatrixXcd;  // filters x channels
using Gram = Eigen::Matrix<Response, Eigen::Dynamic, Eigen::Dynamic, 0, 3, 3>;

Response turn(int k) {
    return std::polar(1.0, -2 * std::numbers::pi * k / kFrequencies);
}

// The transfer function of the bank at one frequency.
Responses responsesAt(const std::vector<double>& taps, int filters, int channels, int u, int v) {
    Responses responses = Responses::Zero(filters, channels);
    for (int i = 0; i < filters; ++i)
        for (int c = 0; c < channels; ++c)
            for (int k = 0; k < kTapCount; ++k)
                responses(i, c) +=
                    taps[at((i * channels + c) * kTapCount + k)] * turn(u * (k % kTaps) + v * (k / kTaps));
    return responses;
}

// responses* responses at all frequencies, entry by entry: the transforms of the taps' correlations between
// two channels, summed over the filters. [c * channels + d](v, u), u up to kFrequencies / 2.
std::vector<Eigen::MatrixXcd> gramSpectra(const std::vector<double>& taps, int filters, int channels) {
    constexpr int reach = kTaps - 1, lags = 2 * reach + 1;
    const Eigen::Map<const Eigen::MatrixXd> bank(taps.data(), channels * kTapCount, filters);
    const Eigen::MatrixXd products = bank * bank.transpose();
    Eigen::MatrixXcd turns(kFrequencies, lags);
    for (int k = 0; k < kFrequencies; ++k)
        for (int lag = 0; lag < lags; ++lag) turns(k, lag) = turn(k * (lag - reach));
    std::vector<Eigen::MatrixXcd> spectra;
    for (int c = 0; c < channels; ++c)
        for (int d = 0; d < channels; ++d) {
            Eigen::MatrixXd correlation = Eigen::MatrixXd::Zero(lags, lags);
            for (int s = 0; s < kTapCount; ++s)
                for (int t = 0; t < kTapCount; ++t)
                    correlation(t / kTaps - s / kTaps + reach, t % kTaps - s % kTaps + reach) +=
                        products(c * kTapCount + s, d * kTapCount + t);
            const Eigen::MatrixXcd rows = turns * correlation;
            spectra.emplace_back(rows * turns.topRows(kFrequencies / 2 + 1).transpose());
        }
    return spectra;
}

}  // namespace

Weights freshRidge(const RidgeArchitecture& architecture, std::uint64_t seed) {
    Weights weights = architecture.weights();
    for (std::size_t k = 0; k < weights.slices().size(); ++k) {
        const Weights::Slice& slice = weights.slices()[k];
        const RealSpan values = weights.values(k);
        for (std::size_t i = 0; i < values.size(); ++i) {
            double value = 0;
            if (slice.shape.size() == 4)
                value = normalAt(seed + k, i) / std::sqrt(kSide * kSide * double(slice.shape[1]));
            else if (slice.name == "slopes")  // steep up to t = 1, then nearly flat
                value = static_cast<double>(i) * RidgeBank::kPiece < 1 ? 2 : -2.1;
            else if (slice.name == "curvature")
                value = std::log(8.0);
            else if (slice.name == "scale")  // so that a response to noise of deviation sigma is about 1
                value = std::log(14.0);
            else if (slice.name == "power")
                value = 1;
            values[i] = static_cast<Real>(value);
        }
    }
    return weights;
}

RidgeBank::RidgeBank(const RidgeArchitecture& architecture, const Weights& weights)
    : architecture_(architecture), slices_(weights.slices()) {
    compose(weights);
    normalise();
    makeProfile(weights);
    scale_ = valuesOf(weights, "scale");
    power_ = valuesOf(weights, "power");
}

std::size_t RidgeBank::tapOffset(int filter, int channel) const {
    return at((filter * architecture_.channels() + channel) * kTapCount);
}

std::span<const double> RidgeBank::taps(int filter, int channel) const {
    return {taps_.data() + tapOffset(filter, channel), at(kTapCount)};
}

void RidgeBank::compose(const Weights& weights) {
    first_ = valuesOf(weights, "conv1.weight");
    second_ = valuesOf(weights, "conv2.weight");
    third_ = valuesOf(weights, "conv3.weight");
    removeMeans(first_);
    const int trunk = trunkChannels(), filters = architecture_.filters;
    firstTwo_.assign(at(kInner[1] * trunk * 81), 0);
    overProducts(kInner[1], kInner[0], trunk, kSide, kSide, [&](std::size_t o, std::size_t i, std::size_t k) {
        firstTwo_[k] += second_[o] * first_[i];
    });
    std::vector<double> all(at(filters * trunk * kTapCount), 0);
    overProducts(filters, kInner[1], trunk, kSide, 9,
                 [&](std::size_t o, std::size_t i, std::size_t k) { all[k] += third_[o] * firstTwo_[i]; });
    if (architecture_.colour != RidgeArchitecture::Colour::opponent) {
        taps_ = std::move(all);
        return;
    }
    taps_.assign(at(filters * 3 * kTapCount), 0);
    for (int i = 0; i < filters; ++i)
        for (int c = 0; c < 3; ++c)
            for (int k = 0; k < kTapCount; ++k)
                taps_[tapOffset(i, c) + at(k)] = opponent(i, filters)[at(c)] * all[at(i * kTapCount + k)];
}

// The transfer function at one frequency is a matrix of filters x channels; its norm squared is the largest
// eigenvalue of a channels x channels matrix.
void RidgeBank::normalise() {
    const int channels = architecture_.channels(), filters = architecture_.filters;
    const auto spectra = gramSpectra(taps_, filters, channels);
    double largest = 0;
    int largestU = 0, largestV = 0;
    for (int u = 0; u <= kFrequencies / 2; ++u)
        for (int v = 0; v < kFrequencies; ++v) {
            Gram gram(channels, channels);
            for (int k = 0; k < channels * channels; ++k)
                gram(k / channels, k % channels) = spectra[at(k)](v, u);
            if (gram.trace().real() <= largest) continue;
            const double norm = channels == 1
                                    ? gram(0, 0).real()
                                    : Eigen::SelfAdjointEigenSolver<Gram>(gram).eigenvalues().maxCoeff();
            if (norm <= largest) continue;
            largest = norm;
            largestU = u;
            largestV = v;
        }
    norm_ = std::sqrt(largest);
    normByTaps_.assign(taps_.size(), 0);
    if (!(norm_ > 0)) {
        norm_ = 1;
        return;
    }
    const Responses responses = responsesAt(taps_, filters, channels, largestU, largestV);
    const Gram gram = responses.adjoint() * responses;
    const Eigen::VectorXcd direction =
        Eigen::SelfAdjointEigenSolver<Gram>(gram).eigenvectors().col(channels - 1);
    const Eigen::VectorXcd along = responses * direction;
    for (int i = 0; i < filters; ++i)
        for (int c = 0; c < channels; ++c)
            for (int y = 0; y < kTaps; ++y)
                for (int x = 0; x < kTaps; ++x) {
                    const Response phase = turn(largestU * x + largestV * y);
                    normByTaps_[tapOffset(i, c) + at(y * kTaps + x)] =
                        (std::conj(phase * direction(c)) * along(i)).real() / norm_;
                }
    for (double& tap : taps_) tap /= norm_;
}

void RidgeBank::makeProfile(const Weights& weights) {
    mu_ = std::exp(valuesOf(weights, "curvature").front());
    shares_ = valuesOf(weights, "slopes");
    double start = 0, value = 0, slope = 0;
    for (std::size_t k = 0; k < shares_.size(); ++k) {
        shares_[k] = 1 / (1 + std::exp(-shares_[k]));
        slope = -1 + (mu_ + 1) * shares_[k];
        const double left = kPiece * static_cast<double>(k);  // of |t|; psi' is `start` there
        starts_.push_back(static_cast<Real>(start - slope * left));
        slopes_.push_back(static_cast<Real>(slope));
        values_.push_back(value);
        value += kPiece * (start + 0.5 * slope * kPiece);
        start += slope * kPiece;
    }
    starts_.push_back(static_cast<Real>(start));
    slopes_.push_back(0);
    values_.push_back(value);
}

double RidgeBank::alpha(int filter, double sigma) const {
    return std::exp(scale_[at(filter)] - power_[at(filter)] * std::log(sigma));
}

double RidgeBank::alphaPower(int filter) const {
    return -power_[at(filter)];
}

RidgeBank::Derivatives::Derivatives(const RidgeArchitecture& architecture)
    : taps(at(architecture.filters * architecture.channels() * kTapCount)),
      slopes(at(architecture.pieces)),
      logAlpha(at(architecture.filters)) {}

void RidgeBank::Derivatives::clear() {
    std::fill(taps.begin(), taps.end(), 0.0);
    std::fill(slopes.begin(), slopes.end(), 0.0);
    std::fill(logAlpha.begin(), logAlpha.end(), 0.0);
    lipschitz = 0;
}

void RidgeBank::addGradient(const Derivatives& by, double sigma, double scale, RealSpan gradient) const {
    const int trunk = trunkChannels(), filters = architecture_.filters;
    const auto add = [&](const char* name, const std::vector<double>& values) {
        const auto slice = std::find_if(slices_.begin(), slices_.end(),
                                        [&](const Weights::Slice& one) { return one.name == name; });
        for (std::size_t k = 0; k < values.size(); ++k)
            gradient[slice->offset + k] += static_cast<Real>(scale * values[k]);
    };
    // Back through the division by the norm, the colours and the two compositions.
    double along = 0;
    for (std::size_t k = 0; k < taps_.size(); ++k) along += by.taps[k] * taps_[k];
    std::vector<double> byAll(at(filters * trunk * kTapCount), 0);
    for (int i = 0; i < filters; ++i)
        for (int c = 0; c < architecture_.channels(); ++c)
            for (int k = 0; k < kTapCount; ++k) {
                const std::size_t tap = tapOffset(i, c) + at(k);
                const double value = (by.taps[tap] - along * normByTaps_[tap]) / norm_;
                if (architecture_.colour == RidgeArchitecture::Colour::opponent)
                    byAll[at(i * kTapCount + k)] += opponent(i, filters)[at(c)] * value;
                else
                    byAll[tap] = value;
            }
    std::vector<double> byThird(third_.size()), byTwo(firstTwo_.size()), bySecond(second_.size()),
        byFirst(first_.size());
    overProducts(filters, kInner[1], trunk, kSide, 9, [&](std::size_t o, std::size_t i, std::size_t k) {
        byThird[o] += byAll[k] * firstTwo_[i];
        byTwo[i] += byAll[k] * third_[o];
    });
    overProducts(kInner[1], kInner[0], trunk, kSide, kSide, [&](std::size_t o, std::size_t i, std::size_t k) {
        bySecond[o] += byTwo[k] * first_[i];
        byFirst[i] += byTwo[k] * second_[o];
    });
    removeMeans(byFirst);
    add("conv1.weight", byFirst);
    add("conv2.weight", bySecond);
    add("conv3.weight", byThird);

    std::vector<double> bySlopes(by.slopes.size()), byPower(by.logAlpha.size());
    double byMu = by.lipschitz;
    for (std::size_t k = 0; k < bySlopes.size(); ++k) {
        bySlopes[k] = by.slopes[k] * (mu_ + 1) * shares_[k] * (1 - shares_[k]);
        byMu += by.slopes[k] * shares_[k];
    }
    for (std::size_t i = 0; i < byPower.size(); ++i) byPower[i] = -std::log(sigma) * by.logAlpha[i];
    add("slopes", bySlopes);
    add("curvature", {byMu * mu_});
    add("scale", by.logAlpha);
    add("power", byPower);
}

}  // namespace stillpoint
