// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "solver/core/real.h"

namespace stillpoint {

using RealSpan = std::span<Real>;
using ConstRealSpan = std::span<const Real>;

/// Vector operations on whole states: threaded, no allocation. Sums are taken in double in a fixed number of
/// lanes and blocks; the result does not depend on the number of threads beyond rounding. Sizes must agree.
/// The functions on several columns are bound by memory alone: they add up to 128 products in Real before
/// they go on in double.
double dot(ConstRealSpan a, ConstRealSpan b);
double normSquared(ConstRealSpan a);
double norm(ConstRealSpan a);
/// ||a - b||^2
double distanceSquared(ConstRealSpan a, ConstRealSpan b);
/// y += s x
void axpy(double s, ConstRealSpan x, RealSpan y);
/// out = a - b
void subtract(ConstRealSpan a, ConstRealSpan b, RealSpan out);
void scale(double s, RealSpan x);
void copy(ConstRealSpan from, RealSpan to);
void fill(RealSpan x, double value);
bool allFinite(ConstRealSpan x);

/// out = a - b and products[i] = <columns[i], out>, returning {||out||^2, ||a||^2}, all in one pass.
struct DifferenceNorms {
    double difference = 0;
    double minuend = 0;
};
DifferenceNorms subtractWithProducts(ConstRealSpan a, ConstRealSpan b, RealSpan out,
                                     std::span<const Real* const> columns, std::span<double> products);

/// products[i] = <columns[i], x> for all columns in one pass over x (each block of x stays in the first
/// cache).
void dots(std::span<const Real* const> columns, ConstRealSpan x, std::span<double> products);
/// out = sum_i weights[i] columns[i] in Real, in one pass. out may be one of the columns.
void combine(std::span<const Real* const> columns, std::span<const double> weights, RealSpan out);

}  // namespace stillpoint
