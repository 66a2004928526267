// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/fixed_point_solver.h"

#include <cassert>
#include <cmath>

namespace stillpoint {
namespace {

constexpr double kTiny = 1e-30;
constexpr double kDivergence = 1e6;  // growth of a plain residual over the best that nobody comes back from
constexpr double kProgress =
    0.99;  // the best residual must fall below this share of itself within the stall window

}  // namespace

const ParamTable& FixedPointParams::table() {
    using P = FixedPointParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .integer("max-iter", &P::maxIter,
                     {.label = "Iteration limit",
                      .help = "The run ends after this many iterations at the latest.",
                      .minimum = 1,
                      .maximum = 1000000,
                      .step = 10,
                      .scale = ParamScale::logarithmic})
            .real("tolerance", &P::tolerance,
                  {.label = "Tolerance",
                   .help =
                       "The run has converged when the residual ||T(z) - z|| / ||T(z)|| is at or below this. "
                       "0 runs to the iteration limit.",
                   .minimum = 0,
                   .maximum = 1,
                   .step = 1e-5,
                   .scale = ParamScale::logarithmic})
            .integer(
                "stall-window", &P::stallWindow,
                {.label = "Stall window",
                 .help =
                     "The run ends as stalled when the best residual has not fallen by 1 % within this many "
                     "iterations; 0 never gives up.",
                 .minimum = 0,
                 .maximum = 1000000,
                 .step = 10})
            .choice(
                "criterion", &P::criterion, {"residual", "objective"},
                {.label = "Criterion",
                 .help = "What is compared with the tolerance. residual: how far T moves the state, which "
                         "says how near the fixed point is. objective: the relative change of f + lambda "
                         "g from one iteration to the next, as other programs do; it can be small long "
                         "before."});
    return table;
}

FixedPointSolver::FixedPointSolver(Map map, std::size_t size, const FixedPointParams& params,
                                   const AndersonParams& anderson)
    : map_(std::move(map)),
      params_(params),
      andersonParams_(anderson),
      anderson_(size, anderson),
      z_(size),
      best_(std::in_place, size) {}

void FixedPointSolver::beginIteration() {
    iterating_ = true;
    record_.mapSeconds = record_.accelerationSeconds = 0;
    record_.event = StepEvent::plain;
    record_.refusal = Refusal::none;
    record_.weightCount = 0;
    record_.condition = record_.gain = kNotMeasured;
    ++record_.iteration;
}

// The best output is copied only when it is about to leave the history; normally the newest is the best.
void FixedPointSolver::keepBest(bool always) {
    if (bestInHistory_ && (always ? bestAge_ > 0 : anderson_.willOverwrite(bestAge_))) {
        copy(anderson_.output(bestAge_), best_->span());
        bestInHistory_ = false;
    }
}

void FixedPointSolver::restart() {
    keepBest(true);
    anderson_.restart();
    mixedSteps_ = 0;
}

void FixedPointSolver::refuse(Refusal reason) {
    restart();
    record_.event = StepEvent::refused;
    record_.refusal = reason;
    ++summary_.refusals[static_cast<std::size_t>(reason)];
}

// Mixes the history into z_ if this iteration is to be a mixed one and the weights are usable.
bool FixedPointSolver::mixedPoint() {
    const int sinceDelay = record_.iteration - firstIteration_ - andersonParams_.delay - 1;
    if (!andersonParams_.enabled || andersonParams_.history < 2 || sinceDelay <= 0 ||
        sinceDelay % andersonParams_.interval != 0)
        return false;
    if (andersonParams_.restartEvery > 0 && mixedSteps_ >= andersonParams_.restartEvery) {
        restart();
        record_.event = StepEvent::restart;
        return false;
    }
    const Anderson::Mix mix = anderson_.mix(z_.span());
    record_.condition = mix.condition;
    record_.gain = mix.gain;
    if (mix.refusal != Refusal::none) {
        refuse(mix.refusal);
        return false;
    }
    record_.weightCount = mix.weightCount;
    record_.weights = mix.weights;
    return true;
}

FixedPointSolver::Request FixedPointSolver::request() {
    assert(!done());
    timer_ = {};
    if (!iterating_) {
        beginIteration();
        keepBest(false);
        mixed_ = anderson_.count() > 0 && mixedPoint();
    }
    requested_ = mixed_ || anderson_.count() == 0 ? z_.span() : anderson_.output(0);
    const Request request{requested_, anderson_.nextOutput()};
    const double spent = timer_.seconds();
    record_.accelerationSeconds += spent;
    record_.seconds += spent;
    timer_ = {};
    return request;
}

bool FixedPointSolver::accept() {
    const double mapSeconds = timer_.seconds();
    record_.mapSeconds += mapSeconds;
    ++record_.evaluations;
    const DifferenceNorms norms = anderson_.push(requested_);
    const double residualNorm = std::sqrt(norms.difference);
    const bool acceptable =
        std::isfinite(residualNorm) && (bestNorm_ == 0 || residualNorm <= andersonParams_.growth * bestNorm_);
    const bool refused = mixed_ && !acceptable;
    if (refused) {
        anderson_.pop();
        mixed_ = false;
        record_.weightCount = 0;
        refuse(std::isfinite(residualNorm) ? Refusal::residualGrew : Refusal::notFinite);
    } else {
        norm_ = residualNorm;
        record_.residual = residualNorm / (std::sqrt(norms.minuend) + kTiny);
        if (mixed_ && record_.weightCount > 1) {
            record_.event = StepEvent::accepted;
            ++mixedSteps_;
        }
        ++bestAge_;
    }
    const double spent = timer_.seconds();
    record_.accelerationSeconds += spent - mapSeconds;
    record_.seconds += spent;
    if (refused) return false;
    complete();
    return true;
}

void FixedPointSolver::complete() {
    iterating_ = false;
    summary_.iterations = record_.iteration;
    summary_.evaluations = record_.evaluations;
    summary_.residual = record_.residual;
    summary_.seconds = record_.seconds;
    judge();
}

const IterationRecord& FixedPointSolver::step() {
    Request next = request();
    map_(next.z, next.out);
    while (!accept()) {
        next = request();
        map_(next.z, next.out);
    }
    return record_;
}

void FixedPointSolver::judge() {
    if (!std::isfinite(norm_) || (bestNorm_ > 0 && norm_ > kDivergence * bestNorm_)) {
        finish(SolveStatus::diverged,
               summary_.bestIteration > 0
                   ? "The iteration diverged; the best point, of iteration " +
                         std::to_string(summary_.bestIteration) +
                         ", is kept. A smaller step or a weaker prior may converge."
                   : std::string("The first application of the map gave a number that is not finite."));
        return;
    }
    if (summary_.bestIteration == 0 || norm_ < bestNorm_) {
        bestNorm_ = norm_;
        bestAge_ = 0;
        bestInHistory_ = true;
        summary_.bestIteration = record_.iteration;
        summary_.bestResidual = record_.residual;
    }
    if (summary_.bestResidual < kProgress * stallReference_ || stallReference_ == 0) {
        stallReference_ = summary_.bestResidual;
        stallIteration_ = record_.iteration;
        restartedInStall_ = false;
    }
    const int withoutProgress = record_.iteration - stallIteration_;
    if (params_.stallWindow > 0 && !restartedInStall_ && 2 * withoutProgress >= params_.stallWindow) {
        restart();
        restartedInStall_ = true;
    }
    if (params_.criterion == StopCriterion::residual && record_.residual <= params_.tolerance)
        finish(SolveStatus::converged, "Converged: the residual is at or below the tolerance.");
    else if (record_.iteration >= params_.maxIter)
        finish(SolveStatus::limit, "The iteration limit was reached before the tolerance.");
    else if (params_.stallWindow > 0 && withoutProgress >= params_.stallWindow)
        finish(SolveStatus::stalled,
               "Stalled: the residual has not fallen by 1 % within " + std::to_string(params_.stallWindow) +
                   " iterations; either the tolerance is below what the arithmetic can reach or the "
                   "iteration has no fixed point nearby.");
}

void FixedPointSolver::finish(SolveStatus status, std::string message) {
    summary_.status = status;
    summary_.message = std::move(message);
    if (status == SolveStatus::diverged && summary_.bestIteration > 0)
        summary_.residual = summary_.bestResidual;
}

void FixedPointSolver::stop() {
    if (!done()) finish(SolveStatus::stopped, "Stopped; the current estimate is kept.");
}

ConstRealSpan FixedPointSolver::state() const {
    if (anderson_.count() == 0 || summary_.bestIteration == 0) return z_.span();
    if (summary_.status != SolveStatus::diverged) return anderson_.newest();
    return bestInHistory_ ? anderson_.output(bestAge_) : best_->span();
}

void FixedPointSolver::replace(Map map, const FixedPointParams& params, const AndersonParams& anderson) {
    const ConstRealSpan current = state();
    if (current.data() != z_.data()) copy(current, z_.span());
    map_ = std::move(map);
    params_ = params;
    andersonParams_ = anderson;
    anderson_ = Anderson(z_.size(), anderson);
    bestInHistory_ = false;
    bestNorm_ = 0;  // residuals of another map do not compare
    summary_.bestIteration = 0;
    summary_.bestResidual = kNotMeasured;
    stallReference_ = 0;
    mixedSteps_ = 0;
    iterating_ = mixed_ = false;
    firstIteration_ = record_.iteration;
    if (summary_.status != SolveStatus::diverged && record_.iteration < params_.maxIter) {
        summary_.status = SolveStatus::running;
        summary_.message.clear();
    }
}

}  // namespace stillpoint
