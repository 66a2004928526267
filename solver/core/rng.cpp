// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/core/rng.h"

#include <cmath>
#include <initializer_list>

namespace stillpoint {
namespace {

// Natural logarithm from IEEE operations alone: the C library's differs in the last bit between processors.
// x = m 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh((m-1)/(m+1)), 12 terms leave an error below
// 1e-16.
double portableLog(double x) {
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < 0.70710678118654752440) {
        m *= 2;
        --exponent;
    }
    const double s = (m - 1) / (m + 1);
    const double s2 = s * s;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
    return 2 * s * sum + exponent * 0.69314718055994530942;
}

double polynomial(double x, std::initializer_list<double> highestFirst) {
    double sum = 0;
    for (const double c : highestFirst) sum = sum * x + c;
    return sum;
}

// Quantile of the normal distribution, AS 241 PPND16 (Wichura 1988), relative accuracy 1e-16.
double normalQuantile(double p) {
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q *
               polynomial(r, {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
                              4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
                              1.3314166789178437745e2, 3.3871328727963666080e0}) /
               polynomial(r, {5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
                              2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
                              4.2313330701600911252e1, 1.0});
    }
    double r = std::sqrt(-portableLog(q < 0 ? p : 1 - p));
    double value;
    if (r <= 5) {
        r -= 1.6;
        value =
            polynomial(r, {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                           1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
                           4.63033784615654529590e0, 1.42343711074968357734e0}) /
            polynomial(r, {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
                           1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
                           2.05319162663775882187e0, 1.0});
    } else {
        r -= 5;
        value =
            polynomial(r, {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                           2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                           5.46378491116411436990e0, 6.65790464350110377720e0}) /
            polynomial(r, {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
                           7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
                           5.99832206555887937690e-1, 1.0});
    }
    return q < 0 ? -value : value;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2];
        c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(a)};
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
    return c;
}

double uniformAt(std::uint64_t seed, std::uint64_t index) {
    // Two numbers a block: even indices take the first two words, odd ones the last two.
    const std::uint64_t block = index / 2;
    const auto words =
        philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), 0, 0},
               {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    const std::size_t first = (index % 2) * 2;
    const std::uint64_t bits = (std::uint64_t{words[first]} << 32 | words[first + 1]) >> 12;  // 52 bits
    return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

double normalAt(std::uint64_t seed, std::uint64_t index) {
    return normalQuantile(uniformAt(seed, index));
}

}  // namespace stillpoint
