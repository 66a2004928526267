// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_options.h"

#include <algorithm>
#include <cstdio>

#include "app/cli_catalogue.h"
#include "solver/core/param.h"

namespace stillpoint::cli {

namespace {

void add(std::vector<Issue>& faults, const QString& key, const QString& text) {
    faults.push_back({key.toStdString(), text.toStdString()});
}

/// Number of letters to insert, remove or change.
qsizetype distance(const QString& a, const QString& b) {
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<std::size_t>(j);
            const qsizetype change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({change, row[at] + 1, row[at - 1] + 1});
        }
    }
    return row.back();
}

/// Walks over the arguments of one sub-command.
class Parser {
 public:
    Parser(const Syntax& syntax, const QStringList& arguments, std::vector<Issue>& faults)
        : syntax_(syntax), words_(arguments), faults_(faults) {
        if (syntax.parameters)
            keys_ = syntax.parameterKeys.isEmpty() ? parameterKeys() : syntax.parameterKeys;
    }

    Arguments parse() {
        while (next_ < words_.size()) {
            const QString word = words_[next_++];
            if (onlyPositional_ || !word.startsWith('-') || word == "-")
                takePositional(word);
            else if (word == "--")
                onlyPositional_ = true;
            else
                takeOption(word);
        }
        if (result_.has("help")) {
            faults_.clear();
            return result_;
        }
        if (!syntax_.positional.isEmpty() && syntax_.positionalNeeded && result_.positional.isEmpty())
            add(faults_, syntax_.positional,
                QString("%1 is missing: a file name is needed.").arg(syntax_.positional));
        return result_;
    }

 private:
    void takePositional(const QString& word) {
        if (syntax_.positional.isEmpty() || !result_.positional.isEmpty())
            add(faults_, {}, QString("'%1' is one argument too many; options begin with --.").arg(word));
        else if (word.isEmpty())
            add(faults_, syntax_.positional,
                QString("%1 is an empty text; a file name is needed.").arg(syntax_.positional));
        else
            result_.positional = word;
    }

    void takeOption(const QString& word) {
        const qsizetype equals = word.indexOf('=');
        const QString dashed = equals < 0 ? word : word.left(equals);
        const Option* option = find(dashed);
        const QString key = dashed.mid(2);
        const bool parameter = option == nullptr && dashed.startsWith("--") && keys_.contains(key);
        if (option == nullptr && !parameter) return refuseUnknown(dashed, equals >= 0);
        const QString name = option ? option->name : key;
        const bool flag = option != nullptr && option->value.isEmpty();
        QString value;
        if (flag && equals >= 0)
            return add(faults_, name,
                       QString("--%1 takes no value, '%2' was given.").arg(name, word.mid(equals + 1)));
        if (!flag && !takeValue(name, option ? option->value : "VALUE", word, equals, value)) return;
        const bool again = parameter ? result_.parameters.contains(name) : result_.has(name);
        if (again && (option == nullptr || !option->repeats))
            return add(faults_, name, QString("--%1 is given more than once.").arg(name));
        if (parameter)
            result_.parameters.insert(name, value);
        else
            result_.values.insert(name, value);
    }

    bool takeValue(const QString& name, const QString& kind, const QString& word, qsizetype equals,
                   QString& value) {
        if (equals >= 0) {
            value = word.mid(equals + 1);
        } else if (next_ < words_.size() && !words_[next_].startsWith("--")) {
            value = words_[next_++];
        } else {
            add(faults_, name, QString("--%1 needs a value: --%1 %2.").arg(name, kind));
            return false;
        }
        if (!value.isEmpty()) return true;
        add(faults_, name, QString("--%1 is an empty text; %2 is needed.").arg(name, kind));
        return false;
    }

    const Option* find(const QString& dashed) const {
        const auto fits = [&dashed](const Option& option) {
            return dashed == "--" + option.name ||
                   (!option.letter.isEmpty() && dashed == "-" + option.letter);
        };
        const auto found = std::find_if(syntax_.options.begin(), syntax_.options.end(), fits);
        return found == syntax_.options.end() ? nullptr : &*found;
    }

    void refuseUnknown(const QString& dashed, bool hasValue) {
        QStringList names = keys_;
        for (const Option& option : syntax_.options) names << option.name;
        QString text = QString("There is no option %1").arg(dashed);
        if (const auto other = nearest(QString(dashed).remove(0, dashed.startsWith("--") ? 2 : 1), names))
            text += QString("; did you mean --%1?").arg(result_.meant.emplace_back(*other));
        else
            text += QString("; see 'stillpoint-cli %1 --help'.").arg(syntax_.command);
        add(faults_, {}, text);
        // Probably its value: not a fault of its own.
        if (!hasValue && next_ < words_.size() && !words_[next_].startsWith('-') &&
            (next_ + 1 < words_.size() || !result_.positional.isEmpty()))
            ++next_;
    }

    const Syntax& syntax_;
    const QStringList& words_;
    std::vector<Issue>& faults_;
    QStringList keys_;
    Arguments result_;
    qsizetype next_ = 0;
    bool onlyPositional_ = false;
};

void write(std::FILE* stream, const QString& text) {
    const QByteArray bytes = text.toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stream);
    std::fflush(stream);
}

}  // namespace

Arguments parseArguments(const Syntax& syntax, const QStringList& arguments, std::vector<Issue>& faults) {
    Syntax withHelp = syntax;
    withHelp.options.push_back({"help", "", "", "h"});
    return Parser(withHelp, arguments, faults).parse();
}

std::optional<double> numberOption(const Arguments& arguments, const QString& name, double minimum,
                                   double maximum, std::vector<Issue>& faults) {
    if (!arguments.has(name)) return std::nullopt;
    const auto number = parseDouble(arguments.value(name).toStdString());
    if (number && *number >= minimum && *number <= maximum) return number;
    add(faults, name,
        QString("--%1 is '%2'; allowed is a number from %3 to %4.")
            .arg(name, arguments.value(name), QString::fromStdString(toText(minimum)),
                 QString::fromStdString(toText(maximum))));
    return std::nullopt;
}

std::optional<qint64> wholeOption(const Arguments& arguments, const QString& name, qint64 minimum,
                                  qint64 maximum, std::vector<Issue>& faults) {
    if (!arguments.has(name)) return std::nullopt;
    bool ok = false;
    const qint64 number = arguments.value(name).toLongLong(&ok);
    if (ok && number >= minimum && number <= maximum) return number;
    add(faults, name,
        QString("--%1 is '%2'; allowed is a whole number from %3 to %4.")
            .arg(name, arguments.value(name))
            .arg(minimum)
            .arg(maximum));
    return std::nullopt;
}

void requireOption(const Arguments& arguments, const QString& name, const QString& sentence,
                   std::vector<Issue>& faults) {
    if (!arguments.has(name) && !arguments.parameters.contains(name) && !arguments.meant.contains(name))
        add(faults, name, sentence);
}

int bitsOption(const Arguments& arguments, std::vector<Issue>& faults) {
    if (!arguments.has("bits")) return 0;
    const QString text = arguments.value("bits");
    if (text == "8" || text == "16" || text == "32") return text.toInt();
    add(faults, "bits", QString("--bits is '%1'; allowed is one of 8, 16, 32.").arg(text));
    return 0;
}

namespace {

constexpr int kHelpColumn = 31;
constexpr int kHelpWidth = 100;

/// One option: its name, then its help text in a column of its own.
QString helpEntry(const QString& head, const QString& help) {
    QString text = head.leftJustified(kHelpColumn);
    qsizetype column = text.size();
    for (const QString& word : help.split(' ', Qt::SkipEmptyParts)) {
        if (column + word.size() > kHelpWidth) {
            while (text.endsWith(' ')) text.chop(1);
            text += '\n' + QString(kHelpColumn, ' ');
            column = kHelpColumn;
        }
        text += word + ' ';
        column += word.size() + 1;
    }
    while (text.endsWith(' ')) text.chop(1);
    return text + '\n';
}

}  // namespace

QString helpText(const Syntax& syntax) {
    QString text = "Usage: stillpoint-cli " + syntax.command;
    if (!syntax.positional.isEmpty())
        text += syntax.positionalNeeded ? " " + syntax.positional : " [" + syntax.positional + "]";
    if (!syntax.options.empty()) text += " [OPTIONS]";
    if (syntax.parameters && syntax.parameterKeys.isEmpty()) text += " [--KEY VALUE ...]";
    text += "\n\n" + syntax.summary + "\n\nOptions:\n";
    std::vector<Option> options = syntax.options;
    for (const QString& key : syntax.parameterKeys) options.push_back({key, "VALUE", parameterHelp(key)});
    options.push_back({"help", "", "Shows this text.", "h"});
    for (const Option& option : options) {
        const QString letter = option.letter.isEmpty() ? "      " : "  -" + option.letter + ", ";
        text += helpEntry(letter + "--" + option.name + " " + option.value, option.help);
    }
    if (syntax.parameters && syntax.parameterKeys.isEmpty())
        text +=
            "\nParameters are given by their keys, for example --iterator pgd --prior tv --prior.lambda "
            "0.01\n"
            "--max-iter 200 --tolerance 1e-5 --anderson.history 5; 'stillpoint-cli list' shows all of "
            "them.\n";
    return text.chopped(1);
}

std::optional<QString> nearest(const QString& word, const QStringList& candidates) {
    std::optional<QString> best;
    qsizetype least = std::max<qsizetype>(2, word.size() / 3) + 1;
    for (const QString& candidate : candidates) {
        // "lambda" for "prior.lambda" is as good as a spelling mistake.
        const bool ending = word.size() > 2 && candidate.endsWith("." + word);
        const qsizetype difference = ending ? 1 : distance(word.toLower(), candidate);
        if (difference >= least || difference >= word.size()) continue;
        least = difference;
        best = candidate;
    }
    return best;
}

void print(const QString& text) {
    write(stdout, text);
}
void printError(const QString& text) {
    write(stderr, text);
}

QString optionName(const std::string& key) {
    const QString name = QString::fromStdString(key);
    if (name == "sample") return "NAME";
    if (name.isEmpty()) return {};
    return name == "input" || name == name.toUpper() ? name.toUpper() : "--" + name;
}

int refuse(const std::vector<Issue>& faults) {
    for (const Issue& fault : faults) {
        const QString name = optionName(fault.key);
        QString text = QString::fromStdString(fault.text);
        if (!fault.key.empty() && text.startsWith(QString::fromStdString(fault.key) + ' '))
            text = name + text.mid(QString::fromStdString(fault.key).size());
        const bool named = name.isEmpty() || text.startsWith(name) || text.startsWith("--");
        printError("stillpoint-cli: " + (named ? text : name + ": " + text));
    }
    // A model that cannot be used is an input that cannot be read.
    const bool model = std::ranges::all_of(
        faults, [](const Issue& fault) { return fault.key == "prior.model" || fault.key == "model"; });
    return model && !faults.empty() ? kUnreadableInput : kBadArguments;
}

}  // namespace stillpoint::cli
