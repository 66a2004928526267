// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "solver/core/shape.h"
#include "solver/core/vec.h"

namespace stillpoint {

/// Two-dimensional transforms of all channels of a picture at once: real plane <-> half spectrum of
/// height x (width/2 + 1) complex numbers, channel after channel. Any size; 2^a 3^b 5^c are the fast ones.
/// Cost O(size log size) for each direction, with up to threadCount() threads, of which the result does not
/// depend; an object that was made where threadCount() is 1 keeps to one. Construction plans (up to two
/// seconds for a new size, milliseconds for a known one; never do it on a GUI thread); the transforms
/// allocate nothing. One object must not transform on two threads at once; planning is locked. All pointers
/// must be 16-byte aligned, as those of Buffer are.
class Fft2d {
 public:
    explicit Fft2d(Shape shape);
    ~Fft2d();
    Fft2d(Fft2d&&) noexcept;
    Fft2d& operator=(Fft2d&&) noexcept;

    const Shape& shape() const { return shape_; }
    int spectrumWidth() const { return shape_.width / 2 + 1; }
    std::size_t planeSpectrumSize() const {
        return static_cast<std::size_t>(shape_.height) * static_cast<std::size_t>(spectrumWidth());
    }
    std::size_t spectrumSize() const {
        return static_cast<std::size_t>(shape_.channels) * planeSpectrumSize();
    }

    void forward(ConstRealSpan samples, std::span<Complex> spectrum) const;
    /// Not normalised: inverse(forward(x)) = height * width * x. Destroys the spectrum.
    void inverse(std::span<Complex> spectrum, RealSpan samples) const;

 private:
    struct Plans;
    Shape shape_;
    std::unique_ptr<Plans> plans_;
};

/// File in which measured plans are kept between runs of the program: read now if it exists, rewritten
/// (beside, then renamed) after each new measurement. An unreadable or foreign file is ignored and replaced.
/// FFTW's plan knowledge belongs to the whole process, and so does this setting; without it, plans are kept
/// for the process only.
void setPlanFile(const std::filesystem::path& file);

/// Smallest number >= n of the form 2^a 3^b 5^c.
int fastFftSize(int n);

}  // namespace stillpoint
