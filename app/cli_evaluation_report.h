// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "solver/run/evaluate.h"

namespace stillpoint::cli {

/// One recipe on the whole set, or on what was done of it.
struct EvaluatedRecipe {
    QString value;  ///< of the grid's key; empty without a grid
    Recipe recipe;  ///< with its suggestions
    std::vector<EvaluationRun> runs;
    bool complete = false;  ///< every picture with every kernel
};

/// All that the report tells.
struct Evaluation {
    EvaluationTask task = EvaluationTask::deblur;
    QStringList pictures, kernels;  ///< names, by index
    double noiseSigma = 0;
    std::uint64_t seed = 0;
    QString gridKey;  ///< empty without a grid
    std::vector<EvaluatedRecipe> recipes;

    /// The complete recipe of the best mean PSNR; without a complete one the first that has runs. Null if
    /// none.
    const EvaluatedRecipe* best() const;
};

const char* name(EvaluationTask task);

/// For people: a line per kernel and one for all.
QString evaluationTable(const Evaluation& evaluation, const EvaluatedRecipe& shown);
/// A grid's table: its head, and the line of one value.
QString gridHeader(const QString& key);
QString gridRow(const EvaluatedRecipe& done);

/// As the README tells: the numbers of the best recipe, and the grid's values if there is one.
QByteArray evaluationJson(const Evaluation& evaluation);
/// A row per run, of every value of a grid; C locale.
QByteArray evaluationCsv(const Evaluation& evaluation);

}  // namespace stillpoint::cli
