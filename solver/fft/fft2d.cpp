// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fft/fft2d.h"

#include <fftw3.h>

#include <algorithm>
#include <cassert>
#include <mutex>
#include <string>
#include <system_error>
#include <type_traits>

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

// Measuring may try many algorithms for odd sizes; this finds a plan within a few per cent of the best. There
// are eight plans.
constexpr double kPlanningSeconds = 0.25;

struct Planner {
    std::mutex mutex;
    std::filesystem::path file;
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

struct DestroyPlan {
    void operator()(FFTW(plan) plan) const {
        const std::lock_guard lock(planner().mutex);
        FFTW(destroy_plan)(plan);
    }
};
using Plan = std::unique_ptr<std::remove_pointer_t<FFTW(plan)>, DestroyPlan>;

// Lines are transformed in blocks that stay in the cache. Multiples of 4: every block of rows begins at a
// multiple of 16 bytes, at which FFTW has faster code.
constexpr int kRows = 16;
constexpr int kColumns = 16;
// Samples that are worth waking a second thread.
constexpr int kGrain = 4096;

// `count` lines in blocks of `length`, the last of which may be shorter.
struct Blocks {
    int count, length;
    int size() const { return (count + length - 1) / length; }
    int rest() const { return count - (size() - 1) * length; }
};

}  // namespace

// FFTW's own threads are not used: for sizes with large primes its plans wake them for every line, which took
// 24 000 calls of the system and 400 ms an iteration on 481 x 321, where one thread took 34 ms.
struct Fft2d::Plans {
    Blocks rows, columns;
    bool threaded = threadCount() > 1;
    // Of a whole block and of the last one.
    Plan rowsForward[2], columnsForward[2], columnsInverse[2], rowsInverse[2];

    // Calls body(block, whether it is the last) for each of them.
    template <class Body>
    void overBlocks(const Blocks& blocks, int repeats, int lineLength, const Body& body) const {
        const auto size = static_cast<std::size_t>(blocks.size());
        const auto range = [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) body(i, i % size + 1 == size);
        };
        const std::size_t count = size * static_cast<std::size_t>(repeats);
        const int grain = kGrain / (blocks.length * lineLength) + 1;
        if (threaded)
            parallelRanges(count, static_cast<std::size_t>(grain), range);
        else
            range(0, count);
    }
    void overColumns(std::span<Complex> spectrum, const Fft2d& fft, const Plan* plans) const {
        const auto size = static_cast<std::size_t>(columns.size());
        overBlocks(columns, fft.shape().channels, fft.shape().height, [&](std::size_t i, bool last) {
            Complex* first = spectrum.data() + i / size * fft.planeSpectrumSize() + i % size * kColumns;
            FFTW(execute_dft)(plans[last].get(), raw(first), raw(first));
        });
    }
};

Fft2d::Fft2d(Shape shape) : shape_(shape), plans_(std::make_unique<Plans>()) {
    assert(shape.size() > 0);
    Buffer samples(shape.size());
    ComplexBuffer spectrum(spectrumSize());
    auto* half = raw(spectrum.data());
    const int width = shape.width, height = shape.height, halfWidth = spectrumWidth();
    plans_->rows = {shape.channels * height, std::min(kRows, shape.channels * height)};
    plans_->columns = {halfWidth, std::min(kColumns, halfWidth)};
    // A plane of an odd size makes the next one begin in the middle of 16 bytes.
    const unsigned anywhere =
        sizeof(Complex) < 16 && shape.channels > 1 && planeSpectrumSize() % 2 ? FFTW_UNALIGNED : 0;
    const std::lock_guard lock(planner().mutex);
    FFTW(set_timelimit)(kPlanningSeconds);
    const auto plan = [&](unsigned flags) {
        bool all = true;
        const auto need = [&](Plan& slot, const auto& make) {
            if (!slot) slot.reset(make());
            all = all && slot != nullptr;
        };
        for (const bool last : {false, true}) {
            const int rows = last ? plans_->rows.rest() : plans_->rows.length;
            const int columns = last ? plans_->columns.rest() : plans_->columns.length;
            const auto alongColumns = [&](int sign) {
                return FFTW(plan_many_dft)(1, &height, columns, half, nullptr, halfWidth, 1, half, nullptr,
                                           halfWidth, 1, sign, flags | anywhere);
            };
            need(plans_->columnsForward[last], [&] { return alongColumns(FFTW_FORWARD); });
            need(plans_->columnsInverse[last], [&] { return alongColumns(FFTW_BACKWARD); });
            need(plans_->rowsForward[last], [&] {
                return FFTW(plan_many_dft_r2c)(1, &width, rows, samples.data(), nullptr, 1, width, half,
                                               nullptr, 1, halfWidth, flags);
            });
            need(plans_->rowsInverse[last], [&] {
                return FFTW(plan_many_dft_c2r)(1, &width, rows, half, nullptr, 1, halfWidth, samples.data(),
                                               nullptr, 1, width, flags);
            });
        }
        return all;
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
    const auto width = static_cast<std::size_t>(shape_.width),
               half = static_cast<std::size_t>(spectrumWidth());
    plans_->overBlocks(plans_->rows, 1, shape_.width, [&](std::size_t i, bool last) {
        // FFTW takes a non-const pointer but keeps the input of an out-of-place forward transform.
        FFTW(execute_dft_r2c)
        (plans_->rowsForward[last].get(), const_cast<Real*>(samples.data()) + i * kRows * width,
         raw(spectrum.data() + i * kRows * half));
    });
    plans_->overColumns(spectrum, *this, plans_->columnsForward);
}

void Fft2d::inverse(std::span<Complex> spectrum, RealSpan samples) const {
    assert(samples.size() == shape_.size() && spectrum.size() == spectrumSize());
    const auto width = static_cast<std::size_t>(shape_.width),
               half = static_cast<std::size_t>(spectrumWidth());
    plans_->overColumns(spectrum, *this, plans_->columnsInverse);
    plans_->overBlocks(plans_->rows, 1, shape_.width, [&](std::size_t i, bool last) {
        FFTW(execute_dft_c2r)
        (plans_->rowsInverse[last].get(), raw(spectrum.data() + i * kRows * half),
         samples.data() + i * kRows * width);
    });
}

void setPlanFile(const std::filesystem::path& file) {
    const std::lock_guard lock(planner().mutex);
    planner().file = file;
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
