// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/whiteness.h"

#include <algorithm>
#include <cstdlib>

namespace stillpoint {
namespace {

// Calls body(row of p, row of p + t, first, last) for the rows and the range of columns p in which p + t is
// inside, t = (down, right), down >= 0; the second pointer is already moved by `right`.
template <class Body>
void forPairs(ConstImageRef r, int channel, int down, int right, const Body& body) {
    const int first = std::max(0, -right);
    const int last = r.width() - std::max(0, right);
    for (int y = 0; y + down < r.height(); ++y) body(r.row(channel, y), y, first, last);
}

double correlation(ConstImageRef r, int channel, int down, int right) {
    double sum = 0;
    forPairs(r, channel, down, right, [&](const Real* at, int y, int first, int last) {
        const Real* moved = r.row(channel, y + down) + right;
        double row = 0;
        for (int x = first; x < last; ++x) row += static_cast<double>(at[x]) * static_cast<double>(moved[x]);
        sum += row;
    });
    return sum;
}

// Half of the lags: the others give the same correlations.
template <class Body>
void forLags(int lag, const Body& body) {
    for (int down = 0; down <= lag; ++down)
        for (int right = down == 0 ? 1 : -lag; right <= lag; ++right) body(down, right);
}

}  // namespace

double correlationEnergy(ConstImageRef r, int lag, Image* gradient) {
    double total = 0;
    const double channels = r.channels();
    if (gradient) std::fill(gradient->samples().begin(), gradient->samples().end(), Real(0));
    for (int c = 0; c < r.channels(); ++c) {
        const double energy = correlation(r, c, 0, 0);
        if (energy == 0) continue;
        double sum = 0;
        forLags(lag, [&](int down, int right) {
            const double a = correlation(r, c, down, right) / energy;
            sum += 2 * a * a;
            if (!gradient) return;
            const Real weight = static_cast<Real>(4 * a / (energy * channels));
            forPairs(r, c, down, right, [&](const Real* at, int y, int first, int last) {
                const Real* moved = r.row(c, y + down) + right;
                Real* toAt = gradient->ref().row(c, y);
                Real* toMoved = gradient->ref().row(c, y + down) + right;
                for (int x = first; x < last; ++x) toAt[x] += weight * moved[x];
                for (int x = first; x < last; ++x) toMoved[x] += weight * at[x];
            });
        });
        total += sum / channels;
        if (!gradient) continue;
        const Real weight = static_cast<Real>(4 * sum / (energy * channels));
        gradient->plane(c) -= weight * r.plane(c);
    }
    return total;
}

}  // namespace stillpoint
