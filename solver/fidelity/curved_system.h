// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/physics/blur_operator.h"

namespace stillpoint {

/// Solves (I + gamma A'DA) u = r, D diagonal and not negative, by conjugate gradients (Hestenes and Stiefel,
/// 1952). This is the linear system behind the proximal map of every fidelity that is a sum over the pixels
/// of A x.
///
/// All vectors are kept as half spectra: a step costs one inverse and one forward transform (the least that D
/// allows, which lives on pixels), and the preconditioner I + gamma mean(D) A'A is a division in a pass that
/// is made anyway. With D constant one step solves the system. Works in its own scratch and the operator's:
/// one thread at a time; allocates in the constructor only (three spectra, three pictures).
class CurvedSystem {
 public:
    explicit CurvedSystem(BlurOperator& op);

    /// r, to be filled before solve(), which overwrites it.
    std::span<Complex> rightSide() { return remainder_.span(); }
    /// Steps until the residual, in the norm of the preconditioner's inverse, which estimates the error's
    /// energy norm and bounds its length about, has fallen to `accuracy` times the right side's, or until
    /// mostSteps are done. Returns the number of steps. A right side that is not finite ends at once.
    int solve(ConstImageRef curvature, double gamma, double accuracy, int mostSteps);
    /// u^, and A u, which costs nothing.
    std::span<Complex> solution() { return solution_.span(); }
    ConstImageRef blurredSolution() const { return blurredSolution_; }
    /// Scratch picture for the caller between two calls of solve().
    Image& work() { return product_; }

 private:
    BlurOperator& op_;
    ComplexBuffer remainder_, direction_, solution_;
    Image blurredDirection_, blurredSolution_, product_;
};

}  // namespace stillpoint
