// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "solver/core/vec.h"
#include "solver/image/image.h"

namespace stillpoint {

/// Step s of projected gradient ascent on the dual of TV denoising; 1/8 is one over the largest ||D||^2.
inline constexpr double kTvDualStep = 0.125;

/// Weight w of the prox and Huber smoothing e; see priors/tv.h for the formulas.
struct TvDual {
    double weight = 0;
    double smoothing = 0;

    /// Factor w / (w + s e) by which the Huber term shrinks a before the projection; 0 for w = 0.
    double shrink() const { return weight > 0 ? weight / (weight + kTvDualStep * smoothing) : 0; }
};

/// Row buffers for the fused passes below, one set per thread that may run; made once, outside the loop.
class TvRows {
 public:
    explicit TvRows(const Shape& shape);
    std::size_t parts() const { return parts_; }
    Real* row(std::size_t part, int which);  ///< which = 0 .. 3

 private:
    static constexpr std::size_t kRows = 4;
    std::size_t parts_;
    std::size_t width_;
    Buffer rows_;
};

/// qOut = P(qIn + s D(v - D'qIn)), one fused pass; qIn and qOut differ.
void dualStep(const TvDual& dual, ConstImageRef v, ConstRealSpan qIn, RealSpan qOut, TvRows& rows);

/// One accelerated step: q <- qNew = P(p + s D(v - D'p)) and pOut = qNew + momentum (qNew - qOld); p and pOut
/// differ.
void acceleratedDualStep(const TvDual& dual, ConstImageRef v, double momentum, ConstRealSpan p, RealSpan q,
                         RealSpan pOut, TvRows& rows);

/// Duality gap of u = v - D'q as a sum of terms none of which is negative (Fenchel and Young), so that it is
/// exact even in float: sum over pixels of w phi(|Du|) + e |q|^2 / (2 w) - <q, Du>. Bounds 1/2 ||u -
/// prox||^2.
double dualityGap(const TvDual& dual, ConstImageRef u, ConstRealSpan q);

/// sum phi(|Dx|), the Huber-smoothed total variation of a picture.
double tvValue(ConstImageRef x, double smoothing);

}  // namespace stillpoint
