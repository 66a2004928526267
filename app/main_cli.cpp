// SPDX-License-Identifier: GPL-3.0-or-later
// stillpoint-cli: the table of sub-commands, and the only place where failures are caught.
#include <QApplication>
#include <QLocale>
#include <clocale>
#include <memory>
#include <new>

#include "app/cli_command.h"
#include "app/cli_options.h"
#include "ui/io/plan_file.h"

namespace {

using namespace stillpoint;
using namespace stillpoint::cli;

Needs core(const QStringList&) {
    return Needs::core;
}
Needs gui(const QStringList&) {
    return Needs::gui;
}

constexpr Command kCommands[] = {
    {"restore", "restores a blurred picture", needsOfRestore, runRestore},
    {"gradient", "shows the gradients of a loss through the equilibrium", core, runGradient},
    {"tune", "learns parameters for one picture by those gradients", core, runTune},
    {"sweep", "runs a grid of parameters", core, runSweep},
    {"train", "trains a denoiser, on noise or through the equilibrium", core, runTrain},
    {"evaluate", "restores a set of pictures with a set of kernels and shows mean numbers", core,
     runEvaluate},
    {"simulate", "blurs a sharp picture and adds noise", core, runSimulate},
    {"sample", "writes one of the program's own sample pictures", gui, runSample},
    {"import-weights", "makes the weights of another program a model", core, runImportWeights},
    {"export-weights", "writes a model for other programs", core, runExportWeights},
    {"list", "shows components, parameters, ranges, defaults and models", core, runList},
    {"docs", "writes or checks the parameter documentation", core, runDocs},
    {"version", "shows the version", core, runVersion},
};

QString usage() {
    QString text =
        "Usage: stillpoint-cli COMMAND [ARGUMENTS]\n\nStillpoint restores blurred pictures with fixed-point "
        "solvers.\n\nCommands:\n";
    for (const Command& command : kCommands)
        text += "  " + QString(command.name).leftJustified(16) + command.summary + '\n';
    return text +
           "\n'stillpoint-cli COMMAND --help' tells more.\n\nExit codes: 0 done (converged or iteration "
           "limit), 2 bad "
           "arguments, 3 unreadable input,\n4 diverged (the best iterate is written), 130 stopped by Ctrl-C "
           "(the "
           "estimate is written).";
}

const Command* findCommand(const QString& name) {
    for (const Command& command : kCommands)
        if (name == command.name) return &command;
    return nullptr;
}

int refuseCommand(const QString& name) {
    QStringList names;
    for (const Command& command : kCommands) names << command.name;
    if (name.isEmpty()) {
        printError("stillpoint-cli: a command is needed, one of " + names.join(", ") + ".");
        return kBadArguments;
    }
    const auto other = nearest(name, names);
    printError(QString("stillpoint-cli: there is no command '%1'; %2")
                   .arg(name, other ? QString("did you mean %1?").arg(*other)
                                    : "allowed is " + names.join(", ") + "."));
    return kBadArguments;
}

std::unique_ptr<QCoreApplication> makeApplication(Needs needs, int& argc, char** argv) {
    if (needs == Needs::core) return std::make_unique<QCoreApplication>(argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    if (needs == Needs::gui) return std::make_unique<QGuiApplication>(argc, argv);
    return std::make_unique<QApplication>(argc, argv);
}

/// What Qt mutters about odd files or a missing desktop is of no use on a terminal; our own sentences say
/// what matters.
void onlyFailures(QtMsgType type, const QMessageLogContext&, const QString& text) {
    if (type == QtCriticalMsg || type == QtFatalMsg) printError("stillpoint-cli: " + text);
}

/// Numbers are written in the C locale whatever the user's is; Qt sets the user's when it starts.
void useNeutralNumbers() {
    QLocale::setDefault(QLocale::c());
    std::setlocale(LC_NUMERIC, "C");
}

int fail(const Error& error) {
    const int code = refuse({Issue{error.key(), error.what()}});
    // The name of an argument, in capitals, stands for what it names.
    const QString key = QString::fromStdString(error.key());
    const bool argument = !key.isEmpty() && key == key.toUpper();
    return key == "input" || key == "checkpoint" || argument ? kUnreadableInput : code;
}

}  // namespace

std::span<const Command> stillpoint::cli::commands() {
    return kCommands;
}

int main(int argc, char** argv) {
    QStringList words;
    for (int i = 1; i < argc; ++i) words << QString::fromLocal8Bit(argv[i]);
    const QString name = words.isEmpty() ? QString() : words.takeFirst();
    qInstallMessageHandler(onlyFailures);
    if (name == "--help" || name == "-h" || name == "help") {
        print(usage());
        return kDone;
    }
    const Command* command = findCommand(name == "--version" ? "version" : name);
    if (command == nullptr) return refuseCommand(name);
    try {
        int qtCount = 1;  // our arguments are not Qt's
        const auto application = makeApplication(command->needs(words), qtCount, argv);
        useNeutralNumbers();
        keepPlansInUserCache();
        return command->run(words);
    } catch (const Error& error) {
        return fail(error);
    } catch (const std::bad_alloc&) {
        printError("stillpoint-cli: there is not enough memory for this picture; crop it or scale it down.");
        return kUnreadableInput;
    } catch (const std::exception& error) {
        printError(QString("stillpoint-cli: unexpected failure: %1").arg(error.what()));
        return kBadArguments;
    }
}
