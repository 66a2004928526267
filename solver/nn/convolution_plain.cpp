// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <vector>

#include "solver/core/parallel.h"
#include "solver/nn/convolution.h"

// Plain loops for the `verify` build, written from the formula. Feature maps are planar here.
namespace stillpoint {

std::size_t featureBlock() {
    return 1;
}

struct Convolution::Engine {
    std::vector<Real> filters, bias;
};

Convolution::Convolution(int in, int out, int size, int height, int width, ConvolutionScratch&)
    : in_(in), out_(out), size_(size), height_(height), width_(width), engine_(std::make_unique<Engine>()) {
    assert(size % 2 == 1);
    engine_->filters.resize(filterCount());
    engine_->bias.resize(static_cast<std::size_t>(out));
}

Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;

void Convolution::setWeights(ConstRealSpan filters, ConstRealSpan bias) {
    std::copy(filters.begin(), filters.end(), engine_->filters.begin());
    std::copy(bias.begin(), bias.end(), engine_->bias.begin());
}

void Convolution::setTransposedWeights(ConstRealSpan filters) {
    const auto taps = static_cast<std::size_t>(size_ * size_);
    const auto in = static_cast<std::size_t>(in_), out = static_cast<std::size_t>(out_);
    for (std::size_t i = 0; i < in; ++i)
        for (std::size_t o = 0; o < out; ++o)
            std::reverse_copy(filters.data() + (i * out + o) * taps,
                              filters.data() + (i * out + o + 1) * taps,
                              engine_->filters.data() + (o * in + i) * taps);
}

namespace {

// Calls row(y, sourceRow, first, count): in row y of the output, tap (dy, dx) reads count samples of
// sourceRow from column first + dx on, for the columns from first on.
template <class Row>
void overRows(int height, int width, int dy, int dx, const Row& row) {
    const int first = std::max(0, -dx), last = std::min(width, width - dx);
    for (int y = std::max(0, -dy); y < std::min(height, height - dy); ++y)
        row(static_cast<std::size_t>(y), static_cast<std::size_t>(y + dy), first, last - first);
}

}  // namespace

void Convolution::apply(ConstRealSpan in, RealSpan out, ConvolutionForm form) {
    const std::size_t plane = input().planeSize();
    const auto width = static_cast<std::size_t>(width_);
    // A thread should have some ten thousand multiplications.
    const std::size_t grain = 1 + (1 << 16) / (plane * filterCount() / static_cast<std::size_t>(out_));
    parallelRanges(static_cast<std::size_t>(out_), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t o = begin; o < end; ++o) {
            Real* to = out.data() + o * plane;
            const Real start = form.bias ? engine_->bias[o] : Real{0};
            for (std::size_t p = 0; p < plane; ++p) to[p] = form.add ? to[p] + start : start;
            const Real* tap = engine_->filters.data() +
                              o * static_cast<std::size_t>(in_) * static_cast<std::size_t>(size_ * size_);
            for (std::size_t i = 0; i < static_cast<std::size_t>(in_); ++i) {
                const Real* from = in.data() + i * plane;
                for (int dy = -size_ / 2; dy <= size_ / 2; ++dy)
                    for (int dx = -size_ / 2; dx <= size_ / 2; ++dx, ++tap)
                        overRows(height_, width_, dy, dx,
                                 [&](std::size_t y, std::size_t source, int first, int count) {
                                     Real* a = to + y * width + first;
                                     const Real* b = from + source * width + (first + dx);
                                     for (int k = 0; k < count; ++k) a[k] += *tap * b[k];
                                 });
            }
            if (form.relu)
                for (std::size_t p = 0; p < plane; ++p) to[p] = std::max(to[p], Real{0});
        }
    });
}

void Convolution::addWeightGradients(ConstRealSpan in, ConstRealSpan c, RealSpan filters, RealSpan bias) {
    const std::size_t plane = input().planeSize();
    const auto width = static_cast<std::size_t>(width_);
    std::size_t tap = 0;
    for (std::size_t o = 0; o < static_cast<std::size_t>(out_); ++o) {
        const Real* from = c.data() + o * plane;
        if (!bias.empty())
            for (std::size_t p = 0; p < plane; ++p) bias[o] += from[p];
        for (std::size_t i = 0; i < static_cast<std::size_t>(in_); ++i)
            for (int dy = -size_ / 2; dy <= size_ / 2; ++dy)
                for (int dx = -size_ / 2; dx <= size_ / 2; ++dx, ++tap)
                    overRows(height_, width_, dy, dx,
                             [&](std::size_t y, std::size_t source, int first, int count) {
                                 const Real* a = from + y * width + first;
                                 const Real* b = in.data() + i * plane + source * width + (first + dx);
                                 for (int k = 0; k < count; ++k) filters[tap] += a[k] * b[k];
                             });
    }
}

}  // namespace stillpoint
