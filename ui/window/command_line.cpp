// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_line.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

#include "solver/run/registry.h"

namespace stillpoint {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillpoint::CommandLine", text);
}

/// The keys that the command line must be told.
Recipe toldKeys(const Recipe& recipe) {
    const Registry& registry = Registry::builtin();
    const Recipe full = registry.complete(recipe);
    Recipe told;
    for (const auto& [key, value] : full.entries()) {
        const KeyedParam keyed = registry.find(full, key);
        if (keyed.param && toText(keyed.param->defaultValue) != value) told.set(key, value);
    }
    // What is left out must not be suggested otherwise, whatever noise will be estimated.
    for (const double noise : {-1.0, 0.001, 0.1}) {
        const Recipe understood = registry.complete(registry.suggest(told, noise));
        for (const auto& [key, value] : full.entries())
            if (registry.valueText(understood, key) != value) told.set(key, value);
    }
    told.set("boundary", registry.valueText(full, "boundary"));  // whose default depends on the reference
    return told;
}

QString options(const Recipe& told) {
    QString line;
    for (const auto& [key, value] : told.entries())
        if (key != "kernel")
            line += QString(" --%1 %2")
                        .arg(QString::fromStdString(key), shellWord(QString::fromStdString(value)));
    return line;
}

/// A file's path, or a name to save the picture under.
QString file(const Picture& picture, const char* fallback, QString& comments) {
    if (!picture.path.isEmpty()) return picture.path;
    comments += "# " +
                tr("%1 is no file yet: save it as %2 first (File > Save input picture).")
                    .arg(picture.name, fallback) +
                '\n';
    return fallback;
}

}  // namespace

QString shellWord(const QString& word) {
    static const QRegularExpression plain("^[A-Za-z0-9_@%+=:,./-]+$");
    if (plain.match(word).hasMatch()) return word;
    QString quoted = word;
    return '\'' + quoted.replace("'", "'\\''") + '\'';
}

QString commandLine(const RunOrigin& origin, const Recipe& recipe, const std::vector<RunMark>& marks) {
    const bool simulates = origin.problem.mode == ProblemChoice::Mode::simulate;
    QString comments;
    for (const RunMark& mark : marks)
        comments += "# " +
                    tr("Changed after iteration %1: %2. The lines below use the last values from the start.")
                        .arg(mark.iteration)
                        .arg(QString::fromStdString(mark.text)) +
                    '\n';
    QString lines;
    QString picture = origin.picture.path;
    if (picture.isEmpty() && !origin.sample.isEmpty()) {
        // With every digit: what is restored is then the same to the last bit.
        picture = QString(origin.sample).replace(QRegularExpression("[^A-Za-z0-9_-]+"), "-") + ".tiff";
        lines = QString("stillpoint-cli sample %1 -o %2 --bits 32\n").arg(shellWord(origin.sample), picture);
    } else {
        picture = file(origin.picture, "picture.png", comments);
    }
    const QString base = QFileInfo(picture).completeBaseName();
    const QString kernel = shellWord(QString::fromStdString(Registry::builtin().valueText(recipe, "kernel")));
    QString input = picture;
    QString reference =
        origin.reference.isNull() ? QString() : file(origin.reference, "reference.png", comments);
    if (simulates) {
        input = base + "-blurred.tiff";
        reference = picture;
        lines += QString("stillpoint-cli simulate %1 -o %2 --kernel %3 --noise-sigma %4 --seed %5")
                     .arg(shellWord(picture), shellWord(input), kernel,
                          QString::fromStdString(toText(origin.problem.noiseSigma)))
                     .arg(origin.problem.seed);
        const std::string boundary = Registry::builtin().valueText(recipe, "boundary");
        if (boundary != "periodic") lines += " --boundary " + QString::fromStdString(boundary);
        if (boundary == "unknown") {  // which shows a part of the picture only
            reference = base + "-sharp.tiff";
            lines += " --save-sharp " + shellWord(reference);
        }
        lines += '\n';
    }
    lines += QString("stillpoint-cli restore %1 -o %2 --kernel %3")
                 .arg(shellWord(input), shellWord(base + "-restored.png"), kernel);
    if (!reference.isEmpty()) lines += " --reference " + shellWord(reference);
    return comments + lines + options(toldKeys(recipe)) + '\n';
}

}  // namespace stillpoint
