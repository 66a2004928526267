// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "solver/priors/wavelet.h"

namespace stillpoint {

/// The wavelet transform of priors/wavelet_transform.h as dense matrices in double, one for each level and
/// axis, written from its definition: slow, and with nothing of the solver but the taps. Rotations are found
/// from a flat line that is carried through the levels, not from a formula.
class ReferenceWavelet {
 public:
    ReferenceWavelet(Shape shape, WaveletFamily family, int levels);

    /// Coefficients in the order of WaveletTransform.
    std::vector<double> forward(ConstImageRef x) const;
    Image inverse(std::vector<double> coefficients) const;
    bool isDetail(std::size_t index) const;
    /// W' F W x, F the function on every detail; approximations are kept or set to zero.
    Image mapDetails(ConstImageRef x, const std::function<double(double)>& function,
                     bool keepApproximations) const;

 private:
    using Matrix = std::vector<std::vector<double>>;
    struct Level {
        Matrix rows, columns;
    };
    static Matrix levelMatrix(std::vector<double>& flat, WaveletFamily family);
    void applyLevel(const Level& level, bool transposed, std::vector<double>& coefficients) const;

    Shape shape_;
    std::vector<Level> levels_;
    int approximationRows_, approximationColumns_;
};

/// out(y, x) = picture(y + rows, x + columns), periodic.
Image translated(ConstImageRef picture, int rows, int columns);

}  // namespace stillpoint
