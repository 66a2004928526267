// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_recipe.h"

#include <QFile>

#include "solver/run/registry.h"
#include "ui/io/kernel_source.h"

namespace stillpoint::cli {

namespace {

Recipe readRecipe(const QString& path, std::vector<Issue>& faults) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        faults.push_back(
            {"recipe", QString("'%1' cannot be read: %2.").arg(path, file.errorString()).toStdString()});
        return {};
    }
    try {
        return Recipe::fromText(file.readAll().toStdString());
    } catch (const Error& error) {
        faults.push_back({"recipe", QString("'%1': %2").arg(path, error.what()).toStdString()});
        return {};
    }
}

}  // namespace

Recipe mergedRecipe(const Arguments& arguments, std::vector<Issue>& faults) {
    const Registry& registry = Registry::builtin();
    const Recipe file = arguments.has("recipe") ? readRecipe(arguments.value("recipe"), faults) : Recipe();
    Recipe merged = file;
    for (auto it = arguments.parameters.begin(); it != arguments.parameters.end(); ++it)
        merged.set(it.key().toStdString(), it.value().toStdString());
    for (const auto& [key, value] : file.entries()) {
        const bool explicitly = arguments.parameters.contains(QString::fromStdString(key));
        const bool applied = registry.find(file, key).param != nullptr;
        if (!explicitly && applied && registry.find(merged, key).param == nullptr) merged.erase(key);
    }
    return merged;
}

void checkRecipe(const Recipe& recipe, std::shared_ptr<const Kernel>& kernel, std::vector<Issue>& faults) {
    for (const Issue& issue : Registry::builtin().check(recipe)) faults.push_back(issue);
    const auto spec = recipe.find("kernel");
    if (!spec) return;
    try {
        kernel = std::make_shared<const Kernel>(kernelFromSpec(*spec));
    } catch (const Error& error) {
        faults.push_back({"kernel", error.what()});
    }
}

void requireKernel(const Recipe& recipe, const Arguments& arguments, std::vector<Issue>& faults) {
    if (!recipe.find("kernel"))
        requireOption(
            arguments, "kernel",
            "--kernel is missing: --kernel gaussian:sigma=1.6 (or motion, disk, box), or a file with a text "
            "matrix or a picture.",
            faults);
}

KernelSource sourceOf(std::shared_ptr<const Kernel> kernel) {
    return [kernel = std::move(kernel)](const std::string&) { return kernel->clone(); };
}

}  // namespace stillpoint::cli
