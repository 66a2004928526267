// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/tikhonov.h"

namespace stillpoint {

const ParamTable& TikhonovParams::table() {
    static const ParamTable table = ParamTableOf<TikhonovParams>().real(
        "lambda", &TikhonovParams::lambda,
        {.label = "Weight",
         .symbol = "λ",
         .help = "Weight of the prior against the data: larger is smoother, and darker "
                 "too, because this prior pulls every pixel towards 0.",
         .minimum = 0,
         .maximum = 10,
         .step = 0.001,
         .scale = ParamScale::logarithmic});
    return table;
}

void TikhonovPrior::prox(ConstImageRef v, double weight, ConstRealSpan, ImageRef out, RealSpan) {
    const Real factor = static_cast<Real>(1 / (1 + weight));
    const auto in = v.samples();
    const auto to = out.samples();
    for (std::size_t i = 0; i < in.size(); ++i) to[i] = factor * in[i];
}

void TikhonovPrior::lineariseProx(ConstImageRef v, double weight, ConstRealSpan) {
    copy(v, point_);
    weight_ = weight;
}

void TikhonovPrior::proxVjp(ConstImageRef c, ConstRealSpan, ImageRef outV, RealSpan) {
    prox(c, weight_, {}, outV, {});
}

double TikhonovPrior::proxInputsVjp(ConstImageRef c, ConstRealSpan, Gradients&) {
    return -dot(c.samples(), point_.samples()) / ((1 + weight_) * (1 + weight_));
}

}  // namespace stillpoint
