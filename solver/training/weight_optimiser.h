// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "solver/core/buffer.h"
#include "solver/nn/weights.h"

namespace stillpoint {

struct WeightOptimiserParams {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double clip = 0.5;                    ///< largest norm of a gradient; longer ones are shortened to it
    double averaging = 0.999;             ///< of the weights over the steps; less in the first ones
    std::map<std::string, double> rates;  ///< factors of the rate, by the slice's name; 1 for the others
};

/// Adam (Kingma and Ba, 2015) on the weights of a network, with gradient clipping and an exponential average
/// of the weights (Polyak and Juditsky, 1992), which is what a trained model is made of. Plain sums in a
/// fixed order: the same numbers on every machine of one instruction set, whatever the number of threads.
class WeightOptimiser {
 public:
    WeightOptimiser(Weights start, const WeightOptimiserParams& params);

    /// One step with the gradient (flat as the weights). False, and nothing changed, if it is not finite.
    bool step(ConstRealSpan gradient, double rate);

    const Weights& weights() const { return weights_; }
    const Weights& average() const { return average_; }
    int steps() const { return steps_; }
    /// Norm of the last gradient before clipping.
    double gradientNorm() const { return gradientNorm_; }

    /// The whole state as named arrays (weights, average, mean, square), and back. Throws Error("checkpoint",
    /// sentence) if the arrays are not those of this network.
    Weights state() const;
    void restore(const Weights& state, int steps);

 private:
    WeightOptimiserParams params_;
    Weights weights_, average_;
    Buffer mean_, square_;
    int steps_ = 0;
    double gradientNorm_ = 0;
};

}  // namespace stillpoint
