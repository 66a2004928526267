// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/fidelity.h"

#include <cassert>

namespace stillpoint {

DataFidelity::DataFidelity(BlurOperator& op, ConstImageRef y) : op_(op), y_(y), dataNorm_(norm(y.samples())) {
    assert(y.shape() == op.shape());
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
