// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "solver/core/buffer.h"
#include "solver/core/parallel.h"
#include "solver/fft/fft2d.h"
#include "solver/image/image.h"
#include "solver/nn/ridge_bank.h"
#include "solver/priors/tile_grid.h"

namespace stillpoint {

/// g of a RidgeBank on pictures of one shape, periodic at the border, with its gradient, Hessian and
/// derivatives. The filters run in the frequency domain on tiles that stay in a core's cache, tiles side by
/// side on the threads that the constructing thread had. With F filters: 2 F transforms a tile for the
/// gradient and for a product with the Hessian. Memory: a picture and a half for the tiles' results, F
/// spectra of a tile for each channel (15 MB at most in colour), and once linearised F bytes a pixel.
///
/// A bank of one channel treats every channel of a picture by itself. A bank of three treats a grey picture x
/// as g(x, x, x) / 3, which keeps the bounds: it must have been trained with grey pictures among the others.
class RidgeField {
 public:
    RidgeField(std::shared_ptr<const RidgeBank> bank, Shape picture);

    double value(ConstImageRef x, double sigma);
    /// out = grad g(x); x and out differ.
    void gradient(ConstImageRef x, double sigma, ImageRef out);
    /// Fixes the point of the two functions that follow.
    void linearise(ConstImageRef x, double sigma);
    /// out = H v, H the Hessian of g (psi'' being constant between its jumps); v and out differ.
    void hessian(ConstImageRef v, ImageRef out);
    /// <v, d grad g / d bank's own numbers>; returns <v, d grad g / d sigma>. `taps`: whether the filters'
    /// are wanted, which is most of the work.
    double derivatives(ConstImageRef v, bool taps, RidgeBank::Derivatives& by);

    /// Bytes that it reserves to run, before anything is linearised.
    static std::size_t workBytes(const RidgeArchitecture& architecture, Shape picture);

 private:
    // What one thread works in.
    struct Worker {
        explicit Worker(const RidgeField& field);
        Fft2d fft;
        ComplexBuffer in, second, sum, work, other;  // in, second, sum: one spectrum a channel
        Buffer canvas, after;                        // before and after the profile
        ComplexBuffer byTaps;                        // one spectrum a filter and channel
    };
    // One tile of one group of channels that the bank sees together.
    struct Place {
        std::size_t index;  // among all
        int group, tile;
    };
    template <class Body>
    void overPlaces(const Body& body);
    void makeTransfer(const Fft2d& fft);
    void load(Worker& worker, const Place& place, ConstImageRef x, ComplexBuffer& spectra) const;
    void respond(Worker& worker, const ComplexBuffer& spectra, std::size_t filter, Buffer& canvas) const;
    template <class Apply>
    void pass(ConstImageRef x, const Apply& profile, ImageRef out);
    void collect(ImageRef out) const;
    void collectTaps(RidgeBank::Derivatives& by);
    std::size_t tapPlace(int t) const;
    const Complex* transfer(std::size_t filter, int channel) const;
    std::uint8_t* pieces(const Place& place, std::size_t filter);

    std::shared_ptr<const RidgeBank> bank_;
    Shape picture_;
    int channels_, groups_;  // of a group; groups of a picture
    Real weight_;            // of each sum of responses
    TileGrid grid_;
    std::vector<int> active_;  // filters that see anything of such a picture
    ComplexBuffer transfer_;
    std::vector<Worker> workers_;
    Buffer results_;             // canvases of all places
    BasicBuffer<double> parts_;  // of the value, one a place
    Image point_;
    double sigma_ = 0;
    BasicBuffer<std::uint8_t> pieces_;  // of the profile, where each response stands at the linearisation
};

template <class Body>
void RidgeField::overPlaces(const Body& body) {
    const auto tiles = static_cast<std::size_t>(grid_.count());
    const std::size_t places = static_cast<std::size_t>(groups_) * tiles, workers = workers_.size();
    parallelRanges(workers, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
            for (std::size_t at = k; at < places; at += workers)
                body(workers_[k], Place{at, static_cast<int>(at / tiles), static_cast<int>(at % tiles)});
    });
}

}  // namespace stillpoint
