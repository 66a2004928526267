// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of networks: one application, its products, and whole equilibria with a network as their prior. The
// networks have random weights, made small enough that the equilibria exist.
#include <cmath>
#include <memory>

#include "solver/core/parallel.h"
#include "solver/core/rng.h"
#include "solver/deq/implicit_gradient.h"
#include "solver/fidelity/l2.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/iterators/proximal.h"
#include "solver/physics/noise.h"
#include "solver/priors/denoiser.h"
#include "tests/bench/suite.h"
#include "tests/support/pictures.h"

namespace stillpoint {
namespace {

using Keep = DenoiserNetwork::Keep;

constexpr DenoiserArchitecture kFast{DenoiserArchitecture::Body::residual, 3, 48, 12, true, 5};
constexpr DenoiserArchitecture kNarrow{DenoiserArchitecture::Body::plain, 3, 32, 12, false, 0};
constexpr DenoiserArchitecture kWide{DenoiserArchitecture::Body::plain, 3, 64, 20, false, 0};

std::shared_ptr<const Model> randomModel(const DenoiserArchitecture& architecture) {
    auto model = std::make_shared<Model>();
    model->architecture = architecture;
    model->weights = weightsOf(architecture.layers());
    for (const Weights::Slice& slice : model->weights.slices()) {
        if (slice.shape.size() < 4) continue;
        const double size = 0.7 / std::sqrt(9.0 * slice.shape[1]);
        for (std::size_t k = 0; k < slice.size; ++k)
            model->weights.values()[slice.offset + k] =
                static_cast<Real>(size * normalAt(1, slice.offset + k));
    }
    return model;
}

struct Network {
    Network(const DenoiserArchitecture& architecture, Shape shape)
        : model(randomModel(architecture)),
          network(architecture, shape),
          x(scenePicture(shape)),
          c(randomPicture(shape, 2)),
          out(shape),
          gradient(model->weights.size()) {
        network.setWeights(model->weights);
    }
    std::shared_ptr<const Model> model;
    DenoiserNetwork network;
    Image x, c, out;
    Buffer gradient;
};

BenchBody forward(const DenoiserArchitecture& architecture, Shape shape) {
    const auto parts = std::make_shared<Network>(architecture, shape);
    return [parts] { parts->network.apply(parts->x.samples(), 0.1, parts->out.samples(), Keep::nothing); };
}

BenchBody vjp(const DenoiserArchitecture& architecture, Shape shape) {
    const auto parts = std::make_shared<Network>(architecture, shape);
    parts->network.apply(parts->x.samples(), 0.1, parts->out.samples(), Keep::slopes);
    return [parts] { parts->network.vjp(parts->c.samples(), parts->out.samples()); };
}

BenchBody weightGradient(const DenoiserArchitecture& architecture, Shape shape) {
    const auto parts = std::make_shared<Network>(architecture, shape);
    parts->network.apply(parts->x.samples(), 0.1, parts->out.samples(), Keep::everything);
    return [parts] {
        parts->network.addWeightGradients(parts->c.samples(), 1, parts->gradient.span(),
                                          parts->out.samples());
    };
}

// HQS with a network: `iterations` forward, as many of the adjoint, and the gradient of all weights.
struct Equilibrium {
    Equilibrium(const std::shared_ptr<const Model>& model, Shape shape, std::uint64_t seed)
        : op(makeKernel("gaussian:sigma=1.6"), shape), blurred(shape), u(randomPicture(shape, seed)) {
        op.apply(scenePicture(shape), blurred);
        addGaussianNoise(blurred, 0.01, seed);
        fidelity = std::make_unique<L2Fidelity>(op, blurred);
        prior = std::make_unique<DenoiserPrior>(shape, DenoiserParams{}, model);
        iterator = std::make_unique<ProximalSplitting>(*fidelity, *prior, StepBy::prox, false, 1.0);
    }
    void run(int iterations) {
        FixedPointSolver solver([this](ConstRealSpan z, RealSpan out) { iterator->apply(z, out); },
                                iterator->stateSize(), {iterations, 0, 0}, AndersonParams{});
        iterator->start(blurred, solver.startingPoint());
        while (!solver.done()) solver.step();
        AdjointParams adjoint;
        adjoint.solver = AdjointMethod::anderson;
        adjoint.maxIter = iterations;
        adjoint.tolerance = 0;
        GradientWants wants;
        wants.weights = prior->weightCount();
        gradient = implicitGradient(*iterator, solver.state(), u.samples(), adjoint, wants, -1);
    }
    BlurOperator op;
    Image blurred, u;
    std::unique_ptr<L2Fidelity> fidelity;
    std::unique_ptr<DenoiserPrior> prior;
    std::unique_ptr<ProximalSplitting> iterator;
    ImplicitGradient gradient;
};

BenchBody equilibrium(const DenoiserArchitecture& architecture, Shape shape) {
    const auto parts = std::make_shared<Equilibrium>(randomModel(architecture), shape, 1);
    return [parts] { parts->run(20); };
}

// As the trainer does it: eight patches, each in one thread.
BenchBody trainingStep(const DenoiserArchitecture& architecture, Shape shape) {
    struct Parts {
        std::vector<std::unique_ptr<Equilibrium>> patches;
    };
    const auto parts = std::make_shared<Parts>();
    const auto model = randomModel(architecture);
    const int threads = threadCount();
    setThreadCount(1);
    for (std::uint64_t k = 0; k < 8; ++k)
        parts->patches.push_back(std::make_unique<Equilibrium>(model, shape, k + 1));
    setThreadCount(threads);
    return [parts] {
        parallelRanges(parts->patches.size(), 1, [&](std::size_t begin, std::size_t end) {
            const int before = threadCount();
            setThreadCount(1);
            for (std::size_t k = begin; k < end; ++k) parts->patches[k]->run(20);
            setThreadCount(before);
        });
    };
}

}  // namespace

void addNetworkRows(BenchSuite& suite) {
    struct Named {
        const char* name;
        DenoiserArchitecture architecture;
    };
    const Shape picture{3, 256, 256}, patch{3, 64, 64};
    for (const auto& [name, architecture] :
         {Named{"fast", kFast}, {"dncnn-32x12", kNarrow}, {"dncnn-64x20", kWide}}) {
        const std::string of(name);
        const auto with = [architecture =
                               architecture](BenchBody (*make)(const DenoiserArchitecture&, Shape)) {
            return [architecture, make](Shape shape) { return make(architecture, shape); };
        };
        const double once = architecture.flopsPerPixel() * static_cast<double>(picture.planeSize());
        suite.add(of + "-forward", picture, with(forward), once);
        suite.add(of + "-vjp", picture, with(vjp), once);
        suite.add(of + "-weight-gradient", picture, with(weightGradient), 2 * once);
        // 20 forward, 1 + 20 backward, 1 with everything kept, and the weights' gradient with its product
        suite.add(of + "-deq-20-20", picture, with(equilibrium), 45 * once);
        suite.add(of + "-training-step-8", patch, with(trainingStep),
                  8 * 45 * architecture.flopsPerPixel() * static_cast<double>(patch.planeSize()));
    }
}

}  // namespace stillpoint
