// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/trainer.h"

namespace stillpoint {

const ParamTable& TrainerParams::table() {
    static const ParamTable table =
        ParamTableOf<TrainerParams>()
            .choice(
                "stage", &TrainerParams::stage, {"denoising", "equilibrium"},
                {.label = "Stage",
                 .help = "denoising: removes Gaussian noise of random level. equilibrium: restores blurred "
                         "patches, differentiated through the equilibrium of hqs."})
            .integer(
                "steps", &TrainerParams::steps,
                {.label = "Steps", .help = "Batches in all.", .minimum = 1, .maximum = 1e7, .step = 1000})
            .integer("batch", &TrainerParams::batch,
                     {.label = "Batch", .help = "Patches a step.", .minimum = 1, .maximum = 4096, .step = 1})
            .integer("patch", &TrainerParams::patch,
                     {.label = "Patch",
                      .unit = "px",
                      .help = "Side of a patch.",
                      .minimum = 16,
                      .maximum = 1024,
                      .step = 8})
            .real("rate", &TrainerParams::rate,
                  {.label = "Rate",
                   .help = "Adam's rate for the weights.",
                   .minimum = 1e-8,
                   .maximum = 1,
                   .scale = ParamScale::logarithmic})
            .real("tuning-rate", &TrainerParams::tuningRate,
                  {.label = "Tuning rate",
                   .help =
                       "Adam's rate for the logarithms of the model's level and balance (stage equilibrium).",
                   .minimum = 0,
                   .maximum = 1,
                   .scale = ParamScale::logarithmic})
            .integer("warm-up", &TrainerParams::warmUp,
                     {.label = "Warm-up",
                      .help = "Steps over which the rate rises.",
                      .minimum = 0,
                      .maximum = 1e6,
                      .step = 100})
            .real("decay", &TrainerParams::decay,
                  {.label = "Decay",
                   .help = "Share of the steps at the end over which the rate falls to 0.",
                   .minimum = 0,
                   .maximum = 1})
            .real("clip", &TrainerParams::clip,
                  {.label = "Clipping",
                   .help = "Largest norm of a gradient.",
                   .minimum = 1e-6,
                   .maximum = 1e6,
                   .scale = ParamScale::logarithmic})
            .real("averaging", &TrainerParams::averaging,
                  {.label = "Averaging",
                   .help = "Memory of the averaged weights, which are the result.",
                   .minimum = 0,
                   .maximum = 0.99999})
            .real("grey-share", &TrainerParams::greyShare,
                  {.label = "Grey share",
                   .help = "Share of each batch that is luminance.",
                   .minimum = 0,
                   .maximum = 1})
            .real("sigma-max", &TrainerParams::sigmaMax,
                  {.label = "Largest noise", .help = "Of the stage denoising.", .minimum = 0, .maximum = 1})
            .choice("loss", &TrainerParams::loss, {"l1", "mse"},
                    {.label = "Loss", .help = "Mean absolute or mean squared error."})
            .real("tolerance", &TrainerParams::tolerance,
                  {.label = "Tolerance",
                   .help = "Of the forward solve (stage equilibrium).",
                   .minimum = 0,
                   .maximum = 1,
                   .scale = ParamScale::logarithmic})
            .integer("max-iter", &TrainerParams::maxIter,
                     {.label = "Iteration limit",
                      .help = "Of the forward solve.",
                      .minimum = 1,
                      .maximum = 10000,
                      .step = 10})
            .real("penalty", &TrainerParams::penalty,
                  {.label = "Penalty",
                   .help = "Weight of the denoiser's Jacobian norm beyond its bound; 0: none.",
                   .minimum = 0,
                   .maximum = 1000,
                   .scale = ParamScale::logarithmic})
            .real("norm-bound", &TrainerParams::normBound,
                  {.label = "Norm bound",
                   .help = "Norm from which the penalty counts.",
                   .minimum = 0,
                   .maximum = 100})
            .boolean("jacobian-free", &TrainerParams::jacobianFree,
                     {.label = "Jacobian-free",
                      .help = "The cheap backward pass, for comparison (stage equilibrium)."})
            .integer(
                "seed", &TrainerParams::seed,
                {.label = "Seed", .help = "Of all random numbers.", .minimum = 0, .maximum = 8e6, .step = 1});
    return table;
}

}  // namespace stillpoint
