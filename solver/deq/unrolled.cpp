// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/unrolled.h"

#include <cassert>
#include <cmath>

#include "solver/core/error.h"

namespace stillpoint {

UnrolledSolve::UnrolledSolve(Iterator& iterator, int iterations)
    : iterator_(iterator), scratch_(iterator.stateSize()) {
    if (iterations < 1)
        throw Error("iterations", "The number of unrolled iterations is " + std::to_string(iterations) +
                                      "; it must be at least 1.");
    states_.reserve(static_cast<std::size_t>(iterations) + 1);
    for (int k = 0; k <= iterations; ++k) states_.emplace_back(iterator.stateSize());
}

double UnrolledSolve::step() {
    assert(!done());
    const ConstRealSpan from = state();
    ++made_;
    const RealSpan to = states_[static_cast<std::size_t>(made_)].span();
    iterator_.apply(from, to);
    const DifferenceNorms norms = subtractWithProducts(to, from, scratch_.span(), {}, {});
    return std::sqrt(norms.difference) / (std::sqrt(norms.minuend) + 1e-30);
}

UnrolledGradient UnrolledSolve::backward(ConstRealSpan u, const GradientWants& wants, std::stop_token stop) {
    assert(done());
    assert(u.size() == scratch_.size() || u.size() == iterator_.shape().size());
    UnrolledGradient result;
    result.gradients = wants.make();
    result.start = Buffer(scratch_.size());
    copy(u, result.start.span().first(u.size()));
    for (int k = iterations() - 1; k >= 0; --k) {
        if (stop.stop_requested()) {
            result.message = "Stopped; the gradient is that of the last iterations only.";
            return result;
        }
        iterator_.linearise(states_[static_cast<std::size_t>(k)].span());
        iterator_.inputsVjp(result.start.span(), result.gradients);
        iterator_.vjp(result.start.span(), scratch_.span());
        std::swap(result.start, scratch_);
        ++result.iterations;
        if (!allFinite(result.start.span())) {
            result.message = "The gradient is not finite: the unrolled iteration diverges.";
            return result;
        }
    }
    result.complete = true;
    return result;
}

}  // namespace stillpoint
