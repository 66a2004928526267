// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/problem.h"

namespace stillpoint {

Problem::Problem(const ProblemParams& problemParams, Kernel itsKernel, const Image& blurred,
                 const Recipe& recipe)
    : params(problemParams),
      kernel(std::move(itsKernel)),
      op(kernel, blurred.shape(), params.boundary),
      fidelity(fidelityComponent(params.fidelity).make(op, blurred, recipe)),
      prior(priorComponent(params.prior).make(blurred.shape(), recipe)),
      iterator(iteratorComponent(params.iterator).make(*fidelity, *prior, recipe)) {}

void Problem::start(const Image& blurred, RealSpan z) {
    Image x0(blurred.shape());
    if (params.start == Start::blurred) copy(blurred, x0);
    if (params.start == Start::adjoint) op.adjoint(blurred, x0);
    iterator->start(x0, z);
}

std::unique_ptr<Problem> build(const Recipe& recipe, const Image& blurred, const KernelSource& source) {
    const auto issues = Registry::builtin().check(recipe);
    if (!issues.empty()) throw Error(issues.front());
    const auto params = readParams<ProblemParams>(recipe, "");
    return std::make_unique<Problem>(params, source(params.kernel), blurred, recipe);
}

}  // namespace stillpoint
