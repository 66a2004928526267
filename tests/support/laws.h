// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "solver/core/vec.h"
#include "solver/image/image.h"
#include "solver/iterators/iterator.h"

namespace stillpoint {

/// The laws that every map must keep, as numbers that must be small. Each returns a relative error.

using VectorMap = std::function<void(ConstRealSpan in, RealSpan out)>;

/// |<A x, y> - <x, A'y>| / (||A x|| ||y||) for random x and y.
double adjointError(const VectorMap& map, const VectorMap& adjoint, std::size_t inSize, std::size_t outSize,
                    std::uint64_t seed = 1);

/// |<v, (T(z + h d) - T(z - h d)) / 2h> - <vjp(v), d>| / (||v|| ||d||), smallest over several h and largest
/// over several directions d; vjp belongs to a linearisation at z.
double vjpError(const VectorMap& map, const VectorMap& vjp, ConstRealSpan z);

/// Derivative of a scalar function by central differences at the step with the steadiest value.
double finiteDifference(const std::function<double(double)>& function, double at);
/// The same for a function with kinks, when it is compared with `expected`: in float, where the steps must be
/// so long that most of them cross a kink, the value nearest to it over all steps.
double finiteDifference(const std::function<double(double)>& function, double at, double expected);

/// Tolerances in the precision of Real: `verify` means double.
inline constexpr bool kVerify = sizeof(Real) == 8;
inline constexpr double kAdjointTolerance = kVerify ? 1e-12 : 2e-6;
inline constexpr double kVjpTolerance = kVerify ? 1e-7 : 5e-3;

/// A'(A x - y) by direct summation over the kernel, periodic, with nothing of the solver: for the optimality
/// law.
Image directBlur(ConstImageRef x, ConstImageRef kernel);
Image directCorrelation(ConstImageRef x, ConstImageRef kernel);

/// Counts calls of malloc and operator new in this process while it lives. Only where the test program links
/// allocation_counter.cpp, which is left out under sanitizers: they bring their own allocator.
class AllocationCounter {
 public:
    AllocationCounter();
    ~AllocationCounter();
    static long count();
    /// Bytes of the largest one.
    static std::size_t largest();
};

}  // namespace stillpoint
