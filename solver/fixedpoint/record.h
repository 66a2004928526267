// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace stillpoint {

/// Largest history (number of residual differences) of Anderson acceleration.
inline constexpr int kMaxHistory = 30;
inline constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

/// What happened to the accelerated step that led to an iteration.
enum class StepEvent {
    plain,     ///< no mixing: acceleration off, delayed, or the history still has one entry
    accepted,  ///< the point of evaluation was mixed from the history
    refused,   ///< the mixed point was evaluated or computed, then thrown away: the plain output was taken
    restart    ///< plain, because a rule emptied the history
};
/// Why a mixed step was refused (the history restarts each time).
enum class Refusal {
    none,
    notFinite,        ///< the map's output at the mixed point has an infinity or a NaN
    weightsTooLarge,  ///< sum |weight| beyond anderson.weight-cap
    residualGrew,     ///< residual beyond anderson.growth times the best so far
    illConditioned    ///< no usable column was left under the condition bound
};
inline constexpr std::size_t kRefusals = 5;
const char* name(StepEvent event);
const char* name(Refusal reason);

/// One iteration = one application of T that counts towards the sequence. Fixed size: recording allocates
/// nothing.
struct IterationRecord {
    int iteration = 0;  ///< 1, 2, ...
    double residual =
        kNotMeasured;       ///< ||T(z) - z|| / (||T(z)|| + tiny) at this iteration's z, before mixing
    long evaluations = 0;   ///< applications of T so far, refused ones included
    double seconds = 0;     ///< since the start of the solve, pauses left out
    double mapSeconds = 0;  ///< spent in T this iteration
    double accelerationSeconds = 0;  ///< spent in Anderson this iteration
    StepEvent event = StepEvent::plain;
    Refusal refusal = Refusal::none;
    int weightCount = 0;                            ///< entries of `weights` in use
    std::array<double, kMaxHistory + 1> weights{};  ///< mixing weights that made z, oldest first, sum 1
    double condition = kNotMeasured;                ///< of the scaled residual differences that were kept
    double gain = kNotMeasured;  ///< ||sum weight_i r_i|| / ||newest r||: below 1 means mixing helps

    std::span<const double> usedWeights() const {
        return {weights.data(), static_cast<std::size_t>(weightCount)};
    }
};

enum class SolveStatus {
    running,
    converged,  ///< residual at or below the tolerance
    limit,      ///< max-iter reached
    stopped,    ///< by the user or the caller
    stalled,    ///< no progress over a long window: see the message
    diverged    ///< residual not finite or grown beyond bounds; the best iterate is returned
};
const char* name(SolveStatus status);

struct SolveSummary {
    SolveStatus status = SolveStatus::running;
    std::string message;  ///< a sentence for people
    int iterations = 0;
    long evaluations = 0;
    double residual = kNotMeasured;  ///< of the returned point
    int bestIteration = 0;           ///< whose residual was smallest
    double bestResidual = kNotMeasured;
    double seconds = 0;
    std::array<long, kRefusals> refusals{};  ///< indexed by Refusal
};

}  // namespace stillpoint
