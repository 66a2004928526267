// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/networks.h"

#include <QTemporaryDir>

#include "solver/nn/models.h"

namespace stillpoint {

std::string testModel() {
    static const QTemporaryDir folder;
    static const std::string path = [] {
        Model model;
        model.architecture = DenoiserArchitecture{DenoiserArchitecture::Body::residual, 3, 16, 4, true, 5};
        model.weights = randomWeights(*model.denoiser(), 0.2);
        // Through head and tail the picture comes out with the factor -0.4, so that D is about 0.6 x.
        const auto centre = [&](const char* slice, std::size_t in, std::size_t k) -> Real& {
            return model.weights.values()[model.weights.find(slice)->offset + (k * in + k) * 9 + 4];
        };
        for (std::size_t k = 0; k < 12; ++k) {
            centre("head.weight", 13, k) += 1;
            centre("tail.weight", 16, k) -= Real(0.4);
        }
        const std::string name = folder.filePath("tiny.safetensors").toStdString();
        writeWeights(name, fileOf(model));
        return name;
    }();
    return path;
}

std::string testRidge() {
    static const QTemporaryDir folder;
    static const std::string path = [] {
        Model model;
        const RidgeArchitecture architecture{
            .colour = RidgeArchitecture::Colour::joint, .filters = 8, .pieces = 20};
        model.architecture = architecture;
        model.weights = randomRidge(architecture);
        const std::string name = folder.filePath("ridge.safetensors").toStdString();
        writeWeights(name, fileOf(model));
        return name;
    }();
    return path;
}

}  // namespace stillpoint
