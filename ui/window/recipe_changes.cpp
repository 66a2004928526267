// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recipe_changes.h"

#include <QStringList>

#include "solver/run/registry.h"

namespace stillpoint {

Recipe liveRecipe(const Recipe& running, const Recipe& wanted) {
    const Registry& registry = Registry::builtin();
    Recipe live = running;
    for (const auto& [key, value] : running.entries()) {
        const Param* param = registry.find(running, key).param;
        const auto other = wanted.find(key);
        // The same key may mean another thing with another component.
        if (param && other && param->info.applies == ParamApplies::live &&
            registry.find(wanted, key).param == param)
            live.set(key, *other);
    }
    return live;
}

QString restartLabels(const Recipe& running, const Recipe& wanted) {
    const Registry& registry = Registry::builtin();
    QStringList labels;
    for (const auto& [key, value] : wanted.entries()) {
        const Param* param = registry.find(wanted, key).param;
        if (param && param->info.applies == ParamApplies::restart && running.find(key) != value)
            labels << QString::fromStdString(param->info.label);
    }
    return labels.join(", ");
}

}  // namespace stillpoint
