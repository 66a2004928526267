// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "solver/deq/implicit_gradient.h"

namespace stillpoint {

/// Backward through K plain iterations z_{k+1} = T(z_k) from z_0 ("unfolded"): the exact gradient of
/// l(x_K), not of the equilibrium, which it approaches with K as the iteration does. For comparison, and for
/// training in that mode. With w_K = (dl/dx_K, 0) and k = K - 1, ..., 0:
///     dl/dtheta += w_{k+1}' dT/dtheta (z_k),   w_k = J(z_k)' w_{k+1};   dl/dz_0 = w_0.
///     UnrolledSolve solve(iterator, K);
///     ... fill solve.startingPoint() ...
///     while (!solve.done()) solve.step();
///     ... u from the loss at iterator.estimate(solve.state()) ...
///     const UnrolledGradient result = solve.backward(u, wants);
///
/// Memory: K + 1 states, which is why the implicit gradient exists. Cost of backward: K linearisations, K
/// products, K inputsVjp. No acceleration: Anderson's weights would have to be differentiated too.
/// step() allocates nothing. One thread at a time. Keeps a reference to the iterator.
struct UnrolledGradient {
    Gradients gradients;  ///< of T's parameters, y and the kernel, z_0 held fixed
    Buffer start;         ///< dl/dz_0; its first part is dl/dx_0. If z_0 was made of y, its way to y is the
                          ///< caller's to add.
    int iterations = 0;   ///< that were gone back; K unless stopped or not finite
    bool complete = false;
    std::string message;  ///< why it is not; empty if it is
};

class UnrolledSolve {
 public:
    /// Throws Error("iterations") for K < 1.
    UnrolledSolve(Iterator& iterator, int iterations);

    RealSpan startingPoint() { return states_.front().span(); }
    /// Residual ||T(z_k) - z_k|| / ||T(z_k)|| of the state it started from.
    double step();
    bool done() const { return made_ == iterations(); }
    int iterations() const { return static_cast<int>(states_.size()) - 1; }
    /// Newest state; z_K once done.
    ConstRealSpan state() const { return states_[static_cast<std::size_t>(made_)].span(); }

    /// u: of the whole state or of the estimate. Once done; any number of times. A stop request ends between
    /// iterations; a number that is not finite ends too; both are told in the result.
    UnrolledGradient backward(ConstRealSpan u, const GradientWants& wants, std::stop_token stop = {});

 private:
    Iterator& iterator_;
    std::vector<Buffer> states_;
    Buffer scratch_;
    int made_ = 0;
};

}  // namespace stillpoint
