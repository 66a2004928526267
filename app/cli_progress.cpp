// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_progress.h"

#include <unistd.h>

#include <QString>
#include <algorithm>
#include <cstdio>

#include "solver/run/registry.h"
#include "ui/window/progress_text.h"

namespace stillpoint::cli {

namespace {

constexpr double kPause = 0.1;  // seconds between two lines

double recipeNumber(const Recipe& recipe, const char* key) {
    return parseDouble(Registry::builtin().valueText(recipe, key)).value_or(0);
}

/// "about 5-9 s", but not "about under 1 s".
QString about(const QString& duration) {
    return duration.front().isDigit() ? "about " + duration : duration;
}

QString timeLeft(const RunRecord& record, double iterationsLeft) {
    const double each = secondsPerIteration(record.points);
    const auto expected = forecast(record.points, recipeNumber(record.recipe, "tolerance"));
    if (!expected) return {};
    if (!expected->converging) return ", not converging";
    if (expected->lowIterations > iterationsLeft)
        return ", limit in " + about(durationText(iterationsLeft * each, iterationsLeft * each));
    return ", tolerance in " + about(durationText(expected->lowIterations * each,
                                                  std::min(expected->highIterations, iterationsLeft) * each));
}

}  // namespace

QString progressLine(const RunRecord& record) {
    const double limit = recipeNumber(record.recipe, "max-iter");
    if (record.points.empty()) return {};
    const IterationRecord& step = record.points.back().step;
    return QString("iteration %1 of at most %2, residual %3")
               .arg(step.iteration)
               .arg(limit, 0, 'f', 0)
               .arg(step.residual, 0, 'e', 1) +
           timeLeft(record, limit - step.iteration);
}

ProgressLine::ProgressLine(bool wanted) : shown_(wanted && isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
    if (dirty_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::update(const RunRecord& record) {
    update([&] { return progressLine(record); });
}

void ProgressLine::update(const std::function<QString()>& make) {
    if (!shown_ || (dirty_ && timer_.seconds() < kPause)) return;
    timer_.restart();
    dirty_ = true;
    std::fprintf(stderr, "\r\033[K%s", make().toUtf8().constData());
    std::fflush(stderr);
}

}  // namespace stillpoint::cli
