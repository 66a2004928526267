// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/contraction_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "solver/run/registry.h"
#include "ui/params/number_text.h"

namespace stillpoint {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillpoint::Contraction", text);
}

bool isMeasured(const Contraction& contraction) {
    return std::isfinite(contraction.radius) && contraction.radius >= 0;
}

/// Nothing where there is nothing to predict: tolerance 0, or a factor that does not lead there.
QString predictedText(const Contraction& contraction) {
    if (!std::isfinite(contraction.predictedIterations)) return {};
    return QLocale().toString(contraction.predictedIterations, 'f', 0);
}

QString predictionSentence(const Contraction& contraction, const RunRecord& record) {
    const QString count = predictedText(contraction);
    if (count.isEmpty() || record.points.empty()) return {};
    const std::string tolerance = Registry::builtin().valueText(record.recipe, "tolerance");
    const bool accelerated = Registry::builtin().valueText(record.recipe, "anderson.enabled") == "true";
    const QString did = accelerated ? tr("This run took %1, with Anderson acceleration.")
                                    : tr("This run took %1, without acceleration.");
    return "<p>" +
           tr("From the first residual, %1, to the tolerance, %2, that makes about %3 plain iterations.")
               .arg(scientificText(record.points.front().step.residual, 2),
                    scientificText(parseDouble(tolerance).value_or(0), 2), count) +
           ' ' + tr("Often it is fewer: the first ones shrink the residual faster.") + ' ' +
           did.arg(QLocale().toString(static_cast<int>(record.points.size()))) + "</p>";
}

}  // namespace

QString factorText(double radius) {
    const double distance = std::abs(1 - radius);
    const int digits = distance > 0 ? 1 - static_cast<int>(std::floor(std::log10(distance))) : 5;
    return QLocale().toString(radius, 'f', std::clamp(digits, 2, 5));
}

QStringList contractionTexts(const Contraction& contraction) {
    if (!isMeasured(contraction)) return {};
    const QString factor = factorText(contraction.radius);
    const QString brief = QStringLiteral("ρ ") + factor;
    if (contraction.radius >= 1)
        return {tr("does not contract: factor %1 an iteration").arg(factor),
                tr("does not contract (%1)").arg(factor), brief + QStringLiteral(" ≥ 1")};
    const QString medium =
        (contraction.settled ? tr("contracts by %1") : tr("contracts by about %1")).arg(factor);
    const QString count = predictedText(contraction);
    return {count.isEmpty() ? tr("%1 an iteration").arg(medium)
                            : tr("%1: %2 plain iterations to tolerance").arg(medium, count),
            medium, brief};
}

QString contractionTip(const Contraction& contraction, const RunRecord& record) {
    if (!isMeasured(contraction)) return {};
    const QString factor = factorText(contraction.radius);
    QString tip =
        "<p><b>" + tr("Contraction factor ρ = %1").arg(factor) + "</b></p><p>" +
        tr("Near where the run ended, every iteration without acceleration multiplies the residual by "
           "this: the spectral radius of the Jacobian J = dT/dz there, by %1 steps of power iteration.")
            .arg(contraction.radiusIterations);
    if (!contraction.settled) tip += ' ' + tr("It was still growing when the time for that was over.");
    tip += "</p>" + predictionSentence(contraction, record);
    if (!contraction.warning.empty())
        tip += "<p>" + QString::fromStdString(contraction.warning).toHtmlEscaped() + "</p>";
    return tip;
}

}  // namespace stillpoint
