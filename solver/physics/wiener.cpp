// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/wiener.h"

#include "solver/physics/spectral.h"

namespace stillpoint {

void wienerEstimate(BlurOperator& op, ConstImageRef y, double c, ImageRef out) {
    assert(c > 0 && y.shape() == op.shape() && out.shape() == op.shape());
    const Real ratio = static_cast<Real>(c);
    op.fft().forward(y.samples(), op.scratch());
    multiplySpectrum(op, op.scratch(), [ratio](std::size_t, Complex s, Complex k) {
        return multiply(std::conj(k), s) * (1 / (std::norm(k) + ratio));
    });
    op.fft().inverse(op.scratch(), out.samples());
}

}  // namespace stillpoint
