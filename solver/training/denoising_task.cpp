// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "solver/training/sample_loss.h"
#include "solver/training/training_task.h"

namespace stillpoint {
namespace {

class DenoisingTask final : public TrainingTask {
 public:
    DenoisingTask(const DenoiserArchitecture& architecture, const DenoisingTaskParams& params)
        : architecture_(architecture), params_(params) {}

    int patchSize() const override { return params_.patch; }
    void setModel(const Weights& weights, const ModelTuning&) override {
        weights_ = weights;
        if (colour_) colour_->setWeights(weights_);
        if (grey_) grey_->setWeights(weights_);
    }

    SampleOutcome run(const Image& sharp, RandomStream& random, RealSpan gradient, ModelTuning&) override {
        const Shape shape = sharp.shape();
        DenoiserNetwork& network = networkFor(shape);
        const double sigma = params_.sigmaMax * random.uniform();
        Image noisy = sharp.clone(), out(shape);
        for (Real& sample : noisy.samples()) sample += static_cast<Real>(sigma * random.normal());
        network.apply(noisy.samples(), sigma, out.samples(),
                      gradient.empty() ? DenoiserNetwork::Keep::nothing : DenoiserNetwork::Keep::everything);
        SampleOutcome outcome;
        outcome.squaredError = clippedSquaredError(sharp, out);
        outcome.loss = replaceByDerivative(params_.loss, sharp, out);
        outcome.used = std::isfinite(outcome.loss);
        if (!gradient.empty() && outcome.used)
            network.addWeightGradients(out.samples(), 1, gradient, noisy.samples());
        return outcome;
    }

 private:
    DenoiserNetwork& networkFor(Shape shape) {
        auto& network = shape.channels == 1 ? grey_ : colour_;
        Shape& last = shape.channels == 1 ? greyShape_ : colourShape_;
        if (!network || last != shape) {
            network = std::make_unique<DenoiserNetwork>(architecture_, shape);
            network->setWeights(weights_);
            last = shape;
        }
        return *network;
    }

    DenoiserArchitecture architecture_;
    DenoisingTaskParams params_;
    Weights weights_;
    std::unique_ptr<DenoiserNetwork> colour_, grey_;
    Shape colourShape_, greyShape_;
};

}  // namespace

std::unique_ptr<TrainingTask> makeDenoisingTask(const DenoiserArchitecture& architecture,
                                                const DenoisingTaskParams& params) {
    return std::make_unique<DenoisingTask>(architecture, params);
}

}  // namespace stillpoint
