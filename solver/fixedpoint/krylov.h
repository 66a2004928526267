// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "solver/core/buffer.h"
#include "solver/core/timer.h"
#include "solver/core/vec.h"
#include "solver/fixedpoint/record.h"

namespace stillpoint {

/// Writes A x to y; x and y differ. A is linear; nothing else is known of it.
using LinearMap = std::function<void(ConstRealSpan x, RealSpan y)>;

/// Largest restart length of GMRES.
inline constexpr int kMaxRestart = 60;

inline constexpr double kWorstRoundoff = 1e-3;

struct KrylovParams {
    int maxIter = 50;         ///< products with A that count as iterations, at least 1
    double tolerance = 1e-6;  ///< on ||b - A x|| / ||b||
    int restart = 20;         ///< GMRES only: 1 .. kMaxRestart directions are kept
    /// Where ||x|| is much larger than ||b||, rounding in A x keeps the residual above eps ||A|| ||x||,
    /// whatever the tolerance. A residual norm of at most roundoff * ||x|| counts as converged too (and the
    /// message says so), as long as it is below kWorstRoundoff ||b||. 0: only the tolerance counts.
    double roundoff = 0;
};

/// Matrix-free solution of A x = b by a Krylov method. Knows vectors only. The caller owns the loop:
///     Gmres solver(map, b, params);
///     while (!solver.done()) solver.step();
///     use solver.solution();
///
/// One step is one product with A. Its record tells the relative residual ||b - A x|| / ||b|| as the method's
/// recurrences know it, which is free. A solve never ends on that number alone: at convergence and at the
/// limit the residual is formed anew by one more product, and that one decides. When the recurrences were too
/// optimistic (rounding, a lost orthogonality) the method starts again from the point reached; when the next
/// such check is no better by a tenth the solve is `stalled`.
///
/// Everything is relative to ||b||, so scaling b by any factor changes nothing but the scale of x. b = 0
/// gives x = 0, converged, without a product.
///
/// Ends: converged; limit after maxIter iterations; stopped; stalled (the arithmetic's floor, a restart
/// length that makes no progress, a breakdown: A is singular or not what the method needs; the message says
/// which); diverged when a product, or b, is not finite. x is then the last usable one.
///
/// step() allocates nothing and does not throw unless the map does. One thread at a time.
class KrylovSolver {
 public:
    KrylovSolver(LinearMap map, ConstRealSpan b, const KrylovParams& params);
    virtual ~KrylovSolver() = default;
    KrylovSolver(const KrylovSolver&) = delete;
    KrylovSolver& operator=(const KrylovSolver&) = delete;

    /// x_0, zero unless it is filled before the first step; a start other than zero costs one product.
    RealSpan startingPoint() { return x_.span(); }
    const IterationRecord& step();
    bool done() const { return summary_.status != SolveStatus::running; }
    /// Ends between steps, with the x reached; its residual is the recurrences'.
    void stop();

    /// x; to be read once done.
    ConstRealSpan solution() const { return x_.span(); }
    const IterationRecord& record() const { return record_; }
    /// evaluations counts every product, those of the checks included.
    const SolveSummary& summary() const { return summary_; }

 protected:
    std::size_t size() const { return x_.size(); }
    void multiply(ConstRealSpan x, RealSpan y);
    /// residual() holds b - A x, not zero, of this norm: starts the recurrences anew.
    virtual void begin(double residualNorm) = 0;
    /// One product. Returns the norm of the residual by recurrence, NaN when the product was not finite.
    virtual double advance() = 0;
    /// Brings x up to date with the recurrences.
    virtual void form() {}
    /// Whether x follows every step, without form().
    virtual bool current() const { return true; }
    /// Whether the recurrences have no room for another step, so that form() and begin() must follow.
    virtual bool full() const { return false; }

    RealSpan x() { return x_.span(); }
    RealSpan residual() { return r_.span(); }
    /// The recurrences cannot go on; x is the best they know. `reason` explains a residual above tolerance.
    void exhaust(const char* reason) { exhausted_ = reason; }

    KrylovParams params_;

 private:
    double trueResidual();
    bool beginCycle();
    double target();
    void converge();
    void judge();
    void judgeTrueResidual();
    void finish(SolveStatus status, std::string message);

    LinearMap map_;
    Buffer b_, x_, r_;
    double bNorm_ = 0;
    bool needsBegin_ = true;
    const char* exhausted_ = nullptr;
    double cycleStart_ = 0;   // relative residual at the start of the present cycle
    double failedCheck_ = 0;  // residual of the last check that failed, 0 before
    double xNorm_ = 0;        // of x as it was when last up to date
    IterationRecord record_;
    SolveSummary summary_;
};

/// GMRES (Saad and Schultz, 1986) for any A: minimises ||b - A x|| over x_0 + span{r, A r, ..., A^(k-1) r},
/// by Arnoldi's process and Givens rotations; begins anew from the x reached after `restart` steps. The basis
/// is orthogonalised by classical Gram-Schmidt against all directions at once, a second time where the first
/// cancelled more than half of the square ("twice is enough": Giraud, Langou and Rozloznik, 2005), which is
/// as stable as Householder's reflections and passes over memory once. The small matrix is in double.
/// Memory: restart + 4 vectors. Cost of step k of a cycle: one product, 2 to 4 passes over k vectors.
class Gmres final : public KrylovSolver {
 public:
    Gmres(LinearMap map, ConstRealSpan b, const KrylovParams& params);

 private:
    void begin(double residualNorm) override;
    double advance() override;
    void form() override;
    bool current() const override { return false; }
    bool full() const override { return used_ == restart_; }
    double orthogonalise(RealSpan w);
    void rotate();
    double& h(int row, int column) {
        return triangle_[static_cast<std::size_t>(column * (restart_ + 1) + row)];
    }

    int restart_;
    int used_ = 0;  // columns of the triangle
    std::vector<Buffer> basis_;
    std::array<const Real*, kMaxRestart + 2> columns_{};
    std::vector<double> triangle_;
    std::array<double, kMaxRestart> cosine_{}, sine_{};
    std::array<double, kMaxRestart + 1> right_{};
    double largest_ = 0;  // ||A q|| over the directions q so far: the scale of A
};

/// Conjugate gradients (Hestenes and Stiefel, 1952) for symmetric positive definite A: minimises the error in
/// the norm of A; the residual may rise in between. A direction p with p'A p <= 0 ends it as stalled: A is
/// not positive definite. Memory: 5 vectors. Cost of a step: one product, about 6 passes.
class ConjugateGradients final : public KrylovSolver {
 public:
    ConjugateGradients(LinearMap map, ConstRealSpan b, const KrylovParams& params);

 private:
    void begin(double residualNorm) override;
    double advance() override;

    Buffer direction_, product_;
    double squared_ = 0;  // ||r||^2
};

/// MINRES (Paige and Saunders, 1975) for symmetric A, definite or not: minimises ||b - A x|| like GMRES, but
/// by a recurrence of three terms. Memory: 7 vectors. Cost of a step: one product, about 10 passes.
class Minres final : public KrylovSolver {
 public:
    Minres(LinearMap map, ConstRealSpan b, const KrylovParams& params);

 private:
    void begin(double residualNorm) override;
    double advance() override;

    Buffer previous_, current_;             // Lanczos vectors
    Buffer directionPrevious_, direction_;  // A-images orthonormal
    double beta_ = 0;                       // norm of `current` before it was normalised
    double eta_ = 0;
    double cosine_ = 1, cosinePrevious_ = 1, sine_ = 0, sinePrevious_ = 0;
    double largest_ = 0;
};

enum class KrylovMethod { gmres, minres, cg };
std::unique_ptr<KrylovSolver> makeKrylov(KrylovMethod method, LinearMap map, ConstRealSpan b,
                                         const KrylovParams& params);

}  // namespace stillpoint
