// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QSet>

#include "app/cli_command.h"
#include "app/cli_evaluation_report.h"
#include "app/cli_files.h"
#include "app/cli_interrupt.h"
#include "app/cli_job.h"
#include "app/cli_progress.h"
#include "app/cli_recipe.h"
#include "app/cli_solve.h"
#include "solver/image/colour.h"
#include "solver/run/registry.h"
#include "solver/run/sweep.h"
#include "ui/io/kernel_source.h"
#include "ui/io/picture.h"
#include "ui/io/save_file.h"

namespace stillpoint::cli {

namespace {

const Syntax& syntax() {
    static const Syntax evaluate{
        "evaluate",
        "Blurs every picture of FOLDER with every kernel, adds noise, restores it and shows mean PSNR, SSIM "
        "and "
        "times.",
        "FOLDER",
        true,
        {{"kernels", "FOLDER", "Folder of text matrices (.txt, .csv). Needed to deblur."},
         {"task", "NAME",
          "deblur (default), or denoise: noise alone, removed by the prior: a learned denoiser is applied "
          "once, any other prior is minimised together with the distance to the noisy picture."},
         noiseOption("of the simulated pictures, and for defaults that depend on it. Needed"),
         {"seed", "N", "Number of the noise's random streams, from 0. Default 0."},
         {"scene", "BOUNDARY",
          "How the simulated blur goes on beyond the rim: periodic, unknown (the camera sees a part of a "
          "larger "
          "scene), taper or reflect. Default: as --boundary, which the restoration supposes."},
         {"grid", "KEY=A,B,C",
          "Evaluates each of these values of a parameter and shows which is best by PSNR."},
         {"grey", "", "Turns colours into grey first: 0.299 red + 0.587 green + 0.114 blue."},
         {"limit", "COUNT",
          "Only the first pictures, in alphabetical order. Their noise does not depend on it."},
         {"json", "FILE", "Writes means and runs, those of the best value of a grid."},
         {"csv", "FILE", "Writes a row per run."},
         recipeOption(),
         threadsOption(),
         quietOption()},
        true};
    return evaluate;
}

struct Job {
    QString folder, kernels, json, csv;
    EvaluationParams params;
    std::optional<SweepAxis> grid;
    qint64 limit = 0;  ///< 0: all
    bool grey = false, quiet = false;
};

/// One recipe, or one for each value of the grid.
std::vector<Recipe> recipesOf(const Job& job) {
    if (!job.grid) return {job.params.recipe};
    std::vector<Recipe> recipes;
    for (const std::string& value : job.grid->values) {
        recipes.push_back(job.params.recipe);
        recipes.back().set(job.grid->key, value);
    }
    return recipes;
}

Recipe readRecipe(const Arguments& given, std::vector<Issue>& faults) {
    Recipe recipe = mergedRecipe(given, faults);
    if (given.parameters.contains("kernel"))
        faults.push_back({"kernel", "--kernel is given; the kernels come from --kernels FOLDER."});
    if (recipe.find("start") == "picture")
        faults.push_back({"start", "--start is picture, which cannot be given for a set of pictures."});
    recipe.erase("kernel");
    return recipe;
}

EvaluationTask readTask(const Arguments& given, std::vector<Issue>& faults) {
    const QString task = given.has("task") ? given.value("task") : "deblur";
    if (task == "denoise") {
        if (given.has("kernels")) faults.push_back({"kernels", "--kernels is for --task deblur only."});
        return EvaluationTask::denoise;
    }
    if (task != "deblur")
        faults.push_back(
            {"task", "--task is '" + task.toStdString() + "'; allowed is one of deblur, denoise."});
    else
        requireOption(given, "kernels", "--kernels is missing: --kernels FOLDER, a folder of text matrices.",
                      faults);
    return EvaluationTask::deblur;
}

std::optional<SweepAxis> readGrid(const Arguments& given, const Recipe& recipe, std::vector<Issue>& faults) {
    if (!given.has("grid")) return std::nullopt;
    try {
        SweepAxis axis = parseSweepAxis(given.value("grid").toStdString(), recipe);
        if (axis.key == "kernel") throw Error("grid", "'kernel' is varied by --kernels FOLDER.");
        return axis;
    } catch (const Error& error) {
        faults.push_back({"grid", error.what()});
        return std::nullopt;
    }
}

// Every value's recipe, so that none is refused after hours.
void checkRecipes(const Job& job, std::vector<Issue>& faults) {
    QSet<QString> told;
    for (const Recipe& recipe : recipesOf(job)) {
        EvaluationParams params = job.params;
        params.recipe = recipe;
        for (const Issue& issue : Registry::builtin().check(evaluationRecipe(params)))
            if (const auto text = QString::fromStdString(issue.text); !told.contains(text)) {
                told.insert(text);
                faults.push_back(issue);
            }
    }
}

Job readJob(const Arguments& given, std::vector<Issue>& faults) {
    Job job;
    job.folder = given.positional;
    job.kernels = given.value("kernels");
    job.json = given.value("json");
    job.csv = given.value("csv");
    job.grey = given.has("grey");
    job.quiet = given.has("quiet");
    job.limit = wholeOption(given, "limit", 1, INT32_MAX, faults).value_or(0);
    job.params.recipe = readRecipe(given, faults);
    job.params.task = readTask(given, faults);
    job.params.scene = given.value("scene").toStdString();
    if (!job.params.scene.empty()) {
        const KeyedParam boundary = Registry::builtin().find({}, "boundary");
        const auto parsed = parseValue(*boundary.param, "scene", job.params.scene);
        if (const auto* issue = std::get_if<Issue>(&parsed)) faults.push_back(*issue);
    }
    requireOption(given, "noise-sigma", "--noise-sigma is missing: --noise-sigma 0.01.", faults);
    job.params.noiseSigma = numberOption(given, "noise-sigma", 0, 1, faults).value_or(0);
    job.params.seed =
        static_cast<std::uint64_t>(wholeOption(given, "seed", 0, INT64_MAX, faults).value_or(0));
    job.params.threads = static_cast<int>(wholeOption(given, "threads", 1, 256, faults).value_or(0));
    job.grid = readGrid(given, job.params.recipe, faults);
    checkRecipes(job, faults);
    FilePlan plan;
    plan.reads("--recipe", given.value("recipe"));
    plan.writes("--json", job.json, {"json"});
    plan.writes("--csv", job.csv, {"csv"});
    plan.check(faults);
    return job;
}

/// Names of a folder's files with one of these endings, in alphabetical order.
QStringList filesOf(const QString& folder, const QStringList& endings) {
    QStringList patterns;
    for (const QString& ending : endings) patterns << "*." + ending;
    return QDir(folder).entryList(patterns, QDir::Files | QDir::Readable, QDir::Name);
}

QString joined(const QStringList& endings) {
    return '.' + endings.join(" .");
}

std::vector<std::shared_ptr<const Kernel>> readKernels(const QString& folder, const QStringList& names) {
    const auto refuse = [](const QString& text) {
        throw Error("input", ("--kernels: " + text).toStdString());
    };
    if (names.isEmpty()) refuse(QString("'%1' is no folder with text matrices (.txt .csv).").arg(folder));
    std::vector<std::shared_ptr<const Kernel>> kernels;
    for (const QString& kernel : names) try {
            // An absolute name is never taken for a family of kernels.
            const QString path = QDir(folder).absoluteFilePath(kernel);
            kernels.push_back(std::make_shared<const Kernel>(kernelFromSpec(path.toStdString())));
        } catch (const Error& error) {
            refuse(error.what());
        }
    return kernels;
}

/// The pictures of the folder; those that cannot be read are told once and left out.
class Pictures {
 public:
    explicit Pictures(const Job& job) : job_(job), names_(filesOf(job.folder, readableEndings())) {
        if (job.limit > 0) names_ = names_.mid(0, job.limit);
        if (names_.isEmpty())
            throw Error("FOLDER", QString("'%1' is no folder with pictures (%2).")
                                      .arg(job.folder, joined(readableEndings()))
                                      .toStdString());
    }
    const QStringList& names() const { return names_; }
    std::shared_ptr<const Image> read(std::size_t index) {
        const QString& picture = names_[static_cast<qsizetype>(index)];
        try {
            auto image = readPicture(QDir(job_.folder).filePath(picture)).image;
            ++read_;
            return job_.grey ? std::make_shared<const Image>(luminance(*image)) : image;
        } catch (const Error& error) {
            if (!told_.contains(picture)) printError(QString("stillpoint-cli: left out: ") + error.what());
            told_.insert(picture);
            return nullptr;
        }
    }
    /// Throws if not a single one could be read.
    void check() const {
        if (read_ == 0 && told_.size() == names_.size())
            throw Error("FOLDER", "'" + job_.folder.toStdString() + "' has no picture that can be read.");
    }

 private:
    const Job& job_;
    QStringList names_;
    QSet<QString> told_;
    qsizetype read_ = 0;
};

EvaluatedRecipe evaluateOne(const EvaluationSet& set, const EvaluationParams& params, const Evaluation& whole,
                            const QString& value, bool quiet) {
    const StopOnSignal stop;
    EvaluatedRecipe done{value, evaluationRecipe(params), {}, false};
    {
        ProgressLine line(!quiet);
        EvaluationHooks hooks;
        hooks.stop = stop.token();
        const auto at = [&](std::size_t picture, std::size_t kernel) {
            QString text = value.isEmpty() ? QString() : whole.gridKey + ' ' + value + ", ";
            text += QString("picture %1 of %2").arg(picture + 1).arg(set.pictures);
            if (!set.kernels.empty())
                text += QString(", kernel %1 of %2").arg(kernel + 1).arg(set.kernels.size());
            return text;
        };
        hooks.onStep = [&](std::size_t picture, std::size_t kernel, const IterationRecord& step) {
            line.update([&] {
                return QString("%1: iteration %2, residual %3")
                    .arg(at(picture, kernel))
                    .arg(step.iteration)
                    .arg(step.residual, 0, 'e', 1);
            });
        };
        hooks.onRun = [&](const EvaluationRun& run) {
            line.update([&] { return at(run.picture, run.kernel); });
        };
        done.runs = evaluate(set, params, hooks);
    }
    done.complete = !stop.token().stop_requested();
    return done;
}

Evaluation evaluateAll(const Job& job, Pictures& pictures) {
    Evaluation whole;
    whole.task = job.params.task;
    whole.noiseSigma = job.params.noiseSigma;
    whole.seed = job.params.seed;
    whole.pictures = pictures.names();
    EvaluationSet set;
    set.pictures = static_cast<std::size_t>(whole.pictures.size());
    set.picture = [&](std::size_t index) { return pictures.read(index); };
    if (job.params.task == EvaluationTask::deblur) {
        whole.kernels = filesOf(job.kernels, {"txt", "csv"});
        set.kernels = readKernels(job.kernels, whole.kernels);
    }
    if (job.grid) whole.gridKey = QString::fromStdString(job.grid->key);
    if (job.grid && !job.quiet) print(gridHeader(whole.gridKey));
    const std::vector<Recipe> recipes = recipesOf(job);
    for (std::size_t i = 0; i < recipes.size() && signalThatCame() == 0; ++i) {
        EvaluationParams params = job.params;
        params.recipe = recipes[i];
        const QString value = job.grid ? QString::fromStdString(job.grid->values[i]) : QString();
        whole.recipes.push_back(evaluateOne(set, params, whole, value, job.quiet));
        pictures.check();
        if (job.grid && !job.quiet && whole.recipes.back().complete) print(gridRow(whole.recipes.back()));
    }
    return whole;
}

void show(const Evaluation& whole) {
    const EvaluatedRecipe* best = whole.best();
    if (best == nullptr) return print("Nothing was done.");
    if (!whole.gridKey.isEmpty()) print(QString("\nBest by PSNR: --%1 %2").arg(whole.gridKey, best->value));
    print(evaluationTable(whole, *best));
}

}  // namespace

int runEvaluate(const QStringList& arguments) {
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    const Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    watchSignals();
    Pictures pictures(job);
    const Evaluation whole = evaluateAll(job, pictures);
    if (!job.json.isEmpty()) saveFile(job.json, evaluationJson(whole), "json");
    if (!job.csv.isEmpty()) saveFile(job.csv, evaluationCsv(whole), "csv");
    if (!job.quiet) show(whole);
    return signalThatCame() != 0 ? kSignalled + signalThatCame() : kDone;
}

}  // namespace stillpoint::cli
