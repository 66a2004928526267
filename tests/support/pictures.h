// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "solver/image/image.h"
#include "solver/physics/kernel.h"

namespace stillpoint {

/// Pictures and kernels for tests and benchmarks: the same on every machine. No Qt.

/// Samples uniform in (0, 1), sample i in memory order being number i of the stream.
Image randomPicture(Shape shape, std::uint64_t seed);
/// Standard normal numbers.
Image normalPicture(Shape shape, std::uint64_t seed);
std::vector<Real> randomVector(std::size_t size, std::uint64_t seed);
/// A scene with flat regions, sharp edges, a ramp and fine stripes, in [0.05, 0.95]; channels differ.
Image scenePicture(Shape shape);
/// Positive, without any symmetry, sum 1 in each channel; even sizes are allowed.
Kernel lopsidedKernel(int height, int width, int channels = 1);

}  // namespace stillpoint
