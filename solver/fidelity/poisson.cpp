// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/poisson.h"

namespace stillpoint {

const ParamTable& PoissonParams::table() {
    static const ParamTable table =
        ParamTableOf<PoissonParams>()
            .real(
                "background", &PoissonParams::background,
                {.label = "Background",
                 .symbol = "b",
                 .help = "Light that is added to picture and data alike, on the scale where white is 1: the "
                         "camera's dark level, or the brightness below which pixels gain no further weight. "
                         "Smaller values follow the noise of dark pixels more closely and need smaller "
                         "steps.",
                 .minimum = 1e-4,
                 .maximum = 1,
                 .step = 0.005,
                 .scale = ParamScale::logarithmic})
            .real("accuracy", &PoissonParams::accuracy,
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
