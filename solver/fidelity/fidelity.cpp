// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/fidelity.h"

#include <cassert>
#include <cmath>

#include "solver/fidelity/pixel_loops.h"

namespace stillpoint {
namespace {

double normOf(const Observation& observation) {
    const Real* y = observation.y.data();
    const Real* mask = observation.mask.data();
    return std::sqrt(sumPixels(observation.y.size(), [=](std::size_t i) {
        return static_cast<double>(mask ? mask[i] : Real(1)) * static_cast<double>(y[i]) *
               static_cast<double>(y[i]);
    }));
}

}  // namespace

DataFidelity::DataFidelity(BlurOperator& op, const Observation& observation)
    : op_(op), y_(observation.y), mask_(observation.mask), dataNorm_(normOf(observation)) {
    assert(y_.shape() == op.shape() && (mask_.data() == nullptr || mask_.shape() == y_.shape()));
}

// A fidelity overrides what it offers; reaching one of these is a programming mistake.
void DataFidelity::gradient(ConstImageRef, ImageRef) {
    assert(false && "this fidelity has no gradient");
}
double DataFidelity::gradientLipschitz() const {
    assert(false && "this fidelity has no gradient");
    return 0;
}
void DataFidelity::gradientStep(ConstImageRef, double, ImageRef) {
    assert(false && "this fidelity has no gradient");
}
void DataFidelity::lineariseGradient(ConstImageRef) {
    assert(false && "this fidelity has no gradient");
}
void DataFidelity::gradientStepVjp(ConstImageRef, double, ImageRef) {
    assert(false && "this fidelity has no gradient");
}
void DataFidelity::prox(ConstImageRef, double, ImageRef) {
    assert(false && "this fidelity has no prox");
}
void DataFidelity::lineariseProx(ConstImageRef, double) {
    assert(false && "this fidelity has no prox");
}
void DataFidelity::proxVjp(ConstImageRef, ImageRef) {
    assert(false && "this fidelity has no prox");
}
double DataFidelity::alongGradient(ConstImageRef) {
    assert(false && "this fidelity has no gradient");
    return 0;
}
void DataFidelity::inputsVjp(ConstImageRef, double, Gradients&) {
    assert(false && "this fidelity has no gradient");
}

}  // namespace stillpoint
