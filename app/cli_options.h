// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QMultiMap>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <optional>
#include <vector>

#include "solver/core/error.h"

namespace stillpoint::cli {

/// Exit codes, part of the contract with scripts.
enum ExitCode { kDone = 0, kBadArguments = 2, kUnreadableInput = 3, kDiverged = 4, kSignalled = 128 };

/// One option of a sub-command: "--name VALUE", or a flag if `value` is empty.
struct Option {
    QString name;          ///< without dashes
    QString value;         ///< "FILE"; empty for a flag
    QString help;          ///< one sentence
    QString letter{};      ///< "o" for -o; empty if none
    bool repeats = false;  ///< may be given several times
};

/// What a sub-command accepts; its help text is made of this.
struct Syntax {
    QString command;     ///< "restore"
    QString summary;     ///< one sentence
    QString positional;  ///< "INPUT"; empty if there is none
    bool positionalNeeded = true;
    std::vector<Option> options;
    bool parameters = false;      ///< also accepts --KEY VALUE for every key of the registry
    QStringList parameterKeys{};  ///< if not empty: only these keys
};

/// The arguments of a sub-command, taken apart.
struct Arguments {
    QString positional;
    QMultiMap<QString, QString> values;  ///< by option name; flags have an empty value
    QMap<QString, QString> parameters;   ///< registry keys
    QStringList meant;                   ///< options that misspelled ones were taken for

    bool has(const QString& name) const { return values.contains(name); }
    QString value(const QString& name) const { return values.value(name); }
    /// Of an option that repeats, in the order given.
    QStringList all(const QString& name) const {
        QStringList list = values.values(name);  // newest first
        std::reverse(list.begin(), list.end());
        return list;
    }
};

/// Takes the arguments after the sub-command's name apart. All faults at once go into `faults`: unknown
/// options (with the likely spelling), missing values, doubled options, missing or superfluous arguments.
Arguments parseArguments(const Syntax& syntax, const QStringList& arguments, std::vector<Issue>& faults);

/// A number or whole number within [minimum, maximum], or a fault and nothing. Nothing also when the option
/// is absent.
std::optional<double> numberOption(const Arguments& arguments, const QString& name, double minimum,
                                   double maximum, std::vector<Issue>& faults);
std::optional<qint64> wholeOption(const Arguments& arguments, const QString& name, qint64 minimum,
                                  qint64 maximum, std::vector<Issue>& faults);
/// A fault if the option is absent, unless a misspelled one was meant to be it.
void requireOption(const Arguments& arguments, const QString& name, const QString& sentence,
                   std::vector<Issue>& faults);
/// --bits: 8, 16 or 32; 0 when absent or at fault.
int bitsOption(const Arguments& arguments, std::vector<Issue>& faults);

QString helpText(const Syntax& syntax);

/// The candidate that differs from `word` by few letters, or nothing.
std::optional<QString> nearest(const QString& word, const QStringList& candidates);

/// Prints text and a line end, UTF-8, to the standard output or the standard error stream.
void print(const QString& text);
void printError(const QString& text);
/// Prints one line per fault, naming its option; returns kBadArguments, or kUnreadableInput where all that is
/// wrong is the file of a model.
int refuse(const std::vector<Issue>& faults);
/// A fault's or an Error's key as the user knows it: "INPUT", "--prior.lambda".
QString optionName(const std::string& key);

}  // namespace stillpoint::cli
