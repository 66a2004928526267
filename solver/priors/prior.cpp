// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/prior.h"

namespace stillpoint {

// A prior overrides what it offers; reaching one of these is a programming mistake.
double Prior::value(ConstImageRef) {
    assert(false && "this prior has no value");
    return 0;
}
void Prior::gradient(ConstImageRef, ImageRef) {
    assert(false && "this prior has no gradient");
}
double Prior::gradientLipschitz() const {
    assert(false && "this prior has no gradient");
    return 0;
}
void Prior::lineariseGradient(ConstImageRef) {
    assert(false && "this prior has no gradient");
}
void Prior::gradientVjp(ConstImageRef, ImageRef) {
    assert(false && "this prior has no gradient");
}
void Prior::gradientInputsVjp(ConstImageRef, double, Gradients&) {}
void Prior::prox(ConstImageRef, double, ConstRealSpan, ImageRef, RealSpan) {
    assert(false && "this prior has no prox");
}
void Prior::lineariseProx(ConstImageRef, double, ConstRealSpan) {
    assert(false && "this prior has no prox");
}
void Prior::proxVjp(ConstImageRef, ConstRealSpan, ImageRef, RealSpan) {
    assert(false && "this prior has no prox");
}
double Prior::proxInputsVjp(ConstImageRef, ConstRealSpan, Gradients&) {
    assert(false && "this prior has no prox");
    return 0;
}

}  // namespace stillpoint
