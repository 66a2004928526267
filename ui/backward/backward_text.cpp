// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/backward_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "ui/params/number_text.h"
#include "ui/runs/runs_model.h"

namespace stillpoint {
namespace {

QString tr(const char* text, const char* comment = nullptr, int n = -1) {
    return QCoreApplication::translate("stillpoint::BackwardText", text, comment, n);
}

QString lossLabel(LossKind kind) {
    return QString::fromStdString(losses()[static_cast<std::size_t>(kind)].label);
}

QString progress(const BackwardResult& result) {
    const BackwardStep& step = result.last;
    if (step.iteration == 0)
        return tr("Computing the gradient of the loss: %1").arg(lossLabel(result.choice.kind));
    QString what = tr("Second equilibrium, iteration %1");
    if (step.phase == BackwardStep::Phase::adjoint)
        what = step.equilibrium == 0 ? tr("Adjoint, step %1") : tr("Second adjoint, step %1");
    return what.arg(step.iteration) + tr(" · residual %1").arg(scientificText(step.residual, 2));
}

}  // namespace

QString methodText(AdjointMethod method) {
    switch (method) {
        case AdjointMethod::picard:
            return tr("Picard");
        case AdjointMethod::anderson:
            return tr("Anderson");
        case AdjointMethod::gmres:
            return QStringLiteral("GMRES");
        case AdjointMethod::minres:
            return QStringLiteral("MINRES");
        case AdjointMethod::cg:
            return tr("Conjugate gradients");
        case AdjointMethod::neumann:
            return tr("Neumann series");
        case AdjointMethod::jacobianFree:
            return tr("Jacobian-free");
        case AdjointMethod::automatic:
            break;
    }
    return tr("No method");
}

QStringList backwardTexts(const BackwardResult& result) {
    if (!result.record) return {result.going ? progress(result) : QString()};
    const BackwardRecord& record = *result.record;
    const SolveSummary& summary = record.summary;
    const QString end = endText(summary);
    const QString method = methodText(record.method);
    const QString steps = summary.iterations == 1 ? tr("1 step") : tr("%1 steps").arg(summary.iterations);
    const QString time = tr("%1 s").arg(roundedText(summary.seconds, 2));
    const QString residual = tr("residual %1").arg(scientificText(summary.residual, 2));
    const QString loss = tr("ℓ = %1").arg(roundedText(record.loss, 4));
    const QString named = lossLabel(record.choice.kind) + ' ' + loss;
    // The box above names the loss and the curve shows the residual, so these go first.
    const QStringList forms[] = {{end, method, steps, time, residual, named},
                                 {end, method, steps, time, residual, loss},
                                 {end, method, steps, time, loss},
                                 {end, method, steps, loss},
                                 {end, steps, loss},
                                 {end, loss}};
    QStringList texts;
    for (const QStringList& parts : forms) texts << parts.join(QStringLiteral(" · "));
    return texts;
}

QString lossReason(const LossInfo& loss, bool hasReference, double noiseSigma) {
    if (loss.needsReference && !hasReference) return tr("Needs the sharp reference, which this run has not.");
    if (loss.needsNoiseSigma && !(noiseSigma > 0)) return tr("Needs the noise: enter it beside.");
    return {};
}

}  // namespace stillpoint
