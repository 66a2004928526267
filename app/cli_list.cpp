// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

#include "app/cli_catalogue.h"
#include "app/cli_command.h"
#include "app/cli_json.h"
#include "app/cli_options.h"
#include "solver/core/version.h"
#include "solver/run/model_files.h"

namespace stillpoint::cli {

namespace {

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

const char* kindName(ParamKind kind) {
    switch (kind) {
        case ParamKind::boolean:
            return "boolean";
        case ParamKind::integer:
            return "integer";
        case ParamKind::real:
            return "real";
        case ParamKind::choice:
            return "choice";
        case ParamKind::text:
            break;
    }
    return "text";
}

QString parameterLine(const Section& section, const Param& param) {
    const QString name = text(section.prefix + param.key);
    const QString unit = param.info.unit.empty() ? QString() : " " + text(param.info.unit);
    return QString("  %1 %2 %3 %4")
        .arg(section.kind == "kernel" ? name : "--" + name, -26)
        .arg(text(toText(param.defaultValue)) + unit, -22)
        .arg(text(allowedText(param)), -40)
        .arg(text(param.info.label));
}

QString plainList() {
    QString list =
        "Parameters as options of 'stillpoint-cli restore': key, default, allowed values, label.\n";
    for (const Section& section : catalogue()) {
        list += '\n' + text(section.title);
        if (!section.name.empty()) list += QString(" (%1)").arg(text(section.name));
        if (!section.help.empty()) list += " - " + text(section.help);
        list += '\n';
        for (const Param& param : section.table->params()) list += parameterLine(section, param) + '\n';
    }
    list += "\nModels of the learned priors, for --prior PRIOR --prior.model NAME\n";
    for (const ModelInfo& model : shippedModelInfos())
        list += QString("  %1 %2; %3; %4 weights\n")
                    .arg(text(model.name), -26)
                    .arg(text(model.prior), text(model.sentence))
                    .arg(model.weights);
    return list.chopped(1);
}

QJsonObject parameterObject(const Section& section, const Param& param) {
    QJsonObject object{{"key", text(section.prefix + param.key)},
                       {"label", text(param.info.label)},
                       {"kind", kindName(param.kind)},
                       {"default", jsonValue(param.defaultValue)},
                       {"live", param.info.applies == ParamApplies::live}};
    if (!param.info.symbol.empty()) object["symbol"] = text(param.info.symbol);
    if (!param.info.unit.empty()) object["unit"] = text(param.info.unit);
    if (!param.info.help.empty()) object["help"] = text(param.info.help);
    if (param.kind == ParamKind::integer || param.kind == ParamKind::real) {
        object["minimum"] = jsonNumber(param.info.minimum);
        object["maximum"] = jsonNumber(param.info.maximum);
    }
    if (param.kind == ParamKind::choice) {
        QJsonArray choices;
        for (const std::string& choice : param.choices) choices << text(choice);
        object["choices"] = choices;
    }
    if (!param.info.suggestions.empty()) {
        QJsonArray suggestions;
        for (const Suggestion& suggestion : param.info.suggestions) suggestions << text(suggestion.text);
        object["suggestions"] = suggestions;
    }
    if (!param.info.files.empty()) object["files"] = text(param.info.files);
    return object;
}

QJsonArray modelArray() {
    QJsonArray models;
    for (const ModelInfo& model : shippedModelInfos()) {
        QJsonObject architecture;
        for (const auto& [key, value] : model.architecture) {
            const auto number = parseDouble(value);
            architecture[text(key)] = number ? jsonNumber(*number) : QJsonValue(text(value));
        }
        models << QJsonObject{{"name", text(model.name)},
                              {"prior", text(model.prior)},
                              {"architecture", architecture},
                              {"weights", static_cast<qint64>(model.weights)}};
    }
    return models;
}

QString jsonList() {
    QJsonArray sections;
    for (const Section& section : catalogue()) {
        QJsonArray parameters;
        for (const Param& param : section.table->params()) parameters << parameterObject(section, param);
        sections << QJsonObject{{"title", text(section.title)},   {"kind", text(section.kind)},
                                {"name", text(section.name)},     {"help", text(section.help)},
                                {"prefix", text(section.prefix)}, {"parameters", parameters}};
    }
    const QJsonObject whole{{"version", kVersion}, {"sections", sections}, {"models", modelArray()}};
    return QString::fromUtf8(QJsonDocument(whole).toJson()).trimmed();
}

}  // namespace

int runList(const QStringList& arguments) {
    const Syntax syntax{
        "list",
        "Shows the components a recipe can select, all parameters with ranges, and the models.",
        {},
        false,
        {{"json", "", "As JSON."}}};
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax, arguments, faults);
    if (!faults.empty()) return refuse(faults);
    print(given.has("help") ? helpText(syntax) : given.has("json") ? jsonList() : plainList());
    return kDone;
}

}  // namespace stillpoint::cli
