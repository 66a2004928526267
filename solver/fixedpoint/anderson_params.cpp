// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/anderson.h"

namespace stillpoint {

const ParamTable& AndersonParams::table() {
    using P = AndersonParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .boolean("enabled", &P::enabled,
                     {.label = "Enabled",
                      .help = "Anderson acceleration on; off is the plain (Picard) iteration."})
            .integer("history", &P::history,
                     {.label = "History",
                      .symbol = "m",
                      .help = "Number of past iterates that are mixed. More can be faster, costs memory (two "
                              "states each) and "
                              "is more sensitive. 0 and 1 are the plain iteration.",
                      .minimum = 0,
                      .maximum = kMaxHistory,
                      .step = 1})
            .real("beta", &P::beta,
                  {.label = "Mixing",
                   .symbol = "β",
                   .help = "Share of the map's outputs in the mixed point; the rest is taken from its "
                           "inputs. 1 is undamped.",
                   .minimum = 0.01,
                   .maximum = 2,
                   .step = 0.05})
            .real("ridge", &P::ridge,
                  {.label = "Ridge",
                   .symbol = "ε",
                   .help = "Regularisation of the small least-squares problem that finds the mixing weights. "
                           "Not the tolerance.",
                   .minimum = 0,
                   .maximum = 1,
                   .step = 1e-10,
                   .scale = ParamScale::logarithmic})
            .choice("ridge-scaling", &P::ridgeScaling, {"relative", "absolute"},
                    {.label = "Ridge scaling",
                     .help = "relative: in proportion to the residuals. absolute: a fixed number, as in "
                             "other programs, for "
                             "comparison; near convergence it turns the mixing into a plain average."})
            .integer("delay", &P::delay,
                     {.label = "Delay",
                      .help = "Plain iterations before mixing begins.",
                      .minimum = 0,
                      .maximum = 1000,
                      .step = 1})
            .integer(
                "interval", &P::interval,
                {.label = "Interval",
                 .help =
                     "Mix in every n-th iteration only; the plain ones between them enter the history too.",
                 .minimum = 1,
                 .maximum = 100,
                 .step = 1})
            .real("condition-bound", &P::conditionBound,
                  {.label = "Condition bound",
                   .help = "Residual differences that depend on newer ones, and then the oldest, are left "
                           "out until the "
                           "condition number is below this. Beyond 1e6 costs more memory.",
                   .minimum = 1,
                   .maximum = 1e16,
                   .step = 1000,
                   .scale = ParamScale::logarithmic})
            .real("stale", &P::stale,
                  {.label = "Stale factor",
                   .help = "Past iterates whose residual is larger than the newest by more than this factor "
                           "are left "
                           "out of the mixing.",
                   .minimum = 1,
                   .maximum = 1e16,
                   .step = 100,
                   .scale = ParamScale::logarithmic})
            .real("weight-cap", &P::weightCap,
                  {.label = "Weight cap",
                   .help = "A mixed step whose weights' absolute values sum to more is refused.",
                   .minimum = 1,
                   .maximum = 1e16,
                   .step = 100,
                   .scale = ParamScale::logarithmic})
            .real("growth", &P::growth,
                  {.label = "Growth limit",
                   .help = "A mixed step whose residual exceeds the best so far by more than this factor is "
                           "refused and the "
                           "history restarts.",
                   .minimum = 1,
                   .maximum = 1e6,
                   .step = 0.5,
                   .scale = ParamScale::logarithmic})
            .integer(
                "restart-every", &P::restartEvery,
                {.label = "Restart every",
                 .help =
                     "The history is emptied after this many mixed steps; 0 leaves that to refused steps and "
                     "to stagnation.",
                 .minimum = 0,
                 .maximum = 1000000,
                 .step = 1})
            .boolean("gain-damping", &P::gainDamping,
                     {.label = "Damping by gain",
                      .help = "Reduces the mixing where the weighted residual is hardly smaller than the "
                              "newest one."});
    return table;
}

}  // namespace stillpoint
