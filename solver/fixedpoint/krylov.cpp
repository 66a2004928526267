// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/krylov.h"

#include <cassert>
#include <cmath>

namespace stillpoint {
namespace {

// A restarted cycle that takes off less than this share of its residual makes no progress.
constexpr double kCycleProgress = 1e-3;
// A second failed check must be below this share of the first one's residual.
constexpr double kCheckProgress = 0.9;

}  // namespace

KrylovSolver::KrylovSolver(LinearMap map, ConstRealSpan b, const KrylovParams& params)
    : params_(params), map_(std::move(map)), b_(b.size()), x_(b.size()), r_(b.size()) {
    copy(b, b_.span());
    bNorm_ = norm(b);
    record_.residual = 1;
    if (!std::isfinite(bNorm_)) {
        finish(SolveStatus::diverged, "The right-hand side has a number that is not finite.");
    } else if (bNorm_ == 0) {
        record_.residual = 0;
        finish(SolveStatus::converged, "The right-hand side is zero, and so is the solution.");
    }
}

void KrylovSolver::multiply(ConstRealSpan x, RealSpan y) {
    const TimedScope timed(record_.mapSeconds);
    map_(x, y);
    ++record_.evaluations;
}

// r = b - A x; returns its norm relative to b.
double KrylovSolver::trueResidual() {
    multiply(x_.span(), r_.span());
    subtract(b_.span(), r_.span(), r_.span());
    return norm(r_.span()) / bNorm_;
}

// The relative residual that counts as converged.
double KrylovSolver::target() {
    if (params_.roundoff <= 0) return params_.tolerance;
    if (current()) xNorm_ = norm(x_.span());
    return std::max(params_.tolerance, std::min(params_.roundoff * xNorm_ / bNorm_, kWorstRoundoff));
}

void KrylovSolver::converge() {
    finish(SolveStatus::converged,
           record_.residual <= params_.tolerance
               ? "Converged: the residual is at or below the tolerance."
               : "Converged to what the arithmetic can reach, which is above the tolerance.");
}

// False when there is nothing left to do.
bool KrylovSolver::beginCycle() {
    needsBegin_ = false;
    if (record_.iteration == 0) {
        if (normSquared(x_.span()) == 0) {
            copy(b_.span(), r_.span());
            cycleStart_ = 1;
        } else {
            cycleStart_ = trueResidual();
        }
    } else {
        const double residual = trueResidual();
        const bool progress = residual < (1 - kCycleProgress) * cycleStart_;
        cycleStart_ = residual;
        xNorm_ = norm(x_.span());
        if (std::isfinite(residual) && !progress && residual > target()) {
            record_.residual = residual;
            finish(SolveStatus::stalled,
                   "A whole cycle brought no progress; a larger restart length may help.");
            return false;
        }
    }
    record_.residual = cycleStart_;
    if (!std::isfinite(cycleStart_)) {
        finish(SolveStatus::diverged, "A product with the linear map is not finite.");
        return false;
    }
    if (cycleStart_ <= target()) {
        converge();
        return false;
    }
    begin(cycleStart_ * bNorm_);
    return true;
}

const IterationRecord& KrylovSolver::step() {
    assert(!done());
    const Timer timer;
    const double secondsBefore = record_.seconds;
    record_.mapSeconds = 0;
    if (!needsBegin_ || beginCycle()) {
        ++record_.iteration;
        record_.residual = advance() / bNorm_;
        judge();
    }
    record_.seconds = secondsBefore + timer.seconds();
    record_.accelerationSeconds = record_.seconds - secondsBefore - record_.mapSeconds;
    summary_.iterations = record_.iteration;
    summary_.evaluations = record_.evaluations;
    summary_.residual = summary_.bestResidual = record_.residual;
    summary_.bestIteration = record_.iteration;
    summary_.seconds = record_.seconds;
    return record_;
}

void KrylovSolver::judge() {
    if (!std::isfinite(record_.residual)) {
        form();
        finish(SolveStatus::diverged, "A product with the linear map is not finite.");
        return;
    }
    const bool limit = record_.iteration >= params_.maxIter;
    if (record_.residual <= target() || exhausted_ || limit) {
        judgeTrueResidual();
    } else if (full()) {
        form();
        needsBegin_ = true;
    }
}

void KrylovSolver::judgeTrueResidual() {
    // A space that ended with the solution inside is no breakdown; what rounding left is for another cycle.
    if (record_.residual <= target()) exhausted_ = nullptr;
    form();
    xNorm_ = norm(x_.span());
    const double residual = trueResidual();
    record_.residual = residual;
    if (!std::isfinite(residual))
        finish(SolveStatus::diverged, "A product with the linear map is not finite.");
    else if (residual <= target())
        converge();
    else if (exhausted_)
        finish(SolveStatus::stalled, exhausted_);
    else if (record_.iteration >= params_.maxIter)
        finish(SolveStatus::limit, "The iteration limit was reached before the tolerance.");
    else if (failedCheck_ > 0 && residual > kCheckProgress * failedCheck_)
        finish(SolveStatus::stalled,
               "Stalled: the tolerance is below what the arithmetic can reach for this linear map.");
    else {
        cycleStart_ = failedCheck_ = residual;
        begin(residual * bNorm_);
    }
}

void KrylovSolver::stop() {
    if (done()) return;
    if (record_.iteration > 0 && !needsBegin_) form();
    finish(SolveStatus::stopped, "Stopped; the solution reached so far is kept.");
}

void KrylovSolver::finish(SolveStatus status, std::string message) {
    summary_.status = status;
    summary_.message = std::move(message);
    summary_.residual = record_.residual;
}

std::unique_ptr<KrylovSolver> makeKrylov(KrylovMethod method, LinearMap map, ConstRealSpan b,
                                         const KrylovParams& params) {
    if (method == KrylovMethod::cg) return std::make_unique<ConjugateGradients>(std::move(map), b, params);
    if (method == KrylovMethod::minres) return std::make_unique<Minres>(std::move(map), b, params);
    return std::make_unique<Gmres>(std::move(map), b, params);
}

}  // namespace stillpoint
