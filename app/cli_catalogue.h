// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <string>
#include <vector>

#include "solver/core/param.h"

namespace stillpoint::cli {

/// Parameters that belong together, for lists and documentation: the choice of components, one component, the
/// driver, a kernel family.
struct Section {
    std::string title;   ///< "Prior: Total variation"
    std::string kind;    ///< "problem", "fidelity", "iterator", "prior", "driver", "kernel"
    std::string name;    ///< of the component, "tv"; empty for problem and driver
    std::string help;    ///< one sentence; may be empty
    std::string prefix;  ///< of the keys, "prior."
    const ParamTable* table = nullptr;
};

/// All sections of the registry and the kernel families, in the order of a form.
std::vector<Section> catalogue();

/// Every key that some recipe may hold, without doubles, in the order of the catalogue.
QStringList parameterKeys();

/// What a parameter means, its allowed values and its default, as one line of a help text.
QString parameterHelp(const QString& key);

}  // namespace stillpoint::cli
