// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/laws.h"

#include <algorithm>
#include <cmath>

#include "tests/support/pictures.h"

namespace stillpoint {

double adjointError(const VectorMap& map, const VectorMap& adjoint, std::size_t inSize, std::size_t outSize,
                    std::uint64_t seed) {
    Buffer x(inSize), adjointY(inSize), y(outSize), mapX(outSize);
    std::ranges::copy(randomVector(inSize, seed), x.begin());
    std::ranges::copy(randomVector(outSize, seed + 1), y.begin());
    map(x.span(), mapX.span());
    adjoint(y.span(), adjointY.span());
    const double left = dot(mapX.span(), y.span());
    const double right = dot(x.span(), adjointY.span());
    return std::abs(left - right) / (norm(mapX.span()) * norm(y.span()));
}

double vjpError(const VectorMap& map, const VectorMap& vjp, ConstRealSpan z) {
    const std::size_t size = z.size();
    double worst = 0;
    for (std::uint64_t seed = 10; seed < 13; ++seed) {
        Buffer d(size), v(size), vjpV(size), moved(size), plus(size), minus(size);
        std::ranges::copy(randomVector(size, seed), d.begin());
        std::ranges::copy(randomVector(size, seed + 100), v.begin());
        vjp(v.span(), vjpV.span());
        const double expected = dot(vjpV.span(), d.span());
        double best = std::numeric_limits<double>::infinity();
        for (const double h : {kVerify ? 1e-5 : 1e-3, kVerify ? 1e-6 : 5e-4, kVerify ? 1e-7 : 3e-4}) {
            copy(z, moved.span());
            axpy(h, d.span(), moved.span());
            map(moved.span(), plus.span());
            copy(z, moved.span());
            axpy(-h, d.span(), moved.span());
            map(moved.span(), minus.span());
            const double measured = (dot(plus.span(), v.span()) - dot(minus.span(), v.span())) / (2 * h);
            best = std::min(best, std::abs(measured - expected) / (norm(v.span()) * norm(d.span())));
        }
        worst = std::max(worst, best);
    }
    return worst;
}

double finiteDifference(const std::function<double(double)>& function, double at) {
    double best = 0;
    double spread = std::numeric_limits<double>::infinity();
    double previous = std::numeric_limits<double>::quiet_NaN();
    for (double h = std::abs(at) * (kVerify ? 1e-3 : 0.1); h > std::abs(at) * (kVerify ? 1e-7 : 1e-3);
         h /= 4) {
        const double value = (function(at + h) - function(at - h)) / (2 * h);
        if (std::abs(value - previous) < spread) {
            spread = std::abs(value - previous);
            best = value;
        }
        previous = value;
    }
    return best;
}

double finiteDifference(const std::function<double(double)>& function, double at, double expected) {
    if (kVerify) return finiteDifference(function, at);
    double nearest = std::numeric_limits<double>::infinity();
    for (double h = std::abs(at) * 0.1; h > std::abs(at) * 3e-4; h /= 3) {
        const double value = (function(at + h) - function(at - h)) / (2 * h);
        if (std::abs(value - expected) < std::abs(nearest - expected)) nearest = value;
    }
    return nearest;
}

namespace {

Image directSum(ConstImageRef x, ConstImageRef kernel, int sign) {
    Image out(x.shape());
    for (int c = 0; c < x.channels(); ++c)
        for (int i = 0; i < x.height(); ++i)
            for (int j = 0; j < x.width(); ++j) {
                double sum = 0;
                for (int a = 0; a < kernel.height(); ++a)
                    for (int b = 0; b < kernel.width(); ++b) {
                        const int y = (i - sign * (a - kernel.height() / 2) + 8 * x.height()) % x.height();
                        const int z = (j - sign * (b - kernel.width() / 2) + 8 * x.width()) % x.width();
                        sum += static_cast<double>(kernel.at(kernel.channels() == 1 ? 0 : c, a, b)) *
                               static_cast<double>(x.at(c, y, z));
                    }
                out.at(c, i, j) = static_cast<Real>(sum);
            }
    return out;
}

}  // namespace

Image directBlur(ConstImageRef x, ConstImageRef kernel) {
    return directSum(x, kernel, 1);
}

Image directCorrelation(ConstImageRef x, ConstImageRef kernel) {
    return directSum(x, kernel, -1);
}

}  // namespace stillpoint
