// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "app/cli_job.h"
#include "solver/run/run_session.h"

namespace stillpoint {
struct LossChoice;
}

namespace stillpoint::cli {

/// What every sub-command that solves for an estimate is asked for. `recipe` holds what the user gave,
/// without suggestions.
struct SolveJob : KernelJob {
    QString reference, startPicture, mask;
    double noiseSigma = -1;  ///< below 0: not given
};

/// The common options for a Syntax; `use` completes a sentence.
Option referenceOption(const QString& use);
Option noiseOption(const QString& use);
Option startPictureOption();
Option maskOption();
Option recipeOption();

SolveJob readSolveJob(Arguments& given, std::vector<Issue>& faults, bool outputNeeded);
/// Adds the files that such a job reads and writes.
void planFiles(const SolveJob& job, const Arguments& given, FilePlan& plan);

/// Reads the pictures; `blurred` if it is already there. Throws Error naming the option.
RunInput readInput(const SolveJob& job, std::shared_ptr<const Image> blurred = {});
/// Threads and kernel; measures nothing but the end.
RunOptions runOptions(const SolveJob& job);

/// --loss, or the one that suits what is known. A loss that lacks what it needs is a fault.
Option lossOption();
LossChoice readLoss(const Arguments& given, const SolveJob& job, std::vector<Issue>& faults);

}  // namespace stillpoint::cli
