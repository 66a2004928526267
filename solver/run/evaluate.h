// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "solver/fixedpoint/record.h"
#include "solver/image/image.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint {

/// What is simulated and undone: blur and noise, or noise alone.
enum class EvaluationTask { deblur, denoise };

/// How a recipe is judged.
struct EvaluationParams {
    /// Without kernel; keys that it leaves out take the values of evaluationRecipe().
    Recipe recipe;
    EvaluationTask task = EvaluationTask::deblur;
    double noiseSigma = 0;   ///< deviation of the simulated noise, from 0, on the scale where white is 1
    std::uint64_t seed = 0;  ///< of the whole; see evaluationSeed()
    int threads = 0;         ///< 0: all of the machine
    /// Of the simulated blur; empty: the recipe's own. With `unknown` the restoration must find out about the
    /// rim as for a photograph.
    std::string scene;
};

/// The pictures are asked for one by one, so that a large set need not fit into memory.
struct EvaluationSet {
    std::size_t pictures = 0;
    /// The sharp picture of that index, asked for once; null for one that is to be left out.
    std::function<std::shared_ptr<const Image>(std::size_t)> picture;
    std::vector<std::shared_ptr<const Kernel>> kernels;  ///< for `deblur` only
};

/// One picture with one kernel. PSNR and SSIM as in image/metrics.h, but both of the estimate clipped to
/// [0,1].
struct EvaluationRun {
    std::size_t picture = 0, kernel = 0;  ///< indices in the set; kernel 0 for `denoise`
    std::uint64_t seed = 0;               ///< of its noise
    double megapixels = 0;                ///< height times width, whatever the channels
    double psnrInput = kNotMeasured;      ///< dB, of the simulated picture
    double psnr = kNotMeasured;           ///< dB
    double ssim = kNotMeasured;           ///< NaN for pictures smaller than its window
    int iterations = 0;                   ///< 1 for a denoiser that was applied once
    std::string status;                   ///< name(SolveStatus), or "applied" where nothing was iterated
    double residual = kNotMeasured;       ///< of the equilibrium; NaN where nothing was iterated
    double seconds = 0;                   ///< of the solver (or the denoiser) alone
};

/// What the caller hears while it goes on; from the thread of evaluate().
struct EvaluationHooks {
    std::stop_token stop;
    std::function<void(const EvaluationRun&)> onRun;  ///< a run has ended
    /// An iteration has ended.
    std::function<void(std::size_t picture, std::size_t kernel, const IterationRecord&)> onStep;
};

/// The recipe that is run: the given keys, plus the registry's suggestions for the noise. For `denoise` the
/// kernel is a single pixel, so that the run minimises 1/2 ||x - y||^2 + lambda g(x), and a learned prior is
/// told the level of the simulated noise (at least the smallest it may be told) unless prior.sigma is given,
/// with lambda 1 for a ridge regulariser unless prior.lambda is.
Recipe evaluationRecipe(const EvaluationParams& params);

/// Seed of a pair's noise: the upper 52 bits of the first two words of philox with the counter
/// (picture, kernel, 0, 0) and the key (lower, upper half of the seed). It depends on the indices alone, not
/// on how many pictures follow, and can be given to simulateBlur (as a number of a script, too: 52 bits are
/// exact in double).
std::uint64_t evaluationSeed(std::uint64_t seed, std::size_t picture, std::size_t kernel);

/// Simulates, restores and measures every picture with every kernel, pictures outermost. `denoise` with the
/// prior "denoiser" applies its proximal map once, which is the network (with its form and strength), and
/// iterates nothing. Ends early, with what was done, when a stop is requested; the run in work is dropped. A
/// run that diverges is a run like any other, with its status. Throws Error for a recipe that cannot run, a
/// kernel that does not fit a picture, a noise out of range. One thread, which computes.
std::vector<EvaluationRun> evaluate(const EvaluationSet& set, const EvaluationParams& params,
                                    const EvaluationHooks& hooks = {});

/// Means over runs; NaN where there is no run, or one whose number is not finite.
struct EvaluationMeans {
    std::size_t runs = 0;
    double psnrInput = kNotMeasured, psnr = kNotMeasured, ssim = kNotMeasured;
    double iterations = kNotMeasured;
    double converged = kNotMeasured;            ///< per cent of the runs; NaN where nothing was iterated
    double secondsPerMegapixel = kNotMeasured;  ///< all seconds over all megapixels
};
EvaluationMeans meansOf(std::span<const EvaluationRun> runs);
/// Of the runs with one kernel.
EvaluationMeans meansOfKernel(std::span<const EvaluationRun> runs, std::size_t kernel);

}  // namespace stillpoint
