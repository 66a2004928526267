// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "ui/backward/backward_result.h"

namespace stillpoint {

/// "GMRES", "Neumann series"; as people write it.
QString methodText(AdjointMethod method);
/// While it goes on where it is, then how it ended, in ever fewer words:
/// "Converged · MINRES · 42 steps · 0.31 s · residual 8.7e-5 · Mean squared error ℓ = 0.00123" down to
/// "Converged · ℓ = 0.00123".
QStringList backwardTexts(const BackwardResult& result);
/// Why a loss cannot be had with what is known; empty if it can.
QString lossReason(const LossInfo& loss, bool hasReference, double noiseSigma);

}  // namespace stillpoint
