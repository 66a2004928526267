// SPDX-License-Identifier: GPL-3.0-or-later
#include <QColor>
#include <algorithm>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_interrupt.h"
#include "app/cli_json.h"
#include "app/cli_options.h"
#include "app/cli_progress.h"
#include "app/cli_solve.h"
#include "solver/image/noise_level.h"
#include "solver/run/registry.h"
#include "solver/run/run_session.h"
#include "ui/io/picture.h"
#include "ui/io/save_file.h"
#include "ui/plot/convergence_plot.h"

namespace stillpoint::cli {

namespace {

const Syntax& syntax() {
    static const Syntax restore{
        "restore",
        "Restores the picture INPUT, which was blurred by a known kernel, and writes the estimate.",
        "INPUT",
        true,
        {{"output", "FILE", "The estimate: .png .jpg .jpeg .tif .tiff .webp .bmp. Needed.", "o"},
         kernelOption("Needed, here or in the recipe."),
         referenceOption("to measure PSNR and SSIM"),
         noiseOption("sets defaults that depend on it. Default: estimated from INPUT"),
         startPictureOption(),
         maskOption(),
         recipeOption(),
         {"save-recipe", "FILE", "Writes all parameters of this run."},
         {"trace", "FILE", "Writes the curve: CSV, one row per iteration."},
         {"report", "FILE", "Writes the result's numbers: JSON."},
         {"plot", "FILE", "Draws the curve: .png .svg .pdf."},
         bitsOptionLine("Default: the input's."),
         threadsOption(),
         quietOption()},
        true};
    return restore;
}

/// What the arguments ask for.
struct Job : SolveJob {
    QString trace, report, plot, saveRecipe;
    bool noiseEstimated = false;
};

void checkFiles(const Job& job, const Arguments& given, std::vector<Issue>& faults) {
    FilePlan plan;
    planFiles(job, given, plan);
    plan.writes("--trace", job.trace);
    plan.writes("--report", job.report);
    plan.writes("--save-recipe", job.saveRecipe);
    plan.writes("--plot", job.plot, {"png", "svg", "pdf"});
    plan.check(faults);
}

Job readJob(Arguments& given, std::vector<Issue>& faults) {
    Job job{readSolveJob(given, faults, true), {}, {}, {}, {}};
    job.trace = given.value("trace");
    job.report = given.value("report");
    job.plot = given.value("plot");
    job.saveRecipe = given.value("save-recipe");
    checkFiles(job, given, faults);
    return job;
}

RunOptions optionsOf(const Job& job) {
    RunOptions options = runOptions(job);
    options.measure = !job.trace.isEmpty() || !job.plot.isEmpty();  // the report holds final numbers only
    return options;
}

void solve(RunSession& session, bool quiet) {
    ProgressLine progress(!quiet);
    while (!session.done()) {
        if (signalThatCame() != 0) return session.stop();
        session.step();
        progress.update(session.record());
    }
}

void writePlot(const RunRecord& record, const Job& job) {
    const QColor colour(0x1f, 0x77, 0xb4);
    const QSize size(960, 640);
    const std::string tolerance = Registry::builtin().valueText(record.recipe, "tolerance");
    ConvergencePlot plot;
    plot.resize(size);
    plot.addRun(1, job.output.section('/', -1), colour);
    plot.appendPoints(1, record.points);
    plot.setMarks(1, record.marks);
    plot.setTolerance(parseDouble(tolerance).value_or(0));
    QString why;
    if (!plot.exportPicture(job.plot, size, &why)) throw Error("plot", why.toStdString());
}

QStringList writeResults(const RunSession& session, const Picture& picture, const Job& job) {
    const RunRecord& record = session.record();
    WriteOptions options;
    options.bits = job.bits;
    const auto estimate = std::make_shared<const Image>(session.estimate());
    const QStringList notes = writePicture(job.output, picture.withImage(estimate), options);
    const auto save = [](const QString& path, const std::string& text, const char* key) {
        if (!path.isEmpty()) saveFile(path, QByteArray::fromStdString(text), key);
    };
    save(job.trace, traceCsv(record), "trace");
    save(job.saveRecipe, record.recipe.toText(), "save-recipe");
    save(job.report, reportJson(record).toStdString(), "report");
    if (!job.plot.isEmpty()) writePlot(record, job);
    return notes;
}

QString summaryText(const RunRecord& record, const Job& job) {
    QString text = QString::fromStdString(record.summary.message);
    text += QString(" %1 iterations, %2 s, residual %3.")
                .arg(record.summary.iterations)
                .arg(record.summary.seconds, 0, 'f', 2)
                .arg(record.summary.residual, 0, 'e', 1);
    if (!job.reference.isEmpty())
        text += QString(" PSNR %1 dB, before %2 dB; SSIM %3.")
                    .arg(record.psnr, 0, 'f', 2)
                    .arg(record.psnrInput, 0, 'f', 2)
                    .arg(record.ssim, 0, 'f', 4);
    if (job.noiseEstimated && job.noiseSigma >= 0)
        text += QString(" Noise, estimated: sigma %1.").arg(job.noiseSigma, 0, 'g', 2);
    return text + QString(" Wrote '%1'.").arg(job.output);
}

int exitCode(SolveStatus status) {
    if (status == SolveStatus::diverged) return kDiverged;
    return status == SolveStatus::stopped ? kSignalled + signalThatCame() : kDone;
}

}  // namespace

Needs needsOfRestore(const QStringList& arguments) {
    const auto isPlot = [](const QString& word) { return word == "--plot" || word.startsWith("--plot="); };
    return std::any_of(arguments.begin(), arguments.end(), isPlot) ? Needs::widgets : Needs::core;
}

int runRestore(const QStringList& arguments) {
    std::vector<Issue> faults;
    Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    watchSignals();
    const Picture picture = readPicture(job.input);
    job.noiseEstimated = job.noiseSigma < 0;
    if (job.noiseEstimated) job.noiseSigma = estimateNoise(*picture.image);
    job.recipe = Registry::builtin().suggest(job.recipe, job.noiseSigma);
    RunSession session(job.recipe, readInput(job, picture.image), optionsOf(job));
    solve(session, job.quiet);
    const RunRecord& record = session.finish();
    const QStringList notes = writeResults(session, picture, job);
    if (!job.quiet) {
        print(summaryText(record, job));
        for (const QString& note : notes) printError("stillpoint-cli: note: " + note);
    }
    return exitCode(record.summary.status);
}

}  // namespace stillpoint::cli
