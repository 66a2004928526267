// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/progress_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "solver/run/registry.h"
#include "ui/params/number_text.h"

namespace stillpoint {
namespace {

constexpr std::size_t kFewest = 8;
constexpr std::size_t kMost = 40;
constexpr double kFlat = -1e-4;  ///< decades per iteration: slower than that counts as standing still

QString tr(const char* text) {
    return QCoreApplication::translate("stillpoint::Progress", text);
}

struct Line {
    double slope = 0;
    double error = 0;  ///< standard error of the slope
    double end = 0;    ///< height at the last point
};

Line fit(std::span<const double> heights) {
    const auto n = static_cast<double>(heights.size());
    const double middle = (n - 1) / 2;
    double mean = 0;
    for (const double y : heights) mean += y / n;
    double xx = 0;
    double xy = 0;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const double x = static_cast<double>(i) - middle;
        xx += x * x;
        xy += x * (heights[i] - mean);
    }
    Line line;
    line.slope = xy / xx;
    line.end = mean + line.slope * middle;
    double rest = 0;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const double miss = heights[i] - mean - line.slope * (static_cast<double>(i) - middle);
        rest += miss * miss;
    }
    line.error = std::sqrt(rest / (n - 2) / xx);
    return line;
}

double number(const Recipe& recipe, const char* key) {
    return parseDouble(Registry::builtin().valueText(recipe, key)).value_or(0);
}

QString perIteration(double seconds) {
    const QLocale locale;
    if (seconds < 0.01) return tr("%1 ms each").arg(locale.toString(seconds * 1e3, 'f', 1));
    if (seconds < 1) return tr("%1 ms each").arg(locale.toString(seconds * 1e3, 'f', 0));
    return tr("%1 s each").arg(locale.toString(seconds, 'f', 1));
}

}  // namespace

std::optional<Forecast> forecast(std::span<const CurvePoint> points, double tolerance) {
    std::vector<double> heights;
    const std::size_t wanted = std::clamp(points.size() / 2, kFewest, kMost);
    for (std::size_t i = points.size(); i > 0 && heights.size() < wanted; --i) {
        const double residual = points[i - 1].step.residual;
        if (residual > 0 && std::isfinite(residual)) heights.push_back(std::log10(residual));
    }
    if (heights.size() < kFewest || !(tolerance > 0)) return std::nullopt;
    std::reverse(heights.begin(), heights.end());
    const Line line = fit(heights);
    Forecast result;
    result.converging = line.slope < kFlat;
    if (!result.converging) return result;
    const double need = std::max(0.0, line.end - std::log10(tolerance));
    const double slow = line.slope + line.error;
    result.lowIterations = need / (line.error - line.slope);
    result.highIterations = slow < 0 ? need / -slow : std::numeric_limits<double>::infinity();
    return result;
}

double secondsPerIteration(std::span<const CurvePoint> points) {
    if (points.empty()) return 0;
    const std::size_t last = points.size() - 1;
    const std::size_t back = std::min<std::size_t>(last, 20);
    if (back == 0) return points[0].step.seconds;
    return (points[last].step.seconds - points[last - back].step.seconds) / static_cast<double>(back);
}

QString durationText(double low, double high) {
    const QLocale locale;
    const bool minutes = std::isfinite(high) ? high >= 100 : low >= 100;
    const double unit = minutes ? 60 : 1;
    const auto whole = [&](double seconds) {
        return locale.toString(static_cast<qlonglong>(std::llround(seconds / unit)));
    };
    const QString with = minutes ? tr("%1 min") : tr("%1 s");
    if (!std::isfinite(high)) return tr("at least %1").arg(with.arg(whole(std::max(low, unit))));
    if (high < 1) return tr("under 1 s");
    const QString from = whole(std::max(low, unit));
    const QString to = whole(std::max(high, unit));
    return with.arg(from == to ? to : from + QStringLiteral("–") + to);
}

QString iterationsText(int count) {
    return count == 1 ? tr("1 iteration") : tr("%1 iterations").arg(QLocale().toString(count));
}

namespace {

/// What comes and when, in words and in fewer; empty while nothing can be said.
struct Outlook {
    QString text, brief;
};

Outlook outlook(const RunRecord& record, double each, double left) {
    // A change of parameters begins a new fall.
    const int changed = record.marks.empty() ? 0 : record.marks.back().iteration;
    const auto since = std::min(static_cast<std::size_t>(std::max(changed, 0)), record.points.size());
    const std::span<const CurvePoint> fresh(record.points.begin() + static_cast<std::ptrdiff_t>(since),
                                            record.points.end());
    const auto expected = forecast(fresh, number(record.recipe, "tolerance"));
    if (!expected) return {};
    if (!expected->converging) return {tr("not converging"), tr("not converging")};
    if (expected->lowIterations > left) {
        const QString time = durationText(left * each, left * each);
        return {tr("iteration limit in about %1").arg(time), tr("limit in %1").arg(time)};
    }
    const QString time =
        durationText(expected->lowIterations * each, std::min(expected->highIterations, left) * each);
    return {tr("tolerance in about %1").arg(time), tr("done in %1").arg(time)};
}

QString joined(std::initializer_list<QString> parts) {
    QStringList list(parts);
    list.removeAll(QString());
    return list.join(QStringLiteral(" · "));
}

}  // namespace

QStringList progressTexts(const RunRecord& record) {
    const QLocale locale;
    const double limit = number(record.recipe, "max-iter");
    const int done = record.points.empty() ? 0 : record.points.back().step.iteration;
    const QString at = locale.toString(done);
    const QString most = locale.toString(limit, 'f', 0);
    const QString whole = tr("iteration %1 of at most %2").arg(at, most);
    const QString brief = tr("%1 of %2").arg(at, most);
    if (record.points.empty()) return {whole, brief};
    const double each = secondsPerIteration(record.points);
    const Outlook next = outlook(record, each, limit - done);
    return {joined({whole, perIteration(each), next.text}), joined({brief, perIteration(each), next.text}),
            joined({brief, perIteration(each), next.brief}), joined({brief, next.brief}), brief};
}

QStringList resultTexts(const RunRecord& record, const QStringList& contraction) {
    const QLocale locale;
    const QString seconds = tr("%1 s").arg(locale.toString(record.summary.seconds, 'f', 2));
    const QString count = iterationsText(record.summary.iterations);
    const QString residual = tr("residual %1").arg(scientificText(record.summary.residual, 2));
    QString gain, psnr;
    if (std::isfinite(record.psnr)) {
        psnr = tr("%1 dB").arg(locale.toString(record.psnr, 'f', 2));
        gain = tr("PSNR %1 → %2").arg(locale.toString(record.psnrInput, 'f', 2), psnr);
    }
    const QString whole = tr("%1 in %2").arg(count, seconds);
    const QString factor = contraction.value(1);
    const QString symbol = contraction.value(2);
    QStringList texts{joined({whole, residual, gain, contraction.value(0)}),
                      joined({whole, residual, gain, factor}),
                      joined({whole, gain.isEmpty() ? residual : gain, factor}),
                      joined({whole, psnr, factor}),
                      joined({whole, psnr, symbol}),
                      joined({seconds, psnr, symbol}),
                      joined({seconds, symbol})};
    texts.removeDuplicates();
    return texts;
}

}  // namespace stillpoint
