// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>
#include <span>
#include <vector>

#include "solver/image/image.h"

namespace stillpoint {

/// Reference numbers of another program, computed in double on tiny problems; JSON files in one folder:
/// STILLPOINT_GOLDEN_DIR, else tests/data/golden of the sources. Errors are thrown as std::runtime_error with
/// the file or the key in the sentence.
QString goldenFolder();
/// Full names of the folder's files that fit a pattern ("seq_*.json"), in alphabetical order; may be empty.
QStringList goldenFiles(const QString& pattern);
QJsonObject readGolden(const QString& path);

/// {"shape": [...], "data": [flat, row-major]}; pictures are batch x channels x height x width.
struct GoldenArray {
    std::vector<int> shape;
    std::vector<double> data;

    int batch() const { return shape.empty() ? 0 : shape.front(); }
    /// Channels, height and width, for an array of four dimensions.
    Shape pictureShape() const;
    /// Numbers of one entry of the first dimension.
    std::span<const double> entry(int batch) const;
    /// One picture of the batch, rounded to Real.
    Image picture(int batch = 0) const;
};
/// Checks that the shape fits the number of data and that all of them are numbers.
GoldenArray goldenArray(const QJsonValue& value, const QString& name);
GoldenArray goldenArray(const QJsonObject& object, const QString& key);

/// max |values - expected| / max(|expected|, 1e-30): the measure of all golden comparisons. Sizes must agree;
/// infinite for NaN.
double relativeDifference(std::span<const Real> values, std::span<const double> expected);
double relativeDifference(double value, double expected);

}  // namespace stillpoint
