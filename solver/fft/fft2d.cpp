// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fft/fft2d.h"

#include <fftw3.h>

#include <algorithm>
#include <cassert>
#include <mutex>
#include <string>
#include <system_error>

#include "solver/core/buffer.h"
#include "solver/core/error.h"
#include "solver/core/parallel.h"

#ifdef STILLPOINT_VERIFY
#define FFTW(name) fftw_##name
#else
#define FFTW(name) fftwf_##name
#endif

namespace stillpoint {
namespace {

// Measuring may try many algorithms for odd sizes; two seconds find a plan within a few per cent of the best.
constexpr double kPlanningSeconds = 2.0;

struct Planner {
    std::mutex mutex;
    std::filesystem::path file;
    bool threadsReady = false;
};
Planner& planner() {
    static Planner instance;
    return instance;
}

FFTW(complex) * raw(Complex* p) {
    return reinterpret_cast<FFTW(complex)*>(p);
}

void savePlans(const std::filesystem::path& file) {
    if (file.empty()) return;
    auto beside = file;
    beside += ".new";
    std::error_code ignored;  // a cache that cannot be written costs time, not correctness
    std::filesystem::create_directories(file.parent_path(), ignored);
    if (FFTW(export_wisdom_to_filename)(beside.string().c_str()))
        std::filesystem::rename(beside, file, ignored);
}

}  // namespace

struct Fft2d::Plans {
    FFTW(plan) forward = nullptr;
    FFTW(plan) inverse = nullptr;
    ~Plans() {
        const std::lock_guard lock(planner().mutex);
        if (forward) FFTW(destroy_plan)(forward);
        if (inverse) FFTW(destroy_plan)(inverse);
    }
};

Fft2d::Fft2d(Shape shape) : shape_(shape), plans_(std::make_unique<Plans>()) {
    assert(shape.size() > 0);
    Buffer samples(shape.size());
    ComplexBuffer spectrum(spectrumSize());
    const int n[2] = {shape.height, shape.width};
    const auto plane = static_cast<int>(shape.planeSize());
    const auto half = static_cast<int>(planeSpectrumSize());
    const std::lock_guard lock(planner().mutex);
#ifdef _OPENMP
    if (!planner().threadsReady) planner().threadsReady = FFTW(init_threads)() != 0;
    if (planner().threadsReady) FFTW(plan_with_nthreads)(threadCount());
#endif
    FFTW(set_timelimit)(kPlanningSeconds);
    const auto plan = [&](unsigned flags) {
        if (!plans_->forward)
            plans_->forward = FFTW(plan_many_dft_r2c)(2, n, shape.channels, samples.data(), nullptr, 1, plane,
                                                      raw(spectrum.data()), nullptr, 1, half, flags);
        if (!plans_->inverse)
            plans_->inverse = FFTW(plan_many_dft_c2r)(2, n, shape.channels, raw(spectrum.data()), nullptr, 1,
                                                      half, samples.data(), nullptr, 1, plane, flags);
        return plans_->forward && plans_->inverse;
    };
    if (plan(FFTW_MEASURE | FFTW_WISDOM_ONLY)) return;
    if (!plan(FFTW_MEASURE))
        throw Error("", "No Fourier transform could be planned for " + std::to_string(shape.width) + " x " +
                            std::to_string(shape.height) + " pixels.");
    savePlans(planner().file);
}

Fft2d::~Fft2d() = default;
Fft2d::Fft2d(Fft2d&&) noexcept = default;
Fft2d& Fft2d::operator=(Fft2d&&) noexcept = default;

void Fft2d::forward(ConstRealSpan samples, std::span<Complex> spectrum) const {
    assert(samples.size() == shape_.size() && spectrum.size() == spectrumSize());
    // FFTW takes a non-const pointer but keeps the input of an out-of-place real transform.
    FFTW(execute_dft_r2c)(plans_->forward, const_cast<Real*>(samples.data()), raw(spectrum.data()));
}

void Fft2d::inverse(std::span<Complex> spectrum, RealSpan samples) const {
    assert(samples.size() == shape_.size() && spectrum.size() == spectrumSize());
    FFTW(execute_dft_c2r)(plans_->inverse, raw(spectrum.data()), samples.data());
}

void setPlanFile(const std::filesystem::path& file) {
    const std::lock_guard lock(planner().mutex);
    planner().file = file;
#ifdef _OPENMP
    if (!planner().threadsReady) planner().threadsReady = FFTW(init_threads)() != 0;
#endif
    FFTW(import_wisdom_from_filename)(file.string().c_str());
}

int fastFftSize(int n) {
    for (int size = std::max(n, 1);; ++size) {
        int rest = size;
        for (const int prime : {2, 3, 5})
            while (rest % prime == 0) rest /= prime;
        if (rest == 1) return size;
    }
}

}  // namespace stillpoint
