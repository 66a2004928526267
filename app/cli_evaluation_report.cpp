// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_evaluation_report.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>
#include <set>

#include "app/cli_json.h"
#include "solver/run/registry.h"

namespace stillpoint::cli {

namespace {

QString number(double value, int decimals) {
    return std::isfinite(value) ? QString::number(value, 'f', decimals) : QString("-");
}

QString cell(const QString& text) {
    return text.rightJustified(14);
}

QString meansRow(const QString& label, int width, const EvaluationMeans& means) {
    return label.leftJustified(width) + cell(number(means.psnrInput, 2)) + cell(number(means.psnr, 2)) +
           cell(number(means.ssim, 4)) + cell(number(means.iterations, 1)) +
           cell(number(means.converged, 1)) + cell(number(means.secondsPerMegapixel, 2));
}

QString meansHeader(const QString& label, int width) {
    return label.leftJustified(width) + cell("input, dB") + cell("PSNR, dB") + cell("SSIM") +
           cell("iterations") + cell("converged, %") + cell("s/megapixel");
}

QJsonObject meansObject(const EvaluationMeans& means) {
    return {{"psnr_input", jsonNumber(means.psnrInput)},
            {"psnr", jsonNumber(means.psnr)},
            {"ssim", jsonNumber(means.ssim)},
            {"iterations", jsonNumber(means.iterations)},
            {"converged", jsonNumber(means.converged)},
            {"seconds_per_megapixel", jsonNumber(means.secondsPerMegapixel)}};
}

QString kernelName(const Evaluation& evaluation, std::size_t kernel) {
    return evaluation.kernels.value(static_cast<qsizetype>(kernel));
}

QJsonObject runObject(const Evaluation& evaluation, const EvaluationRun& run) {
    return {{"picture", evaluation.pictures.value(static_cast<qsizetype>(run.picture))},
            {"kernel", kernelName(evaluation, run.kernel)},
            {"seed", static_cast<qint64>(run.seed)},
            {"psnr_input", jsonNumber(run.psnrInput)},
            {"psnr", jsonNumber(run.psnr)},
            {"ssim", jsonNumber(run.ssim)},
            {"iterations", run.iterations},
            {"status", QString::fromStdString(run.status)},
            {"residual", jsonNumber(run.residual)},
            {"seconds", jsonNumber(run.seconds)}};
}

std::size_t picturesOf(const EvaluatedRecipe& recipe) {
    std::set<std::size_t> pictures;
    for (const EvaluationRun& run : recipe.runs) pictures.insert(run.picture);
    return pictures.size();
}

QJsonObject gridObject(const Evaluation& evaluation) {
    QJsonArray values;
    for (const EvaluatedRecipe& done : evaluation.recipes)
        values << QJsonObject{
            {"value", done.value}, {"complete", done.complete}, {"mean", meansObject(meansOf(done.runs))}};
    const EvaluatedRecipe* best = evaluation.best();
    return {{"key", evaluation.gridKey},
            {"best", best != nullptr ? QJsonValue(best->value) : QJsonValue()},
            {"values", values}};
}

// The kernel is the folder's, not the recipe's.
QJsonObject shownRecipe(const Recipe& recipe) {
    QJsonObject object = recipeObject(Registry::builtin().complete(recipe));
    object.remove("kernel");
    return object;
}

QString quoted(QString text) {
    if (!text.contains(',') && !text.contains('"')) return text;
    return '"' + text.replace("\"", "\"\"") + '"';
}

QString csvNumber(double value) {
    return std::isfinite(value) ? QString::fromStdString(toText(value)) : QString();
}

}  // namespace

const char* name(EvaluationTask task) {
    return task == EvaluationTask::deblur ? "deblur" : "denoise";
}

const EvaluatedRecipe* Evaluation::best() const {
    const EvaluatedRecipe* best = nullptr;
    double bestPsnr = kNotMeasured;
    for (const EvaluatedRecipe& recipe : recipes) {
        if (!recipe.complete) continue;
        const double psnr = meansOf(recipe.runs).psnr;
        if (best != nullptr && !(psnr > bestPsnr || std::isnan(bestPsnr))) continue;
        best = &recipe;
        bestPsnr = psnr;
    }
    if (best != nullptr) return best;
    for (const EvaluatedRecipe& recipe : recipes)
        if (!recipe.runs.empty()) return &recipe;
    return nullptr;
}

QString evaluationTable(const Evaluation& evaluation, const EvaluatedRecipe& shown) {
    qsizetype longest = 6;
    for (const QString& kernel : evaluation.kernels) longest = std::max(longest, kernel.size());
    const int width = static_cast<int>(std::min<qsizetype>(longest, 60)) + 2;
    QString text =
        QString("%1 pictures, %2noise %3, seed %4: means of %5 runs%6\n")
            .arg(picturesOf(shown))
            .arg(evaluation.kernels.isEmpty() ? QString()
                                              : QString("%1 kernels, ").arg(evaluation.kernels.size()),
                 QString::fromStdString(toText(evaluation.noiseSigma)))
            .arg(evaluation.seed)
            .arg(shown.runs.size())
            .arg(shown.complete ? "" : ", which is not all");
    text += meansHeader(evaluation.kernels.isEmpty() ? "" : "kernel", width);
    for (std::size_t k = 0; k < static_cast<std::size_t>(evaluation.kernels.size()); ++k)
        text += '\n' + meansRow(kernelName(evaluation, k), width, meansOfKernel(shown.runs, k));
    return text + '\n' + meansRow("all", width, meansOf(shown.runs));
}

QString gridHeader(const QString& key) {
    return meansHeader(key, 22);
}

QString gridRow(const EvaluatedRecipe& done) {
    return meansRow(done.value, 22, meansOf(done.runs));
}

QByteArray evaluationJson(const Evaluation& evaluation) {
    static const EvaluatedRecipe none;
    const EvaluatedRecipe& shown = evaluation.best() != nullptr ? *evaluation.best() : none;
    QJsonArray kernels, runs;
    for (std::size_t k = 0; k < static_cast<std::size_t>(evaluation.kernels.size()); ++k) {
        QJsonObject means = meansObject(meansOfKernel(shown.runs, k));
        means["kernel"] = kernelName(evaluation, k);
        kernels << means;
    }
    for (const EvaluationRun& run : shown.runs) runs << runObject(evaluation, run);
    QJsonObject object{{"task", name(evaluation.task)},
                       {"pictures", static_cast<qint64>(picturesOf(shown))},
                       {"kernels", static_cast<qint64>(evaluation.kernels.size())},
                       {"noise_sigma", evaluation.noiseSigma},
                       {"seed", static_cast<qint64>(evaluation.seed)},
                       {"complete", shown.complete},
                       {"recipe", shownRecipe(shown.recipe)},
                       {"mean", meansObject(meansOf(shown.runs))},
                       {"per_kernel", kernels},
                       {"runs", runs}};
    if (!evaluation.gridKey.isEmpty()) object["grid"] = gridObject(evaluation);
    return QJsonDocument(object).toJson();
}

QByteArray evaluationCsv(const Evaluation& evaluation) {
    const bool grid = !evaluation.gridKey.isEmpty();
    QString text = grid ? evaluation.gridKey + ',' : QString();
    text += "picture,kernel,seed,psnr_input,psnr,ssim,iterations,status,residual,seconds\n";
    for (const EvaluatedRecipe& done : evaluation.recipes)
        for (const EvaluationRun& run : done.runs) {
            QStringList fields;
            if (grid) fields << quoted(done.value);
            fields << quoted(evaluation.pictures.value(static_cast<qsizetype>(run.picture)))
                   << quoted(kernelName(evaluation, run.kernel)) << QString::number(run.seed)
                   << csvNumber(run.psnrInput) << csvNumber(run.psnr) << csvNumber(run.ssim)
                   << QString::number(run.iterations) << QString::fromStdString(run.status)
                   << csvNumber(run.residual) << csvNumber(run.seconds);
            text += fields.join(',') + '\n';
        }
    return text.toUtf8();
}

}  // namespace stillpoint::cli
