// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/impulse.h"

namespace stillpoint {

const ParamTable& ImpulseParams::table() {
    static const ParamTable table =
        ParamTableOf<ImpulseParams>()
            .real("smoothing", &ImpulseParams::smoothing,
                  {.label = "Smoothing",
                   .symbol = "e",
                   .help = "Misfits below this size are judged by their square, which suits the noise of the "
                           "good pixels and allows larger steps. 0 is the plain absolute value, for "
                           "primal-dual iterators only.",
                   .minimum = 0,
                   .maximum = 1,
                   .step = 0.005,
                   .scale = ParamScale::logarithmic})
            .real("accuracy", &ImpulseParams::accuracy,
                  {.label = "Accuracy",
                   .help = "Largest distance of the computed proximal point from the exact one, relative to "
                           "the size of the picture. For iterators that use the proximal map; keep it well "
                           "below the tolerance of the iteration.",
                   .minimum = 1e-12,
                   .maximum = 0.1,
                   .step = 1e-5,
                   .scale = ParamScale::logarithmic});
    return table;
}

}  // namespace stillpoint
