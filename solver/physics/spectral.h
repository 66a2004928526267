// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "solver/core/parallel.h"
#include "solver/fft/complex_product.h"
#include "solver/physics/blur_operator.h"

namespace stillpoint {

/// Re(conj(a) b), the term of an inner product, in double.
inline double realProduct(Complex a, Complex b) {
    return static_cast<double>(a.real()) * static_cast<double>(b.real()) +
           static_cast<double>(a.imag()) * static_cast<double>(b.imag());
}

/// spectrum[i] = body(i, spectrum[i], K[i]) / (height * width): a product in the spectrum, with the
/// normalisation of the round trip folded in. Threaded.
template <class Body>
void multiplySpectrum(const BlurOperator& op, std::span<Complex> spectrum, const Body& body) {
    const std::size_t plane = op.fft().planeSpectrumSize();
    const Real normal = static_cast<Real>(1.0 / static_cast<double>(op.shape().planeSize()));
    parallelRanges(spectrum.size(), 8192, [&](std::size_t begin, std::size_t end) {
        while (begin < end) {
            const std::size_t channel = begin / plane;
            const std::size_t stop = std::min(end, (channel + 1) * plane);
            const Complex* k = op.transfer(static_cast<int>(channel)).data() - channel * plane;
            for (std::size_t i = begin; i < stop; ++i) spectrum[i] = normal * body(i, spectrum[i], k[i]);
            begin = stop;
        }
    });
}

/// Sum over the full spectrum of term(i, K[i]) / (height * width), from the half spectrum: columns that have
/// a mirror image count twice. By Parseval this is a sum over pixels. Threaded over rows, summed in order.
template <class Term>
double sumSpectrum(const BlurOperator& op, const Term& term) {
    const auto columns = static_cast<std::size_t>(op.fft().spectrumWidth());
    const bool even = op.shape().width % 2 == 0;
    const std::size_t rows =
        static_cast<std::size_t>(op.shape().channels) * static_cast<std::size_t>(op.shape().height);
    constexpr std::size_t kParts = 16;  // fixed, so that the sum does not depend on the number of threads
    std::array<double, kParts> sums{};
    parallelRanges(kParts, rows * columns < 32768 ? kParts : 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t part = first; part < last; ++part) {
            double sum = 0;
            for (std::size_t row = rows * part / kParts; row < rows * (part + 1) / kParts; ++row) {
                const auto channel = static_cast<int>(row / static_cast<std::size_t>(op.shape().height));
                const auto inPlane = (row % static_cast<std::size_t>(op.shape().height)) * columns;
                const Complex* k = op.transfer(channel).data() + inPlane;
                const std::size_t base = row * columns;
                double inner = 0;
                const std::size_t stop = even ? columns - 1 : columns;
                for (std::size_t j = 1; j < stop; ++j) inner += term(base + j, k[j]);
                sum += 2 * inner + term(base, k[0]);
                if (even && columns > 1) sum += term(base + columns - 1, k[columns - 1]);
            }
            sums[part] = sum;
        }
    });
    double sum = 0;
    for (const double part : sums) sum += part;
    return sum / static_cast<double>(op.shape().planeSize());
}

}  // namespace stillpoint
