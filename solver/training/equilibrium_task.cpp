// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "solver/deq/implicit_gradient.h"
#include "solver/fidelity/l2.h"
#include "solver/iterators/proximal.h"
#include "solver/physics/blur_operator.h"
#include "solver/priors/denoiser.h"
#include "solver/training/training_task.h"

namespace stillpoint {
namespace {

constexpr int kNormSteps = 8;          // of power iteration
constexpr double kWorstAdjoint = 0.1;  // residual of an adjoint that still gives a direction
constexpr double kWorstForward = 20;   // times the tolerance: a point that is near no equilibrium

// One restoration: everything between a blurred patch and its equilibrium.
struct Restoration {
    Restoration(const Kernel& kernel, const Image& blurred, const DenoiserParams& params, double step,
                const std::shared_ptr<const DenoiserModel>& model)
        : op(kernel, blurred.shape()),
          fidelity(op, blurred),
          prior(blurred.shape(), params, model),
          iterator(fidelity, prior, StepBy::prox, false, step) {}
    BlurOperator op;
    L2Fidelity fidelity;
    DenoiserPrior prior;
    ProximalSplitting iterator;
};

class EquilibriumTask final : public TrainingTask {
 public:
    EquilibriumTask(const DenoiserArchitecture& architecture, const EquilibriumTaskParams& params)
        : params_(params) {
        anderson_.history = 5;
        adjoint_.maxIter = params.adjointMaxIter;
        adjoint_.tolerance = params.adjointTolerance;
        if (params.backward == EquilibriumTaskParams::Backward::jacobianFree)
            adjoint_.solver = AdjointMethod::jacobianFree;
        architecture_ = architecture;
    }

    int patchSize() const override { return params_.patch; }
    void setModel(const Weights& weights, const DenoiserTuning& tuning) override {
        auto model = std::make_shared<DenoiserModel>();
        model->architecture = architecture_;
        model->weights = weights;
        model->tuning = tuning;
        model_ = std::move(model);
    }

    SampleOutcome run(const Image& sharp, RandomStream& random, RealSpan gradient,
                      DenoiserTuning& knobs) override {
        const Kernel kernel = randomKernel(random);
        const double noise =
            params_.sigmaLeast * std::pow(params_.sigmaMost / params_.sigmaLeast, random.uniform());
        Image blurred(sharp.shape());
        BlurOperator(kernel, sharp.shape()).apply(sharp, blurred);
        for (Real& sample : blurred.samples()) sample += static_cast<Real>(noise * random.normal());

        DenoiserParams prior;
        prior.sigma = model_->tuning.sigma(noise);
        const double step = model_->tuning.step(prior.sigma, noise);
        Restoration at(kernel, blurred, prior, step, model_);
        FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { at.iterator.apply(z, out); },
                                at.iterator.stateSize(),
                                {params_.maxIter, params_.tolerance, params_.maxIter}, anderson_);
        at.iterator.start(blurred, solver.startingPoint());
        while (!solver.done()) solver.step();

        SampleOutcome outcome;
        Image estimate(sharp.shape());
        copy(at.iterator.estimate(solver.state()), estimate);
        outcome.residual = solver.summary().residual;
        outcome.iterations = solver.summary().iterations;
        outcome.converged = solver.summary().status == SolveStatus::converged;
        outcome.squaredError = clippedSquaredError(sharp, estimate);
        outcome.loss = replaceByDerivative(params_.loss, sharp, estimate);
        outcome.used = std::isfinite(outcome.loss) && outcome.residual < kWorstForward * params_.tolerance;
        if (!gradient.empty() && outcome.used)
            addGradients(at, solver.state(), estimate, random, gradient, prior.sigma, step, knobs, outcome);
        return outcome;
    }

 private:
    void addGradients(Restoration& at, ConstRealSpan z, const Image& u, RandomStream& random,
                      RealSpan gradient, double sigma, double step, DenoiserTuning& knobs,
                      SampleOutcome& outcome) const {
        GradientWants wants;
        wants.weights = gradient.size();
        const ImplicitGradient implicit = implicitGradient(at.iterator, z, u.samples(), adjoint_, wants, -1);
        outcome.adjointIterations = implicit.adjoint.iterations;
        const bool cheap = adjoint_.solver == AdjointMethod::jacobianFree;
        outcome.used = allFinite(implicit.gradients.weights.span()) &&
                       (cheap || implicit.converged() || implicit.adjoint.residual < kWorstAdjoint);
        if (!outcome.used) return;
        axpy(1, implicit.gradients.weights.span(), gradient);
        const double byStep = implicit.gradients.parameters.at("step") * step;
        knobs.level += implicit.gradients.parameters.at("prior.sigma") * sigma + 2 * byStep;
        knobs.balance += byStep;
        if (params_.penalty <= 0) return;
        at.iterator.linearise(z);
        const auto seed = static_cast<std::uint64_t>(random.uniform() * 1e15);
        outcome.norm = at.prior.jacobianNorm(kNormSteps, seed, params_.normBound, params_.penalty, gradient);
    }

    EquilibriumTaskParams params_;
    DenoiserArchitecture architecture_;
    AndersonParams anderson_;
    AdjointParams adjoint_;
    std::shared_ptr<const DenoiserModel> model_;
};

}  // namespace

std::unique_ptr<TrainingTask> makeEquilibriumTask(const DenoiserArchitecture& architecture,
                                                  const EquilibriumTaskParams& params) {
    return std::make_unique<EquilibriumTask>(architecture, params);
}

}  // namespace stillpoint
