// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/tv.h"

#include <cmath>

#include "solver/core/parallel.h"
#include "solver/priors/differences.h"

namespace stillpoint {
namespace {

constexpr int kMostInnerSteps = 5000;
constexpr int kStepsPerGap = 10;  // the gap costs about as much as two steps

}  // namespace

const ParamTable& TvParams::table() {
    static const ParamTable table =
        ParamTableOf<TvParams>()
            .real(
                "lambda", &TvParams::lambda,
                {.label = "Weight",
                 .symbol = "λ",
                 .help = "Weight of the prior against the data: larger removes more noise and more texture.",
                 .minimum = 0,
                 .maximum = 1,
                 .step = 0.0005,
                 .scale = ParamScale::logarithmic})
            .real("smoothing", &TvParams::smoothing,
                  {.label = "Smoothing",
                   .symbol = "e",
                   .help = "Differences between neighbours below this size are penalised by their square, "
                           "which avoids "
                           "steps in smooth areas and speeds convergence. 0 is plain total variation.",
                   .minimum = 0,
                   .maximum = 0.5,
                   .step = 0.001,
                   .scale = ParamScale::logarithmic})
            .choice("inner", &TvParams::inner, {"state", "nested"},
                    {.label = "Inner problem",
                     .help = "state: the dual variable is part of the state and makes a few steps in each "
                             "iteration. nested: "
                             "the proximal map is solved anew in each iteration, to the accuracy below.",
                     .applies = ParamApplies::restart})
            .integer("steps", &TvParams::steps,
                     {.label = "Dual steps",
                      .help = "Dual steps in each iteration, for the inner problem in the state.",
                      .minimum = 1,
                      .maximum = 50,
                      .step = 1})
            .real("accuracy", &TvParams::accuracy,
                  {.label = "Accuracy",
                   .help = "Largest distance of the nested solution from the exact proximal point, relative "
                           "to its size. "
                           "Keep it well below the tolerance of the iteration.",
                   .minimum = 1e-12,
                   .maximum = 0.1,
                   .step = 1e-5,
                   .scale = ParamScale::logarithmic});
    return table;
}

TvPrior::TvPrior(Shape shape, const TvParams& params)
    : Prior(shape),
      params_(params),
      rows_(shape),
      dualA_(2 * shape.size()),
      dualB_(2 * shape.size()),
      dualC_(params.inner == TvInner::nested ? 2 * shape.size() : 0),
      u_(shape) {}

std::size_t TvPrior::memorySize() const {
    return inState() ? 2 * shape().size() : 0;
}

double TvPrior::value(ConstImageRef x) {
    return tvValue(x, params_.smoothing);
}

namespace {

// field <- field / max(|field|, e) at each pixel: the derivative of Huber's function.
void huberDerivative(RealSpan field, double smoothing) {
    const std::size_t size = field.size() / 2;
    const Real e = static_cast<Real>(smoothing);
    parallelRanges(size, 16384, [&](std::size_t begin, std::size_t end) {
        Real* down = field.data();
        Real* right = field.data() + size;
        for (std::size_t i = begin; i < end; ++i) {
            const Real t = std::sqrt(down[i] * down[i] + right[i] * right[i]);
            const Real scale = 1 / std::max(t, e);
            down[i] *= scale;
            right[i] *= scale;
        }
    });
}

}  // namespace

void TvPrior::gradient(ConstImageRef x, ImageRef out) {
    differences(x, dualA_.span());
    huberDerivative(dualA_.span(), params_.smoothing);
    fill(out.samples(), 0);
    subtractAdjointDifferences(out, -1, dualA_.span(), out);
}

void TvPrior::prox(ConstImageRef v, double weight, ConstRealSpan memory, ImageRef out, RealSpan memoryOut) {
    if (!inState()) {
        solveProx(v, weight, params_.accuracy, kMostInnerSteps, out);
        return;
    }
    ConstRealSpan from = memory;
    for (int step = 1; step <= params_.steps; ++step) {
        const RealSpan to = step == params_.steps ? memoryOut : (step % 2 ? dualA_.span() : dualB_.span());
        dualStep(dual(weight), v, from, to, rows_);
        from = to;
    }
    subtractAdjointDifferences(v, 1, memoryOut, out);
}

int TvPrior::solveProx(ConstImageRef v, double weight, double accuracy, int maxSteps, ImageRef out) {
    if (dualC_.empty()) dualC_ = Buffer(dualA_.size());
    const double wanted = 0.5 * accuracy * accuracy * normSquared(v.samples());
    const RealSpan q = dualC_.span();
    RealSpan p = dualA_.span();
    RealSpan pNext = dualB_.span();
    fill(q, 0);
    fill(p, 0);
    double t = 1;
    double lastGap = std::numeric_limits<double>::infinity();
    int step = 0;
    while (step < maxSteps) {
        const double tNext = (1 + std::sqrt(1 + 4 * t * t)) / 2;
        acceleratedDualStep(dual(weight), v, (t - 1) / tNext, p, q, pNext, rows_);
        std::swap(p, pNext);
        t = tNext;
        if (++step % kStepsPerGap != 0 || accuracy <= 0) continue;
        subtractAdjointDifferences(v, 1, q, u_);
        const double gap = dualityGap(dual(weight), u_, q);
        if (gap <= wanted) break;
        // Momentum that overshoots a strongly convex dual is dropped (O'Donoghue and Candes, 2015).
        if (gap > lastGap) {
            t = 1;
            copy(q, p);
        }
        lastGap = gap;
    }
    subtractAdjointDifferences(v, 1, q, out);
    return step;
}

}  // namespace stillpoint
