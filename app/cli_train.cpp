// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <cmath>
#include <optional>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_interrupt.h"
#include "app/cli_job.h"
#include "app/cli_progress.h"
#include "solver/core/parallel.h"
#include "solver/core/timer.h"
#include "solver/training/trainer.h"
#include "ui/io/picture.h"

namespace stillpoint::cli {

namespace {

std::vector<Option> options() {
    std::vector<Option> all{
        {"output", "FILE", "The model, safetensors; FILE.checkpoint beside it holds what --resume needs.",
         "o"},
        {"validation", "FOLDER", "Pictures to validate with, never trained on."},
        {"validation-samples", "N", "Samples of a validation, colour and grey each, 1 to 10000. Default 32."},
        {"from", "MODEL",
         "Weights to start from: a shipped model's name or a file. Needed for stage equilibrium."},
        {"network", "denoiser|ridge", "What to train from fresh weights. Default denoiser."},
        {"colour", "grey|joint|opponent",
         "How the filters of a fresh ridge regulariser see colours. Default joint."},
        {"width", "N", "Feature maps of a fresh network, 4 to 512. Default 48."},
        {"depth", "N", "Convolutions of a fresh network, even, 4 to 100. Default 12."},
        {"every", "N", "Steps between checkpoints, with a validation each. Default 500."},
        {"resume", "", "Goes on from FILE.checkpoint."},
        {"log", "FILE", "Appends a row of numbers every interval, CSV."},
        threadsOption(),
        quietOption()};
    for (const Param& param : TrainerParams::table().params())
        all.push_back({QString::fromStdString(param.key),
                       param.kind == ParamKind::boolean ? "true|false" : "VALUE",
                       QString::fromStdString(param.info.help) + " Default " +
                           QString::fromStdString(toText(param.defaultValue)) + "."});
    return all;
}

const Syntax& syntax() {
    static const Syntax train{
        "train",
        "Trains a learned prior on the pictures of FOLDER: first on noise (stage denoising), then "
        "through the equilibrium of a restoration (stage equilibrium).",
        "FOLDER", true, options()};
    return train;
}

struct Job {
    QString folder, output, validation, from, log;
    TrainerParams trainer;
    DenoiserArchitecture architecture;
    std::optional<RidgeArchitecture> ridge;
    int every = 500, validationSamples = 32, threads = 0;
    bool resume = false, quiet = false;
};

TrainerParams readTrainer(const Arguments& given, std::vector<Issue>& faults) {
    TrainerParams params;
    for (const Param& param : TrainerParams::table().params()) {
        const QString name = QString::fromStdString(param.key);
        if (!given.has(name)) continue;
        const auto value = parseValue(param, param.key, given.value(name).toStdString());
        if (const auto* issue = std::get_if<Issue>(&value))
            faults.push_back(*issue);
        else
            param.write(&params, std::get<Value>(value));
    }
    return params;
}

Job readJob(const Arguments& given, std::vector<Issue>& faults) {
    Job job;
    job.folder = given.positional;
    job.output = given.value("output");
    job.validation = given.value("validation");
    job.from = given.value("from");
    job.log = given.value("log");
    job.resume = given.has("resume");
    job.quiet = given.has("quiet");
    job.trainer = readTrainer(given, faults);
    const auto whole = [&](const char* name, int least, int most, int otherwise) {
        return static_cast<int>(wholeOption(given, name, least, most, faults).value_or(otherwise));
    };
    job.every = whole("every", 1, 1000000, 500);
    job.validationSamples = whole("validation-samples", 1, 10000, 32);
    job.threads = whole("threads", 1, 1024, hardwareThreads());
    job.architecture.width = whole("width", 4, 512, 48);
    job.architecture.depth = whole("depth", 4, 100, 12);
    if (job.architecture.depth % 2 != 0)
        faults.push_back({"depth", "--depth is " + std::to_string(job.architecture.depth) +
                                       "; a network of residual blocks has an even one."});
    requireOption(given, "output", "--output is missing: the model has to be written somewhere.", faults);
    if (job.trainer.stage == TrainingStage::equilibrium && job.from.isEmpty())
        faults.push_back({"from", "--stage equilibrium needs --from: a denoiser that was trained on noise."});
    const QString network = given.has("network") ? given.value("network") : "denoiser";
    if (network != "denoiser" && network != "ridge")
        faults.push_back(
            {"network", "--network is '" + network.toStdString() + "'; allowed is one of denoiser, ridge."});
    const QStringList colours{"grey", "joint", "opponent"};
    const int colour =
        static_cast<int>(colours.indexOf(given.has("colour") ? given.value("colour") : "joint"));
    if (colour < 0)
        faults.push_back({"colour", "--colour is '" + given.value("colour").toStdString() +
                                        "'; allowed is one of grey, joint, opponent."});
    if (network == "ridge")
        job.ridge = RidgeArchitecture{.colour = static_cast<RidgeArchitecture::Colour>(std::max(colour, 0))};
    for (const char* option : {"network", "colour", "width", "depth"})
        if (!job.from.isEmpty() && given.has(option))
            faults.push_back(
                {"from", std::string("--from gives the network its form; leave --") + option + " out."});
    for (const char* option : {"width", "depth"})
        if (job.ridge && given.has(option))
            faults.push_back({option, std::string("--") + option +
                                          " is of a denoiser's network, not of a "
                                          "ridge regulariser."});
    if (!job.ridge && given.has("colour"))
        faults.push_back({"colour", "--colour is of a ridge regulariser; add --network ridge."});
    FilePlan plan;
    plan.writes("--output", job.output, {"safetensors"});
    plan.writes("--log", job.log);
    plan.check(faults);
    return job;
}

std::vector<CompactPicture> readFolder(const QString& folder, const char* what) {
    const QDir directory(folder);
    if (!directory.exists())
        throw Error(what, std::string(what) + " is '" + folder.toStdString() + "', which is not a folder.");
    std::vector<CompactPicture> pictures;
    QStringList refused;
    for (const QFileInfo& file : directory.entryInfoList(QDir::Files | QDir::Readable, QDir::Name)) {
        try {
            pictures.emplace_back(*readPicture(file.filePath()).image);
        } catch (const Error&) {
            refused += file.fileName();
        }
    }
    if (!refused.isEmpty())
        printError(QString("stillpoint-cli: note: %1 files of '%2' are no pictures, the first is %3.")
                       .arg(refused.size())
                       .arg(folder, refused.front()));
    return pictures;
}

/// What has happened since the last line that was shown.
struct Interval {
    double loss = 0, error = 0, converged = 0, iterations = 0, adjoint = 0, norm = 0;
    int steps = 0, skipped = 0, refused = 0;

    void add(const TrainingRecord& record) {
        loss += record.loss;
        error += std::pow(10, -record.psnr / 10);
        converged += record.converged;
        iterations += record.iterations;
        adjoint += record.adjointIterations;
        norm = std::max(norm, record.norm);
        skipped += record.skipped;
        refused += record.taken ? 0 : 1;
        ++steps;
    }
};

const char* const kLogHeader =
    "step,rate,loss,psnr,validation_colour,validation_grey,converged,validation_converged,iterations,"
    "adjoint_iterations,norm,skipped,refused,level,balance,seconds\n";

class Course {
 public:
    Course(Trainer& trainer, const Job& job) : trainer_(trainer), job_(job) {
        if (!job.validation.isEmpty())
            validation_ =
                std::make_unique<PatchSource>(readFolder(job.validation, "--validation"), job.trainer.patch);
    }

    void run() {
        const StopOnSignal stop;
        while (!trainer_.done() && !stop.token().stop_requested()) {
            const TrainingRecord record = trainer_.step();
            interval_.add(record);
            progress_.update([&] { return line(record); });
            if (trainer_.stepsDone() % job_.every == 0) keep(record);
        }
        if (trainer_.stepsDone() % job_.every != 0) save();
    }

 private:
    QString line(const TrainingRecord& record) const {
        const double perStep = timer_.seconds() / interval_.steps;
        return QString("step %1 of %2, loss %3, %4 pictures/s, %5 min left")
            .arg(record.step)
            .arg(job_.trainer.steps)
            .arg(interval_.loss / interval_.steps, 0, 'g', 4)
            .arg(record.samples / perStep, 0, 'f', 1)
            .arg(perStep * (job_.trainer.steps - record.step) / 60, 0, 'f', 0);
    }

    // The model goes first: a checkpoint never promises a model that is not there.
    void save() const {
        Model model = trainer_.model();
        model.texts["steps"] = std::to_string(trainer_.stepsDone());
        writeWeights(job_.output.toStdString(), fileOf(model));
        writeWeights(job_.output.toStdString() + ".checkpoint", trainer_.checkpoint());
    }

    void keep(const TrainingRecord& record) {
        save();
        TrainingRecord colour, grey;
        if (validation_) {
            colour = trainer_.validate(*validation_, job_.validationSamples, false);
            grey = trainer_.validate(*validation_, job_.validationSamples, true);
        }
        const ModelTuning tuning = trainer_.model().tuning;
        const double n = interval_.steps;
        const double psnr = -10 * std::log10(interval_.error / n);
        const QString row = QString("%1,%2,%3,%4,%5,%6,%7,%8,%9,")
                                .arg(record.step)
                                .arg(record.rate)
                                .arg(interval_.loss / n)
                                .arg(psnr)
                                .arg(colour.psnr)
                                .arg(grey.psnr)
                                .arg(interval_.converged / n)
                                .arg(0.5 * (colour.converged + grey.converged))
                                .arg(interval_.iterations / n) +
                            QString("%1,%2,%3,%4,%5,%6,%7\n")
                                .arg(interval_.adjoint / n)
                                .arg(interval_.norm)
                                .arg(interval_.skipped)
                                .arg(interval_.refused)
                                .arg(tuning.level)
                                .arg(tuning.balance)
                                .arg(timer_.seconds());
        log(row);
        if (!job_.quiet) print(row.chopped(1));
        interval_ = {};
        timer_.restart();
    }

    void log(const QString& row) const {
        if (job_.log.isEmpty()) return;
        QFile file(job_.log);
        const bool fresh = !file.exists();
        if (!file.open(QIODevice::Append))
            throw Error("log", "--log '" + job_.log.toStdString() + "' cannot be written.");
        if (fresh) file.write(kLogHeader);
        file.write(row.toUtf8());
    }

    Trainer& trainer_;
    const Job& job_;
    std::unique_ptr<PatchSource> validation_;
    Interval interval_;
    Timer timer_;
    ProgressLine progress_{!job_.quiet};
};

Model startOf(const Job& job) {
    if (!job.from.isEmpty()) return *findModel(job.from.toStdString());
    const auto seed = static_cast<std::uint64_t>(job.trainer.seed);
    if (!job.ridge) return freshDenoiser(job.architecture, seed);
    Model model;
    model.architecture = *job.ridge;
    model.weights = freshRidge(*job.ridge, seed);
    model.tuning = {1, 1};
    return model;
}

// As it was given, without the folders of this machine.
QString commandLine(const QStringList& arguments) {
    QString line = "train";
    for (const QString& argument : arguments)
        line += ' ' + (argument.contains('/') ? QFileInfo(argument).fileName() : argument);
    return line;
}

}  // namespace

int runTrain(const QStringList& arguments) {
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    const Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    watchSignals();
    setThreadCount(job.threads);
    Model start = startOf(job);
    const auto source =
        std::make_shared<const PatchSource>(readFolder(job.folder, "FOLDER"), job.trainer.patch);
    start.texts["data"] = std::to_string(source->pictures()) + " pictures of the folder " +
                          QFileInfo(job.folder).fileName().toStdString();
    start.texts["recipe"] = commandLine(arguments).toStdString();
    Trainer trainer(std::move(start), job.trainer, source);
    if (job.resume)
        trainer.restore(readWeights(std::filesystem::path(job.output.toStdString() + ".checkpoint")));
    if (!job.quiet) print(QString(kLogHeader).chopped(1));
    Course(trainer, job).run();
    return signalThatCame() != 0 ? kSignalled + signalThatCame() : kDone;
}

}  // namespace stillpoint::cli
