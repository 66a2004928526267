// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_interrupt.h"
#include "app/cli_progress.h"
#include "app/cli_solve.h"
#include "solver/run/registry.h"
#include "solver/run/tune.h"
#include "ui/io/picture.h"
#include "ui/io/save_file.h"

namespace stillpoint::cli {

namespace {

const Syntax& syntax() {
    static const Syntax tune{
        "tune",
        "Learns parameters for the picture INPUT: follows the implicit gradient of a loss to its minimum, "
        "prints "
        "the course and writes the learned recipe.",
        "INPUT",
        true,
        {kernelOption("Needed, here or in the recipe."),
         {"parameters", "A,B,...", "Keys of the real parameters to learn. Default prior.lambda."},
         referenceOption("to learn from"),
         noiseOption("to learn from where there is no reference, and for defaults"),
         lossOption(),
         {"steps", "N", "Most evaluations of loss and gradient, 1 to 10000. Default 30."},
         {"method", "NAME", "lbfgs (default) or adam."},
         {"rate", "R",
          "Length of adam's first steps, on the logarithm of a parameter, 0.001 to 2. Default 0.3."},
         {"save-recipe", "FILE", "Writes the learned recipe; without it the recipe is printed."},
         {"output", "FILE", "Writes the estimate that belongs to it.", "o"},
         bitsOptionLine("Default: the input's."),
         startPictureOption(),
         maskOption(),
         recipeOption(),
         threadsOption(),
         quietOption()},
        true};
    return tune;
}

struct Job : SolveJob {
    TuneParams tune;
    QString saveRecipe;
};

TuneParams readTune(const Arguments& given, const SolveJob& job, std::vector<Issue>& faults) {
    TuneParams tune;
    const QString keys = given.has("parameters") ? given.value("parameters") : "prior.lambda";
    for (const QString& key : keys.split(',')) tune.parameters.push_back(key.trimmed().toStdString());
    tune.loss = readLoss(given, job, faults);
    tune.minimiser.maxEvaluations =
        static_cast<int>(wholeOption(given, "steps", 1, 10000, faults).value_or(30));
    const QString method = given.has("method") ? given.value("method") : "lbfgs";
    if (method != "lbfgs" && method != "adam")
        faults.push_back(
            {"method", "--method is '" + method.toStdString() + "'; allowed is one of lbfgs, adam."});
    if (method == "adam") tune.minimiser.kind = MinimiserKind::adam;
    if (given.has("rate") && method != "adam")
        faults.push_back({"rate", "--rate is for --method adam only."});
    tune.minimiser.rate = numberOption(given, "rate", 0.001, 2, faults).value_or(tune.minimiser.rate);
    return tune;
}

Job readJob(Arguments& given, std::vector<Issue>& faults) {
    Job job{readSolveJob(given, faults, false), {}, {}};
    job.tune = readTune(given, job, faults);
    job.saveRecipe = given.value("save-recipe");
    // Gradients ask for more than a picture does: near the best weight they are small differences.
    if (!job.recipe.find("tolerance")) job.recipe.set("tolerance", "1e-5");
    if (!job.recipe.find("max-iter")) job.recipe.set("max-iter", "1000");
    FilePlan plan;
    planFiles(job, given, plan);
    plan.writes("--save-recipe", job.saveRecipe);
    plan.check(faults);
    return job;
}

QString cell(const QString& text, int width) {
    return text.rightJustified(width) + ' ';
}

QString header(const TuneParams& params, bool psnr) {
    QString line = cell("step", 4);
    for (const std::string& key : params.parameters) line += cell(QString::fromStdString(key), 16);
    line += cell("loss", 12);
    if (psnr) line += cell("psnr", 8);
    return line + cell("iterations", 10) + cell("adjoint", 8) + cell("seconds", 8);
}

QString row(const TuneStep& step, bool psnr) {
    QString line = cell(QString::number(step.step), 4);
    for (const double value : step.values) line += cell(QString::number(value, 'g', 6), 16);
    line += cell(QString::number(step.loss, 'g', 6), 12);
    if (psnr) line += cell(QString::number(step.psnr, 'f', 2), 8);
    return line + cell(QString::number(step.forward.iterations), 10) +
           cell(QString::number(step.adjoint.iterations), 8) + cell(QString::number(step.seconds, 'f', 2), 8);
}

void learn(Tuner& tuner, const Job& job) {
    const StopOnSignal stop;
    const bool psnr = !job.reference.isEmpty();
    if (!job.quiet) print(header(tuner.params(), psnr));
    while (!tuner.done()) {
        ProgressLine progress(!job.quiet);
        BackwardHooks hooks;
        hooks.stop = stop.token();
        hooks.onStep = [&](const BackwardStep& at) {
            progress.update([&] {
                return QString("%1: iteration %2, residual %3")
                    .arg(at.phase == BackwardStep::Phase::forward ? "estimate" : "adjoint")
                    .arg(at.iteration)
                    .arg(at.residual, 0, 'e', 1);
            });
        };
        const TuneStep& step = tuner.step(hooks);
        if (!job.quiet && !stop.token().stop_requested()) print(row(step, psnr));
    }
}

QString summaryText(const Tuner& tuner, bool reference) {
    const TuneStep* best = tuner.bestStep();
    QString text = QString::fromStdString(tuner.ending());
    if (best == nullptr) return text + " No step gave a finite loss; the recipe is unchanged.";
    text += QString(" Best of %1: step %2").arg(tuner.steps().size()).arg(best->step);
    for (std::size_t i = 0; i < best->values.size(); ++i)
        text += QString(", %1 %2").arg(QString::fromStdString(tuner.params().parameters[i]),
                                       QString::number(best->values[i], 'g', 6));
    if (reference) text += QString(", PSNR %1 dB").arg(best->psnr, 0, 'f', 2);
    return text + '.';
}

}  // namespace

int runTune(const QStringList& arguments) {
    std::vector<Issue> faults;
    Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    const Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    watchSignals();
    const Picture picture = readPicture(job.input);
    Tuner tuner(job.recipe, readInput(job, picture.image), job.tune, runOptions(job));
    learn(tuner, job);
    const std::string recipe = tuner.best().toText();
    if (!job.saveRecipe.isEmpty()) saveFile(job.saveRecipe, QByteArray::fromStdString(recipe), "save-recipe");
    if (!job.output.isEmpty() && !tuner.bestEstimate().empty()) {
        WriteOptions options;
        options.bits = job.bits;
        const auto estimate = std::make_shared<const Image>(tuner.bestEstimate().clone());
        for (const QString& note : writePicture(job.output, picture.withImage(estimate), options))
            if (!job.quiet) printError("stillpoint-cli: note: " + note);
    }
    if (!job.quiet) print(summaryText(tuner, !job.reference.isEmpty()));
    if (job.saveRecipe.isEmpty()) print(QString::fromStdString(recipe).chopped(1));
    if (!job.quiet && tuner.bestStep() != nullptr)
        for (const std::string& warning : tuner.bestStep()->warnings)
            printError("stillpoint-cli: warning: " + QString::fromStdString(warning));
    if (signalThatCame() != 0) return kSignalled + signalThatCame();
    return tuner.bestStep() != nullptr ? kDone : kDiverged;
}

}  // namespace stillpoint::cli
