// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of learned denoisers, from and for other programs.
#include <QFileInfo>
#include <functional>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_job.h"
#include "app/cli_options.h"
#include "solver/run/model_files.h"

namespace stillpoint::cli {

namespace {

Option outputOption() {
    return {"output", "FILE", "The weights file (safetensors). Needed.", "o"};
}

const Syntax& importSyntax() {
    static const Syntax syntax{
        "import-weights",
        "Makes the weights FILE (safetensors) of a DnCNN, trained elsewhere, a model for --prior.model.\n"
        "Known are the arrays in_conv, conv_list.N, out_conv (x plus the network's output) and model.0, "
        "model.2,\n"
        "... (x minus it), plain 3 x 3 convolutions without batch normalisation or dilation.",
        "FILE",
        true,
        {outputOption(), {"name", "TEXT", "What the model is called; kept in the file."}, quietOption()}};
    return syntax;
}

const Syntax& exportSyntax() {
    static const Syntax syntax{
        "export-weights",
        "Writes a MODEL, by its name or file, for other programs: a plain body as in_conv, conv_list.N, "
        "out_conv,\nother networks under their own names.",
        "MODEL",
        true,
        {outputOption(), quietOption()}};
    return syntax;
}

using Convert =
    std::function<ModelInfo(const std::string& from, const std::string& to, const Arguments& given)>;

int convert(const Syntax& syntax, const QStringList& words, const Convert& run) {
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax, words, faults);
    if (given.has("help")) {
        print(helpText(syntax));
        return kDone;
    }
    requireOption(given, "output", "--output is missing: -o FILE.", faults);
    const QString output = given.value("output");
    FilePlan plan;
    if (QFileInfo::exists(given.positional)) plan.reads(syntax.positional, given.positional);
    plan.writes("--output", output);
    plan.check(faults);
    if (!faults.empty()) return refuse(faults);
    try {
        const ModelInfo info = run(given.positional.toStdString(), output.toStdString(), given);
        if (!given.has("quiet"))
            print(QString("Wrote '%1': %2; %3 weights.")
                      .arg(output, QString::fromStdString(info.sentence))
                      .arg(info.weights));
    } catch (const Error& error) {
        if (error.key() != "model") throw;
        throw Error(syntax.positional.toStdString(), error.what());
    }
    return kDone;
}

}  // namespace

int runImportWeights(const QStringList& arguments) {
    return convert(importSyntax(), arguments,
                   [](const std::string& from, const std::string& to, const Arguments& given) {
                       return importModel(from, to, given.value("name").toStdString());
                   });
}

int runExportWeights(const QStringList& arguments) {
    return convert(exportSyntax(), arguments,
                   [](const std::string& from, const std::string& to, const Arguments&) {
                       return exportModel(from, to);
                   });
}

}  // namespace stillpoint::cli
