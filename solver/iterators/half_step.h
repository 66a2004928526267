// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/fidelity/fidelity.h"
#include "solver/priors/prior.h"

namespace stillpoint {

/// Which function a half step of a splitting acts on, and how.
enum class StepOn { data, prior };
enum class StepBy { gradient, prox };

/// One half of a splitting, a step of length gamma on f or on lambda g, with its derivatives:
///     data,  gradient   out = in - gamma grad f(in)
///     data,  prox       out = prox_{gamma f}(in)
///     prior, gradient   out = in - gamma lambda grad g(in)
///     prior, prox       out = prox_{gamma lambda g}(in), with the prior's memory
/// Only the last one reads and writes the memory spans; the others leave them alone, so that an iterator made
/// of one step on the data and one on the prior hands the same spans to both. Pictures in and out differ.
/// Nothing allocates except the first linearise().
class HalfStep {
 public:
    /// Keeps references; apply() adds its time to `seconds`.
    HalfStep(DataFidelity& fidelity, Prior& prior, StepOn on, StepBy by, double step, double& seconds);

    /// Numbers of the prior's memory that this half needs.
    std::size_t memorySize() const { return usesMemory() ? prior_.memorySize() : 0; }
    void apply(ConstImageRef in, ConstRealSpan memory, ImageRef out, RealSpan memoryOut);
    void linearise(ConstImageRef in, ConstRealSpan memory);
    /// (out, outMemory) = transposed Jacobian of (in, memory) -> (out, memoryOut) applied to (c, cMemory).
    void vjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef out, RealSpan outMemory);
    /// Adds <(c, cMemory), d(out, memoryOut)/d theta> for "step", "prior.lambda", the own parameters of
    /// fidelity and prior, y and the kernel.
    void inputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients);

 private:
    bool usesMemory() const { return on_ == StepOn::prior && by_ == StepBy::prox; }
    double weight() const { return step_ * prior_.lambda(); }
    void dataInputsVjp(ConstImageRef c, Gradients& gradients);
    void priorInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients);

    DataFidelity& fidelity_;
    Prior& prior_;
    StepOn on_;
    StepBy by_;
    double step_;
    double& seconds_;
    Image gradient_;  // of the prior, where the step needs it
    Image work_;      // point of the prior's gradient, or a cotangent; reserved when first linearised
};

}  // namespace stillpoint
