// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fixedpoint/record.h"

namespace stillpoint {

const char* name(StepEvent event) {
    switch (event) {
        case StepEvent::plain:
            return "plain";
        case StepEvent::accepted:
            return "accepted";
        case StepEvent::refused:
            return "refused";
        case StepEvent::restart:
            return "restart";
    }
    return "";
}

const char* name(Refusal reason) {
    switch (reason) {
        case Refusal::none:
            return "none";
        case Refusal::notFinite:
            return "not-finite";
        case Refusal::weightsTooLarge:
            return "weights-too-large";
        case Refusal::residualGrew:
            return "residual-grew";
        case Refusal::illConditioned:
            return "ill-conditioned";
    }
    return "";
}

const char* name(SolveStatus status) {
    switch (status) {
        case SolveStatus::running:
            return "running";
        case SolveStatus::converged:
            return "converged";
        case SolveStatus::limit:
            return "limit";
        case SolveStatus::stopped:
            return "stopped";
        case SolveStatus::stalled:
            return "stalled";
        case SolveStatus::diverged:
            return "diverged";
    }
    return "";
}

}  // namespace stillpoint
