// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "solver/deq/implicit_gradient.h"
#include "solver/fidelity/l2.h"
#include "solver/iterators/proximal.h"
#include "solver/physics/blur_operator.h"
#include "solver/priors/denoiser.h"
#include "solver/priors/ridge.h"
#include "solver/training/training_task.h"

namespace stillpoint {
namespace {

constexpr int kNormSteps = 8;          // of power iteration
constexpr double kRidgeStep = 1.8;     // in units of 1 / L of the prior's gradient; below 2
constexpr double kWorstAdjoint = 0.1;  // residual of an adjoint that still gives a direction
constexpr double kWorstForward = 20;   // times the tolerance: a point that is near no equilibrium

// One restoration: everything between a blurred patch and its equilibrium.
struct Restoration {
    Restoration(const Kernel& kernel, const Image& blurred, double noise,
                const std::shared_ptr<const Model>& model)
        : op(kernel, blurred.shape()), fidelity(op, blurred), sigma(model->tuning.sigma(noise)) {
        if (model->ridge()) {
            RidgeParams params;
            params.sigma = sigma;
            params.lambda = model->tuning.balance;
            prior = std::make_unique<RidgePrior>(blurred.shape(), params, model);
            step = kRidgeStep / (params.lambda * prior->gradientLipschitz());
            iterator = std::make_unique<ProximalSplitting>(fidelity, *prior, StepBy::gradient, true, step);
        } else {
            DenoiserParams params;
            params.sigma = sigma;
            step = model->tuning.step(sigma, noise);
            prior = std::make_unique<DenoiserPrior>(blurred.shape(), params, model);
            iterator = std::make_unique<ProximalSplitting>(fidelity, *prior, StepBy::prox, false, step);
        }
    }
    BlurOperator op;
    L2Fidelity fidelity;
    double sigma, step = 0;
    std::unique_ptr<Prior> prior;
    std::unique_ptr<ProximalSplitting> iterator;
};

class EquilibriumTask final : public TrainingTask {
 public:
    EquilibriumTask(const Model& model, const EquilibriumTaskParams& params)
        : params_(params), architecture_(model.architecture) {
        anderson_.history = 5;
        adjoint_.maxIter = params.adjointMaxIter;
        adjoint_.tolerance = params.adjointTolerance;
        if (params.backward == EquilibriumTaskParams::Backward::jacobianFree)
            adjoint_.solver = AdjointMethod::jacobianFree;
    }

    int patchSize() const override { return params_.patch; }
    void setModel(const Weights& weights, const ModelTuning& tuning) override {
        auto model = std::make_shared<Model>();
        model->architecture = architecture_;
        model->weights = weights;
        model->tuning = tuning;
        if (model->ridge()) model->makeBank();
        model_ = std::move(model);
    }

    SampleOutcome run(const Image& sharp, RandomStream& random, RealSpan gradient,
                      ModelTuning& knobs) override {
        const Kernel kernel = params_.blurred ? randomKernel(random) : makeKernel("box:size=1");
        const double share = random.uniform();
        const double noise =
            params_.blurred ? params_.sigmaLeast * std::pow(params_.sigmaMost / params_.sigmaLeast, share)
                            : params_.sigmaLeast + (params_.sigmaMost - params_.sigmaLeast) * share;
        Image blurred(sharp.shape());
        BlurOperator(kernel, sharp.shape()).apply(sharp, blurred);
        for (Real& sample : blurred.samples()) sample += static_cast<Real>(noise * random.normal());

        Restoration at(kernel, blurred, noise, model_);
        FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { at.iterator->apply(z, out); },
                                at.iterator->stateSize(),
                                {params_.maxIter, params_.tolerance, params_.maxIter}, anderson_);
        at.iterator->start(blurred, solver.startingPoint());
        while (!solver.done()) solver.step();

        SampleOutcome outcome;
        Image estimate(sharp.shape());
        copy(at.iterator->estimate(solver.state()), estimate);
        outcome.residual = solver.summary().residual;
        outcome.iterations = solver.summary().iterations;
        outcome.converged = solver.summary().status == SolveStatus::converged;
        outcome.squaredError = clippedSquaredError(sharp, estimate);
        outcome.loss = replaceByDerivative(params_.loss, sharp, estimate);
        outcome.used = std::isfinite(outcome.loss) && outcome.residual < kWorstForward * params_.tolerance;
        if (!gradient.empty() && outcome.used)
            addGradients(at, solver.state(), estimate, random, gradient, knobs, outcome);
        return outcome;
    }

 private:
    void addGradients(Restoration& at, ConstRealSpan z, const Image& u, RandomStream& random,
                      RealSpan gradient, ModelTuning& knobs, SampleOutcome& outcome) const {
        GradientWants wants;
        wants.weights = gradient.size();
        const ImplicitGradient implicit = implicitGradient(*at.iterator, z, u.samples(), adjoint_, wants, -1);
        outcome.adjointIterations = implicit.adjoint.iterations;
        const bool cheap = adjoint_.solver == AdjointMethod::jacobianFree;
        outcome.used = allFinite(implicit.gradients.weights.span()) &&
                       (cheap || implicit.converged() || implicit.adjoint.residual < kWorstAdjoint);
        if (!outcome.used) return;
        axpy(1, implicit.gradients.weights.span(), gradient);
        const ParameterGradients& by = implicit.gradients.parameters;
        knobs.level += by.at("prior.sigma") * at.sigma;
        if (model_->ridge()) {  // whose equilibrium the step does not move
            knobs.balance += by.at("prior.lambda") * at.prior->lambda();
            return;
        }
        knobs.level += 2 * by.at("step") * at.step;
        knobs.balance += by.at("step") * at.step;
        if (params_.penalty <= 0) return;
        at.iterator->linearise(z);
        const auto seed = static_cast<std::uint64_t>(random.uniform() * 1e15);
        auto& denoiser = static_cast<DenoiserPrior&>(*at.prior);
        outcome.norm = denoiser.jacobianNorm(kNormSteps, seed, params_.normBound, params_.penalty, gradient);
    }

    EquilibriumTaskParams params_;
    decltype(Model::architecture) architecture_;
    AndersonParams anderson_;
    AdjointParams adjoint_;
    std::shared_ptr<const Model> model_;
};

}  // namespace

std::unique_ptr<TrainingTask> makeEquilibriumTask(const Model& model, const EquilibriumTaskParams& params) {
    return std::make_unique<EquilibriumTask>(model, params);
}

}  // namespace stillpoint
