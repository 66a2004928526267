// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/evaluate.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "solver/core/parallel.h"
#include "solver/core/rng.h"
#include "solver/core/timer.h"
#include "solver/image/metrics.h"
#include "solver/run/components.h"
#include "solver/run/run_session.h"
#include "solver/run/simulate.h"

namespace stillpoint {
namespace {

constexpr const char* kNoBlur = "box:size=1";
constexpr const char* kApplied = "applied";

bool isNetwork(const Recipe& recipe) {
    return Registry::builtin().valueText(recipe, "prior") == "denoiser";
}

// A NaN stays one, so that its metrics are NaN too.
void clip(Image& picture) {
    for (Real& sample : picture.samples()) sample = sample < 0 ? Real{0} : (sample > 1 ? Real{1} : sample);
}

class Evaluator {
 public:
    Evaluator(const EvaluationSet& set, const EvaluationParams& params, const EvaluationHooks& hooks)
        : set_(set),
          params_(params),
          hooks_(hooks),
          recipe_(evaluationRecipe(params)),
          applies_(params.task == EvaluationTask::denoise && isNetwork(recipe_)) {
        const auto issues = Registry::builtin().check(recipe_);
        if (!issues.empty()) throw Error(issues.front());
        setThreadCount(params.threads > 0 ? params.threads : hardwareThreads());
    }

    std::vector<EvaluationRun> all() {
        std::vector<EvaluationRun> runs;
        const std::size_t kernels = params_.task == EvaluationTask::denoise ? 1 : set_.kernels.size();
        for (std::size_t p = 0; p < set_.pictures && !stopped(); ++p) {
            const auto sharp = set_.picture(p);
            if (!sharp) continue;
            for (std::size_t k = 0; k < kernels && !stopped(); ++k) {
                const auto run = one(*sharp, p, k);
                if (!run) return runs;
                runs.push_back(*run);
                if (hooks_.onRun) hooks_.onRun(*run);
            }
        }
        return runs;
    }

 private:
    bool stopped() const { return hooks_.stop.stop_requested(); }

    // Nothing when stopped.
    std::optional<EvaluationRun> one(const Image& scene, std::size_t picture, std::size_t kernel) {
        EvaluationRun run;
        run.picture = picture;
        run.kernel = kernel;
        run.seed = evaluationSeed(params_.seed, picture, kernel);
        const KernelSource source = sourceOf(kernel);
        Recipe blur = recipe_;
        if (!params_.scene.empty()) blur.set("boundary", params_.scene);
        auto [blurred, sharp] =
            simulate(scene, blur, {.sigma = params_.noiseSigma, .seed = run.seed}, source);
        run.megapixels = 1e-6 * sharp.height() * sharp.width();
        const auto given = std::make_shared<const Image>(std::move(blurred));
        run.psnrInput = psnr(*given, sharp);
        if (!(applies_ ? apply(given, sharp, run) : restore(given, sharp, source, run))) return std::nullopt;
        return run;
    }

    KernelSource sourceOf(std::size_t kernel) const {
        if (params_.task == EvaluationTask::denoise) return makeKernel;
        return [known = set_.kernels[kernel]](const std::string&) { return known->clone(); };
    }

    bool restore(std::shared_ptr<const Image> given, const Image& sharp, const KernelSource& source,
                 EvaluationRun& run) const {
        RunOptions options;
        options.threads = params_.threads;
        options.measure = false;
        options.kernelSource = source;
        // Without the reference: SSIM is that of the clipped estimate.
        RunSession session(recipe_, {std::move(given), nullptr}, options);
        while (!session.done()) {
            if (stopped()) return false;
            const CurvePoint& point = session.step();
            if (hooks_.onStep) hooks_.onStep(run.picture, run.kernel, point.step);
        }
        const SolveSummary& summary = session.finish().summary;
        run.status = name(summary.status);
        run.iterations = summary.iterations;
        run.residual = summary.residual;
        run.seconds = summary.seconds;
        measure(session.estimate(), sharp, run);
        return true;
    }

    bool apply(std::shared_ptr<const Image> given, const Image& sharp, EvaluationRun& run) {
        if (!denoiser_ || shape_ != sharp.shape()) {
            shape_ = sharp.shape();
            denoiser_ = priorComponent("denoiser").make(shape_, recipe_);
        }
        Image out(shape_);
        const Timer timer;
        denoiser_->prox(*given, 1, {}, out, {});
        run.seconds = timer.seconds();
        run.status = kApplied;
        run.iterations = 1;
        measure(std::move(out), sharp, run);
        return true;
    }

    static void measure(Image estimate, const Image& sharp, EvaluationRun& run) {
        clip(estimate);
        run.psnr = psnr(estimate, sharp);
        run.ssim = ssim(estimate, sharp);
    }

    const EvaluationSet& set_;
    const EvaluationParams& params_;
    const EvaluationHooks& hooks_;
    Recipe recipe_;
    bool applies_;  // a network, once
    std::unique_ptr<Prior> denoiser_;
    Shape shape_;
};

template <class Keep>
EvaluationMeans meansWhere(std::span<const EvaluationRun> runs, const Keep& keep) {
    EvaluationMeans sum{0, 0, 0, 0, 0, 0, 0};
    double megapixels = 0;
    for (const EvaluationRun& run : runs) {
        if (!keep(run)) continue;
        ++sum.runs;
        sum.psnrInput += run.psnrInput;
        sum.psnr += run.psnr;
        sum.ssim += run.ssim;
        sum.iterations += run.iterations;
        sum.converged +=
            run.status == kApplied ? kNotMeasured : (run.status == name(SolveStatus::converged) ? 100 : 0);
        sum.secondsPerMegapixel += run.seconds;
        megapixels += run.megapixels;
    }
    if (sum.runs == 0) return {};
    const auto count = static_cast<double>(sum.runs);
    for (double* mean : {&sum.psnrInput, &sum.psnr, &sum.ssim, &sum.iterations, &sum.converged})
        *mean /= count;
    sum.secondsPerMegapixel /= megapixels;
    return sum;
}

}  // namespace

Recipe evaluationRecipe(const EvaluationParams& params) {
    const Registry& registry = Registry::builtin();
    Recipe recipe = params.recipe;
    recipe.erase("kernel");
    if (params.task == EvaluationTask::denoise) {
        recipe.set("kernel", kNoBlur);
        // The level of the noise itself: models may be tuned for deblurring, where another one is better.
        const bool ridge = registry.valueText(recipe, "prior") == "ridge";
        const KeyedParam level = registry.find(recipe, "prior.sigma");
        if ((isNetwork(recipe) || ridge) && level.param != nullptr && !recipe.find("prior.sigma"))
            recipe.set("prior.sigma", Value(std::max(params.noiseSigma, level.param->info.minimum)));
        if (ridge && !recipe.find("prior.lambda")) recipe.set("prior.lambda", Value(1.0));
    }
    return registry.suggest(recipe, params.noiseSigma);
}

std::uint64_t evaluationSeed(std::uint64_t seed, std::size_t picture, std::size_t kernel) {
    const auto words = philox({static_cast<std::uint32_t>(picture), static_cast<std::uint32_t>(kernel), 0, 0},
                              {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
    return (std::uint64_t{words[0]} << 32U | words[1]) >> 12U;
}

std::vector<EvaluationRun> evaluate(const EvaluationSet& set, const EvaluationParams& params,
                                    const EvaluationHooks& hooks) {
    return Evaluator(set, params, hooks).all();
}

EvaluationMeans meansOf(std::span<const EvaluationRun> runs) {
    return meansWhere(runs, [](const EvaluationRun&) { return true; });
}

EvaluationMeans meansOfKernel(std::span<const EvaluationRun> runs, std::size_t kernel) {
    return meansWhere(runs, [kernel](const EvaluationRun& run) { return run.kernel == kernel; });
}

}  // namespace stillpoint
