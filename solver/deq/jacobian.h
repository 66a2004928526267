// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "solver/core/buffer.h"
#include "solver/fixedpoint/record.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

struct PowerParams {
    int maxIter = 200;
    double tolerance =
        1e-3;                ///< relative change of the value over kPowerWindow steps that ends the iteration
    std::uint64_t seed = 1;  ///< of the Gaussian start
};
inline constexpr int kPowerWindow = 10;

/// Common part of the power iterations on the Jacobian J = dT/dz at a state: value() after each step, ended
/// when it has changed by at most `tolerance`, relatively, over the last kPowerWindow steps. The start is
/// Gaussian (normalAt(seed, i)): a constant one may lie in J's null space. The value comes from below; where
/// many singular values or eigenvalues crowd near the largest, as they do under strong blur, it still creeps
/// when the change has become small. Linearises at z in the constructor; the linearisation must stay as it
/// is. Memory: 3 or 4 states. step() allocates nothing. One thread at a time; the caller owns the loop.
class PowerIteration {
 public:
    virtual ~PowerIteration() = default;
    PowerIteration(const PowerIteration&) = delete;
    PowerIteration& operator=(const PowerIteration&) = delete;

    /// Returns value().
    double step();
    bool done() const { return status_ != SolveStatus::running; }
    void stop();
    /// Best estimate so far; NaN before the first step and when a product was not finite.
    double value() const { return value_; }
    /// converged, limit, stopped, or diverged (a product was not finite).
    SolveStatus status() const { return status_; }
    int iterations() const { return iterations_; }
    /// Relative change over the last kPowerWindow steps; NaN before.
    double change() const;

 protected:
    PowerIteration(Iterator& iterator, ConstRealSpan z, const PowerParams& params);
    virtual double advance() = 0;

    Iterator& iterator_;
    Buffer vector_, image_;

 private:
    PowerParams params_;
    double recent_[kPowerWindow + 1]{};  // ring of values
    double value_ = kNotMeasured;
    int iterations_ = 0;
    SolveStatus status_ = SolveStatus::running;
};

/// Spectral radius of J: the asymptotic factor by which a plain iteration reduces its residual in each step,
/// on which alone its convergence near z depends. Power iteration on J', which has the same eigenvalues:
/// w_{k+1} = J'w_k. The largest eigenvalues may be a complex pair, or of two signs, and then ||w_{k+1}|| /
/// ||w_k|| oscillates for ever; so the radius is taken from the recurrence w_{k+1} = a w_k + b w_{k-1} fitted
/// by least squares: the larger root, in absolute value, of t^2 = a t + b. One product a step.
class SpectralRadius final : public PowerIteration {
 public:
    SpectralRadius(Iterator& iterator, ConstRealSpan z, const PowerParams& params = {});

 private:
    double advance() override;
    Buffer previous_;
    double previousNorm_ = 0;  // of the previous vector before it was scaled to 1: w_k = norm * vector_
};

/// Spectral norm of J, its largest singular value: the Lipschitz constant of T near z. T contracts in the
/// Euclidean norm where it is below 1. Power iteration on J'J. Iterators offer no product J d; it is taken as
/// the central difference (T(z + h d) - T(z - h d)) / 2h with ||h d|| = h0 max(||z||, 1), h0 = 1e-3 (1e-6 in
/// the verify build): exact to about 1e-3 (1e-8) where T is smooth, an average over a kink where it is not.
/// Two applications of T and one product a step.
class SpectralNorm final : public PowerIteration {
 public:
    SpectralNorm(Iterator& iterator, ConstRealSpan z, const PowerParams& params = {});

 private:
    double advance() override;
    Buffer z_, moved_;
    double length_;  // h for directions of norm 1
};

/// Plain iterations that bring a residual down to the tolerance when each multiplies it by `radius`: 0 if it
/// is there already, infinite for radius >= 1.
double predictedIterations(double radius, double residual, double tolerance);

/// A sentence when the radius says that the plain iteration does not converge (>= 1), or hardly does
/// (> 0.9999); empty otherwise.
std::string contractionWarning(double radius);

}  // namespace stillpoint
