// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/adjoint.h"

#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>

namespace stillpoint {
namespace {

constexpr std::array kNames{"auto",   "picard", "anderson", "gmres",
                            "minres", "cg",     "neumann",  "jacobian-free"};
// Of a state's residual over the tolerance of its solve: accelerated iterates jump about the tolerance.
constexpr double kForwardSlack = 2;
// Of ||v||: what rounding leaves in J'v + u - v, with some room (measured: 2 units).
constexpr double kRoundoff = 4 * static_cast<double>(std::numeric_limits<Real>::epsilon());

std::string rounded(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2g", value);
    return text.data();
}

bool isKrylov(AdjointMethod method) {
    return method == AdjointMethod::gmres || method == AdjointMethod::minres || method == AdjointMethod::cg;
}

AdjointMethod chosen(AdjointMethod method, const Iterator& iterator) {
    const bool symmetric = iterator.symmetricJacobian();
    if (method == AdjointMethod::automatic)
        return symmetric ? AdjointMethod::minres : AdjointMethod::anderson;
    if (!symmetric && (method == AdjointMethod::minres || method == AdjointMethod::cg))
        throw Error("backward.solver", std::string("The adjoint solver ") + name(method) +
                                           " needs an iterator whose Jacobian is symmetric, such as gd; "
                                           "choose auto, gmres or anderson.");
    return method;
}

}  // namespace

const char* name(AdjointMethod method) {
    return kNames[static_cast<std::size_t>(method)];
}

const ParamTable& AdjointParams::table() {
    using P = AdjointParams;
    static const ParamTable table =
        ParamTableOf<P>()
            .choice("solver", &P::solver, {kNames.begin(), kNames.end()},
                    {.label = "Adjoint solver",
                     .help = "How gradients are taken through the equilibrium. auto: minres where the "
                             "iterator's Jacobian is symmetric (gd), else gmres. neumann and jacobian-free "
                             "are cheap and inexact."})
            .integer("max-iter", &P::maxIter,
                     {.label = "Iteration limit",
                      .help = "The adjoint solve ends after this many iterations at the latest.",
                      .minimum = 1,
                      .maximum = 1000000,
                      .step = 10,
                      .scale = ParamScale::logarithmic})
            .real("tolerance", &P::tolerance,
                  {.label = "Tolerance",
                   .help = "The adjoint has converged when its residual, relative to the loss's gradient, is "
                           "at or below this.",
                   .minimum = 0,
                   .maximum = 1,
                   .step = 1e-5,
                   .scale = ParamScale::logarithmic})
            .integer("restart", &P::restart,
                     {.label = "Restart",
                      .help = "Directions that gmres keeps before it begins anew: more need fewer iterations "
                              "and one state of memory each.",
                      .minimum = 1,
                      .maximum = kMaxRestart,
                      .step = 1})
            .integer("terms", &P::terms,
                     {.label = "Neumann terms",
                      .symbol = "K",
                      .help = "Products with the Jacobian after which neumann is cut off.",
                      .minimum = 0,
                      .maximum = 10000,
                      .step = 1});
    return table;
}

AdjointSolver::AdjointSolver(Iterator& iterator, ConstRealSpan z, ConstRealSpan u,
                             const AdjointParams& params, double forwardTolerance, ConstRealSpan guess)
    : iterator_(iterator),
      params_(params),
      method_(chosen(params.solver, iterator)),
      u_(iterator.stateSize()),
      v_(iterator.stateSize()) {
    assert(z.size() == iterator.stateSize());
    assert(u.size() == iterator.stateSize() || u.size() == iterator.shape().size());
    assert(guess.empty() || guess.size() == iterator.stateSize());
    const TimedScope timed(record_.seconds);
    copy(u, u_.span().first(u.size()));
    uNorm_ = norm(u);
    record_.residual = 1;
    if (!std::isfinite(uNorm_)) {
        finish(SolveStatus::diverged, "The loss's gradient has a number that is not finite.");
        return;
    }
    checkState(z, forwardTolerance);
    if (done()) return;
    iterator_.linearise(z);
    linearised_ = true;
    if (uNorm_ == 0) {
        record_.residual = 0;
        finish(SolveStatus::converged, "The loss's gradient is zero, and so is the adjoint.");
        warnings_.push_back("The loss's gradient is zero at this estimate, and so are all gradients.");
        return;
    }
    scale(1 / uNorm_, u_.span());
    makeSolver(guess);
}

void AdjointSolver::checkState(ConstRealSpan z, double tolerance) {
    if (tolerance < 0) return;
    iterator_.apply(z, v_.span());
    forwardResidual_ = std::sqrt(distanceSquared(v_.span(), z)) / (norm(v_.span()) + 1e-30);
    fill(v_.span(), 0);
    if (!std::isfinite(forwardResidual_))
        finish(SolveStatus::diverged, "The iteration is not finite at this state.");
    else if (forwardResidual_ > kForwardSlack * tolerance)
        warnings_.push_back("The state is no equilibrium: its residual is " + rounded(forwardResidual_) +
                            ", above the tolerance " + rounded(tolerance) +
                            "; the gradient is that of a solve that has not ended.");
}

void AdjointSolver::applyMap(ConstRealSpan v, RealSpan out) {
    iterator_.vjp(v, out);
    axpy(1, u_.span(), out);
}

void AdjointSolver::makeSolver(ConstRealSpan guess) {
    const bool truncated = method_ == AdjointMethod::neumann || method_ == AdjointMethod::jacobianFree;
    residuals_.reserve(static_cast<std::size_t>(truncated ? params_.terms + 1 : params_.maxIter));
    if (isKrylov(method_)) {
        makeKrylovSolver(guess, 1 / uNorm_);
    } else if (!truncated) {
        mayPassOn_ = params_.solver == AdjointMethod::automatic;
        makeFixedPointSolver(guess);
    } else {
        if (method_ == AdjointMethod::jacobianFree) params_.terms = 0;
        next_ = Buffer(v_.size());
        copy(u_.span(), v_.span());
    }
}

void AdjointSolver::makeKrylovSolver(ConstRealSpan guess, double scaling) {
    const auto method = method_ == AdjointMethod::gmres    ? KrylovMethod::gmres
                        : method_ == AdjointMethod::minres ? KrylovMethod::minres
                                                           : KrylovMethod::cg;
    const auto map = [this](ConstRealSpan v, RealSpan out) {  // (I - J') v
        iterator_.vjp(v, out);
        subtract(v, out, out);
    };
    krylov_ = makeKrylov(
        method, map, u_.span(),
        {std::max(params_.maxIter - iterationsBefore_, 1), params_.tolerance, params_.restart, kRoundoff});
    if (guess.empty()) return;
    copy(guess, krylov_->startingPoint());
    scale(scaling, krylov_->startingPoint());
}

void AdjointSolver::makeFixedPointSolver(ConstRealSpan guess) {
    FixedPointParams driver;
    // What passes on leaves half of the iterations to its successor.
    driver.maxIter = mayPassOn_ ? std::max(params_.maxIter / 2, 1) : params_.maxIter;
    driver.tolerance = 0;  // judged here, relative to u
    AndersonParams anderson = params_.anderson;
    if (method_ == AdjointMethod::picard) anderson.enabled = false;
    const auto map = [this](ConstRealSpan v, RealSpan out) {
        applyMap(v, out);
        outputNorm_ = norm(out);
    };
    fixedPoint_ = std::make_unique<FixedPointSolver>(map, v_.size(), driver, anderson);
    copy(guess.empty() ? ConstRealSpan(u_.span()) : guess, fixedPoint_->startingPoint());
    if (!guess.empty()) scale(1 / uNorm_, fixedPoint_->startingPoint());
}

const IterationRecord& AdjointSolver::step() {
    assert(!done());
    const Timer timer;
    const double secondsBefore = record_.seconds;
    if (krylov_)
        stepKrylov();
    else if (fixedPoint_)
        stepFixedPoint();
    else
        stepNeumann();
    record_.seconds = secondsBefore + timer.seconds();
    residuals_.push_back(record_.residual);
    summary_.iterations = record_.iteration;
    summary_.evaluations = record_.evaluations;
    summary_.residual = record_.residual;
    summary_.seconds = record_.seconds;
    if (!(record_.residual >= summary_.bestResidual)) {
        summary_.bestResidual = record_.residual;
        summary_.bestIteration = record_.iteration;
    }
    return record_;
}

void AdjointSolver::stepKrylov() {
    record_ = krylov_->step();
    record_.iteration += iterationsBefore_;
    record_.evaluations += evaluationsBefore_;
    if (!krylov_->done()) return;
    collect(krylov_->solution());
    std::string message = krylov_->summary().message;
    if (iterationsBefore_ > 0)
        message += " Anderson was not there after " + std::to_string(iterationsBefore_) +
                   " iterations; gmres went on.";
    finish(krylov_->summary().status, message);
}

void AdjointSolver::stepFixedPoint() {
    record_ = fixedPoint_->step();
    record_.residual *= outputNorm_;
    summary_.refusals = fixedPoint_->summary().refusals;
    const double floor = std::min(kRoundoff * outputNorm_, kWorstRoundoff);
    const bool converged = record_.residual <= std::max(params_.tolerance, floor);
    if (!converged && !fixedPoint_->done()) return;
    const SolveStatus status = converged ? SolveStatus::converged : fixedPoint_->summary().status;
    if (mayPassOn_ && !converged) return passOn();
    std::string message = fixedPoint_->summary().message;
    if (converged)
        message = record_.residual <= params_.tolerance
                      ? "Converged: the residual is at or below the tolerance."
                      : "Converged to what the arithmetic can reach, which is above the tolerance.";
    else if (!residuals_.empty() && !(record_.residual < residuals_.front()))
        message += " The residual did not fall: the iteration does not contract at this point; use gmres.";
    collect(fixedPoint_->state());
    finish(status, message);
}

// The best v so far is where gmres begins; one that is not finite is not worth it.
void AdjointSolver::passOn() {
    mayPassOn_ = false;
    method_ = AdjointMethod::gmres;
    iterationsBefore_ = record_.iteration;
    evaluationsBefore_ = record_.evaluations;
    const ConstRealSpan reached = fixedPoint_->state();
    makeKrylovSolver(record_.residual < 1 ? reached : ConstRealSpan{}, 1);
    fixedPoint_.reset();
}

// v_ is the sum of the terms so far, in Horner's form: v <- J'v + u. Once it is complete, one product more
// tells what it leaves.
void AdjointSolver::stepNeumann() {
    for (;;) {
        applyMap(v_.span(), next_.span());
        ++record_.evaluations;
        record_.residual = std::sqrt(distanceSquared(next_.span(), v_.span()));
        if (!std::isfinite(record_.residual)) {
            collect(v_.span());
            finish(SolveStatus::diverged, "A vector-Jacobian product is not finite.");
            return;
        }
        if (record_.iteration == params_.terms) {
            finishTruncated();
            return;
        }
        ++record_.iteration;
        std::swap(v_, next_);
        if (record_.iteration < params_.terms) return;
    }
}

void AdjointSolver::finishTruncated() {
    collect(v_.span());
    const std::string what =
        params_.terms == 0 ? "v = u was taken" : "cut off after " + std::to_string(params_.terms) + " terms";
    if (record_.residual <= params_.tolerance)
        finish(SolveStatus::converged, "Converged, though " + what + ".");
    else
        finish(SolveStatus::limit, "As chosen, " + what + ", which leaves a residual of " +
                                       rounded(record_.residual) + " in the adjoint equation.");
}

void AdjointSolver::collect(ConstRealSpan scaled) {
    if (scaled.data() != v_.data()) copy(scaled, v_.span());
    scale(uNorm_, v_.span());
}

void AdjointSolver::stop() {
    if (done()) return;
    if (krylov_) {
        krylov_->stop();
        collect(krylov_->solution());
    } else {
        collect(fixedPoint_ ? fixedPoint_->state() : ConstRealSpan(v_.span()));
    }
    finish(SolveStatus::stopped, "Stopped; the adjoint reached so far is kept.");
}

void AdjointSolver::finish(SolveStatus status, const std::string& message) {
    summary_.status = status;
    summary_.message = message;
    summary_.residual = record_.residual;
    if (status != SolveStatus::converged)
        warnings_.push_back("The adjoint did not converge (" + std::string(stillpoint::name(status)) +
                            ", residual " + rounded(record_.residual) + "). " + message);
}

}  // namespace stillpoint
