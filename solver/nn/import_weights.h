// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "solver/nn/models.h"

namespace stillpoint {

/// A denoiser from weights of another program. Known are the arrays of a DnCNN (Zhang et al., 2017), all
/// convolutions 3 x 3 with a ReLU between them, whose depth and width follow from the shapes:
///     in_conv, conv_list.0, conv_list.1, ..., out_conv     D(x) = x + N(x)   (deepinv)
///     model.0, model.2, model.4, ...                       D(x) = x - N(x)   (KAIR)
/// each with ".weight" (out, in, 3, 3) and ".bias" (out), which may be missing and is then 0. For the second
/// form the last layer's numbers change their sign, so that the model adds too. Dilated convolutions have the
/// same names and shapes and cannot be told apart: weights of such networks must not be imported. The other
/// texts of the file are kept.
///
/// A file of our own (with a text "network") is checked only. Throws Error("model", sentence), which uses
/// `name`, for everything else: other arrays, batch normalisation, other sizes.
Model importDenoiser(WeightsFile file, const std::string& name);

/// The inverse: a plain body without unshuffling and noise map under the names of deepinv and without our
/// texts about the architecture, so that importDenoiser gives the model again. Other networks have no such
/// form and stay as fileOf() makes them.
WeightsFile exportDenoiser(const Model& model);

}  // namespace stillpoint
