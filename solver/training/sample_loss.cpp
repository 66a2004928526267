// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/sample_loss.h"

#include <algorithm>
#include <cmath>

namespace stillpoint {

double replaceByDerivative(TrainingLoss loss, const Image& sharp, Image& estimate) {
    const double share = 1.0 / static_cast<double>(estimate.size());
    double sum = 0;
    for (std::size_t k = 0; k < estimate.size(); ++k) {
        Real& sample = estimate.samples()[k];
        const double error = static_cast<double>(sample) - static_cast<double>(sharp.samples()[k]);
        const bool l1 = loss == TrainingLoss::l1;
        sum += share * (l1 ? std::abs(error) : error * error);
        const double sign = error > 0 ? 1 : (error < 0 ? -1 : 0);
        sample = static_cast<Real>(share * (l1 ? sign : 2 * error));
    }
    return sum;
}

double clippedSquaredError(const Image& sharp, const Image& estimate) {
    double sum = 0;
    for (std::size_t k = 0; k < estimate.size(); ++k) {
        const double value = std::clamp(static_cast<double>(estimate.samples()[k]), 0.0, 1.0);
        const double error = value - static_cast<double>(sharp.samples()[k]);
        sum += error * error;
    }
    return sum / static_cast<double>(estimate.size());
}

}  // namespace stillpoint
