// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/momentum.h"

#include "solver/core/timer.h"

namespace stillpoint {

const ParamTable& MomentumParams::table() {
    using P = MomentumParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .real(
                "step", &P::step,
                {.label = "Step",
                 .symbol = "γ",
                 .help = "Length of the data step. Values up to 1 converge with every momentum, to the same "
                         "picture as PGD.",
                 .minimum = 1e-6,
                 .maximum = 10,
                 .step = 0.05,
                 .scale = ParamScale::logarithmic})
            .real("momentum", &P::momentum,
                  {.label = "Momentum",
                   .symbol = "β",
                   .help = "Share of the last change that is added before the next step; 0 is plain PGD.",
                   .minimum = 0,
                   .maximum = 0.9999,
                   .step = 0.01});
    return table;
}

Momentum::Momentum(DataFidelity& fidelity, Prior& prior, const MomentumParams& params)
    : Iterator(fidelity.shape()),
      momentum_(params.momentum),
      data_(fidelity, prior, StepOn::data, StepBy::gradient, params.step, dataSeconds_),
      prior_(fidelity, prior, StepOn::prior, StepBy::prox, params.step, priorSeconds_),
      e_(shape()),
      between_(shape()),
      memory_(prior.memorySize()) {}

void Momentum::start(ConstImageRef x0, RealSpan z) const {
    Iterator::start(x0, z);
    copy(x0, picture(z, 1));
}

// e_ = x + beta (x - x_prev)
void Momentum::extrapolate(ConstRealSpan z) {
    const TimedScope timed(dataSeconds_);
    subtract(picture(z, 0).samples(), picture(z, 1).samples(), e_.samples());
    scale(momentum_, e_.samples());
    axpy(1, picture(z, 0).samples(), e_.samples());
}

void Momentum::apply(ConstRealSpan z, RealSpan out) {
    extrapolate(z);
    data_.apply(e_, {}, between_, {});
    prior_.apply(between_, beyond(z, 2), picture(out, 0), beyond(out, 2));
    copy(picture(z, 0), picture(out, 1));
}

void Momentum::linearise(ConstRealSpan z) {
    if (difference_.empty()) difference_ = Image(shape());
    subtract(picture(z, 0).samples(), picture(z, 1).samples(), difference_.samples());
    extrapolate(z);
    data_.apply(e_, {}, between_, {});
    data_.linearise(e_, {});
    prior_.linearise(between_, beyond(z, 2));
}

void Momentum::vjp(ConstRealSpan v, RealSpan out) {
    prior_.vjp(picture(v, 0), beyond(v, 2), e_, beyond(out, 2));
    data_.vjp(e_, {}, between_, {});
    copy(picture(v, 1), picture(out, 0));
    axpy(1 + momentum_, between_.samples(), picture(out, 0).samples());
    copy(between_, picture(out, 1));
    scale(-momentum_, picture(out, 1).samples());
}

void Momentum::inputsVjp(ConstRealSpan v, Gradients& gradients) {
    prior_.inputsVjp(picture(v, 0), beyond(v, 2), gradients);
    prior_.vjp(picture(v, 0), beyond(v, 2), e_, memory_.span());
    data_.inputsVjp(e_, {}, gradients);
    data_.vjp(e_, {}, between_, {});
    gradients.parameters.add("momentum", dot(between_.samples(), difference_.samples()));
}

}  // namespace stillpoint
