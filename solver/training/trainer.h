// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "solver/core/param.h"
#include "solver/training/training_task.h"
#include "solver/training/weight_optimiser.h"

namespace stillpoint {

enum class TrainingStage { denoising, equilibrium };

/// Keys of `stillpoint-cli train`.
struct TrainerParams {
    TrainingStage stage = TrainingStage::denoising;
    int steps = 20000;
    int batch = 16;
    int patch = 64;
    double rate = 1e-3;
    double tuningRate = 1e-2;  ///< of the logarithms of level and balance
    int warmUp = 200;
    double decay = 0.3;  ///< share of the steps at the end over which the rate falls to 0
    double clip = 0.5;
    double averaging = 0.999;
    double greyShare = 0.25;
    double sigmaMax = 0.2157;
    TrainingLoss loss = TrainingLoss::l1;
    double tolerance = 1e-3;
    int maxIter = 60;
    double penalty = 0;
    double normBound = 1;
    bool jacobianFree = false;
    int seed = 0;
    static const ParamTable& table();
};

/// Means over the samples of one batch.
struct TrainingRecord {
    int step = 0;
    double rate = 0;
    double loss = 0;
    double psnr = 0;  ///< of the batch's mean squared error
    int samples = 0;
    int skipped = 0;  ///< samples that gave no gradient
    bool taken =
        true;  ///< false: the whole gradient was not finite, or there was none, and the weights stayed
    double converged = 1;  ///< share
    double iterations = 0, adjointIterations = 0, norm = 0, gradientNorm = 0;
};

/// Trains a denoiser or a ridge regulariser, ask-and-step: the caller owns the loop. Samples of a batch run
/// in parallel, one thread each; every random number is a function of (seed, step, sample), and gradients are
/// summed in the order of the samples, so that a run that is continued from a checkpoint gives the same
/// numbers as one that was not interrupted, and (beyond rounding inside oneDNN, which one thread a sample
/// rules out) so does any number of threads. A gradient that is not finite never reaches the weights.
class Trainer {
 public:
    /// Weights to start from: a model's, or fresh ones (see freshDenoiser). Throws Error("patch", sentence)
    /// for patches that the kernels of stage equilibrium do not fit into.
    Trainer(Model start, const TrainerParams& params, std::shared_ptr<const PatchSource> source);

    TrainingRecord step();
    int stepsDone() const { return stepsDone_; }
    bool done() const { return stepsDone_ >= params_.steps; }
    /// The averaged weights with their tuning and texts.
    Model model() const;
    /// Samples 0 .. count - 1 of the task on another source with the averaged weights: colour, or grey.
    TrainingRecord validate(const PatchSource& source, int count, bool grey);

    /// Everything that decides the rest of the run: optimiser, averages, step. `restore` throws
    /// Error("checkpoint", sentence) if the checkpoint is of another network, batch, seed, ...
    WeightsFile checkpoint() const;
    void restore(const WeightsFile& checkpoint);

 private:
    double rateAt(int step) const;
    std::unique_ptr<TrainingTask> makeTask() const;
    std::vector<SampleOutcome> runBatch(const PatchSource& source, const Weights& weights,
                                        std::uint64_t stream, int count,
                                        const std::function<bool(int)>& isGrey, bool gradients);
    void stepTuning();

    Model start_;
    TrainerParams params_;
    std::shared_ptr<const PatchSource> source_;
    WeightOptimiser optimiser_;
    std::vector<std::unique_ptr<TrainingTask>> tasks_;  // one a thread
    std::vector<Buffer> gradients_;                     // one a sample
    std::vector<ModelTuning> knobs_;                    // derivatives, one a sample
    Buffer gradient_;
    ModelTuning tuning_;
    double tuningMoments_[4] = {};  // Adam's means and squares of level and balance
    int stepsDone_ = 0;
};

/// A network with fresh weights: normal numbers of variance 2 / (9 in) (He et al., 2015), of a tenth of that
/// size in the last convolution of each block and of the network, so that it begins as the identity; biases
/// 0.
Model freshDenoiser(const DenoiserArchitecture& architecture, std::uint64_t seed);

}  // namespace stillpoint
