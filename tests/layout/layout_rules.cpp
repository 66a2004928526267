// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/layout/layout_rules.h"

#include <QRegularExpression>
#include <algorithm>

namespace stillpoint {
namespace {

constexpr int kLongestFile = 400;

/// A room and what its files may include beside their own room and solver/core. Entries are rooms or files.
struct RoomRule {
    QString room;
    QStringList mayInclude;
};

const std::vector<RoomRule>& roomRules() {
    static const std::vector<RoomRule> rules{
        {"solver/core", {}},
        {"solver/image", {}},
        {"solver/fft", {}},
        {"solver/nn", {}},
        {"solver/fixedpoint", {}},
        {"solver/physics", {"solver/fft", "solver/image"}},
        {"solver/fidelity", {"solver/physics", "solver/image"}},
        {"solver/priors", {"solver/nn", "solver/fft", "solver/image"}},
        {"solver/iterators", {"solver/fidelity", "solver/priors", "solver/image"}},
        {"solver/deq", {"solver/fixedpoint", "solver/iterators", "solver/fidelity", "solver/image"}},
        {"solver/training",
         {"solver/deq", "solver/fixedpoint", "solver/iterators", "solver/fidelity", "solver/priors",
          "solver/physics", "solver/nn", "solver/image"}},
        {"solver/run", {"solver"}},
        {"ui", {"solver/run", "solver/image", "solver/physics/kernel.h"}},
        // The executables handle the same values as the widgets (pictures, kernels) and start trainings.
        {"app", {"ui", "solver/run", "solver/training", "solver/image", "solver/physics/kernel.h"}},
    };
    return rules;
}

/// A foreign header (by the beginning of its name) and the one room it may be used in.
struct ForeignHome {
    QString header;
    QString home;
};

const std::vector<ForeignHome>& foreignHomes() {
    static const std::vector<ForeignHome> homes{
        {"fftw3", "solver/fft"},
        {"dnnl", "solver/nn"},
        {"oneapi/", "solver/nn"},
        {"nlohmann/", "solver/nn"},
        {"omp.h", "solver/core"},
        {"Eigen/", "solver"},
        {"unsupported/Eigen/", "solver"},
        {"qcustomplot", "ui/plot"},
        {"tiff", "ui/io"},
        {"exiv2/", "ui/io"},
        {"iostream", "app"},  // the libraries do not print
    };
    return homes;
}

bool isInside(const QString& path, const QString& folderOrFile) {
    return path == folderOrFile || path.startsWith(folderOrFile + '/');
}

bool isSource(const QString& path) {
    return path.endsWith(".h") || path.endsWith(".cpp") || path.endsWith(".h.in");
}

bool isProduct(const QString& path) {
    return isInside(path, "solver") || isInside(path, "ui") || isInside(path, "app");
}

const RoomRule* ruleOf(const QString& path) {
    const auto& rules = roomRules();
    const auto it = std::find_if(rules.begin(), rules.end(),
                                 [&](const RoomRule& rule) { return isInside(path, rule.room); });
    return it == rules.end() ? nullptr : &*it;
}

// Why `path` must not include the project's own header `header`; empty if it may.
QString faultOfOwnHeader(const QString& path, const QString& header) {
    const RoomRule* rule = ruleOf(path);
    if (rule == nullptr) return {};  // reported once for the file
    const auto holds = [&](const QString& entry) { return isInside(header, entry); };
    if (holds(rule->room) || holds("solver/core")) return {};
    if (std::any_of(rule->mayInclude.begin(), rule->mayInclude.end(), holds)) return {};
    QStringList allowed{"itself"};
    if (rule->room != "solver/core") allowed += "solver/core";
    allowed += rule->mayInclude;
    return QStringLiteral("includes %1; %2 may include %3").arg(header, rule->room, allowed.join(", "));
}

QString faultOfForeignHeader(const QString& path, const QString& header, bool quoted) {
    for (const auto& foreign : foreignHomes()) {
        if (!header.startsWith(foreign.header, Qt::CaseInsensitive)) continue;
        if (isInside(path, foreign.home)) return {};
        return QStringLiteral("includes %1, whose home is %2").arg(header, foreign.home);
    }
    if (quoted)
        return QStringLiteral("includes \"%1\"; own headers are named from the repository root").arg(header);
    static const QRegularExpression standard("^[a-z_]+$");
    if (isInside(path, "solver") && !standard.match(header).hasMatch())
        return QStringLiteral("includes %1; the solver uses the standard library and Eigen only").arg(header);
    return {};
}

QString faultOfInclude(const QString& path, const QString& header, bool quoted) {
    if (quoted && header.endsWith(".moc")) return {};
    for (const char* top : {"solver", "ui", "app", "tests"}) {
        if (!isInside(header, top)) continue;
        if (!quoted) return QStringLiteral("includes <%1>; own headers stand in quotation marks").arg(header);
        return faultOfOwnHeader(path, header);
    }
    return faultOfForeignHeader(path, header, quoted);
}

void checkIncludes(const QString& path, const QStringList& lines, std::vector<Violation>& found) {
    static const QRegularExpression include(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    for (int i = 0; i < lines.size(); ++i) {
        const auto match = include.match(lines[i]);
        if (!match.hasMatch()) continue;
        const QString fault = faultOfInclude(path, match.captured(2), match.captured(1) == "\"");
        if (!fault.isEmpty()) found.push_back({path, i + 1, fault});
    }
}

void checkLicence(const QString& path, const QStringList& lines, std::vector<Violation>& found) {
    const bool script = path.endsWith(".sh");  // its first line may name the interpreter
    const bool build = path.endsWith("CMakeLists.txt") || path.endsWith(".cmake");
    if (!script && !build && !isSource(path)) return;
    const QString wanted = (isSource(path) ? QStringLiteral("// ") : QStringLiteral("# ")) +
                           "SPDX-License-Identifier: GPL-3.0-or-later";
    const int line = lines.value(0).startsWith("#!") ? 2 : 1;
    if (lines.value(line - 1) != wanted)
        found.push_back({path, line, QStringLiteral("this line must be '%1'").arg(wanted)});
}

void checkGuard(const QString& path, const QStringList& lines, std::vector<Violation>& found) {
    const bool header = path.endsWith(".h") || path.endsWith(".h.in");
    if (header && lines.value(1) != "#pragma once")
        found.push_back({path, 2, "the second line of a header must be '#pragma once'"});
}

}  // namespace

std::vector<Violation> checkFile(const QString& path, const QString& text) {
    std::vector<Violation> found;
    QStringList lines = text.split('\n');
    if (lines.last().isEmpty()) lines.removeLast();
    checkLicence(path, lines, found);
    if (!isSource(path)) return found;
    checkGuard(path, lines, found);
    if (!isProduct(path)) return found;
    if (ruleOf(path) == nullptr)
        found.push_back(
            {path, 1, "lies in no known room; a new room needs a line in tests/layout/layout_rules.cpp"});
    checkIncludes(path, lines, found);
    if (lines.size() > kLongestFile)
        found.push_back({path, kLongestFile + 1,
                         QStringLiteral("has %1 lines; allowed are %2").arg(lines.size()).arg(kLongestFile)});
    return found;
}

std::vector<Violation> checkTopLevel(const QStringList& entries) {
    static const QRegularExpression allowed(
        "^(app|solver|ui|resources|tests|CMakeLists\\.txt|CMakePresets\\.json|README\\.md|LICENSE|\\..+"
        "|build|build-.*|out|.*\\.user|compile_commands\\.json|CMakeUserPresets\\.json)$");
    std::vector<Violation> found;
    for (const auto& entry : entries)
        if (!allowed.match(entry).hasMatch())
            found.push_back({entry, 1, "does not belong into the top folder"});
    return found;
}

}  // namespace stillpoint
