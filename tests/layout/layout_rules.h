// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

namespace stillpoint {

/// The rules about files that the compiler does not know: who may include whom, where foreign libraries live,
/// licence lines, include guards, lengths, what may stand at the top. Pure functions of text, so that the
/// rules themselves are tested.

struct Violation {
    QString file;  ///< from the repository root
    int line = 1;
    QString text;
    QString toString() const { return QStringLiteral("%1:%2: %3").arg(file).arg(line).arg(text); }
};

/// Everything that is wrong with one file; `path` from the repository root decides which rules apply.
std::vector<Violation> checkFile(const QString& path, const QString& text);

/// Entries of the top folder that do not belong there. Dot files and what .gitignore leaves out are fine.
std::vector<Violation> checkTopLevel(const QStringList& entries);

}  // namespace stillpoint
