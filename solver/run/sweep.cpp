// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/sweep.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "solver/core/checksum.h"
#include "solver/run/problem.h"

namespace stillpoint {
namespace {

constexpr std::size_t kMaxPoints = 100000;
constexpr int kDefaultValues = 9;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw Error("over", "'" + std::string(text) + "' " + why);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

// Ten digits: 0.2 + 0.1 is 0.3 in a table.
std::string tidy(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.10g", value);
    std::replace(text, text + std::strlen(text), ',', '.');
    return toText(parseDouble(text).value_or(value));
}

struct Range {
    double first, last;
    std::optional<double> step, factor;
};

// "A..B", "A..B:STEP", "A..B:xFACTOR"; nothing if there are no two dots.
std::optional<Range> parseRange(std::string_view whole, std::string_view text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(dots + 2);
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const auto first = parseDouble(text.substr(0, dots)), last = parseDouble(rest.substr(0, colon));
    if (!first || !last || !std::isfinite(*first) || !std::isfinite(*last))
        refuse(whole, "is not a range; allowed is KEY=A..B, KEY=A..B:STEP or KEY=A..B:xFACTOR.");
    if (!(*first <= *last)) refuse(whole, "goes down; the first number of a range must not exceed the last.");
    Range range{*first, *last, {}, {}};
    if (colon == rest.size()) return range;
    const std::string_view by = rest.substr(colon + 1);
    const bool factor = by.starts_with('x');
    const auto number = parseDouble(factor ? by.substr(1) : by);
    if (factor && (!number || !(*number > 1) || !std::isfinite(*number) || !(*first > 0)))
        refuse(whole, "needs a factor above 1 after the x, and a range above 0.");
    if (!factor && (!number || !(*number > 0) || !std::isfinite(*number)))
        refuse(whole, "needs a step above 0 after the colon.");
    (factor ? range.factor : range.step) = number;
    return range;
}

void setDefaultStep(Range& range, const Param& param) {
    if (range.step || range.factor) return;
    if (param.kind == ParamKind::integer) {
        range.step = 1;
    } else if (param.info.scale == ParamScale::logarithmic && range.first > 0 && range.last > range.first) {
        range.factor = std::pow(range.last / range.first, 1.0 / (kDefaultValues - 1));
    } else {
        range.step = std::max((range.last - range.first) / (kDefaultValues - 1), 1e-300);
    }
}

std::vector<std::string> valuesOf(std::string_view whole, const Range& range) {
    std::vector<std::string> values;
    for (int i = 0;; ++i) {
        const double value =
            range.factor ? range.first * std::pow(*range.factor, i) : range.first + i * *range.step;
        // The last value is in, whatever the rounding of the steps.
        if (value > range.last + 1e-9 * std::abs(range.last)) break;
        if (values.size() == kMaxAxisValues)
            refuse(whole, "has more than " + std::to_string(kMaxAxisValues) + " values; take a larger step.");
        values.push_back(tidy(std::min(value, range.last)));
        if (range.step && range.first + range.step.value() == range.first) break;
    }
    return values;
}

}  // namespace

SweepAxis parseSweepAxis(std::string_view text, const Recipe& recipe) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
        refuse(text, "is not KEY=VALUES, for example anderson.history=0..12 or prior=tv,wavelet.");
    SweepAxis axis{std::string(text.substr(0, equals)), {}};
    const KeyedParam keyed = Registry::builtin().find(recipe, axis.key);
    if (keyed.param == nullptr) refuse(axis.key, "is no parameter of the selected components.");
    const Param& param = *keyed.param;
    const std::string_view values = text.substr(equals + 1);
    const bool number = param.kind == ParamKind::real || param.kind == ParamKind::integer;
    if (auto range = number ? parseRange(text, values) : std::nullopt) {
        setDefaultStep(*range, param);
        axis.values = valuesOf(text, *range);
    } else {
        axis.values = split(values, values.find(';') == std::string_view::npos ? ',' : ';');
    }
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
        const auto parsed = parseValue(param, axis.key, axis.values[i]);
        if (const auto* issue = std::get_if<Issue>(&parsed)) throw Error("over", issue->text);
        if (std::find(axis.values.begin(), axis.values.begin() + static_cast<long>(i), axis.values[i]) !=
            axis.values.begin() + static_cast<long>(i))
            refuse(text, "has the value " + axis.values[i] + " more than once.");
    }
    if (axis.values.size() > kMaxAxisValues)
        refuse(text, "has more than " + std::to_string(kMaxAxisValues) + " values.");
    return axis;
}

const char* name(SweepMetric metric) {
    constexpr const char* kNames[] = {"iterations", "evaluations", "seconds", "psnr"};
    return kNames[static_cast<std::size_t>(metric)];
}

double metricOf(const SweepResult& result, SweepMetric metric) {
    if (metric == SweepMetric::psnr) return result.psnr;
    if (result.status != name(SolveStatus::converged)) return kNotMeasured;
    if (metric == SweepMetric::iterations) return result.iterations;
    return metric == SweepMetric::evaluations ? static_cast<double>(result.evaluations) : result.seconds;
}

bool better(double a, double b, SweepMetric metric) {
    if (std::isnan(b)) return !std::isnan(a);
    return metric == SweepMetric::psnr ? a > b : a < b;
}

SweepGrid::SweepGrid(Recipe recipe, std::vector<SweepAxis> axes)
    : recipe_(std::move(recipe)), axes_(std::move(axes)) {
    if (axes_.empty()) throw Error("over", "There is nothing to vary; give KEY=VALUES at least once.");
    for (std::size_t i = 0; i < axes_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j)
            if (axes_[i].key == axes_[j].key) refuse(axes_[i].key, "is varied more than once.");
        size_ *= axes_[i].values.size();
        if (size_ > kMaxPoints)
            throw Error("over", "The grid has more than " + std::to_string(kMaxPoints) +
                                    " points; take fewer values.");
    }
}

std::vector<std::size_t> SweepGrid::at(std::size_t point) const {
    std::vector<std::size_t> indices(axes_.size());
    for (std::size_t i = axes_.size(); i-- > 0;) {
        indices[i] = point % axes_[i].values.size();
        point /= axes_[i].values.size();
    }
    return indices;
}

std::vector<std::string> SweepGrid::values(std::size_t point) const {
    const auto indices = at(point);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < axes_.size(); ++i) texts.push_back(axes_[i].values[indices[i]]);
    return texts;
}

Recipe SweepGrid::recipe(std::size_t point, double noiseSigma) const {
    Recipe recipe = recipe_;
    const auto texts = values(point);
    for (std::size_t i = 0; i < axes_.size(); ++i) recipe.set(axes_[i].key, texts[i]);
    return Registry::builtin().suggest(recipe, noiseSigma);
}

std::optional<SweepResult> runSweepPoint(const Recipe& recipe, const RunInput& input,
                                         const RunOptions& options, std::stop_token stop) {
    SweepResult result;
    const auto issues = Registry::builtin().check(recipe);
    if (!issues.empty()) {
        result.status = "invalid";
        result.message = issues.front().text;
        return result;
    }
    RunOptions unmeasured = options;
    unmeasured.measure = false;
    RunSession run(recipe, input, unmeasured);
    while (!run.done()) {
        if (stop.stop_requested()) return std::nullopt;
        run.step();
    }
    const RunRecord& record = run.finish();
    result.status = name(record.summary.status);
    result.message = record.summary.message;
    result.iterations = record.summary.iterations;
    result.evaluations = record.summary.evaluations;
    result.residual = record.summary.residual;
    result.seconds = record.summary.seconds;
    result.psnr = record.psnr;
    return result;
}

namespace {

std::string field(const std::string& text) {
    if (text.find_first_of(",\"") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string field(double number) {
    return std::isfinite(number) ? toText(number) : std::string{};
}

constexpr std::size_t kResultFields = 7;

void add(Checksum& sum, const Image* picture) {
    const Shape shape = picture ? picture->shape() : Shape{};
    const int sides[] = {shape.channels, shape.height, shape.width};
    sum.add(std::as_bytes(std::span(sides)));
    if (picture) sum.add(std::as_bytes(picture->samples()));
}

}  // namespace

std::string sweepHeader(const SweepGrid& grid) {
    std::string header;
    for (const auto& axis : grid.axes()) header += axis.key + ',';
    return header + "status,iterations,evaluations,residual,seconds,psnr,run\n";
}

std::string sweepRow(const std::vector<std::string>& values, const SweepResult& result,
                     const std::string& run) {
    std::string row;
    for (const auto& value : values) row += field(value) + ',';
    return row + result.status + ',' + std::to_string(result.iterations) + ',' +
           std::to_string(result.evaluations) + ',' + field(result.residual) + ',' + field(result.seconds) +
           ',' + field(result.psnr) + ',' + run + '\n';
}

std::optional<SweepRow> readSweepRow(std::string_view row) {
    // The fields of the result have no quotes: they are the last ones, whatever the values are.
    const auto fields = split(row, ',');
    if (fields.size() <= kResultFields) return std::nullopt;
    const auto* last = &fields[fields.size() - kResultFields];
    const auto iterations = parseDouble(last[1]), evaluations = parseDouble(last[2]);
    if (last[6].size() != 16 || !iterations || !evaluations) return std::nullopt;
    SweepRow result;
    result.result.status = last[0];
    result.result.iterations = static_cast<int>(*iterations);
    result.result.evaluations = static_cast<long>(*evaluations);
    result.result.residual = parseDouble(last[3]).value_or(kNotMeasured);
    result.result.seconds = parseDouble(last[4]).value_or(kNotMeasured);
    result.result.psnr = parseDouble(last[5]).value_or(kNotMeasured);
    result.run = last[6];
    return result;
}

std::string sweepChecksum(const Recipe& complete, const RunInput& input, const Kernel& kernel) {
    Checksum sum;
    const std::string text = complete.toText();
    sum.add(std::as_bytes(std::span(text)));
    add(sum, input.blurred.get());
    add(sum, input.reference.get());
    add(sum, input.start.get());
    add(sum, &kernel.pixels);
    return sum.text();
}

}  // namespace stillpoint
