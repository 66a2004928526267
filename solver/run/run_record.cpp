// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/run_record.h"

#include <array>
#include <cmath>

namespace stillpoint {

std::span<const CurveColumn> curveColumns() {
    static constexpr std::array<CurveColumn, 7> columns{{
        {"residual", "Residual", "", true, [](const CurvePoint& p) { return p.step.residual; }},
        {"psnr", "PSNR", "dB", false, [](const CurvePoint& p) { return p.psnr; }},
        {"misfit", "Misfit", "", true, [](const CurvePoint& p) { return p.misfit; }},
        {"objective", "Objective", "", true, [](const CurvePoint& p) { return p.objective; }},
        {"seconds", "Time", "s", false, [](const CurvePoint& p) { return p.step.seconds; }},
        {"condition", "Condition", "", true, [](const CurvePoint& p) { return p.step.condition; }},
        {"gain", "Gain", "", true, [](const CurvePoint& p) { return p.step.gain; }},
    }};
    return columns;
}

namespace {

std::string field(double value) {
    return std::isfinite(value) ? toText(value) : std::string{};
}

}  // namespace

std::string traceCsv(const RunRecord& record) {
    std::string csv =
        "iteration,residual,psnr,misfit,objective,seconds,evaluations,condition,gain,event,weights\n";
    for (const auto& point : record.points) {
        const IterationRecord& step = point.step;
        csv += std::to_string(step.iteration) + ',' + field(step.residual) + ',' + field(point.psnr) + ',' +
               field(point.misfit) + ',' + field(point.objective) + ',' + field(step.seconds) + ',' +
               std::to_string(step.evaluations) + ',' + field(step.condition) + ',' + field(step.gain) + ',';
        csv += name(step.event);
        if (step.refusal != Refusal::none) csv += std::string(":") + name(step.refusal);
        csv += ',';
        for (std::size_t i = 0; i < step.usedWeights().size(); ++i)
            csv += (i ? " " : "") + toText(step.usedWeights()[i]);
        csv += '\n';
    }
    return csv;
}

}  // namespace stillpoint
