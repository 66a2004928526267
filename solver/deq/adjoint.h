// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "solver/core/param.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/fixedpoint/krylov.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

enum class AdjointMethod { automatic, picard, anderson, gmres, minres, cg, neumann, jacobianFree };
/// "auto", "picard", ...: as in recipes.
const char* name(AdjointMethod method);

/// Keys `backward.*`.
struct AdjointParams {
    AdjointMethod solver = AdjointMethod::automatic;
    int maxIter = 1000;
    double tolerance = 1e-3;
    int restart = 40;
    int terms = 5;
    AndersonParams anderson{};  ///< a table of its own: keys `backward.anderson.*`
    static const ParamTable& table();
};

/// The adjoint equation of an equilibrium z = T(z): for a cotangent u it finds v with
///     v = J'v + u,    J = dT/dz at z,
/// from which every derivative of a loss l with dl/dz = u follows (implicit function theorem):
/// dl/dtheta = v' dT/dtheta. Nothing but products with J' is needed; T is linearised once, in the
/// constructor.
///
///   picard         v <- J'v + u from v = u; contracts as fast as T does near z
///   anderson       the same, accelerated
///   gmres          (I - J')v = u, any J; even one whose spectral radius is above 1
///   minres, cg     the same where J is symmetric (see Iterator::symmetricJacobian; refused elsewhere)
///   neumann        sum of J'^k u, k = 0 .. K = `terms`: cut off on purpose
///   jacobian-free  v = u: Neumann with K = 0 (Fung et al., 2022)
///   auto           minres where J is symmetric, else anderson; where that stalls, diverges (as it does
///                  when the spectral radius is above 1) or has used half of the iterations, gmres goes on
///                  from its v, and the message tells. Measured
///                  in solver/README.md
///
/// Residual, the same number for all methods: ||u + J'v - v|| / ||u||. The equation is solved for u / ||u||,
/// so that iterations and stop do not depend on the scale of the loss. For picard, anderson and neumann it is
/// that of the point before the last product, for the others that of v by recurrence, proved by one more
/// product at the end.
///
/// Ends: converged, which is also said of a residual that rounding keeps above the tolerance, as long as it
/// is below kWorstRoundoff: in float that floor is about 3e-7 ||v|| / ||u||, and ||v|| may be hundreds of
/// ||u|| where T contracts slowly (the message tells); limit (also for neumann and jacobian-free, when what
/// they leave is above the tolerance: their message says how much); stopped; stalled; diverged. u = 0 has v =
/// 0: converged, without a product and with a warning. Whatever the end, solution() is finite.
///
/// Warnings, sentences for people, beside the status: the state is no equilibrium (its residual, measured
/// here by one application of T, is above twice the forward tolerance: Anderson's points jump about it), the
/// adjoint did not converge, u is zero.
///
/// Keeps a reference to the iterator, whose linearisation must stay as it is until the end. Memory: one
/// vector, and those of the method: 2 for picard, 2 (history) + 3 for anderson, restart + 4 for gmres, 7 for
/// minres. step() is one product with J' (two where an accelerated step is refused or a check is due) and
/// allocates nothing after construction, except when auto passes on to gmres. One thread at a time; the
/// caller owns the loop.
class AdjointSolver {
 public:
    /// u: a cotangent of the whole state, or of its first part, the estimate. Throws Error("backward.solver")
    /// for minres or cg where J is not symmetric. `forwardTolerance`: of the solve that gave z; below 0: z is
    /// not checked. `guess`: v of a similar problem (a training's last step) to start from, or empty; not
    /// used by neumann and jacobian-free.
    AdjointSolver(Iterator& iterator, ConstRealSpan z, ConstRealSpan u, const AdjointParams& params,
                  double forwardTolerance, ConstRealSpan guess = {});
    AdjointSolver(const AdjointSolver&) = delete;
    AdjointSolver& operator=(const AdjointSolver&) = delete;

    const IterationRecord& step();
    bool done() const { return summary_.status != SolveStatus::running; }
    /// Between steps; the v reached is kept.
    void stop();

    AdjointMethod method() const { return method_; }  ///< that is at work or ended; never automatic
    const IterationRecord& record() const { return record_; }
    const SolveSummary& summary() const { return summary_; }
    /// One per step.
    std::span<const double> residuals() const { return residuals_; }
    /// Of the state, ||T(z) - z|| / ||T(z)||; NaN when it was not checked.
    double forwardResidual() const { return forwardResidual_; }
    /// Complete once done.
    const std::vector<std::string>& warnings() const { return warnings_; }
    /// v, once done.
    ConstRealSpan solution() const { return v_.span(); }
    Iterator& iterator() const { return iterator_; }
    /// False only where u or T(z) is not finite: there is nothing to differentiate.
    bool linearised() const { return linearised_; }

 private:
    void checkState(ConstRealSpan z, double tolerance);
    void makeSolver(ConstRealSpan guess);
    void makeKrylovSolver(ConstRealSpan guess, double scaling);
    void makeFixedPointSolver(ConstRealSpan guess);
    void stepKrylov();
    void stepFixedPoint();
    void passOn();
    void stepNeumann();
    void applyMap(ConstRealSpan v, RealSpan out);
    void collect(ConstRealSpan scaled);
    void finish(SolveStatus status, const std::string& message);
    void finishTruncated();

    Iterator& iterator_;
    AdjointParams params_;
    AdjointMethod method_;
    Buffer u_;  // scaled to norm 1
    Buffer v_;
    double uNorm_ = 0;
    double outputNorm_ = 0;     // of the map's last output
    Buffer next_;               // of neumann
    bool mayPassOn_ = false;    // automatic, and not yet with gmres
    int iterationsBefore_ = 0;  // of the solver that passed on
    long evaluationsBefore_ = 0;
    std::unique_ptr<KrylovSolver> krylov_;
    std::unique_ptr<FixedPointSolver> fixedPoint_;
    IterationRecord record_;
    SolveSummary summary_;
    std::vector<double> residuals_;
    std::vector<std::string> warnings_;
    double forwardResidual_ = kNotMeasured;
    bool linearised_ = false;
};

}  // namespace stillpoint
