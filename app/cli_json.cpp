// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_json.h"

#include <sys/resource.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

#include "solver/run/registry.h"

namespace stillpoint::cli {

namespace {

qint64 peakMemory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return qint64{usage.ru_maxrss} * 1024;  // Linux counts in kilobytes
}

}  // namespace

QJsonValue jsonNumber(double number) {
    return std::isfinite(number) ? QJsonValue(number) : QJsonValue();
}

QJsonValue jsonValue(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return qint64{*whole};
    if (const auto* number = std::get_if<double>(&value)) return jsonNumber(*number);
    return QString::fromStdString(std::get<std::string>(value));
}

QJsonObject recipeObject(const Recipe& recipe) {
    QJsonObject object;
    for (const auto& [key, value] : recipe.entries()) {
        const KeyedParam keyed = Registry::builtin().find(recipe, key);
        QJsonValue entry = QString::fromStdString(value);
        if (keyed.param != nullptr) {
            const auto parsed = parseValue(*keyed.param, key, value);
            if (const auto* typed = std::get_if<Value>(&parsed)) entry = jsonValue(*typed);
        }
        object[QString::fromStdString(key)] = entry;
    }
    return object;
}

QByteArray reportJson(const RunRecord& record) {
    const SolveSummary& summary = record.summary;
    QJsonObject parts;
    for (const auto& [part, seconds] : record.secondsPerPart)
        parts[QString::fromStdString(part)] = jsonNumber(seconds);
    const QJsonObject report{{"status", name(summary.status)},
                             {"message", QString::fromStdString(summary.message)},
                             {"iterations", summary.iterations},
                             {"evaluations", qint64{summary.evaluations}},
                             {"residual", jsonNumber(summary.residual)},
                             {"seconds", jsonNumber(summary.seconds)},
                             {"seconds_per_part", parts},
                             {"psnr_input", jsonNumber(record.psnrInput)},
                             {"psnr", jsonNumber(record.psnr)},
                             {"ssim", jsonNumber(record.ssim)},
                             {"psnr_interior", jsonNumber(record.psnrInterior)},
                             {"best_iteration", summary.bestIteration},
                             {"width", record.width},
                             {"height", record.height},
                             {"channels", record.channels},
                             {"threads", record.threads},
                             {"peak_rss_bytes", peakMemory()},
                             {"recipe", recipeObject(record.recipe)}};
    return QJsonDocument(report).toJson();
}

}  // namespace stillpoint::cli
