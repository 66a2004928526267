// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace stillpoint {

/// Multiply-adds of Real that this machine does now, in GFLOP/s (two a multiply-add), by the calling thread's
/// thread count: eight independent sums of eight numbers a thread, in registers; the best of a few short
/// runs. What a convolution can come near to.
double peakGigaflops();

}  // namespace stillpoint
