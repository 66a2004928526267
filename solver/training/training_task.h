// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "solver/core/rng.h"
#include "solver/nn/models.h"
#include "solver/physics/kernel.h"
#include "solver/training/patch_source.h"
#include "solver/training/sample_loss.h"

namespace stillpoint {

/// What became of one sample of a batch.
struct SampleOutcome {
    double loss = 0;          ///< mean absolute or squared error
    double squaredError = 0;  ///< mean, of the estimate clipped to [0, 1]
    bool used = true;         ///< false: forward or adjoint failed, and the sample gives no gradient
    bool converged = true;    ///< the forward solve
    int iterations = 0;
    int adjointIterations = 0;
    double residual = 0;  ///< of the forward solve
    double norm = 0;      ///< spectral norm of the denoiser's Jacobian, where it was measured
};

/// A kind of training: makes a sample of its own from a patch and a stream of random numbers, and the
/// derivatives of its loss. One object serves one thread; it keeps networks between samples.
class TrainingTask {
 public:
    virtual ~TrainingTask() = default;
    /// Size of the patches it wants.
    virtual int patchSize() const = 0;
    /// The weights, and where they are trained too the model's tuning, for the samples that follow.
    virtual void setModel(const Weights& weights, const ModelTuning& tuning) = 0;
    /// Adds d loss / d weights to `gradient` (flat), and for tasks that train them d loss / d log of the
    /// model's level and balance to `knobs`. An empty gradient: only the outcome is wanted.
    virtual SampleOutcome run(const Image& sharp, RandomStream& random, RealSpan gradient,
                              ModelTuning& knobs) = 0;
};

struct DenoisingTaskParams {
    int patch = 64;
    double sigmaMax = 0.2157;  ///< 55 / 255
    TrainingLoss loss = TrainingLoss::l1;
};
/// Removes Gaussian noise whose level is drawn evenly from [0, sigmaMax].
std::unique_ptr<TrainingTask> makeDenoisingTask(const DenoiserArchitecture& architecture,
                                                const DenoisingTaskParams& params);

struct EquilibriumTaskParams {
    int patch = 64;
    bool blurred = true;  ///< false: noise only
    double sigmaLeast = 0.002,
           sigmaMost = 0.05;  ///< of the noise: drawn evenly in the logarithm, or evenly if not blurred
    TrainingLoss loss = TrainingLoss::mse;
    double tolerance = 1e-3;  ///< of the forward solve
    int maxIter = 60;
    double adjointTolerance = 1e-2;
    int adjointMaxIter = 40;
    double normBound = 1;  ///< of the penalty on the denoiser's Jacobian
    double penalty = 0;    ///< its weight; 0: none
    enum class Backward { implicit, jacobianFree } backward = Backward::implicit;
};
/// Restores a patch with noise of random level, blurred by a kernel of a random family under a periodic
/// border, at the equilibrium of HQS for a denoiser, of PGD with the prior first for a ridge regulariser,
/// differentiated implicitly:
///     loss(x*) + penalty max(0, ||dD/dx|| - normBound),
/// the norm at the point that D is applied to, by power iteration (Pesquet et al., 2021). Samples whose
/// forward solve diverges or whose adjoint stays above a tenth give no gradient.
std::unique_ptr<TrainingTask> makeEquilibriumTask(const Model& model, const EquilibriumTaskParams& params);

/// A kernel of a random family: Gaussian, motion, disk, box, or the track of a shaking hand (a random walk
/// whose direction changes slowly), at most kLargestKernel in each direction.
inline constexpr int kLargestKernel = 25;
Kernel randomKernel(RandomStream& random);

}  // namespace stillpoint
