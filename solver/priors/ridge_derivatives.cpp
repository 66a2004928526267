// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "solver/fft/complex_product.h"
#include "solver/priors/ridge_field.h"
#include "solver/priors/ridge_profile.h"

namespace stillpoint {
namespace {

// Sums over the responses of one worker.
struct Sums {
    std::vector<double> logAlpha, whole, within;

    // Of one filter at one sample; y becomes psi'(alpha y) / alpha and z psi''(alpha y) z.
    void add(const RidgeProfile& profile, std::size_t filter, Real& y, Real& z) {
        const int k = profile.piece(y);
        const Real derivative = profile.derivative(y);
        const Real slope = profile.slopes[k];
        const auto scale = static_cast<double>(profile.scale);
        const auto signedZ = scale * static_cast<double>(std::copysign(z, y * z));
        logAlpha[filter] += static_cast<double>(z * (slope * y - derivative));
        whole[static_cast<std::size_t>(k)] += signedZ;
        within[static_cast<std::size_t>(k)] +=
            signedZ * (std::abs(static_cast<double>(y)) / scale - RidgeBank::kPiece * k);
        y = derivative;
        z *= slope;
    }
};

}  // namespace

// <v, grad g(x)> = sum_i <z_i, psi'(alpha_i y_i) / alpha_i> with y = W x, z = W v.
double RidgeField::derivatives(ConstImageRef v, bool taps, RidgeBank::Derivatives& by) {
    const std::size_t size = workers_.front().fft.planeSpectrumSize();
    const std::size_t filters = active_.size(), pieceCount = bank_->slopes().size();
    std::vector<Sums> sums(workers_.size());
    for (std::size_t k = 0; k < workers_.size(); ++k) {
        sums[k] = {std::vector<double>(filters), std::vector<double>(pieceCount),
                   std::vector<double>(pieceCount)};
        if (!taps) continue;
        ComplexBuffer& buffer = workers_[k].byTaps;
        if (buffer.empty()) buffer = ComplexBuffer(transfer_.size());
        std::fill_n(buffer.data(), buffer.size(), Complex{});
    }
    overPlaces([&](Worker& worker, const Place& place) {
        Sums& sum = sums[static_cast<std::size_t>(&worker - workers_.data())];
        load(worker, place, point_, worker.in);
        load(worker, place, v, worker.second);
        Buffer& y = worker.canvas;
        Buffer& z = worker.after;
        for (std::size_t i = 0; i < filters; ++i) {
            respond(worker, worker.in, i, y);
            respond(worker, worker.second, i, z);
            const RidgeProfile profile(*bank_, active_[i], sigma_);
            // The core only; 0 elsewhere.
            std::size_t done = 0;
            grid_.overCore(place.tile, [&](std::size_t begin, std::size_t length) {
                std::fill(y.data() + done, y.data() + begin, Real(0));
                std::fill(z.data() + done, z.data() + begin, Real(0));
                done = begin + length;
                for (std::size_t j = begin; j < done; ++j) sum.add(profile, i, y[j], z[j]);
            });
            if (!taps) continue;
            std::fill(y.data() + done, y.data() + y.size(), Real(0));
            std::fill(z.data() + done, z.data() + z.size(), Real(0));
            worker.fft.forward(y.span(), worker.work.span());
            worker.fft.forward(z.span(), worker.other.span());
            for (int c = 0; c < channels_; ++c) {
                const auto channel = static_cast<std::size_t>(c) * size;
                const Complex* x = worker.in.data() + channel;
                const Complex* cotangent = worker.second.data() + channel;
                Complex* to =
                    worker.byTaps.data() + (i * static_cast<std::size_t>(channels_)) * size + channel;
                for (std::size_t s = 0; s < size; ++s)
                    to[s] += multiplyConjugate(cotangent[s], worker.work[s]) +
                             multiplyConjugate(x[s], worker.other[s]);
            }
        }
    });
    const auto weight = static_cast<double>(weight_);
    double bySigma = 0;
    for (const Sums& sum : sums) {
        double beyond = 0;  // responses on later pieces, which have passed all of this one
        for (std::size_t k = pieceCount - 1; k-- > 0;) {
            beyond += sum.whole[k + 1];
            by.slopes[k] += weight * (sum.within[k] + RidgeBank::kPiece * beyond);
        }
        for (std::size_t i = 0; i < filters; ++i) {
            const auto filter = static_cast<std::size_t>(active_[i]);
            by.logAlpha[filter] += weight * sum.logAlpha[i];
            bySigma += weight * sum.logAlpha[i] * bank_->alphaPower(active_[i]) / sigma_;
        }
    }
    if (taps) collectTaps(by);
    return bySigma;
}

// Correlations of all workers, back from the frequency domain.
void RidgeField::collectTaps(RidgeBank::Derivatives& by) {
    Worker& first = workers_.front();
    for (std::size_t k = 1; k < workers_.size(); ++k)
        for (std::size_t s = 0; s < first.byTaps.size(); ++s) first.byTaps[s] += workers_[k].byTaps[s];
    const std::size_t size = first.fft.planeSpectrumSize();
    const Shape canvas = grid_.canvas();
    const int seen = bank_->architecture().channels();
    const double normal = static_cast<double>(weight_) / static_cast<double>(canvas.size());
    for (std::size_t i = 0; i < active_.size(); ++i)
        for (int c = 0; c < channels_; ++c) {
            const std::size_t line = i * static_cast<std::size_t>(channels_) + static_cast<std::size_t>(c);
            first.fft.inverse(first.byTaps.span().subspan(line * size, size), first.canvas.span());
            for (int t = 0; t < RidgeBank::kTapCount; ++t) {
                const double value = normal * static_cast<double>(first.canvas[tapPlace(t)]);
                for (int k = 0; k < (channels_ == seen ? 1 : seen); ++k)
                    by.taps[static_cast<std::size_t>((active_[i] * seen + c + k) * RidgeBank::kTapCount +
                                                     t)] += value;
            }
        }
}

}  // namespace stillpoint
