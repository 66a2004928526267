// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>

#include "app/cli_catalogue.h"
#include "app/cli_command.h"
#include "app/cli_options.h"
#include "ui/io/save_file.h"

namespace stillpoint::cli {

namespace {

constexpr const char* kDefaultFile = "resources/docs/parameters.md";

constexpr const char* kIntroduction =
    "# Parameters\n"
    "\n"
    "<!-- Written by `stillpoint-cli docs` from the parameter tables. Change those, not this file. -->\n"
    "\n"
    "Every parameter has a key. The window shows a form field for it, the command line takes it as `--KEY "
    "VALUE`,\n"
    "a recipe file holds it as a line `KEY = VALUE`. What a recipe leaves out has the default given here. "
    "*Live*\n"
    "parameters may change while a run goes on and act at the next iteration; the others need a new start.\n"
    "Numbers always have a decimal point.\n";

QString cell(const std::string& utf8) {
    return QString::fromStdString(utf8).replace("|", "\\|");
}

QString valuesCell(const Param& param) {
    QString values = cell(allowedText(param));
    if (!param.info.unit.empty()) values += " (" + cell(param.info.unit) + ")";
    return values;
}

QString row(const Section& section, const Param& param) {
    const std::string standard = toText(param.defaultValue);
    QString label = cell(param.info.label);
    if (!param.info.symbol.empty()) label += " " + cell(param.info.symbol);
    return QString("| `%1` | %2 | %3 | %4 | %5 | %6 |\n")
        .arg(cell(section.prefix + param.key), label, valuesCell(param),
             standard.empty() ? "" : "`" + cell(standard) + "`",
             param.info.applies == ParamApplies::live ? "live" : "restart", cell(param.info.help));
}

QString sectionText(const Section& section) {
    QString text = "\n## " + QString::fromStdString(section.title);
    if (!section.name.empty()) text += QString(" (`%1`)").arg(QString::fromStdString(section.name));
    text += "\n\n";
    if (!section.help.empty()) text += QString::fromStdString(section.help) + "\n\n";
    if (section.table->params().empty()) return text + "No parameters.\n";
    text += "| Key | Label | Values | Default | Applies | Meaning |\n|---|---|---|---|---|---|\n";
    for (const Param& param : section.table->params()) text += row(section, param);
    return text;
}

QString commandsText() {
    QString text =
        "\n## Commands\n\n`stillpoint-cli COMMAND --help` shows the options of each.\n\n"
        "| Command | |\n|---|---|\n";
    for (const Command& command : commands())
        text += QString("| `%1` | %2 |\n").arg(command.name, cell(command.summary));
    return text;
}

QByteArray document() {
    QString text = kIntroduction;
    for (const Section& section : catalogue()) text += sectionText(section);
    return (text + commandsText()).toUtf8();
}

int check(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        printError(QString("stillpoint-cli: cannot read '%1': %2.").arg(path, file.errorString()));
        return kUnreadableInput;
    }
    if (file.readAll() == document()) {
        print(QString("'%1' is current.").arg(path));
        return kDone;
    }
    printError(
        QString("stillpoint-cli: '%1' is not current; write it again with 'stillpoint-cli docs -o %1'.")
            .arg(path));
    return kBadArguments;
}

}  // namespace

int runDocs(const QStringList& arguments) {
    const Syntax syntax{
        "docs",
        "Writes the documentation of all parameters and commands (Markdown).",
        {},
        false,
        {{"output", "FILE", QString("The file (default %1).").arg(kDefaultFile), "o"},
         {"check", "",
          "Writes nothing; exit code 0 if the file is current, 2 if not, 3 if it cannot be read."}}};
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax, arguments, faults);
    if (!faults.empty()) return refuse(faults);
    if (given.has("help")) {
        print(helpText(syntax));
        return kDone;
    }
    const QString path = given.has("output") ? given.value("output") : kDefaultFile;
    if (given.has("check")) return check(path);
    saveFile(path, document());
    print(QString("Wrote '%1'.").arg(path));
    return kDone;
}

}  // namespace stillpoint::cli
