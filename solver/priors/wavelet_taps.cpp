// SPDX-License-Identifier: GPL-3.0-or-later
// Taps by spectral factorisation of Daubechies' polynomial sum_k C(N-1+k, k) y^k in 50 digits, rounded to
// double: the roots inside the unit circle for db, the choice of roots with the straightest phase for sym.
#include "solver/priors/wavelet_transform.h"

namespace stillpoint {
namespace {

constexpr std::array<double, 2> kHaar{0.70710678118654752, 0.70710678118654752};
constexpr std::array<double, 4> kDb2{0.48296291314453414, 0.83651630373780791, 0.22414386804201338,
                                     -0.12940952255126038};
constexpr std::array<double, 6> kDb3{0.33267055295008262,  0.80689150931109258,   0.45987750211849157,
                                     -0.13501102001025459, -0.085441273882026662, 0.035226291885709537};
constexpr std::array<double, 8> kDb4{0.2303778133088965,    0.71484657055291565,  0.63088076792985891,
                                     -0.027983769416859854, -0.18703481171909308, 0.030841381835560764,
                                     0.0328830116668852,    -0.010597401785069032};
constexpr std::array<double, 8> kSym4{0.032223100604051468,  -0.012603967262031304, -0.099219543576633533,
                                      0.29785779560530605,   0.80373875180513208,   0.49761866763277499,
                                      -0.029635527646002492, -0.075765714789502213};
constexpr std::array<double, 16> kSym8{
    0.0018899503327676892, -0.00030292051472413308, -0.014952258337062199,   0.0038087520138944895,
    0.049137179673730287,  -0.027219029917103486,   -0.051945838107881801,   0.36444189483617894,
    0.77718575169962803,   0.48135965125905339,     -0.061273359067811078,   -0.14329423835127266,
    0.0076074873249766082, 0.031695087811525991,    -0.00054213233180001069, -0.0033824159510050026};

}  // namespace

std::span<const double> waveletTaps(WaveletFamily family) {
    switch (family) {
        case WaveletFamily::haar:
            return kHaar;
        case WaveletFamily::db2:
            return kDb2;
        case WaveletFamily::db3:
            return kDb3;
        case WaveletFamily::db4:
            return kDb4;
        case WaveletFamily::sym4:
            return kSym4;
        case WaveletFamily::sym8:
            return kSym8;
    }
    return kHaar;
}

}  // namespace stillpoint
