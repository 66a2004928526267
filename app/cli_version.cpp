// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtGlobal>

#include "app/cli_command.h"
#include "app/cli_options.h"
#include "solver/core/version.h"

namespace stillpoint::cli {

int runVersion(const QStringList& arguments) {
    const Syntax syntax{"version", "Shows the version of Stillpoint and of Qt.", {}, false, {}};
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax, arguments, faults);
    if (!faults.empty()) return refuse(faults);
    print(given.has("help") ? helpText(syntax)
                            : QString("stillpoint-cli %1 (Qt %2)").arg(kVersion, qVersion()));
    return kDone;
}

}  // namespace stillpoint::cli
