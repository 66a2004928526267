// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/real.h"

namespace stillpoint {

/// a b without the NaN recovery of std::complex's operator*, which calls a library function per product.
inline Complex multiply(Complex a, Complex b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// conj(a) b, in the same way.
inline Complex multiplyConjugate(Complex a, Complex b) {
    return {a.real() * b.real() + a.imag() * b.imag(), a.real() * b.imag() - a.imag() * b.real()};
}

}  // namespace stillpoint
