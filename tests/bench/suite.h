// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "solver/image/image.h"

namespace stillpoint {

/// What is timed, once a repeat. It owns all it needs.
using BenchBody = std::function<void()>;
/// Makes the body for a picture size, with the calling thread's thread count. Not timed.
using BenchMaker = std::function<BenchBody(Shape)>;

struct BenchResult {
    std::string name;
    std::string size;  ///< "3x256x256": channels x height x width
    int threads = 1;
    double medianMs = 0;
    double minMs = 0;
    int repeats = 0;
    double gigaflops = 0;  ///< a second, by the median; 0 for rows that do not say how many they do
    double peakShare = 0;  ///< of peakGigaflops() at the same number of threads
};

/// The rows of the benchmark, in the order of their registration.
class BenchSuite {
 public:
    /// A row for each of the standard sizes: 1x256x256, 3x256x256, 3x512x512, 3x1024x1024.
    void add(const std::string& name, const BenchMaker& maker);
    /// flops: floating-point operations of one call of the body, 0 if it does not matter.
    void add(const std::string& name, Shape shape, BenchMaker maker, double flops = 0);

    /// Runs the rows whose "name size" contains the filter (upper and lower case are the same), each with
    /// each thread count; calls report after each. Throws what a row throws.
    void run(const std::string& filter, const std::vector<int>& threadCounts,
             const std::function<void(const BenchResult&)>& report) const;

 private:
    struct Row {
        std::string name;
        Shape shape;
        BenchMaker maker;
        double flops = 0;
    };
    std::vector<Row> rows_;
};

std::string sizeText(Shape shape);

/// One function for each file of rows; main calls them all.
void addSolverRows(BenchSuite& suite);
void addNetworkRows(BenchSuite& suite);

}  // namespace stillpoint
