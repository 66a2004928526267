// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>
#include <optional>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_interrupt.h"
#include "app/cli_json.h"
#include "app/cli_progress.h"
#include "app/cli_solve.h"
#include "solver/run/contraction.h"
#include "solver/run/gradient_check.h"
#include "solver/run/registry.h"

namespace stillpoint::cli {

namespace {

const Syntax& syntax() {
    static const Syntax gradient{
        "gradient",
        "Solves for the estimate of INPUT and shows the derivative of a loss of it by every parameter, found "
        "by "
        "the implicit backward pass through the equilibrium.",
        "INPUT",
        true,
        {kernelOption("Needed, here or in the recipe."),
         referenceOption("for the losses mse, l1 and ssim"),
         noiseOption("for the losses discrepancy and sure, and for defaults"),
         lossOption(),
         {"check", "",
          "Also differences of the whole solve, to compare with. All solves then go as far as rounding lets "
          "them."},
         {"contraction", "",
          "Also the spectral radius and norm of the iteration's Jacobian at the estimate, and how many plain "
          "iterations that predicts."},
         {"unroll", "K",
          "Also, for comparison, the gradients through K plain iterations from the start, 1 to 10000."},
         {"json", "", "Prints JSON instead of a table."},
         startPictureOption(),
         maskOption(),
         recipeOption(),
         threadsOption(),
         quietOption()},
        true};
    return gradient;
}

struct Job : SolveJob {
    LossChoice loss;
    bool check = false, json = false, contraction = false;
    int unroll = 0;
};

// Gradients ask for more than a picture does: near the best weight they are small differences of large ones.
Recipe withAccuracy(const Recipe& recipe, bool check) {
    Recipe accurate = recipe;
    if (check) {
        accurate.set("tolerance", Value(kDifferenceTolerance));
        accurate.set("stall-window", "300");
    }
    if (!accurate.find("tolerance")) accurate.set("tolerance", "1e-5");
    if (!accurate.find("max-iter")) accurate.set("max-iter", check ? "20000" : "2000");
    return accurate;
}

Job readJob(Arguments& given, std::vector<Issue>& faults) {
    Job job{readSolveJob(given, faults, false), {}};
    job.loss = readLoss(given, job, faults);
    job.check = given.has("check");
    job.json = given.has("json");
    job.contraction = given.has("contraction");
    job.unroll = static_cast<int>(wholeOption(given, "unroll", 1, 10000, faults).value_or(0));
    if (job.unroll > 0 && job.loss.kind == LossKind::sure)
        faults.push_back({"unroll", "--unroll does not go with the loss sure, which needs two equilibria."});
    FilePlan plan;
    planFiles(job, given, plan);
    plan.check(faults);
    if (!faults.empty()) return job;
    job.recipe = Registry::builtin().suggest(withAccuracy(job.recipe, job.check), job.noiseSigma);
    return job;
}

struct CheckedGradient {
    ParameterGradient gradient;
    double difference = kNotMeasured;
    double error = kNotMeasured;
    double unrolled = kNotMeasured;
};

struct Result {
    SolveSummary forward;
    BackwardRecord backward;
    std::vector<CheckedGradient> table;
    std::optional<BackwardRecord> unrolled;
    std::optional<Contraction> contraction;
};

void solve(RunSession& run, ProgressLine& progress) {
    while (!run.done()) {
        if (signalThatCame() != 0) return run.stop();
        run.step();
        progress.update(run.record());
    }
}

QString stepText(const BackwardStep& step, const QString& what) {
    return QString("%1: iteration %2, residual %3")
        .arg(what)
        .arg(step.iteration)
        .arg(step.residual, 0, 'e', 1);
}

Result compute(RunSession& run, const Job& job) {
    ProgressLine progress(!job.quiet);
    const StopOnSignal stop;
    Result result;
    solve(run, progress);
    result.forward = run.record().summary;
    BackwardHooks hooks;
    hooks.stop = stop.token();
    QString what = "adjoint";
    hooks.onStep = [&](const BackwardStep& step) { progress.update([&] { return stepText(step, what); }); };
    result.backward = Backward(run, job.loss).gradient({}, hooks);
    for (const ParameterGradient& gradient : result.backward.parameters) {
        CheckedGradient& row = result.table.emplace_back();
        row.gradient = gradient;
        if (!job.check || signalThatCame() != 0) continue;
        what = "difference by " + QString::fromStdString(gradient.key);
        row.difference = finiteDifference(run, job.loss, gradient.key, hooks);
        row.error = relativeError(gradient.gradient, row.difference, gradient.value, result.backward.loss);
    }
    if (job.unroll > 0 && signalThatCame() == 0) {
        what = "unrolled";
        result.unrolled = unrolledGradient(run, job.loss, job.unroll, hooks);
        for (CheckedGradient& row : result.table)
            for (const ParameterGradient& other : result.unrolled->parameters)
                if (other.key == row.gradient.key) row.unrolled = other.gradient;
    }
    if (job.contraction && signalThatCame() == 0) {
        what = "contraction";
        result.contraction = contractionAt(run, hooks);
    }
    return result;
}

QJsonObject summaryObject(const SolveSummary& summary) {
    return {{"status", name(summary.status)},
            {"message", QString::fromStdString(summary.message)},
            {"iterations", summary.iterations},
            {"residual", jsonNumber(summary.residual)},
            {"seconds", jsonNumber(summary.seconds)}};
}

QString json(const Result& result) {
    QJsonArray gradients, warnings;
    for (const CheckedGradient& row : result.table) {
        QJsonObject entry{{"parameter", QString::fromStdString(row.gradient.key)},
                          {"value", jsonNumber(row.gradient.value)},
                          {"gradient", jsonNumber(row.gradient.gradient)},
                          {"finite_difference", jsonNumber(row.difference)},
                          {"relative_error", jsonNumber(row.error)}};
        if (result.unrolled) entry["unrolled"] = jsonNumber(row.unrolled);
        gradients.append(entry);
    }

    for (const std::string& warning : result.backward.warnings)
        warnings.append(QString::fromStdString(warning));
    QJsonObject adjoint = summaryObject(result.backward.summary);
    adjoint["solver"] = name(result.backward.method);
    const QJsonObject object{
        {"loss", jsonNumber(result.backward.loss)},
        {"loss_name",
         QString::fromStdString(losses()[static_cast<std::size_t>(result.backward.choice.kind)].name)},
        {"forward", summaryObject(result.forward)},
        {"adjoint", adjoint},
        {"gradients", gradients},
        {"warnings", warnings}};
    if (result.unrolled) {
        QJsonObject unrolled = summaryObject(result.unrolled->summary);
        unrolled["loss"] = jsonNumber(result.unrolled->loss);
        object["unrolled"] = unrolled;
    }
    if (result.contraction)
        object["contraction"] =
            QJsonObject{{"spectral_radius", jsonNumber(result.contraction->radius)},
                        {"spectral_norm", jsonNumber(result.contraction->norm)},
                        {"predicted_iterations", jsonNumber(result.contraction->predictedIterations)}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).chopped(1);
}

QString number(double value, const char* missing = "-") {
    return std::isfinite(value) ? QString::number(value, 'g', 5) : QString(missing);
}

QString ending(const char* what, const SolveSummary& summary) {
    return QString("%1: %2 after %3 iterations, residual %4, %5 s")
        .arg(what, name(summary.status))
        .arg(summary.iterations)
        .arg(summary.residual, 0, 'e', 1)
        .arg(summary.seconds, 0, 'f', 2);
}

QString contractionText(const Contraction& contraction) {
    QString text = QString("Contraction: spectral radius %1 (%2 steps), norm %3 (%4 steps); ")
                       .arg(contraction.radius, 0, 'f', 5)
                       .arg(contraction.radiusIterations)
                       .arg(contraction.norm, 0, 'f', 5)
                       .arg(contraction.normIterations);
    text += std::isfinite(contraction.predictedIterations)
                ? QString("plain iterations to the tolerance: about %1")
                      .arg(contraction.predictedIterations, 0, 'f', 0)
                : QString("plain iterations do not converge");
    if (!contraction.warning.empty()) text += "\n  " + QString::fromStdString(contraction.warning);
    return text + '\n';
}

QString table(const Result& result, const Job& job) {
    const BackwardRecord& backward = result.backward;
    const LossInfo& info = losses()[static_cast<std::size_t>(backward.choice.kind)];
    QString text = QString("%1 (%2): %3\n")
                       .arg(QString::fromStdString(info.label), QString::fromStdString(info.name),
                            number(backward.loss));
    text += ending("Estimate", result.forward) + '\n' +
            ending(qPrintable("Adjoint (" + QString(name(backward.method)) + ")"), backward.summary) + '\n';
    if (result.unrolled)
        text +=
            ending("Unrolled", result.unrolled->summary) + ", loss " + number(result.unrolled->loss) + '\n';
    if (result.contraction) text += contractionText(*result.contraction);
    const auto row = [&](const QStringList& cells) {
        QString line = cells[0].leftJustified(24) + cells[1].rightJustified(14) + cells[2].rightJustified(14);
        if (job.check) line += cells[3].rightJustified(19) + cells[4].rightJustified(16);
        if (job.unroll > 0) line += cells[5].rightJustified(14);
        return line + '\n';
    };
    text += '\n' + row({"parameter", "value", "gradient", "finite difference", "relative error", "unrolled"});
    for (const CheckedGradient& entry : result.table)
        text += row({QString::fromStdString(entry.gradient.key), number(entry.gradient.value),
                     number(entry.gradient.gradient), number(entry.difference), number(entry.error),
                     number(entry.unrolled)});
    return text.chopped(1);
}

}  // namespace

int runGradient(const QStringList& arguments) {
    std::vector<Issue> faults;
    Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    const Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    watchSignals();
    RunSession run(job.recipe, readInput(job), runOptions(job));
    Backward(run, job.loss);  // what the loss cannot do is told before the solve
    const Result result = compute(run, job);
    print(job.json ? json(result) : table(result, job));
    if (!job.quiet)
        for (const std::string& warning : result.backward.warnings)
            printError("stillpoint-cli: warning: " + QString::fromStdString(warning));
    if (signalThatCame() != 0) return kSignalled + signalThatCame();
    const bool diverged = result.forward.status == SolveStatus::diverged ||
                          result.backward.summary.status == SolveStatus::diverged;
    return diverged ? kDiverged : kDone;
}

}  // namespace stillpoint::cli
