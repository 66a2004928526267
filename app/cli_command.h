// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <span>

namespace stillpoint::cli {

/// Which application object a sub-command needs: pictures are read without any, text is drawn with Gui, plots
/// are widgets. None of them opens a window (the platform is "offscreen").
enum class Needs { core, gui, widgets };

/// A sub-command: one file and one line of the table in main_cli.cpp.
struct Command {
    const char* name;
    const char* summary;
    Needs (*needs)(const QStringList& arguments);
    /// `arguments`: what follows the name. Returns the exit code; throws Error.
    int (*run)(const QStringList& arguments);
};

/// All of them, in the order of the help text.
std::span<const Command> commands();

int runRestore(const QStringList& arguments);
Needs needsOfRestore(const QStringList& arguments);
int runSimulate(const QStringList& arguments);
int runGradient(const QStringList& arguments);
int runTune(const QStringList& arguments);
int runSweep(const QStringList& arguments);
int runTrain(const QStringList& arguments);
int runEvaluate(const QStringList& arguments);
int runImportWeights(const QStringList& arguments);
int runExportWeights(const QStringList& arguments);
int runSample(const QStringList& arguments);
int runList(const QStringList& arguments);
int runDocs(const QStringList& arguments);
int runVersion(const QStringList& arguments);

}  // namespace stillpoint::cli
