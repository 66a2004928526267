// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/report.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "solver/core/parallel.h"
#include "solver/core/param.h"
#include "solver/core/version.h"

namespace stillpoint {
namespace {

// Rounded to nanoseconds: more digits are noise.
std::string milliseconds(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.6f", value);  // the program never leaves the C locale
    return text;
}

std::string padded(const std::string& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

constexpr const char* kPart = ".part";

[[noreturn]] void refuse(const std::string& path) {
    throw Error("json",
                "--json is '" + path +
                    "', which cannot be written; allowed is a file in a folder that exists and may be "
                    "written to.");
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

}  // namespace

std::string tableHeader() {
    return "name                    size           threads    median ms       min ms   repeats   GFLOP/s   "
           "of peak";
}

std::string tableRow(const BenchResult& result) {
    char times[64];
    std::snprintf(times, sizeof times, "%13.4f%13.4f", result.medianMs, result.minMs);
    std::string name = result.name;
    name.resize(std::max<std::size_t>(name.size() + 1, 24), ' ');
    std::string size = result.size;
    size.resize(std::max<std::size_t>(size.size() + 1, 15), ' ');
    char speed[64] = "";
    if (result.gigaflops > 0)
        std::snprintf(speed, sizeof speed, "%10.1f%8.0f %%", result.gigaflops, 100 * result.peakShare);
    return name + size + padded(std::to_string(result.threads), 7) + times +
           padded(std::to_string(result.repeats), 10) + speed;
}

std::string toJson(const std::vector<BenchResult>& results) {
    std::string text = "{\n  \"version\": " + quoted(kVersion) +
                       ",\n  \"hardware_threads\": " + std::to_string(hardwareThreads()) + ",\n  \"rows\": [";
    for (const auto& r : results) {
        text += &r == results.data() ? "\n" : ",\n";
        text += "    {\"name\": " + quoted(r.name) + ", \"size\": " + quoted(r.size) +
                ", \"threads\": " + std::to_string(r.threads) +
                ", \"median_ms\": " + milliseconds(r.medianMs) + ", \"min_ms\": " + milliseconds(r.minMs) +
                ", \"repeats\": " + std::to_string(r.repeats);
        if (r.gigaflops > 0)
            text += ", \"gigaflops\": " + milliseconds(r.gigaflops) +
                    ", \"peak_share\": " + milliseconds(r.peakShare);
        text += "}";
    }
    return text + "\n  ]\n}\n";
}

void checkWritable(const std::string& path) {
    const std::string beside = path + kPart;
    std::error_code ignored;
    const bool folder = std::filesystem::is_directory(path, ignored);
    if (!folder && std::ofstream(beside, std::ios::binary)) {
        std::filesystem::remove(beside, ignored);
        return;
    }
    refuse(path);
}

void writeFile(const std::string& path, const std::string& text) {
    const std::string beside = path + kPart;
    std::ofstream file(beside, std::ios::binary);
    file << text;
    file.close();
    std::error_code fault;
    if (file) std::filesystem::rename(beside, path, fault);
    if (file && !fault) return;
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    refuse(path);
}

}  // namespace stillpoint
