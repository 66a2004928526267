// SPDX-License-Identifier: GPL-3.0-or-later
// stillpoint-convergence: how many iterations and applications of T each way of acceleration needs.
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "solver/core/error.h"
#include "solver/core/parallel.h"
#include "solver/physics/noise.h"
#include "solver/run/problem.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr const char* kUsage =
    "stillpoint-convergence [--filter TEXT] [--size N] [--max-iter N] [--scale S]\n"
    "For each problem and each way of acceleration: iterations/applications of T until the residual is at "
    "1e-3, 1e-5\n"
    "and 1e-8 (1e-10 in double precision as well); '-' where it was not reached, with the final status.\n"
    "  --filter TEXT   only rows whose 'problem blur method' contains TEXT\n"
    "  --size N        side of the picture (128)\n"
    "  --max-iter N    iteration limit (4000)\n"
    "  --scale S       only data scaled by S; without it 1, 1e-3 and 1e3\n";

constexpr bool kDouble = sizeof(Real) == 8;

struct Options {
    std::string filter;
    int size = 128;
    int maxIter = 4000;
    std::vector<double> scales{1, 1e-3, 1e3};
    bool help = false;
};

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& name = arguments[i];
        if (name == "--help" || name == "-h") {
            options.help = true;
            return options;
        }
        if (name != "--filter" && name != "--size" && name != "--max-iter" && name != "--scale")
            throw Error(name, "Unknown option '" + name +
                                  "'; allowed are --filter, --size, --max-iter, --scale and --help.");
        if (i + 1 == arguments.size()) throw Error(name, "Option " + name + " needs a value.");
        const std::string& value = arguments[++i];
        if (name == "--filter") {
            options.filter = value;
            continue;
        }
        const std::optional<double> number = parseDouble(value);
        if (!number || !(*number > 0) || !std::isfinite(*number))
            throw Error(name, name + " is '" + value + "'; allowed is a positive number.");
        if (name == "--size") options.size = static_cast<int>(*number);
        if (name == "--max-iter") options.maxIter = static_cast<int>(*number);
        if (name == "--scale") options.scales = {*number};
    }
    return options;
}

struct Method {
    std::string name;
    AndersonParams params;
};

Method ours(int history) {
    Method method{"Anderson " + std::to_string(history), {}};
    method.params.history = history;
    return method;
}

// As other programs do it: a ridge that is an absolute number, no safeguard.
Method reference(int history, double beta, double ridge) {
    Method method{"absolute ridge " + toText(ridge), {}};
    method.params.history = history;
    method.params.interval = 1;
    method.params.beta = beta;
    method.params.ridge = ridge;
    method.params.ridgeScaling = RidgeScaling::absolute;
    method.params.growth = 1e6;
    method.params.weightCap = 1e16;
    return method;
}

std::vector<Method> methods() {
    Method plain{"Picard", {}};
    plain.params.enabled = false;
    return {plain, reference(5, 1, 1e-4), reference(10, 0.9, 0.1), ours(3), ours(5), ours(10), ours(20)};
}

struct Case {
    std::string name;
    std::vector<std::pair<std::string, std::string>> entries;
};

std::vector<Case> cases() {
    return {{"PGD + TV", {{"iterator", "pgd"}, {"prior", "tv"}, {"prior.lambda", "0.0006"}}},
            {"PGD + wavelet", {{"iterator", "pgd"}, {"prior", "wavelet"}}},
            {"GD + Tikhonov", {{"iterator", "gd"}, {"prior", "tikhonov"}, {"prior.lambda", "0.001"}}},
            {"HQS + TV", {{"iterator", "hqs"}, {"prior", "tv"}, {"prior.lambda", "0.0006"}, {"step", "10"}}},
            {"ADMM + TV", {{"iterator", "admm"}, {"prior", "tv"}, {"prior.lambda", "0.0006"}}}};
}

const std::array<double, 4> kTolerances{1e-3, 1e-5, 1e-8, 1e-10};
constexpr std::size_t kTolerancesUsed = kDouble ? 4 : 3;

struct Crossing {
    int iterations = 0;
    long evaluations = 0;
};

struct Outcome {
    std::array<Crossing, 4> crossings{};
    SolveSummary summary;
};

// The map on scaled data: s T(z / s) has the fixed point s x*. What depends on the size of the numbers shows.
Outcome solve(Problem& problem, const Image& blurred, const Method& method, double scaling, int maxIter) {
    const std::size_t size = problem.iterator->stateSize();
    Buffer scaled(size);
    const auto map = [&](ConstRealSpan z, RealSpan out) {
        copy(z, scaled.span());
        scale(1 / scaling, scaled.span());
        problem.iterator->apply(scaled.span(), out);
        scale(scaling, out);
    };
    FixedPointSolver solver(map, size, {maxIter, kTolerances[kTolerancesUsed - 1], 500}, method.params);
    problem.start(blurred, solver.startingPoint());
    scale(scaling, solver.startingPoint());
    Outcome outcome;
    while (!solver.done()) {
        const IterationRecord& record = solver.step();
        for (std::size_t t = 0; t < kTolerancesUsed; ++t)
            if (outcome.crossings[t].iterations == 0 && record.residual <= kTolerances[t])
                outcome.crossings[t] = {record.iteration, record.evaluations};
    }
    outcome.summary = solver.summary();
    return outcome;
}

void print(const std::string& row, double scaling, const Outcome& outcome) {
    std::printf("%-46s %7s", row.c_str(), toText(scaling).c_str());
    for (std::size_t t = 0; t < kTolerancesUsed; ++t) {
        const Crossing& crossing = outcome.crossings[t];
        const std::string cell = crossing.iterations == 0 ? "-"
                                                          : std::to_string(crossing.iterations) + "/" +
                                                                std::to_string(crossing.evaluations);
        std::printf(" %11s", cell.c_str());
    }
    long refused = 0;
    for (const long count : outcome.summary.refusals) refused += count;
    std::printf("  %s %.1e, %ld refused\n", name(outcome.summary.status), outcome.summary.residual, refused);
    std::fflush(stdout);
}

void run(const Options& options) {
    std::printf("%-46s %7s", "problem, blur, method", "scale");
    for (std::size_t t = 0; t < kTolerancesUsed; ++t) std::printf(" %11s", toText(kTolerances[t]).c_str());
    std::printf("  at the end\n");
    const Image scene = scenePicture({1, options.size, options.size});
    for (const Case& entry : cases())
        for (const char* width : {"0.8", "1.6", "3"}) {
            Recipe recipe;
            for (const auto& [key, value] : entry.entries) recipe.set(key, value);
            recipe.set("kernel", "gaussian:sigma=" + std::string(width));
            const auto params = readParams<ProblemParams>(recipe, "");
            Image blurred(scene.shape());
            BlurOperator op(makeKernel(params.kernel), scene.shape());
            op.apply(scene, blurred);
            addGaussianNoise(blurred, 0.01, 1);
            const auto problem = build(Registry::builtin().suggest(recipe, 0.01), blurred, makeKernel);
            for (const Method& method : methods())
                for (const double scaling : options.scales) {
                    const std::string row =
                        entry.name + ", Gaussian " + std::string(width) + ", " + method.name;
                    if (row.find(options.filter) == std::string::npos) continue;
                    print(row, scaling, solve(*problem, blurred, method, scaling, options.maxIter));
                }
        }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse({argv + 1, argv + argc});
        setThreadCount(hardwareThreads());
        if (options.help)
            std::cout << kUsage;
        else
            run(options);
        return 0;
    } catch (const Error& error) {
        std::cerr << "stillpoint-convergence: " << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "stillpoint-convergence: " << error.what() << '\n';
        return 1;
    }
}
