// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "solver/fixedpoint/fixed_point_solver.h"
#include "solver/run/components.h"

namespace stillpoint {

/// Operator, fidelity, prior and iterator of a recipe on a picture; they refer to each other, so a Problem
/// lives on the heap and does not move; it keeps a view of the blurred picture, which must outlive it. Not
/// changed after build(), apart from scratch: a changed knob is a new Problem. State and estimate live on the
/// operator's canvas, of which the picture is a window.
struct Problem {
    ProblemParams params;
    Kernel kernel;
    BlurOperator op;
    Image extended;  ///< the data on the canvas; empty where that is the picture
    Image mask;      ///< samples to trust, on the canvas; empty for all
    std::unique_ptr<DataFidelity> fidelity;
    std::unique_ptr<Prior> prior;
    std::unique_ptr<Iterator> iterator;

    /// `givenMask` tells samples to ignore (physics/trust.h); may be null.
    Problem(const ProblemParams& params, Kernel kernel, const Image& blurred, const Recipe& recipe,
            const Image* givenMask = nullptr);
    Problem(const Problem&) = delete;
    Problem& operator=(const Problem&) = delete;

    /// Fills z as the recipe's start says; `picture` is the first estimate for start = picture. Throws
    /// Error("start", ...) when it is wanted and missing, of another shape or not finite. Allocates.
    void start(const Image& blurred, RealSpan z, const Image* picture = nullptr);

    const Canvas& canvas() const { return op.canvas(); }
    /// The estimate of the state, on the canvas.
    ConstImageRef estimate(ConstRealSpan z) const { return iterator->estimate(z); }
};

/// "256 x 128 with 3 channels"
std::string sizeText(const Shape& shape);

/// Throws the first Issue of Registry::check, or what the parts throw. Plans FFTs.
std::unique_ptr<Problem> build(const Recipe& recipe, const Image& blurred, const KernelSource& source,
                               const Image* givenMask = nullptr);

}  // namespace stillpoint
