// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace stillpoint {

enum class MinimiserKind { lbfgs, adam };

struct MinimiserParams {
    MinimiserKind kind = MinimiserKind::lbfgs;
    int maxEvaluations = 30;
    double tolerance = 1e-3;  ///< stop when no derivative is larger than this share of |value|
    double reach = 1.6;       ///< lbfgs: longest step along any coordinate
    double rate = 0.3;        ///< adam: length of the first steps along each coordinate
};

/// Minimises a function of a few real unknowns in a box, ask and tell:
///     while (!minimiser->done()) { ... evaluate at minimiser->point() ...; minimiser->tell(value, gradient);
///     }
/// The unknowns should be of size 1 in the sense that a step of 1 is a large one: logarithms of parameters.
/// A value or gradient that is not finite is a wall: the next point lies halfway back to the best.
///
///   lbfgs  quasi-Newton with the last pairs of steps and gradient differences (Nocedal and Wright, 2006,
///          algorithms 7.4 and 7.5) and a backtracking search for a sufficient decrease (Armijo). Where the
///          function curves downwards, as a loss does far from its minimum, a step of `reach` along the
///          gradient is tried.
///   adam   Kingma and Ba (2015), 0.9 and 0.99; the rate falls to a hundredth along a cosine. Takes noisy
///          gradients; goes on to the last evaluation unless the gradient vanishes.
///
/// Ends: the tolerance, steps below 1e-4, or the number of evaluations. Values are doubles; no threads.
class Minimiser {
 public:
    virtual ~Minimiser() = default;
    Minimiser(const Minimiser&) = delete;
    Minimiser& operator=(const Minimiser&) = delete;

    /// Where to evaluate next; lies in the box.
    std::span<const double> point() const { return point_; }
    void tell(double value, std::span<const double> gradient);
    bool done() const { return !ending_.empty(); }
    /// Why it is done, as a sentence; empty before.
    const std::string& ending() const { return ending_; }
    int evaluations() const { return evaluations_; }
    /// Smallest value so far and where; infinite before the first finite one.
    double bestValue() const { return bestValue_; }
    std::span<const double> best() const { return best_; }

 protected:
    Minimiser(std::vector<double> start, std::vector<double> lower, std::vector<double> upper,
              const MinimiserParams& params);
    /// Chooses point_ after a finite evaluation there, or ends.
    virtual void advance(double value, std::span<const double> gradient) = 0;
    /// After one that was not finite.
    virtual void retreat() = 0;
    void moveTo(std::vector<double> target);
    /// The share of the gradient that does not push against the box.
    std::vector<double> freeGradient(std::span<const double> gradient) const;
    void end(const char* why) { ending_ = why; }

    MinimiserParams params_;
    std::vector<double> point_, best_;

 private:
    std::vector<double> lower_, upper_;
    double bestValue_;
    int evaluations_ = 0;
    std::string ending_;
};

/// `start` is moved into the box. Sizes must agree.
std::unique_ptr<Minimiser> makeMinimiser(std::vector<double> start, std::vector<double> lower,
                                         std::vector<double> upper, const MinimiserParams& params);

}  // namespace stillpoint
