// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/problem.h"

#include "solver/physics/wiener.h"

namespace stillpoint {

Problem::Problem(const ProblemParams& problemParams, Kernel itsKernel, const Image& blurred,
                 const Recipe& recipe)
    : params(problemParams),
      kernel(std::move(itsKernel)),
      op(kernel, blurred.shape(), params.boundary),
      fidelity(fidelityComponent(params.fidelity).make(op, blurred, recipe)),
      prior(priorComponent(params.prior).make(blurred.shape(), recipe)),
      iterator(makeIterator(*fidelity, *prior, recipe)) {}

namespace {

const Image& checkedStart(const Image* picture, const Shape& shape) {
    if (picture == nullptr)
        throw Error("start", "start is 'picture', but no picture to start from is given.");
    if (picture->shape() != shape)
        throw Error("start", "The picture to start from is " + sizeText(picture->shape()) + "; it must be " +
                                 sizeText(shape) + " like the picture to restore.");
    if (!allFinite(picture->samples()))
        throw Error("start",
                    "The picture to start from has samples that are not finite; every sample must be "
                    "a number.");
    return *picture;
}

}  // namespace

std::string sizeText(const Shape& shape) {
    return std::to_string(shape.width) + " x " + std::to_string(shape.height) + " with " +
           std::to_string(shape.channels) + (shape.channels == 1 ? " channel" : " channels");
}

void Problem::start(const Image& blurred, RealSpan z, const Image* picture) {
    Image x0(blurred.shape());
    switch (params.start) {
        case Start::blurred:
            copy(blurred, x0);
            break;
        case Start::adjoint:
            op.adjoint(blurred, x0);
            break;
        case Start::zeros:
            break;
        case Start::wiener:
            wienerEstimate(op, blurred, kWienerStart, x0);
            break;
        case Start::picture:
            copy(checkedStart(picture, blurred.shape()), x0);
            break;
    }
    iterator->start(x0, z);
}

std::unique_ptr<Problem> build(const Recipe& recipe, const Image& blurred, const KernelSource& source) {
    const auto issues = Registry::builtin().check(recipe);
    if (!issues.empty()) throw Error(issues.front());
    const auto params = readParams<ProblemParams>(recipe, "");
    return std::make_unique<Problem>(params, source(params.kernel), blurred, recipe);
}

}  // namespace stillpoint
