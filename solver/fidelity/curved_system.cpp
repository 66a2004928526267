// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fidelity/curved_system.h"

#include "solver/fidelity/pixel_loops.h"
#include "solver/physics/spectral.h"

namespace stillpoint {

CurvedSystem::CurvedSystem(BlurOperator& op)
    : op_(op),
      remainder_(op.fft().spectrumSize()),
      direction_(op.fft().spectrumSize()),
      solution_(op.fft().spectrumSize()),
      blurredDirection_(op.shape()),
      blurredSolution_(op.shape()),
      product_(op.shape()) {}

int CurvedSystem::solve(ConstImageRef curvature, double gamma, double accuracy, int mostSteps) {
    const std::size_t pixels = op_.shape().size();
    const Real* d = curvature.data();
    const double mean = sumPixels(pixels, [&](std::size_t i) { return static_cast<double>(d[i]); }) /
                        static_cast<double>(pixels);
    const Real g = static_cast<Real>(gamma);
    const Real gMean = static_cast<Real>(gamma * mean);
    const std::span<Complex> scratch = op_.scratch();
    const auto preconditioned = [&](std::size_t i, Complex k) {
        return remainder_[i] * (1 / (1 + gMean * std::norm(k)));
    };

    std::fill(solution_.begin(), solution_.end(), Complex{});
    std::fill(direction_.begin(), direction_.end(), Complex{});
    fill(blurredSolution_.samples(), 0);
    double rho = sumSpectrum(
        op_, [&](std::size_t i, Complex k) { return realProduct(remainder_[i], preconditioned(i, k)); });
    const double wanted = rho * accuracy * accuracy;
    Real beta = 0;
    int steps = 0;
    for (; steps < mostSteps && rho > wanted; ++steps) {
        const double own = sumSpectrum(op_, [&](std::size_t i, Complex k) {
            direction_[i] = preconditioned(i, k) + beta * direction_[i];
            return static_cast<double>(std::norm(direction_[i]));
        });
        multiplySpectrum(op_, scratch,
                         [&](std::size_t i, Complex, Complex k) { return multiply(k, direction_[i]); });
        op_.fft().inverse(scratch, blurredDirection_.samples());
        const Real* a = blurredDirection_.samples().data();
        Real* product = product_.samples().data();
        const double curved = sumPixels(pixels, [=](std::size_t i) {
            product[i] = d[i] * a[i];
            return static_cast<double>(product[i]) * static_cast<double>(a[i]);
        });
        op_.fft().forward(product_.samples(), scratch);
        const double alpha = rho / (own + gamma * curved);
        const Real step = static_cast<Real>(alpha);
        const double next = sumSpectrum(op_, [&](std::size_t i, Complex k) {
            solution_[i] += step * direction_[i];
            remainder_[i] -= step * (direction_[i] + g * multiply(std::conj(k), scratch[i]));
            return realProduct(remainder_[i], preconditioned(i, k));
        });
        axpy(alpha, blurredDirection_.samples(), blurredSolution_.samples());
        beta = static_cast<Real>(next / rho);
        rho = next;
    }
    return steps;
}

}  // namespace stillpoint
