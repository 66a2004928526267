// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_solve.h"

#include "app/cli_recipe.h"
#include "solver/run/backward.h"
#include "ui/io/picture.h"

namespace stillpoint::cli {

Option referenceOption(const QString& use) {
    return {"reference", "FILE", "The sharp picture, " + use + "."};
}

Option noiseOption(const QString& use) {
    return {"noise-sigma", "S", "Standard deviation of the noise, 0 to 1 (white is 1): " + use + "."};
}

Option startPictureOption() {
    return {"start-picture", "FILE", "First estimate, of the size of INPUT: sets start to picture."};
}

Option maskOption() {
    return {"mask", "FILE",
            "Samples to ignore, as if they had not been measured: black in this picture of INPUT's size."};
}

Option recipeOption() {
    return {"recipe", "FILE", "Parameters from a file; keys given here win."};
}

namespace {

// The option and the recipe's start must agree; the option alone sets start.
QString readStartPicture(const Arguments& given, Recipe& recipe, std::vector<Issue>& faults) {
    const QString path = given.value("start-picture");
    const bool wanted = recipe.find("start") == "picture";
    if (path.isEmpty() && wanted)
        faults.push_back({"start", "--start is picture, which needs --start-picture FILE."});
    if (!path.isEmpty() && recipe.find("start") && !wanted)
        faults.push_back({"start", "--start-picture is given, but --start is " + *recipe.find("start") +
                                       "; allowed with it is picture only."});
    if (!path.isEmpty()) recipe.set("start", "picture");
    return path;
}

std::shared_ptr<const Image> readOther(const char* option, const QString& path) {
    if (path.isEmpty()) return nullptr;
    try {
        return readPicture(path).image;
    } catch (const Error& error) {
        throw Error(error.key(), std::string(option) + ": " + error.what());
    }
}

}  // namespace

SolveJob readSolveJob(Arguments& given, std::vector<Issue>& faults, bool outputNeeded) {
    SolveJob job{readKernelJob(given, faults, outputNeeded), {}, {}, {}, -1};
    job.reference = given.value("reference");
    job.noiseSigma = numberOption(given, "noise-sigma", 0, 1, faults).value_or(-1);
    job.startPicture = readStartPicture(given, job.recipe, faults);
    job.mask = given.value("mask");
    // A photograph shows a part of a larger scene; what has a reference was mostly simulated.
    if (job.reference.isEmpty() && !job.recipe.find("boundary")) job.recipe.set("boundary", "unknown");
    return job;
}

void planFiles(const SolveJob& job, const Arguments& given, FilePlan& plan) {
    planFiles(static_cast<const KernelJob&>(job), plan);
    plan.reads("--reference", job.reference);
    plan.reads("--start-picture", job.startPicture);
    plan.reads("--mask", job.mask);
    plan.reads("--recipe", given.value("recipe"));
}

RunInput readInput(const SolveJob& job, std::shared_ptr<const Image> blurred) {
    RunInput input;
    input.blurred = blurred ? std::move(blurred) : readPicture(job.input).image;
    input.reference = readOther("--reference", job.reference);
    input.start = readOther("--start-picture", job.startPicture);
    input.mask = readOther("--mask", job.mask);
    return input;
}

RunOptions runOptions(const SolveJob& job) {
    RunOptions options;
    options.threads = job.threads;
    options.measure = false;
    options.kernelSource = sourceOf(job.kernel);
    return options;
}

Option lossOption() {
    QString help = "What is differentiated: ";
    for (const LossInfo& loss : losses())
        help += QString::fromStdString(loss.name) + (loss.kind == losses().back().kind ? ". " : ", ");
    return {"loss", "NAME",
            help + "Default: mse with a reference, else sure with the noise, else whiteness."};
}

LossChoice readLoss(const Arguments& given, const SolveJob& job, std::vector<Issue>& faults) {
    LossChoice choice = suitableLoss(!job.reference.isEmpty(), job.noiseSigma);
    if (!given.has("loss")) return choice;
    try {
        choice.kind = lossNamed(given.value("loss").toStdString()).kind;
    } catch (const Error& error) {
        faults.push_back({"loss", error.what()});
        return choice;
    }
    const LossInfo& info = losses()[static_cast<std::size_t>(choice.kind)];
    if (info.needsReference && job.reference.isEmpty())
        faults.push_back({"loss", "--loss " + info.name + " needs --reference FILE."});
    if (info.needsNoiseSigma && !(job.noiseSigma > 0))
        faults.push_back({"loss", "--loss " + info.name + " needs --noise-sigma S above 0."});
    return choice;
}

}  // namespace stillpoint::cli
