// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/kernel_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "solver/core/param.h"

namespace stillpoint {
namespace {

constexpr std::size_t kLargestSide = 4096;
constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 29;  // 32 characters for each of 4096^2 numbers

[[noreturn]] void refuse(const std::string& name, const std::string& fault) {
    throw Error("kernel", "Kernel file '" + name + "' " + fault);
}

[[noreturn]] void refuseLine(const std::string& name, std::size_t line, const std::string& fault) {
    refuse(name, "is not a matrix of numbers: line " + std::to_string(line) + " " + fault);
}

// What a message may show of a field that can be anything, a part of a picture included.
std::string shown(std::string_view field) {
    std::string text(field.substr(0, 20));
    for (char& c : text)
        if (c < ' ' || c > '~') c = '?';
    return field.size() > 20 ? text + "..." : text;
}

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    return text;
}

// Splits at every comma or semicolon, or at runs of blanks where the line has neither.
std::vector<std::string_view> fields(std::string_view line) {
    const bool blanks = line.find_first_of(",;") == std::string_view::npos;
    const std::string_view separators = blanks ? " \t" : ",;";
    std::vector<std::string_view> list;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(separators), line.size());
        list.push_back(trimmed(line.substr(0, end)));
        line = line.substr(std::min(end + 1, line.size()));  // a separator at the end of the line is harmless
        if (blanks) line = trimmed(line);
    }
    return list;
}

double parseField(std::string_view field, const std::string& name, std::size_t line) {
    if (field.empty()) refuseLine(name, line, "has an empty field.");
    const auto value = parseDouble(field);
    if (!value) refuseLine(name, line, "has '" + shown(field) + "' where a number is wanted.");
    return *value;
}

std::vector<double> parseLine(std::string_view text, const std::string& name, std::size_t line) {
    std::vector<double> row;
    text = trimmed(text.substr(0, text.find('#')));
    if (text.find(',') != std::string_view::npos && text.find(';') != std::string_view::npos)
        refuseLine(name, line, "has both commas and semicolons; decimals are written with a point.");
    for (const auto field : fields(text)) row.push_back(parseField(field, name, line));
    return row;
}

Image toImage(const std::vector<std::vector<double>>& rows) {
    Image image(1, static_cast<int>(rows.size()), static_cast<int>(rows.front().size()));
    double largest = 0;
    for (const auto& row : rows) largest = std::max(largest, *std::max_element(row.begin(), row.end()));
    const double scale = std::isfinite(largest) && largest > 0 ? largest : 1;
    for (std::size_t y = 0; y < rows.size(); ++y)
        for (std::size_t x = 0; x < rows[y].size(); ++x)
            image.at(0, static_cast<int>(y), static_cast<int>(x)) = static_cast<Real>(rows[y][x] / scale);
    return image;
}

}  // namespace

bool kernelFileExists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

Image parseKernelMatrix(std::string_view text, const std::string& name) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // byte order mark of some editors
    std::vector<std::vector<double>> rows;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        auto content = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (content.ends_with('\r')) content.remove_suffix(1);
        auto row = parseLine(content, name, line);
        if (row.empty()) continue;
        if (!rows.empty() && row.size() != rows.front().size())
            refuseLine(name, line,
                       "has " + std::to_string(row.size()) + " numbers, the first row has " +
                           std::to_string(rows.front().size()) + ".");
        if (rows.size() == kLargestSide || row.size() > kLargestSide)
            refuseLine(name, line, "goes beyond the limit of 4096 rows and 4096 columns.");
        rows.push_back(std::move(row));
    }
    if (rows.empty()) refuse(name, "has no numbers; it needs at least one row.");
    return toImage(rows);
}

Image readKernelFile(const std::string& path) {
    std::error_code fault;
    const auto size = std::filesystem::file_size(path, fault);
    if (fault) refuse(path, "cannot be read: it is not a regular file or access is denied.");
    if (size > kLargestFile) refuse(path, "is larger than the 512 MiB allowed.");
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || file.bad()) refuse(path, "cannot be read.");
    return parseKernelMatrix(text, path);
}

}  // namespace stillpoint
