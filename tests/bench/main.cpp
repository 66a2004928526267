// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "solver/core/error.h"
#include "solver/core/parallel.h"
#include "tests/bench/report.h"
#include "tests/bench/suite.h"

using namespace stillpoint;

namespace {

constexpr const char* kUsage =
    "stillpoint-bench [--filter TEXT] [--threads N] [--json FILE]\n"
    "Times the solver's parts; prints the median and the fastest of repeated runs.\n"
    "  --filter TEXT   only rows whose name or size contains TEXT\n"
    "  --threads N     with N threads; without it, with 1 and 2\n"
    "  --json FILE     the rows also as JSON\n";

constexpr int kExitBadArguments = 2;
constexpr int kMostThreads = 64;

struct Options {
    std::string filter;
    std::vector<int> threads;
    std::string json;
    bool help = false;
};

int parseThreads(const std::string& text) {
    int value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || value < 1 || value > kMostThreads)
        throw Error("threads", "--threads is '" + text + "'; allowed is a whole number from 1 to " +
                                   std::to_string(kMostThreads) + ".");
    return value;
}

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& name = arguments[i];
        if (name == "--help" || name == "-h") {
            options.help = true;
            return options;
        }
        if (name != "--filter" && name != "--threads" && name != "--json")
            throw Error(name,
                        "Unknown option '" + name + "'; allowed are --filter, --threads, --json and --help.");
        if (i + 1 == arguments.size()) throw Error(name, "Option " + name + " needs a value.");
        const auto& value = arguments[++i];
        if (name == "--filter") options.filter = value;
        if (name == "--threads") options.threads = {parseThreads(value)};
        if (name == "--json") options.json = value;
    }
    if (options.threads.empty()) options.threads = hardwareThreads() > 1 ? std::vector{1, 2} : std::vector{1};
    return options;
}

void run(const Options& options) {
    if (!options.json.empty()) checkWritable(options.json);  // before the work, not after it
    BenchSuite suite;
    addSolverRows(suite);
    addNetworkRows(suite);
    std::vector<BenchResult> results;
    std::cout << tableHeader() << std::endl;
    suite.run(options.filter, options.threads, [&](const BenchResult& result) {
        results.push_back(result);
        std::cout << tableRow(result) << std::endl;
    });
    if (results.empty())
        throw Error("filter", "--filter is '" + options.filter + "'; no row has that in its name or size.");
    if (!options.json.empty()) writeFile(options.json, toJson(results));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse({argv + 1, argv + argc});
        if (options.help) {
            std::cout << kUsage;
            return 0;
        }
        run(options);
        return 0;
    } catch (const Error& error) {
        std::cerr << "stillpoint-bench: " << error.what() << '\n';
        return kExitBadArguments;
    } catch (const std::exception& error) {
        std::cerr << "stillpoint-bench: " << error.what() << '\n';
        return 1;
    }
}
