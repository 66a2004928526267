// SPDX-License-Identifier: GPL-3.0-or-later
// Derivatives of total variation: of its gradient, of its exact prox and of its dual steps.
#include <cmath>

#include "solver/core/parallel.h"
#include "solver/priors/differences.h"
#include "solver/priors/tv.h"

namespace stillpoint {
namespace {

constexpr int kMostConjugateGradients = 2000;

void reserve(Image& picture, const Shape& shape) {
    if (picture.empty()) picture = Image(shape);
}
void reserve(Buffer& buffer, std::size_t size) {
    if (buffer.size() != size) buffer = Buffer(size);
}

// Calls body(down index, right index) for all pixels of a field, threaded.
template <class Body>
void forField(std::size_t size, const Body& body) {
    parallelRanges(size, 8192, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) body(i, i + size);
    });
}

}  // namespace

void TvPrior::lineariseGradient(ConstImageRef x) {
    reserve(at_.point, shape());
    reserve(at_.field, 2 * shape().size());
    reserve(at_.work, 2 * shape().size());
    copy(x, at_.point);
    differences(x, at_.field.span());
}

// out = D' phi''(D point) D v. Huber's second derivative at d = D point is I/e inside |d| <= e and (I - d
// d'/|d|^2)/|d| outside. A zero smoothing is floored: plain TV has no second derivative where the picture is
// flat.
void TvPrior::multiplyHessian(ConstImageRef v, ImageRef out) {
    const Real e = static_cast<Real>(std::max(params_.smoothing, 1e-6));
    const RealSpan work = at_.work.span();
    const ConstRealSpan d = at_.field.span();
    differences(v, work);
    forField(shape().size(), [&](std::size_t i, std::size_t j) {
        const Real t = std::sqrt(d[i] * d[i] + d[j] * d[j]);
        const Real inverse = 1 / std::max(t, e);
        const Real along = t > e ? (d[i] * work[i] + d[j] * work[j]) * inverse * inverse : Real(0);
        work[i] = (work[i] - along * d[i]) * inverse;
        work[j] = (work[j] - along * d[j]) * inverse;
    });
    fill(out.samples(), 0);
    subtractAdjointDifferences(out, -1, work, out);
}

void TvPrior::gradientVjp(ConstImageRef v, ImageRef out) {
    multiplyHessian(v, out);
}

namespace {

// <D c, d phi'(d) / d e> = -sum over |d| <= e of <D c, d> / e^2.
double smoothingDerivative(ConstRealSpan dc, ConstRealSpan d, double smoothing) {
    const std::size_t size = d.size() / 2;
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const double a = static_cast<double>(d[i]);
        const double b = static_cast<double>(d[i + size]);
        if (a * a + b * b <= smoothing * smoothing)
            sum += static_cast<double>(dc[i]) * a + static_cast<double>(dc[i + size]) * b;
    }
    return smoothing > 0 ? -sum / (smoothing * smoothing) : 0;
}

}  // namespace

void TvPrior::gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) {
    differences(v, at_.work.span());
    gradients.parameters.add(
        "prior.smoothing", scale * smoothingDerivative(at_.work.span(), at_.field.span(), params_.smoothing));
}

void TvPrior::lineariseProx(ConstImageRef v, double weight, ConstRealSpan memory) {
    at_.weight = weight;
    reserve(at_.point, shape());
    reserve(at_.work, 2 * shape().size());
    if (!inState()) {
        solveProx(v, weight, params_.accuracy, 20000, at_.point);
        reserve(at_.field, 2 * shape().size());
        differences(at_.point, at_.field.span());
        for (Image* picture : {&at_.solution, &at_.direction, &at_.remainder, &at_.product})
            reserve(*picture, shape());
        return;
    }
    copy(v, at_.point);
    reserve(at_.cotangent, 2 * shape().size());
    at_.path.resize(static_cast<std::size_t>(params_.steps));
    ConstRealSpan from = memory;
    for (std::size_t step = 0; step < at_.path.size(); ++step) {
        // The argument q + s D(v - D'q) of the projection, which decides its derivative.
        reserve(at_.path[step], 2 * shape().size());
        subtractAdjointDifferences(v, 1, from, u_);
        differences(u_, at_.path[step].span());
        scale(kTvDualStep, at_.path[step].span());
        axpy(1, from, at_.path[step].span());
        const RealSpan to = step % 2 ? dualB_.span() : dualA_.span();
        dualStep(dual(weight), v, from, to, rows_);
        from = to;
    }
}

// at_.solution = (I + w H)^-1 c by conjugate gradients, to the last digits of Real or the prox's accuracy.
void TvPrior::solveLinearised(ConstImageRef c) {
    const auto apply = [&](const Image& x, Image& out) {
        multiplyHessian(x, out);
        scale(at_.weight, out.samples());
        axpy(1, x.samples(), out.samples());
    };
    fill(at_.solution.samples(), 0);
    copy(c, at_.remainder);
    copy(c, at_.direction);
    double rho = normSquared(c.samples());
    const double accuracy = std::max(0.1 * params_.accuracy, sizeof(Real) == 8 ? 1e-13 : 1e-7);
    const double wanted = rho * accuracy * accuracy;
    for (int k = 0; k < kMostConjugateGradients && rho > wanted; ++k) {
        apply(at_.direction, at_.product);
        const double alpha = rho / dot(at_.direction.samples(), at_.product.samples());
        axpy(alpha, at_.direction.samples(), at_.solution.samples());
        axpy(-alpha, at_.product.samples(), at_.remainder.samples());
        const double next = normSquared(at_.remainder.samples());
        scale(next / rho, at_.direction.samples());
        axpy(1, at_.remainder.samples(), at_.direction.samples());
        rho = next;
    }
}

// Transposed chain of x+ = v - D'q_n, q_k = P(w_k), w_k = q_{k-1} + s D(v - D'q_{k-1}). With a = w f, f =
// w/(w + s e), the projection's Jacobian is f I where |a| <= w and f w/|a| (I - a a'/|a|^2) where it cuts;
// both are symmetric.
void TvPrior::backThroughSteps(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) {
    const RealSpan cq = at_.cotangent.span();
    const double weight = at_.weight;
    const double e = params_.smoothing;
    const double sum = weight + kTvDualStep * e;
    const Real f = static_cast<Real>(dual(weight).shrink());
    const Real w = static_cast<Real>(weight);
    const double shrinkByWeight = sum > 0 ? kTvDualStep * e / (sum * sum) : 0;
    const double shrinkBySmoothing = sum > 0 ? -kTvDualStep * weight / (sum * sum) : 0;
    at_.weightGradient = at_.smoothingGradient = 0;

    copy(c, outV);
    differences(c, cq);
    scale(-1, cq);
    axpy(1, cMemory, cq);
    for (std::size_t step = at_.path.size(); step-- > 0;) {
        const ConstRealSpan argument = at_.path[step].span();
        double byShrink = 0;  // <cq, w> where the projection does not cut
        double byRadius = 0;  // <cq, a/|a|> where it does
        const std::size_t size = shape().size();
        for (std::size_t i = 0, j = size; i < size; ++i, ++j) {
            const Real a = argument[i] * f;
            const Real b = argument[j] * f;
            const Real length = std::sqrt(a * a + b * b);
            if (length <= w) {
                byShrink +=
                    static_cast<double>(cq[i] * argument[i]) + static_cast<double>(cq[j] * argument[j]);
                cq[i] *= f;
                cq[j] *= f;
            } else {
                const Real ua = a / length;
                const Real ub = b / length;
                const Real along = cq[i] * ua + cq[j] * ub;
                byRadius += static_cast<double>(along);
                cq[i] = f * w / length * (cq[i] - along * ua);
                cq[j] = f * w / length * (cq[j] - along * ub);
            }
        }
        at_.weightGradient += byRadius + byShrink * shrinkByWeight;
        at_.smoothingGradient += byShrink * shrinkBySmoothing;
        // Through w_k = q + s D(v - D'q): to v goes s D'c, to q goes c - s D D'c.
        fill(u_.samples(), 0);
        subtractAdjointDifferences(u_, -kTvDualStep, cq, u_);
        axpy(1, u_.samples(), outV.samples());
        differences(u_, at_.work.span());
        axpy(-1, at_.work.span(), cq);
    }
    copy(cq, outMemory);
}

void TvPrior::proxVjp(ConstImageRef c, ConstRealSpan cMemory, ImageRef outV, RealSpan outMemory) {
    if (inState()) {
        backThroughSteps(c, cMemory, outV, outMemory);
    } else {
        solveLinearised(c);
        copy(at_.solution, outV);
    }
}

double TvPrior::proxInputsVjp(ConstImageRef c, ConstRealSpan cMemory, Gradients& gradients) {
    if (inState()) {
        reserve(at_.product, shape());
        backThroughSteps(c, cMemory, at_.product, dualA_.span());
        gradients.parameters.add("prior.smoothing", at_.smoothingGradient);
        return at_.weightGradient;
    }
    // u solves u - v + w grad g(u) = 0, so du/dtheta = -(I + w H)^-1 d(w grad g)/dtheta.
    solveLinearised(c);
    differences(at_.solution, at_.work.span());
    gradients.parameters.add(
        "prior.smoothing",
        -at_.weight * smoothingDerivative(at_.work.span(), at_.field.span(), params_.smoothing));
    gradient(at_.point, u_);
    return -dot(at_.solution.samples(), u_.samples());
}

}  // namespace stillpoint
