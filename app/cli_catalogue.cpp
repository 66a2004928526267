// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_catalogue.h"

#include <QString>
#include <algorithm>
#include <span>

#include "solver/physics/kernel.h"
#include "solver/run/registry.h"

namespace stillpoint::cli {

namespace {

void addComponents(std::vector<Section>& sections, std::span<const ComponentInfo> components,
                   const std::string& kind, const std::string& title, const std::string& prefix) {
    for (const ComponentInfo& info : components)
        sections.push_back({title + ": " + info.label, kind, info.name, info.help, prefix, info.table});
}

bool isComponents(const Registry& registry, const ParamTable* table) {
    const auto owns = [table](const ComponentInfo& info) { return info.table == table; };
    return std::ranges::any_of(registry.iterators(), owns) || std::ranges::any_of(registry.priors(), owns) ||
           std::ranges::any_of(registry.fidelities(), owns);
}

}  // namespace

std::vector<Section> catalogue() {
    const Registry& registry = Registry::builtin();
    std::vector<Section> sections;
    const ParamGroup& problem = registry.problem();
    sections.push_back({problem.title, "problem", "", "", problem.prefix, problem.table});
    addComponents(sections, registry.fidelities(), "fidelity", "Fidelity", "fidelity.");
    addComponents(sections, registry.iterators(), "iterator", "Iterator", "");
    addComponents(sections, registry.priors(), "prior", "Prior", "prior.");
    for (const ParamGroup& group : registry.groups({}))
        if (group.table != problem.table && !isComponents(registry, group.table))
            sections.push_back({group.title, "driver", "", "", group.prefix, group.table});
    for (const KernelFamily& family : kernelFamilies())
        sections.push_back({"Kernel: " + family.label, "kernel", family.name, family.help, "", family.table});
    return sections;
}

QStringList parameterKeys() {
    QStringList keys;
    for (const Section& section : catalogue()) {
        if (section.kind == "kernel") continue;
        for (const Param& param : section.table->params())
            keys << QString::fromStdString(section.prefix + param.key);
    }
    keys.removeDuplicates();
    return keys;
}

QString parameterHelp(const QString& key) {
    const KeyedParam keyed = Registry::builtin().find({}, key.toStdString());
    if (keyed.param == nullptr) return {};
    const auto text = [](const std::string& utf8) { return QString::fromStdString(utf8); };
    return text(keyed.param->info.help) +
           QString(" Allowed is %1; default %2.")
               .arg(text(allowedText(*keyed.param)), text(toText(keyed.param->defaultValue)));
}

}  // namespace stillpoint::cli
