// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/relaxed.h"

#include "solver/core/parallel.h"

namespace stillpoint {

const ParamTable& RelaxationParams::table() {
    static const ParamTable table = ParamTableOf<RelaxationParams>().real(
        "relaxation", &RelaxationParams::relaxation,
        {.label = "Relaxation",
         .symbol = "ρ",
         .help = "Share of the way from a state to the map's output that is gone in one iteration: 1 is the "
                 "map itself, less damps, more goes further. The solution is the same; how far above 1 still "
                 "converges depends on the iterator (2 for DRS and ADMM, 2 - γ / 2 for PGD).",
         .minimum = 0.01,
         .maximum = 2,
         .step = 0.05});
    return table;
}

Relaxed::Relaxed(std::unique_ptr<Iterator> iterator, double relaxation)
    : Iterator(iterator->shape()), iterator_(std::move(iterator)), relaxation_(relaxation) {}

namespace {

// out = z + rho (out - z)
void relax(ConstRealSpan z, double rho, RealSpan out) {
    const Real r = static_cast<Real>(rho);
    parallelRanges(out.size(), 16384, [=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) out[i] = z[i] + r * (out[i] - z[i]);
    });
}

}  // namespace

void Relaxed::apply(ConstRealSpan z, RealSpan out) {
    iterator_->apply(z, out);
    dataSeconds_ = iterator_->dataSeconds();
    priorSeconds_ = iterator_->priorSeconds();
    relax(z, relaxation_, out);
}

void Relaxed::linearise(ConstRealSpan z) {
    if (residual_.empty()) {
        residual_ = Buffer(stateSize());
        cotangent_ = Buffer(stateSize());
    }
    iterator_->apply(z, residual_.span());
    axpy(-1, z, residual_.span());
    iterator_->linearise(z);
}

void Relaxed::vjp(ConstRealSpan v, RealSpan out) {
    iterator_->vjp(v, out);
    relax(v, relaxation_, out);
}

void Relaxed::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    gradients.parameters.add("relaxation", dot(v, residual_.span()));
    copy(v, cotangent_.span());
    scale(relaxation_, cotangent_.span());
    iterator_->inputsVjp(cotangent_.span(), gradients);
}

}  // namespace stillpoint
