// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/l1.h"

#include <cmath>

namespace stillpoint {

const ParamTable& L1Params::table() {
    static const ParamTable table = ParamTableOf<L1Params>().real(
        "lambda", &L1Params::lambda,
        {.label = "Weight",
         .symbol = "λ",
         .help = "Weight of the prior against the data: larger makes more pixels black.",
         .minimum = 0,
         .maximum = 1,
         .step = 0.0005,
         .scale = ParamScale::logarithmic});
    return table;
}

double L1Prior::value(ConstImageRef x) {
    double sum = 0;
    for (const Real sample : x.samples()) sum += static_cast<double>(std::abs(sample));
    return sum;
}

void L1Prior::prox(ConstImageRef v, double weight, ConstRealSpan, ImageRef out, RealSpan) {
    const Real w = static_cast<Real>(weight);
    const auto in = v.samples();
    const auto to = out.samples();
    for (std::size_t i = 0; i < in.size(); ++i)
        to[i] = in[i] > w ? in[i] - w : (in[i] < -w ? in[i] + w : Real(0));
}

void L1Prior::lineariseProx(ConstImageRef v, double weight, ConstRealSpan) {
    copy(v, point_);
    weight_ = weight;
}

void L1Prior::proxVjp(ConstImageRef c, ConstRealSpan, ImageRef outV, RealSpan) {
    const Real w = static_cast<Real>(weight_);
    const auto in = c.samples();
    const auto to = outV.samples();
    const auto v = point_.samples();
    for (std::size_t i = 0; i < in.size(); ++i) to[i] = std::abs(v[i]) > w ? in[i] : Real(0);
}

double L1Prior::proxInputsVjp(ConstImageRef c, ConstRealSpan, Gradients&) {
    const Real w = static_cast<Real>(weight_);
    const auto v = point_.samples();
    double sum = 0;
    for (std::size_t i = 0; i < v.size(); ++i)
        if (std::abs(v[i]) > w) sum -= static_cast<double>(v[i] > 0 ? c.samples()[i] : -c.samples()[i]);
    return sum;
}

}  // namespace stillpoint
