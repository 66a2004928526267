// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/backtracking.h"

#include <cmath>
#include <limits>

namespace stillpoint {

const ParamTable& BacktrackingParams::table() {
    using P = BacktrackingParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .boolean(
                "enabled", &P::enabled,
                {.label = "Enabled",
                 .help = "Shortens the step until each iteration lowers the objective enough. Costs two "
                         "values of the objective in each iteration. Needs a prior with a value and an exact "
                         "proximal map."})
            .real("gamma", &P::gamma,
                  {.label = "Decrease",
                   .help =
                       "The objective must fall by this times the squared change of the picture, divided by "
                       "the step. Above 0.5 no step may be short enough.",
                   .minimum = 0,
                   .maximum = 0.5,
                   .step = 0.05})
            .real("eta", &P::eta,
                  {.label = "Shrinking",
                   .help = "The step is multiplied by this when the objective has not fallen enough.",
                   .minimum = 0.1,
                   .maximum = 0.99,
                   .step = 0.05})
            .integer("max", &P::max,
                     {.label = "Most trials",
                      .help = "The step shrinks at most this many times in one iteration.",
                      .minimum = 1,
                      .maximum = 100,
                      .step = 1});
    return table;
}

Objective objectiveAt(Problem& problem, ConstImageRef x) {
    DataFidelity& fidelity = *problem.fidelity;
    const auto [value, misfit] = fidelity.measure(x);
    const double lambda = problem.prior->lambda();
    const double regularisation = lambda > 0 ? lambda * problem.prior->value(x) : 0;
    // f is a function of A x - y, which is known to about epsilon ||y||; the errors of single pixels mostly
    // cancel in the sum, those of the summation itself grow like the root of the number of its terms.
    constexpr double epsilon = static_cast<double>(std::numeric_limits<Real>::epsilon());
    const double root = std::sqrt(static_cast<double>(fidelity.shape().size()));
    const double size = std::abs(value) + regularisation;
    return {value + regularisation, 4 * epsilon * (size + 4 * misfit * fidelity.dataNorm() / root) +
                                        4 * std::numeric_limits<double>::epsilon() * root * size};
}

bool descendsEnough(const Objective& before, const Objective& after, double step, double distanceSquared,
                    const BacktrackingParams& params) {
    const double slack = before.rounding + after.rounding;
    return std::isfinite(after.value) &&
           (before.value - after.value >= params.gamma / step * distanceSquared - slack ||
            before.value == std::numeric_limits<double>::infinity());
}

}  // namespace stillpoint
