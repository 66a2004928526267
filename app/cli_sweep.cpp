// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QFileInfo>
#include <cmath>
#include <map>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_interrupt.h"
#include "app/cli_progress.h"
#include "app/cli_recipe.h"
#include "app/cli_solve.h"
#include "solver/core/parallel.h"
#include "solver/run/registry.h"
#include "solver/run/sweep.h"
#include "ui/io/kernel_source.h"
#include "ui/io/save_file.h"

namespace stillpoint::cli {

namespace {

const Syntax& syntax() {
    static const Syntax sweep{
        "sweep",
        "Restores INPUT once for every point of a grid of parameters and shows which is best.",
        "INPUT",
        true,
        {kernelOption("Needed, here or in the recipe, unless it is varied."),
         {"over", "KEY=VALUES",
          "Varies a parameter: anderson.history=0..12, anderson.beta=0.2..1.4:0.1, "
          "prior.lambda=1e-4..1e-1:x2, "
          "or a list prior=tv,wavelet. Needed; may be given several times.",
          "", true},
         {"metric", "NAME", "iterations (default), evaluations, seconds or psnr."},
         {"csv", "FILE",
          "Writes a row per point as it is done. An existing file is resumed: points that it holds for the "
          "same "
          "pictures and parameters are not run again."},
         referenceOption("for psnr"),
         noiseOption("sets defaults that depend on it"),
         startPictureOption(),
         maskOption(),
         recipeOption(),
         threadsOption(),
         quietOption()},
        true};
    return sweep;
}

struct Job : SolveJob {
    std::vector<SweepAxis> axes;
    SweepMetric metric = SweepMetric::iterations;
    QString csv;
};

SweepMetric readMetric(const Arguments& given, const SolveJob& job, std::vector<Issue>& faults) {
    if (!given.has("metric")) return SweepMetric::iterations;
    const std::string wanted = given.value("metric").toStdString();
    for (const auto metric :
         {SweepMetric::iterations, SweepMetric::evaluations, SweepMetric::seconds, SweepMetric::psnr}) {
        if (wanted != name(metric)) continue;
        if (metric == SweepMetric::psnr && job.reference.isEmpty())
            faults.push_back({"metric", "--metric psnr needs --reference FILE."});
        return metric;
    }
    faults.push_back({"metric", "--metric is '" + wanted +
                                    "'; allowed is one of iterations, evaluations, seconds, psnr."});
    return SweepMetric::iterations;
}

// Keys of a component that another axis selects are known under that selection.
Recipe withSelections(const Recipe& recipe, const QStringList& axes) {
    Recipe selected = recipe;
    for (const char* key : {"fidelity", "prior", "iterator"})
        for (const QString& axis : axes)
            if (axis.startsWith(QString(key) + '='))
                selected.set(key, axis.section('=', 1).section(',', 0, 0).toStdString());
    return selected;
}

Job readJob(Arguments& given, std::vector<Issue>& faults) {
    const QStringList over = given.all("over");
    const auto varied = [&](const QString& axis) { return axis.startsWith("kernel="); };
    if (std::any_of(over.begin(), over.end(), varied) && !given.has("kernel"))
        given.parameters.insert(
            "kernel",
            over[std::find_if(over.begin(), over.end(), varied) - over.begin()].section('=', 1).section(
                ';', 0, 0));
    Job job{readSolveJob(given, faults, false), {}, SweepMetric::iterations, {}};
    requireOption(given, "over", "--over is missing: --over anderson.history=0..12.", faults);
    job.metric = readMetric(given, job, faults);
    job.csv = given.value("csv");
    const Recipe selected = withSelections(job.recipe, over);
    for (const QString& text : over) try {
            job.axes.push_back(parseSweepAxis(text.toStdString(), selected));
        } catch (const Error& error) {
            faults.push_back({"over", error.what()});
        }
    FilePlan plan;
    planFiles(job, given, plan);
    plan.writes("--csv", job.csv, {"csv"});
    plan.check(faults);
    return job;
}

/// Rows that an earlier sweep has left, by checksum. Those that are cut off are dropped.
std::map<std::string, std::pair<SweepResult, std::string>> readRows(const QString& path,
                                                                    const SweepGrid& grid) {
    std::map<std::string, std::pair<SweepResult, std::string>> rows;
    QFile file(path);
    if (path.isEmpty() || !file.exists()) return rows;
    if (!file.open(QIODevice::ReadOnly))
        throw Error("csv",
                    "'" + path.toStdString() + "' cannot be read: " + file.errorString().toStdString() + ".");
    const QByteArray content = file.readAll();
    if (!content.isEmpty() && !content.startsWith(QByteArray::fromStdString(sweepHeader(grid))))
        throw Error("csv", "'" + path.toStdString() +
                               "' exists and is not a sweep over these parameters; choose another name or "
                               "remove it.");
    for (const QByteArray& line : content.split('\n'))
        if (const auto row = readSweepRow(line.toStdString()))
            rows[row->run] = {row->result, line.toStdString() + '\n'};
    return rows;
}

/// The grid in work. The file always holds all rows that are known: those of this grid in its order, then
/// those of other values that an earlier sweep left.
class Progress {
 public:
    Progress(const SweepGrid& grid, const Job& job, std::vector<std::string> runs)
        : grid_(grid), job_(job), runs_(std::move(runs)), results_(grid.size()), rows_(grid.size()) {
        auto known = readRows(job.csv, grid);
        for (std::size_t i = 0; i < grid.size(); ++i)
            if (const auto row = known.find(runs_[i]); row != known.end()) {
                results_[i] = row->second.first;
                rows_[i] = row->second.second;
                known.erase(row);
            }
        for (const auto& [run, row] : known) others_ += row.second;
    }

    bool has(std::size_t point) const { return results_[point].has_value(); }
    void set(std::size_t point, const SweepResult& result) {
        results_[point] = result;
        rows_[point] = sweepRow(grid_.values(point), result, runs_[point]);
        if (job_.csv.isEmpty()) return;
        std::string text = sweepHeader(grid_);
        for (const auto& row : rows_) text += row;
        saveFile(job_.csv, QByteArray::fromStdString(text + others_), "csv");
    }
    const std::vector<std::optional<SweepResult>>& results() const { return results_; }
    std::optional<std::size_t> best() const {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < results_.size(); ++i)
            if (results_[i] &&
                better(metricOf(*results_[i], job_.metric),
                       best ? metricOf(*results_[*best], job_.metric) : kNotMeasured, job_.metric))
                best = i;
        return best;
    }

 private:
    const SweepGrid& grid_;
    const Job& job_;
    std::vector<std::string> runs_;  // checksum of each point
    std::vector<std::optional<SweepResult>> results_;
    std::vector<std::string> rows_;
    std::string others_;
};

QString number(double value) {
    return std::isfinite(value) ? QString::number(value, 'g', 4) : QString("-");
}

QString cell(const SweepResult& result, SweepMetric metric) {
    const double value = metricOf(result, metric);
    if (std::isfinite(value)) return number(value);
    return result.status == name(SolveStatus::limit) ? QString(">max")
                                                     : QString::fromStdString(result.status);
}

/// One axis: a column. Two: a table. More: a line per point.
QString table(const SweepGrid& grid, const Progress& progress, SweepMetric metric) {
    const auto& axes = grid.axes();
    const auto text = [&](std::size_t point) {
        const auto& result = progress.results()[point];
        return result ? cell(*result, metric) : QString();
    };
    QString lines;
    if (axes.size() == 2) {
        lines =
            QString("%1 by %2 (down) and %3 (across)\n")
                .arg(name(metric), QString::fromStdString(axes[0].key), QString::fromStdString(axes[1].key));
        lines += QString(12, ' ');
        for (const auto& value : axes[1].values) lines += QString::fromStdString(value).rightJustified(10);
        for (std::size_t i = 0; i < grid.size(); ++i) {
            if (i % axes[1].values.size() == 0)
                lines += '\n' + QString::fromStdString(axes[0].values[grid.at(i)[0]]).rightJustified(12);
            lines += text(i).rightJustified(10);
        }
        return lines;
    }
    for (const auto& axis : axes) lines += QString::fromStdString(axis.key).rightJustified(20);
    lines += QString(name(metric)).rightJustified(14);
    for (std::size_t i = 0; i < grid.size(); ++i) {
        lines += '\n';
        for (const auto& value : grid.values(i)) lines += QString::fromStdString(value).rightJustified(20);
        lines += text(i).rightJustified(14);
    }
    return lines;
}

/// The kernel of a point: read once for each text, so that a file is read once.
class Kernels {
 public:
    std::shared_ptr<const Kernel> of(const std::string& spec) {
        auto& kernel = kernels_[spec];
        if (!kernel) kernel = std::make_shared<const Kernel>(kernelFromSpec(spec));
        return kernel;
    }

 private:
    std::map<std::string, std::shared_ptr<const Kernel>> kernels_;
};

std::vector<std::string> checksums(const SweepGrid& grid, const RunInput& input, const Job& job,
                                   Kernels& kernels) {
    std::vector<std::string> runs;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        const Recipe recipe = Registry::builtin().complete(grid.recipe(i, job.noiseSigma));
        runs.push_back(sweepChecksum(recipe, input, *kernels.of(*recipe.find("kernel"))));
    }
    return runs;
}

void run(const SweepGrid& grid, const RunInput& input, const Job& job, Kernels& kernels, Progress& progress) {
    const StopOnSignal stop;
    ProgressLine line(!job.quiet);
    for (std::size_t i = 0; i < grid.size(); ++i) {
        if (progress.has(i)) continue;
        line.update([&] {
            QString at;
            for (const auto& value : grid.values(i)) at += ' ' + QString::fromStdString(value);
            return QString("point %1 of %2:%3").arg(i + 1).arg(grid.size()).arg(at);
        });
        const Recipe recipe = grid.recipe(i, job.noiseSigma);
        RunOptions options = runOptions(job);
        options.kernelSource = sourceOf(kernels.of(Registry::builtin().valueText(recipe, "kernel")));
        const auto result = runSweepPoint(recipe, input, options, stop.token());
        if (!result) return;
        progress.set(i, *result);
    }
}

QString summaryText(const SweepGrid& grid, const Progress& progress, const Job& job) {
    const auto done = std::ranges::count_if(progress.results(), [](const auto& r) { return r.has_value(); });
    QString text = QString("%1 of %2 points done.").arg(done).arg(grid.size());
    const auto best = progress.best();
    if (!best) return text + " None converged.";
    text += QString(" Best %1 %2 at").arg(name(job.metric), cell(*progress.results()[*best], job.metric));
    const auto values = grid.values(*best);
    for (std::size_t i = 0; i < values.size(); ++i)
        text += QString(" --%1 %2")
                    .arg(QString::fromStdString(grid.axes()[i].key), QString::fromStdString(values[i]));
    return text + '.';
}

}  // namespace

int runSweep(const QStringList& arguments) {
    std::vector<Issue> faults;
    Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    const Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    const SweepGrid grid(job.recipe, job.axes);
    watchSignals();
    const RunInput input = readInput(job);
    Kernels kernels;
    Progress progress(grid, job, checksums(grid, input, job, kernels));
    run(grid, input, job, kernels, progress);
    if (!job.quiet) print(table(grid, progress, job.metric));
    print(summaryText(grid, progress, job));
    return signalThatCame() != 0 ? kSignalled + signalThatCame() : kDone;
}

}  // namespace stillpoint::cli
