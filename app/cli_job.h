// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "app/cli_files.h"
#include "app/cli_options.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint::cli {

/// What every sub-command that takes a picture and a kernel and writes a picture is asked for.
struct KernelJob {
    Recipe recipe;
    std::shared_ptr<const Kernel> kernel;
    QString input, output;
    int bits = 0;     ///< 0: not given
    int threads = 0;  ///< 0: not given
    bool quiet = false;
};

/// The common options for a Syntax; the sentences that differ are given.
Option kernelOption(const QString& needed);
Option bitsOptionLine(const QString& byDefault);
Option threadsOption();
Option quietOption();

/// Reads them. An option --kernel becomes a parameter of the recipe. Faults are collected.
KernelJob readKernelJob(Arguments& given, std::vector<Issue>& faults, bool outputNeeded = true);

/// Adds the files that such a job reads and writes.
void planFiles(const KernelJob& job, FilePlan& plan);

}  // namespace stillpoint::cli
