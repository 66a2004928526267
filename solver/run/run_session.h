// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/core/vec.h"
#include "solver/image/image.h"
#include "solver/physics/kernel.h"
#include "solver/run/registry.h"
#include "solver/run/run_record.h"

namespace stillpoint {

struct Problem;

/// Pictures of a run; shared with the caller, never changed. The others, if any, have the shape of `blurred`
/// (the mask may have one channel).
struct RunInput {
    std::shared_ptr<const Image> blurred;
    std::shared_ptr<const Image> reference;
    std::shared_ptr<const Image> start = {};  ///< first estimate, for a recipe with start = picture only
    std::shared_ptr<const Image> mask = {};   ///< below 0.5: sample to ignore, as if it had not been measured
};

/// How a run is carried out; none of this changes its result beyond rounding.
struct RunOptions {
    int threads = 0;      ///< 0: all of the machine
    bool measure = true;  ///< PSNR, misfit and objective each iteration; else only at the end
    KernelSource kernelSource = makeKernel;  ///< turns the recipe's "kernel" into pixels
};

/// A problem and its driver: the caller owns the loop,
///     RunSession session(recipe, input, options);
///     while (!session.done()) session.step();
/// All methods must be called from one thread (which computes and sets its thread count); none blocks except
/// step(), for one iteration. Construction plans FFTs and may take a second for a new size. Constructor and
/// replaceRecipe throw Error for bad input; step() never throws: failures of the iteration are statuses.
class RunSession {
 public:
    RunSession(const Recipe& recipe, RunInput input, RunOptions options = {});
    ~RunSession();
    RunSession(RunSession&&) noexcept;
    RunSession& operator=(RunSession&&) noexcept;

    /// One iteration. Allocates nothing after the first two iterations, except when backtracking shortens the
    /// step: then the problem is rebuilt, the Anderson history is cleared (the residuals are those of another
    /// map), the record's recipe takes the new step and the curve gets a mark. Must not be called when
    /// done().
    const CurvePoint& step();
    bool done() const;
    /// Ends the run: status `stopped`, current estimate kept. Without effect when done.
    void stop();

    /// Sets out from the state of another run (same recipe up to its real parameters), duals and memories
    /// included, instead of the recipe's start. Before the first step only. Throws Error("start") for a state
    /// of another size or one that is not finite.
    void startFrom(ConstRealSpan state);
    /// z: the whole flat state whose first part is the estimate. Valid until the next call that steps.
    ConstRealSpan state() const;
    /// What the run iterates on, for those who differentiate it at state(); valid until the next step() or
    /// replaceRecipe(). Its iterator may be linearised between steps: T keeps nothing between applications.
    Problem& problem();
    const RunInput& input() const;
    const RunOptions& options() const;

    /// Current estimate, the picture's window of it: the best iterate after divergence, else the newest
    /// output of T.
    void estimate(ImageRef out) const;
    Image estimate() const;
    Shape shape() const;

    /// Changes parameters at the iteration border. Keeps z when the state's size is unchanged, clears the
    /// Anderson history and marks the curve; a run that was done (not diverged) goes on if the new recipe
    /// allows. Throws Error and changes nothing when the recipe is wrong or changes what needs a restart
    /// (kernel, start, a state of another size). The keys `backward.*` alone change nothing of the run, so
    /// they leave history and curve as they are. A step that backtracking has shortened stays so unless the
    /// new recipe asks for another step than the last one did, or switches backtracking off.
    void replaceRecipe(const Recipe& recipe);

    /// Numbers so far. Final metrics (psnr, psnrInterior, ssim, summary) are filled in by finish().
    const RunRecord& record() const;
    /// Measures the final estimate; call once after the loop. Allocates.
    const RunRecord& finish();

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace stillpoint
