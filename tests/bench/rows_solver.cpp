// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the data step, TV, Anderson and whole iterations. Each maker owns its parts through one shared
// pointer, because a std::function is copied.
#include <memory>
#include <stdexcept>

#include "solver/core/parallel.h"
#include "solver/fft/fft2d.h"
#include "solver/fidelity/l2.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/iterators/proximal.h"
#include "solver/physics/noise.h"
#include "solver/priors/ridge.h"
#include "solver/priors/tv.h"
#include "solver/priors/wavelet.h"
#include "solver/run/run_session.h"
#include "tests/bench/suite.h"
#include "tests/support/pictures.h"

namespace stillpoint {
namespace {

// A blurred, slightly noisy scene and its data fidelity: the input of every row.
struct DataStep {
    explicit DataStep(Shape shape)
        : op(makeKernel("gaussian:sigma=1.6"), shape),
          sharp(scenePicture(shape)),
          blurred(shape),
          out(shape) {
        op.apply(sharp, blurred);
        addGaussianNoise(blurred, 0.01, 1);
        fidelity = std::make_unique<L2Fidelity>(op, blurred);
    }
    BlurOperator op;
    Image sharp, blurred, out;
    std::unique_ptr<L2Fidelity> fidelity;
};

BenchBody fftPair(Shape shape) {
    struct Parts {
        explicit Parts(Shape s)
            : fft(s), samples(randomPicture(s, 1)), out(s), spectrum(fft.spectrumSize()) {}
        Fft2d fft;
        Image samples, out;
        ComplexBuffer spectrum;
    };
    const auto parts = std::make_shared<Parts>(shape);
    return [parts] {
        parts->fft.forward(parts->samples.samples(), parts->spectrum.span());
        parts->fft.inverse(parts->spectrum.span(), parts->out.samples());
    };
}

BenchBody gradientStep(Shape shape) {
    const auto parts = std::make_shared<DataStep>(shape);
    return [parts] { parts->fidelity->gradientStep(parts->blurred, 1.0, parts->out); };
}

BenchBody proxStep(Shape shape) {
    const auto parts = std::make_shared<DataStep>(shape);
    return [parts] { parts->fidelity->prox(parts->blurred, 10.0, parts->out); };
}

BenchBody tvProx(Shape shape) {
    struct Parts {
        explicit Parts(Shape s) : data(s), prior(s, TvParams{}) {}
        DataStep data;
        TvPrior prior;
    };
    constexpr int steps = 100;
    const auto parts = std::make_shared<Parts>(shape);
    return [parts] {
        const int made = parts->prior.solveProx(parts->data.blurred, 0.05, 0.0, steps, parts->data.out);
        if (made != steps) throw std::runtime_error("the TV prox stopped before its 100 steps");
    };
}

// Forward, shrinkage and back.
BenchBody waveletProx(Shape shape, WaveletFamily family, int shifts) {
    struct Parts {
        Parts(Shape s, const WaveletParams& params) : data(s), prior(s, params) {}
        DataStep data;
        WaveletPrior prior;
    };
    WaveletParams params;
    params.family = family;
    params.levels = 4;
    params.shifts = shifts;
    const auto parts = std::make_shared<Parts>(shape, params);
    return [parts] { parts->prior.prox(parts->data.blurred, 0.01, {}, parts->data.out, {}); };
}

// A ridge regulariser of fresh weights: gradient, and product with the Hessian at the data. The bank is that
// of a picture with as many channels.
struct RidgeParts {
    explicit RidgeParts(Shape s) : data(s), prior(s, RidgeParams{}, freshModel(s.channels)) {
        prior.lineariseGradient(data.blurred);
    }
    static std::shared_ptr<const Model> freshModel(int channels) {
        auto model = std::make_shared<Model>();
        const RidgeArchitecture architecture{.colour = channels == 1 ? RidgeArchitecture::Colour::grey
                                                                     : RidgeArchitecture::Colour::joint};
        model->architecture = architecture;
        model->weights = freshRidge(architecture, 1);
        model->makeBank();
        return model;
    }
    DataStep data;
    RidgePrior prior;
};

BenchBody ridgeGradient(Shape shape) {
    const auto parts = std::make_shared<RidgeParts>(shape);
    return [parts] { parts->prior.gradient(parts->data.blurred, parts->data.out); };
}

BenchBody ridgeHessian(Shape shape) {
    const auto parts = std::make_shared<RidgeParts>(shape);
    return [parts] { parts->prior.gradientVjp(parts->data.blurred, parts->data.out); };
}

// Storing one pair and mixing the next point, with a full history. The outputs of T stand in the buffers
// already: that they are old ones makes no difference to the time.
BenchBody andersonStep(Shape shape, int history) {
    struct Parts {
        Parts(std::size_t size, const AndersonParams& params) : anderson(size, params), z(size) {}
        Anderson anderson;
        Buffer z;
    };
    AndersonParams params;
    params.history = history;
    const auto parts = std::make_shared<Parts>(shape.size(), params);
    for (int i = 0; i < 2 * history; ++i) {
        const auto output = randomVector(shape.size(), static_cast<std::uint64_t>(i));
        copy(output, parts->anderson.nextOutput());
        parts->anderson.push(parts->z.span());
    }
    return [parts] {
        parts->anderson.nextOutput();
        parts->anderson.push(parts->z.span());
        const auto mix = parts->anderson.mix(parts->z.span());
        if (mix.weightCount != parts->anderson.count())
            throw std::runtime_error("Anderson did not use its history");
    };
}

// T and Anderson, nothing measured.
BenchBody pgdTvIteration(Shape shape) {
    struct Parts {
        explicit Parts(Shape s)
            : data(s),
              prior(s, TvParams{}),
              iterator(*data.fidelity, prior, StepBy::gradient, false, 1.0),
              solver([this](ConstRealSpan z, RealSpan out) { iterator.apply(z, out); }, iterator.stateSize(),
                     {.maxIter = 1000000, .tolerance = 0, .stallWindow = 0}, AndersonParams{}) {
            iterator.start(data.blurred, solver.startingPoint());
        }
        DataStep data;
        TvPrior prior;
        ProximalSplitting iterator;
        FixedPointSolver solver;
    };
    const auto parts = std::make_shared<Parts>(shape);
    return [parts] {
        if (parts->solver.done())
            throw std::runtime_error("PGD + TV ended: " + parts->solver.summary().message);
        parts->solver.step();
    };
}

// What the window runs: the same with PSNR, misfit and objective of every iterate.
BenchBody sessionStep(Shape shape) {
    const DataStep data(shape);
    Recipe recipe;
    for (const auto& [key, text] : {std::pair{"kernel", "gaussian:sigma=1.6"},
                                    {"iterator", "pgd"},
                                    {"prior", "tv"},
                                    {"max-iter", "100000"},
                                    {"tolerance", "0"},
                                    {"stall-window", "0"}})
        recipe.set(key, std::string(text));
    RunInput input;
    input.blurred = std::make_shared<Image>(data.blurred.clone());
    input.reference = std::make_shared<Image>(data.sharp.clone());
    RunOptions options;
    options.threads = threadCount();
    const auto session = std::make_shared<RunSession>(recipe, input, options);
    return [session] {
        if (session->done())
            throw std::runtime_error("the session ended: " + session->record().summary.message);
        session->step();
    };
}

}  // namespace

void addSolverRows(BenchSuite& suite) {
    suite.add("fft-pair", fftPair);
    suite.add("gradient-step", gradientStep);
    suite.add("prox-step", proxStep);
    suite.add("tv-prox-100", tvProx);
    suite.add("wavelet-prox", [](Shape shape) { return waveletProx(shape, WaveletFamily::db2, 1); });
    suite.add("wavelet-prox-sym8", [](Shape shape) { return waveletProx(shape, WaveletFamily::sym8, 1); });
    suite.add("wavelet-prox-4-shifts", [](Shape shape) { return waveletProx(shape, WaveletFamily::db2, 4); });
    suite.add("ridge-gradient", ridgeGradient);
    suite.add("ridge-hessian", ridgeHessian);
    suite.add("anderson-5", [](Shape shape) { return andersonStep(shape, 5); });
    suite.add("anderson-10", [](Shape shape) { return andersonStep(shape, 10); });
    suite.add("pgd-tv-iteration", pgdTvIteration);
    suite.add("pgd-tv-session-step", sessionStep);
}

}  // namespace stillpoint
