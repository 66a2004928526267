// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/weight_optimiser.h"

#include <algorithm>
#include <cmath>

#include "solver/core/error.h"

namespace stillpoint {

WeightOptimiser::WeightOptimiser(Weights start, const WeightOptimiserParams& params)
    : params_(params),
      weights_(std::move(start)),
      average_(weights_),
      mean_(weights_.size()),
      square_(weights_.size()) {}

bool WeightOptimiser::step(ConstRealSpan gradient, double rate) {
    gradientNorm_ = norm(gradient);
    if (!std::isfinite(gradientNorm_)) return false;
    ++steps_;
    const double shorten = gradientNorm_ > params_.clip ? params_.clip / gradientNorm_ : 1;
    const double meanShare = 1 - std::pow(params_.beta1, steps_);
    const double squareShare = 1 - std::pow(params_.beta2, steps_);
    // The first steps are not worth remembering.
    const double keep = std::min(params_.averaging, (1.0 + steps_) / (10.0 + steps_));
    const RealSpan now = weights_.values(), average = average_.values();
    for (const Weights::Slice& slice : weights_.slices()) {
        const auto factor = params_.rates.find(slice.name);
        const double sliceRate = factor == params_.rates.end() ? rate : rate * factor->second;
        for (std::size_t k = slice.offset; k < slice.offset + slice.size; ++k) {
            const double g = shorten * static_cast<double>(gradient[k]);
            const double mean = params_.beta1 * static_cast<double>(mean_[k]) + (1 - params_.beta1) * g;
            const double square =
                params_.beta2 * static_cast<double>(square_[k]) + (1 - params_.beta2) * g * g;
            mean_[k] = static_cast<Real>(mean);
            square_[k] = static_cast<Real>(square);
            const double change = sliceRate * (mean / meanShare) / (std::sqrt(square / squareShare) + 1e-8);
            now[k] = static_cast<Real>(static_cast<double>(now[k]) - change);
            average[k] = static_cast<Real>(keep * static_cast<double>(average[k]) +
                                           (1 - keep) * static_cast<double>(now[k]));
        }
    }
    return true;
}

Weights WeightOptimiser::state() const {
    Weights all;
    const auto add = [&](const char* name, ConstRealSpan values) {
        copy(values, all.values(all.add(name, {static_cast<int>(values.size())})));
    };
    add("weights", weights_.values());
    add("average", average_.values());
    add("mean", mean_.span());
    add("square", square_.span());
    return all;
}

void WeightOptimiser::restore(const Weights& state, int steps) {
    const auto take = [&](const char* name, RealSpan to) {
        const Weights::Slice* slice = state.find(name);
        if (slice == nullptr || slice->size != to.size())
            throw Error("checkpoint", std::string("The checkpoint's array '") + name +
                                          "' is not that of the network being trained.");
        copy(state.values().subspan(slice->offset, slice->size), to);
    };
    take("weights", weights_.values());
    take("average", average_.values());
    take("mean", mean_.span());
    take("square", square_.span());
    steps_ = steps;
}

}  // namespace stillpoint
