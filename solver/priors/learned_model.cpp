// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/learned_model.h"

#include "solver/core/error.h"

namespace stillpoint {

std::shared_ptr<const Model> modelForPrior(const std::string& nameOrFile) {
    try {
        return findModel(nameOrFile);
    } catch (const Error& error) {
        throw Error("prior.model", error.what());
    }
}

void checkModelFits(const Model& model, ModelKind kind, const std::string& name, Shape picture) {
    if (model.kind() != kind) {
        const bool ridge = model.kind() == ModelKind::ridge;
        throw Error("prior.model",
                    "The model '" + name +
                        (ridge ? "' is a ridge regulariser; the prior 'denoiser' needs a denoiser."
                               : "' is a denoiser; the prior 'ridge' needs a ridge regulariser."));
    }
    const int channels = model.channels();
    if (channels != picture.channels && channels != 1 && picture.channels != 1)
        throw Error("prior.model", "The model is for pictures of " + std::to_string(channels) +
                                       " channels; the picture has " + std::to_string(picture.channels) +
                                       ".");
}

}  // namespace stillpoint
