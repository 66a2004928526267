// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/problem.h"

#include "solver/core/vec.h"
#include "solver/physics/wiener.h"

namespace stillpoint {

namespace {

Image extendedData(const Canvas& canvas, const Image& blurred) {
    if (canvas.whole()) return {};
    Image extended(canvas.shape());
    canvas.extend(blurred, extended);
    return extended;
}

Observation observation(const Problem& problem, const Image& blurred) {
    const ConstImageRef y = problem.extended.empty() ? blurred.ref() : problem.extended.ref();
    return {y, problem.mask.empty() ? ConstImageRef() : problem.mask.ref()};
}

}  // namespace

Problem::Problem(const ProblemParams& problemParams, Kernel itsKernel, const Image& blurred,
                 const Recipe& recipe, const Image* givenMask)
    : params(problemParams),
      kernel(std::move(itsKernel)),
      op(kernel, blurred.shape(), params.boundary),
      extended(extendedData(op.canvas(), blurred)),
      mask(trustMask(op.canvas(), blurred, {params.clipLevel, params.deadLevel}, givenMask)),
      fidelity(fidelityComponent(params.fidelity).make(op, observation(*this, blurred), recipe)),
      prior(priorComponent(params.prior).make(op.shape(), recipe)),
      iterator(makeIterator(*fidelity, *prior, recipe)) {}

namespace {

const Image* checkedStart(const Image* picture, const Shape& shape) {
    if (picture == nullptr)
        throw Error("start", "start is 'picture', but no picture to start from is given.");
    if (picture->shape() != shape)
        throw Error("start", "The picture to start from is " + sizeText(picture->shape()) + "; it must be " +
                                 sizeText(shape) + " like the picture to restore.");
    if (!allFinite(picture->samples()))
        throw Error("start",
                    "The picture to start from has samples that are not finite; every sample must be "
                    "a number.");
    return picture;
}

}  // namespace

std::string sizeText(const Shape& shape) {
    return std::to_string(shape.width) + " x " + std::to_string(shape.height) + " with " +
           std::to_string(shape.channels) + (shape.channels == 1 ? " channel" : " channels");
}

void Problem::start(const Image& blurred, RealSpan z, const Image* picture) {
    Image x0(op.shape());
    canvas().extend(params.start == Start::picture ? *checkedStart(picture, blurred.shape()) : blurred, x0);
    if (params.start == Start::adjoint) op.adjoint(x0, x0);
    if (params.start == Start::wiener) wienerEstimate(op, x0, kWienerStart, x0);
    if (params.start == Start::zeros) fill(x0.samples(), 0);
    iterator->start(x0, z);
}

std::unique_ptr<Problem> build(const Recipe& recipe, const Image& blurred, const KernelSource& source,
                               const Image* givenMask) {
    const auto issues = Registry::builtin().check(recipe);
    if (!issues.empty()) throw Error(issues.front());
    const auto params = readParams<ProblemParams>(recipe, "");
    return std::make_unique<Problem>(params, source(params.kernel), blurred, recipe, givenMask);
}

}  // namespace stillpoint
