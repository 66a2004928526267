// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/suite.h"

#include <algorithm>
#include <map>

#include "solver/core/parallel.h"
#include "solver/core/timer.h"
#include "tests/bench/peak.h"

namespace stillpoint {
namespace {

constexpr int kWarmUps = 2;  // first touch of memory, start of the threads
constexpr int kFewestRepeats = 5;
constexpr int kMostRepeats = 300;
constexpr double kSecondsPerRow = 0.4;

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

BenchResult measure(const BenchBody& body) {
    for (int i = 0; i < kWarmUps; ++i) body();
    std::vector<double> times;
    double total = 0;
    for (int i = 0; i < kMostRepeats && (i < kFewestRepeats || total < kSecondsPerRow); ++i) {
        const Timer timer;
        body();
        times.push_back(timer.seconds());
        total += times.back();
    }
    std::sort(times.begin(), times.end());
    const std::size_t middle = times.size() / 2;
    const double median = times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    BenchResult result;
    result.medianMs = median * 1e3;
    result.minMs = times.front() * 1e3;
    result.repeats = static_cast<int>(times.size());
    return result;
}

}  // namespace

std::string sizeText(Shape shape) {
    return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
           std::to_string(shape.width);
}

void BenchSuite::add(const std::string& name, const BenchMaker& maker) {
    for (const Shape shape :
         {Shape{1, 256, 256}, {3, 256, 256}, {3, 321, 481}, {3, 512, 512}, {3, 1024, 1024}})
        add(name, shape, maker);
}

void BenchSuite::add(const std::string& name, Shape shape, BenchMaker maker, double flops) {
    rows_.push_back({name, shape, std::move(maker), flops});
}

void BenchSuite::run(const std::string& filter, const std::vector<int>& threadCounts,
                     const std::function<void(const BenchResult&)>& report) const {
    std::map<int, double> peaks;
    for (const auto& row : rows_) {
        const std::string size = sizeText(row.shape);
        if (lower(row.name + " " + size).find(lower(filter)) == std::string::npos) continue;
        for (const int threads : threadCounts) {
            setThreadCount(threads);
            auto result = measure(row.maker(row.shape));
            result.name = row.name;
            result.size = size;
            result.threads = threads;
            if (row.flops > 0) {
                result.gigaflops = 1e-6 * row.flops / result.medianMs;
                double& peak = peaks[threads];  // the best seen: other work on the machine only lowers it
                peak = std::max(peak, peakGigaflops());
                result.peakShare = result.gigaflops / peak;
            }
            report(result);
        }
    }
}

}  // namespace stillpoint
