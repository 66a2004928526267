// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "solver/core/shape.h"
#include "solver/nn/models.h"

namespace stillpoint {

/// The model behind a learned prior's `model`. Throws Error("prior.model", sentence) if it cannot be had.
std::shared_ptr<const Model> modelForPrior(const std::string& nameOrFile);

/// Throws Error("prior.model", sentence) if the model is of another kind or its channels do not fit the
/// picture; `name` is for the sentence.
void checkModelFits(const Model& model, ModelKind kind, const std::string& name, Shape picture);

}  // namespace stillpoint
