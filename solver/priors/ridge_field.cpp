// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/ridge_field.h"

#include <cmath>

#include "solver/fft/complex_product.h"
#include "solver/priors/ridge_profile.h"

namespace stillpoint {
namespace {

constexpr int kReach = RidgeBank::kTaps / 2;

// Threads of a loop's workers.
class OneThread {
 public:
    OneThread() : before_(threadCount()) { setThreadCount(1); }
    ~OneThread() { setThreadCount(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

 private:
    int before_;
};

Fft2d planForOneThread(Shape shape) {
    const OneThread one;
    return Fft2d(shape);
}

}  // namespace

RidgeField::Worker::Worker(const RidgeField& field)
    : fft(planForOneThread(field.grid_.canvas())),
      in(static_cast<std::size_t>(field.channels_) * fft.planeSpectrumSize()),
      second(in.size()),
      sum(in.size()),
      work(fft.planeSpectrumSize()),
      other(fft.planeSpectrumSize()),
      canvas(fft.shape().size()),
      after(fft.shape().size()) {}

RidgeField::RidgeField(std::shared_ptr<const RidgeBank> bank, Shape picture)
    : bank_(std::move(bank)), picture_(picture), grid_(picture.height, picture.width, kReach) {
    const int seen = bank_->architecture().channels();
    channels_ = std::min(seen, picture.channels);
    groups_ = picture.channels / channels_;
    weight_ = static_cast<Real>(seen > picture.channels ? 1.0 / seen : 1.0);
    const std::size_t places = static_cast<std::size_t>(groups_) * static_cast<std::size_t>(grid_.count());
    const std::size_t threads = std::min(static_cast<std::size_t>(threadCount()), places);
    for (std::size_t k = 0; k < threads; ++k) workers_.emplace_back(*this);
    makeTransfer(workers_.front().fft);
    parts_ = BasicBuffer<double>(places);
    results_ = Buffer(places * static_cast<std::size_t>(channels_) * grid_.canvas().size());
}

// Where tap t stands on a canvas for (w * x)_p = sum_t w[t] x[p + t - (6, 6)].
std::size_t RidgeField::tapPlace(int t) const {
    const Shape canvas = grid_.canvas();
    const auto wrapped = [](int at, int length) { return ((at % length) + length) % length; };
    const int row = wrapped(kReach - t / RidgeBank::kTaps, canvas.height);
    const int column = wrapped(kReach - t % RidgeBank::kTaps, canvas.width);
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(canvas.width) +
           static_cast<std::size_t>(column);
}

// Transfer functions of the filters, with the normalisation of a round trip.
void RidgeField::makeTransfer(const Fft2d& fft) {
    const Shape canvas = grid_.canvas();
    const auto size = static_cast<std::size_t>(channels_) * fft.planeSpectrumSize();
    Buffer plane(canvas.size());
    std::vector<ComplexBuffer> spectra;
    const int seen = bank_->architecture().channels();
    for (int i = 0; i < bank_->architecture().filters; ++i) {
        ComplexBuffer spectrum(size);
        double energy = 0;
        for (int c = 0; c < channels_; ++c) {
            fill(plane.span(), 0);
            for (int t = 0; t < RidgeBank::kTapCount; ++t) {
                double tap = 0;
                if (channels_ == seen)
                    tap = bank_->taps(i, c)[static_cast<std::size_t>(t)];
                else
                    for (int k = 0; k < seen; ++k) tap += bank_->taps(i, k)[static_cast<std::size_t>(t)];
                energy += tap * tap;
                plane[tapPlace(t)] += static_cast<Real>(tap / static_cast<double>(canvas.size()));
            }
            fft.forward(plane.span(),
                        std::span(spectrum.data() + static_cast<std::size_t>(c) * fft.planeSpectrumSize(),
                                  fft.planeSpectrumSize()));
        }
        if (!(energy > 1e-20)) continue;
        active_.push_back(i);
        spectra.push_back(std::move(spectrum));
    }
    transfer_ = ComplexBuffer(spectra.size() * size);
    for (std::size_t i = 0; i < spectra.size(); ++i)
        std::copy_n(spectra[i].data(), size, transfer_.data() + i * size);
}

const Complex* RidgeField::transfer(std::size_t filter, int channel) const {
    const std::size_t plane = workers_.front().fft.planeSpectrumSize();
    return transfer_.data() +
           (filter * static_cast<std::size_t>(channels_) + static_cast<std::size_t>(channel)) * plane;
}

void RidgeField::load(Worker& worker, const Place& place, ConstImageRef x, ComplexBuffer& spectra) const {
    const std::size_t size = worker.fft.planeSpectrumSize();
    for (int c = 0; c < channels_; ++c) {
        const ConstRealSpan plane(x.row(place.group * channels_ + c, 0), picture_.planeSize());
        grid_.read(place.tile, plane, worker.canvas.span());
        worker.fft.forward(worker.canvas.span(),
                           std::span(spectra.data() + static_cast<std::size_t>(c) * size, size));
    }
}

// canvas = response of the filter
void RidgeField::respond(Worker& worker, const ComplexBuffer& spectra, std::size_t filter,
                         Buffer& canvas) const {
    const std::size_t size = worker.fft.planeSpectrumSize();
    Complex* work = worker.work.data();
    for (int c = 0; c < channels_; ++c) {
        const Complex* w = transfer(filter, c);
        const Complex* x = spectra.data() + static_cast<std::size_t>(c) * size;
        if (c == 0)
            for (std::size_t s = 0; s < size; ++s) work[s] = multiply(w[s], x[s]);
        else
            for (std::size_t s = 0; s < size; ++s) work[s] += multiply(w[s], x[s]);
    }
    worker.fft.inverse(worker.work.span(), canvas.span());
}

// out = weight W' profile(W x). profile(place, filter, responses, offset on the canvas, length, after).
template <class Apply>
void RidgeField::pass(ConstImageRef x, const Apply& profile, ImageRef out) {
    overPlaces([&](Worker& worker, const Place& place) {
        const std::size_t size = worker.fft.planeSpectrumSize();
        load(worker, place, x, worker.in);
        std::fill_n(worker.sum.data(), worker.sum.size(), Complex{});
        fill(worker.after.span(), 0);  // beyond the core nothing is written
        for (std::size_t i = 0; i < active_.size(); ++i) {
            respond(worker, worker.in, i, worker.canvas);
            profile(place, i, worker.canvas.data(), worker.after.data());
            worker.fft.forward(worker.after.span(), worker.work.span());
            const Complex* u = worker.work.data();
            for (int c = 0; c < channels_; ++c) {
                const Complex* w = transfer(i, c);
                Complex* sum = worker.sum.data() + static_cast<std::size_t>(c) * size;
                for (std::size_t s = 0; s < size; ++s) sum[s] += multiplyConjugate(w[s], u[s]);
            }
        }
        const std::size_t canvas = worker.canvas.size();
        for (int c = 0; c < channels_; ++c)
            worker.fft.inverse(std::span(worker.sum.data() + static_cast<std::size_t>(c) * size, size),
                               results_.span().subspan((place.index * static_cast<std::size_t>(channels_) +
                                                        static_cast<std::size_t>(c)) *
                                                           canvas,
                                                       canvas));
    });
    collect(out);
}

// In the order of the tiles, so that the sums do not depend on the threads.
void RidgeField::collect(ImageRef out) const {
    fill(out.samples(), 0);
    const auto tiles = static_cast<std::size_t>(grid_.count());
    const std::size_t canvas = grid_.canvas().size();
    const auto planes = static_cast<std::size_t>(picture_.channels);
    parallelRanges(planes, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t plane = begin; plane < end; ++plane) {
            const auto group = plane / static_cast<std::size_t>(channels_);
            const auto channel = plane % static_cast<std::size_t>(channels_);
            for (std::size_t tile = 0; tile < tiles; ++tile) {
                const std::size_t at = (group * tiles + tile) * static_cast<std::size_t>(channels_) + channel;
                grid_.add(static_cast<int>(tile), results_.span().subspan(at * canvas, canvas),
                          {out.row(static_cast<int>(plane), 0), picture_.planeSize()});
            }
        }
    });
    if (weight_ != 1) scale(static_cast<double>(weight_), out.samples());
}

double RidgeField::value(ConstImageRef x, double sigma) {
    overPlaces([&](Worker& worker, const Place& place) {
        load(worker, place, x, worker.in);
        double sum = 0;
        for (std::size_t i = 0; i < active_.size(); ++i) {
            respond(worker, worker.in, i, worker.canvas);
            const RidgeProfile profile(*bank_, active_[i], sigma);
            const auto alpha = static_cast<double>(profile.alpha);
            double inner = 0;
            grid_.overCore(place.tile, [&](std::size_t begin, std::size_t length) {
                for (std::size_t j = begin; j < begin + length; ++j) {
                    const int k = profile.piece(worker.canvas[j]);
                    const double left = RidgeBank::kPiece * k;
                    const double t = alpha * std::abs(static_cast<double>(worker.canvas[j]));
                    const auto start = static_cast<double>(profile.starts[k]);
                    const auto slope = static_cast<double>(profile.slopes[k]);
                    inner += bank_->values()[static_cast<std::size_t>(k)] + start * (t - left) +
                             0.5 * slope * (t * t - left * left);
                }
            });
            sum += inner / (alpha * alpha);
        }
        parts_[place.index] = sum;
    });
    double sum = 0;
    for (const double part : parts_) sum += part;
    return sum * static_cast<double>(weight_);
}

void RidgeField::gradient(ConstImageRef x, double sigma, ImageRef out) {
    pass(
        x,
        [&](const Place& place, std::size_t i, const Real* responses, Real* after) {
            const RidgeProfile profile(*bank_, active_[i], sigma);
            grid_.overCore(place.tile, [&](std::size_t begin, std::size_t length) {
                for (std::size_t j = begin; j < begin + length; ++j)
                    after[j] = profile.derivative(responses[j]);
            });
        },
        out);
}

// The cores of a filter one after the other, a plane for each group and filter.
std::uint8_t* RidgeField::pieces(const Place& place, std::size_t filter) {
    const std::size_t plane = static_cast<std::size_t>(place.group) * active_.size() + filter;
    return pieces_.data() + plane * picture_.planeSize() + grid_.coreOffset(place.tile);
}

void RidgeField::linearise(ConstImageRef x, double sigma) {
    if (point_.empty()) {
        point_ = Image(picture_);
        pieces_ = BasicBuffer<std::uint8_t>(static_cast<std::size_t>(groups_) * active_.size() *
                                            picture_.planeSize());
    }
    copy(x, point_);
    sigma_ = sigma;
    overPlaces([&](Worker& worker, const Place& place) {
        load(worker, place, x, worker.in);
        for (std::size_t i = 0; i < active_.size(); ++i) {
            respond(worker, worker.in, i, worker.canvas);
            const RidgeProfile profile(*bank_, active_[i], sigma);
            std::uint8_t* to = pieces(place, i);
            grid_.overCore(place.tile, [&](std::size_t begin, std::size_t length) {
                for (std::size_t j = begin; j < begin + length; ++j)
                    *to++ = static_cast<std::uint8_t>(profile.piece(worker.canvas[j]));
            });
        }
    });
}

void RidgeField::hessian(ConstImageRef v, ImageRef out) {
    const Real* slopes = bank_->slopes().data();
    pass(
        v,
        [&](const Place& place, std::size_t i, const Real* responses, Real* after) {
            const std::uint8_t* at = pieces(place, i);
            grid_.overCore(place.tile, [&](std::size_t begin, std::size_t length) {
                for (std::size_t j = 0; j < length; ++j)
                    after[begin + j] = slopes[at[j]] * responses[begin + j];
                at += length;
            });
        },
        out);
}

std::size_t RidgeField::workBytes(const RidgeArchitecture& architecture, Shape picture) {
    const TileGrid grid(picture.height, picture.width, kReach);
    const auto canvas = static_cast<double>(grid.canvas().size());
    const double spectrum = canvas / 2 * sizeof(Complex);
    const int channels = std::min(architecture.channels(), picture.channels);
    const int groups = picture.channels / channels;
    const double results = groups * grid.count() * channels * canvas * sizeof(Real);
    const double transfers = static_cast<double>(architecture.filters) * channels * spectrum;
    const double workers = std::min(threadCount(), groups * grid.count()) *
                           ((3 * channels + 2) * spectrum + 2 * canvas * sizeof(Real));
    return static_cast<std::size_t>(results + transfers + workers);
}

}  // namespace stillpoint
