// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/wavelet.h"

#include <algorithm>
#include <cmath>

#include "solver/core/parallel.h"

namespace stillpoint {

const ParamTable& WaveletParams::table() {
    static const ParamTable table =
        ParamTableOf<WaveletParams>()
            .real(
                "lambda", &WaveletParams::lambda,
                {.label = "Weight",
                 .symbol = "λ",
                 .help = "Weight of the prior against the data: larger removes more noise and more texture.",
                 .minimum = 0,
                 .maximum = 1,
                 .step = 0.0005,
                 .scale = ParamScale::logarithmic})
            .real(
                "smoothing", &WaveletParams::smoothing,
                {.label = "Smoothing",
                 .symbol = "e",
                 .help = "Wavelet details below this size are penalised by their square, which speeds "
                         "convergence and gives the prior a gradient. 0 is the plain sum of absolute values.",
                 .minimum = 0,
                 .maximum = 0.5,
                 .step = 0.001,
                 .scale = ParamScale::logarithmic})
            .choice(
                "family", &WaveletParams::family, {kWaveletFamilies.begin(), kWaveletFamilies.end()},
                {.label = "Wavelet",
                 .help =
                     "Orthogonal wavelet. With several translations haar is the best for most photographs, "
                     "with one "
                     "the longer sym4 and sym8; sym are nearly symmetric. The cost grows with the number."})
            .integer("levels", &WaveletParams::levels,
                     {.label = "Levels",
                      .help = "Scales of the transform, each twice as coarse as the one before. Limited by "
                              "the picture: "
                              "no level is made once a single approximation is left.",
                      .minimum = 1,
                      .maximum = 8,
                      .step = 1})
            .integer(
                "shifts", &WaveletParams::shifts,
                {.label = "Translations",
                 .help = "The proximal map is averaged over this many translations of the picture, which "
                         "removes the marks of the wavelet grid and costs as many transforms; 4 and 16 "
                         "cover the grid evenly. Above 1 there is no gradient (for GD) and no objective, "
                         "and the result of PGD depends on the step.",
                 .minimum = 1,
                 .maximum = 64,
                 .step = 1});
    return table;
}

namespace {

void reserve(Image& picture, const Shape& shape) {
    if (picture.empty()) picture = Image(shape);
}

// (rows, columns) of a translation, modulo the picture's size.
std::pair<int, int> moveOf(const Shape& shape, int shift) {
    const auto [rows, columns] = WaveletPrior::translation(shift);
    return {rows % shape.height, columns % shape.width};
}

// Calls body(row of in, columns, width, row of out) for all rows, where the row of out is to become or to
// take up the row of in moved by `columns` to the left.
template <class Body>
void forMovedRows(ConstImageRef in, int rows, int columns, ImageRef out, const Body& body) {
    const int height = in.height();
    const auto total = static_cast<std::size_t>(in.channels()) * static_cast<std::size_t>(height);
    parallelRanges(total, WaveletTransform::kSamplesPerThread / static_cast<std::size_t>(in.width()) + 1,
                   [&](std::size_t begin, std::size_t end) {
                       for (std::size_t r = begin; r < end; ++r) {
                           const int c = static_cast<int>(r) / height;
                           const int y = static_cast<int>(r) % height;
                           const Real* from = in.row(c, (y + rows) % height);
                           Real* to = out.row(c, y);
                           const int first = in.width() - columns;
                           body(from + columns, first, to);
                           body(from, columns, to + first);
                       }
                   });
}

void moveBy(ConstImageRef in, int rows, int columns, ImageRef out) {
    forMovedRows(in, rows, columns, out,
                 [](const Real* from, int size, Real* to) { std::copy_n(from, size, to); });
}

void addMovedBack(ConstImageRef in, int rows, int columns, ImageRef sum) {
    const int back = (in.height() - rows) % in.height();
    const int left = (in.width() - columns) % in.width();
    forMovedRows(in, back, left, sum, [](const Real* from, int size, Real* to) {
        for (int i = 0; i < size; ++i) to[i] += from[i];
    });
}

// t <- t factor for details inside, `outside` times t beyond.
void scaleBySide(Real inside, Real outside, const std::int8_t* sides, std::size_t begin, std::size_t end,
                 Real* coefficients) {
    for (std::size_t i = begin; i < end; ++i) coefficients[i] *= sides[i] == 0 ? inside : outside;
}

}  // namespace

// Digit k of the row is bit k of i, of the column the sum over the bits j of i of C(j, k) modulo 2, the
// generator of Sobol's second dimension; C(j, k) is odd when the bits of k are among those of j.
std::pair<int, int> WaveletPrior::translation(int i) {
    int columns = 0;
    for (int j = 0; i >> j; ++j)
        if (i >> j & 1)
            for (int k = 0; k <= j; ++k)
                if ((j & k) == k) columns ^= 1 << k;
    return {i, columns};
}

WaveletPrior::WaveletPrior(Shape shape, const WaveletParams& params)
    : Prior(shape),
      params_(params),
      transform_(shape, params.family, params.levels),
      coefficients_(shape.size()),
      rowSums_(static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height)) {
    if (params_.shifts == 1) return;
    moved_ = Image(shape);
    sum_ = Image(shape);
}

// coefficients = W of the translated picture.
void WaveletPrior::forward(ConstImageRef x, int shift, RealSpan coefficients) {
    if (params_.shifts == 1) {
        transform_.forward(x, coefficients);
        return;
    }
    const auto [rows, columns] = moveOf(shape(), shift);
    moveBy(x, rows, columns, moved_);
    transform_.forward(moved_, coefficients);
}

// out = average over the translations t of t^-1 W' diagonal(t, W t in); diagonal works on coefficients_.
template <class Diagonal>
void WaveletPrior::applyAveraged(ConstImageRef in, ImageRef out, const Diagonal& diagonal) {
    if (params_.shifts == 1) {
        forward(in, 0, coefficients_.span());
        diagonal(0);
        transform_.inverse(coefficients_.span(), out);
        return;
    }
    fill(sum_.samples(), 0);
    for (int shift = 0; shift < params_.shifts; ++shift) {
        forward(in, shift, coefficients_.span());
        diagonal(shift);
        transform_.inverse(coefficients_.span(), moved_);
        const auto [rows, columns] = moveOf(shape(), shift);
        addMovedBack(moved_, rows, columns, sum_);
    }
    scale(1.0 / params_.shifts, sum_.samples());
    copy(sum_, out);
}

// Sum of term(index) over all details.
template <class Term>
double WaveletPrior::sumDetails(const Term& term) {
    transform_.forDetails([&](std::size_t row, std::size_t begin, std::size_t end) {
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i) sum += term(i);
        rowSums_[row] = sum;
    });
    double sum = 0;
    for (const double row : rowSums_) sum += row;
    return sum;
}

double WaveletPrior::value(ConstImageRef x) {
    assert(offers().value);
    const double e = params_.smoothing;
    const double inverse = e > 0 ? 1 / e : 0;
    const Real* d = coefficients_.data();
    transform_.forward(x, coefficients_.span());
    return sumDetails([=](std::size_t i) {
        // With m = min(|t|, e): t^2/(2e) inside, |t| - e/2 beyond.
        const double t = std::abs(static_cast<double>(d[i]));
        const double m = std::min(t, e);
        return t - m + 0.5 * inverse * m * m;
    });
}

void WaveletPrior::gradient(ConstImageRef x, ImageRef out) {
    assert(offers().gradient);
    const Real inverse = static_cast<Real>(1 / params_.smoothing);
    Real* d = coefficients_.data();
    applyAveraged(x, out, [&](int) {
        transform_.forDetails([&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) d[i] = std::clamp(d[i] * inverse, Real(-1), Real(1));
        });
        transform_.clearApproximations(coefficients_.span());
    });
}

void WaveletPrior::prox(ConstImageRef v, double weight, ConstRealSpan, ImageRef out, RealSpan) {
    const double reach = weight + params_.smoothing;
    const Real w = static_cast<Real>(weight);
    const Real slope = static_cast<Real>(reach > 0 ? weight / reach : 0);
    Real* d = coefficients_.data();
    applyAveraged(v, out, [&](int) {
        transform_.forDetails([&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) d[i] -= std::clamp(d[i] * slope, -w, w);
        });
    });
}

void WaveletPrior::linearise(ConstImageRef x, double threshold) {
    reserve(at_.point, shape());
    const auto size = static_cast<std::size_t>(params_.shifts) * shape().size();
    if (at_.sides.size() != size) at_.sides = BasicBuffer<std::int8_t>(size);
    copy(x, at_.point);
    const Real bound = static_cast<Real>(threshold);
    for (int shift = 0; shift < params_.shifts; ++shift) {
        forward(x, shift, coefficients_.span());
        const Real* d = coefficients_.data();
        std::int8_t* side = sides(shift);
        transform_.forDetails([&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                side[i] = static_cast<std::int8_t>((d[i] > bound) - (d[i] < -bound));
        });
    }
}

void WaveletPrior::lineariseGradient(ConstImageRef x) {
    assert(offers().gradient);
    linearise(x, params_.smoothing);
}

void WaveletPrior::gradientVjp(ConstImageRef v, ImageRef out) {
    const Real inside = static_cast<Real>(1 / params_.smoothing);
    applyAveraged(v, out, [&](int shift) {
        transform_.forDetails([&](std::size_t, std::size_t begin, std::size_t end) {
            scaleBySide(inside, 0, sides(shift), begin, end, coefficients_.data());
        });
        transform_.clearApproximations(coefficients_.span());
    });
}

// d phi'/d e = -t / e^2 inside.
void WaveletPrior::gradientInputsVjp(ConstImageRef v, double scale, Gradients& gradients) {
    if (at_.cotangent.empty()) at_.cotangent = Buffer(shape().size());
    const double e = params_.smoothing;
    const Real* d = coefficients_.data();
    const Real* c = at_.cotangent.data();
    const std::int8_t* side = sides(0);
    forward(at_.point, 0, coefficients_.span());
    forward(v, 0, at_.cotangent.span());
    const double sum = sumDetails([=](std::size_t i) {
        return side[i] == 0 ? static_cast<double>(d[i]) * static_cast<double>(c[i]) : 0.0;
    });
    gradients.parameters.add("prior.smoothing", -scale * sum / (e * e));
}

void WaveletPrior::lineariseProx(ConstImageRef v, double weight, ConstRealSpan) {
    at_.weight = weight;
    linearise(v, weight + params_.smoothing);
}

void WaveletPrior::proxVjp(ConstImageRef c, ConstRealSpan, ImageRef outV, RealSpan) {
    const double reach = at_.weight + params_.smoothing;
    const Real inside = static_cast<Real>(reach > 0 ? params_.smoothing / reach : 1);
    applyAveraged(c, outV, [&](int shift) {
        transform_.forDetails([&](std::size_t, std::size_t begin, std::size_t end) {
            scaleBySide(inside, 1, sides(shift), begin, end, coefficients_.data());
        });
    });
}

// Inside S(t) = t e/(w + e): dS/dw = -t e/(w + e)^2, dS/de = t w/(w + e)^2. Beyond: -sign t and 0.
double WaveletPrior::proxInputsVjp(ConstImageRef c, ConstRealSpan, Gradients& gradients) {
    if (at_.cotangent.empty()) at_.cotangent = Buffer(shape().size());
    const Real* d = coefficients_.data();
    const Real* a = at_.cotangent.data();
    const double reach = at_.weight + params_.smoothing;
    const double square = reach > 0 ? reach * reach : 1;
    double within = 0, beyond = 0;
    for (int shift = 0; shift < params_.shifts; ++shift) {
        forward(at_.point, shift, coefficients_.span());
        forward(c, shift, at_.cotangent.span());
        const std::int8_t* side = sides(shift);
        within += sumDetails([=](std::size_t i) {
            return side[i] == 0 ? static_cast<double>(d[i]) * static_cast<double>(a[i]) : 0.0;
        });
        beyond += sumDetails([=](std::size_t i) { return side[i] * static_cast<double>(a[i]); });
    }
    within /= params_.shifts;
    beyond /= params_.shifts;
    gradients.parameters.add("prior.smoothing", within * at_.weight / square);
    return -beyond - within * params_.smoothing / square;
}

}  // namespace stillpoint
