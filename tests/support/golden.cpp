// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/golden.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace stillpoint {
namespace {

[[noreturn]] void fail(const QString& text) {
    throw std::runtime_error(text.toStdString());
}

QString fromEnvironment(const char* name) {
    return QString::fromLocal8Bit(qgetenv(name));
}

}  // namespace

QString goldenFolder() {
    const QString chosen = fromEnvironment("STILLPOINT_GOLDEN_DIR");
    if (!chosen.isEmpty()) return chosen;
    const QString sources = fromEnvironment("STILLPOINT_SOURCE_DIR");
    return (sources.isEmpty() ? QStringLiteral(".") : sources) + QStringLiteral("/tests/data/golden");
}

QStringList goldenFiles(const QString& pattern) {
    const QDir folder(goldenFolder());
    QStringList paths;
    for (const auto& name : folder.entryList({pattern}, QDir::Files, QDir::Name))
        paths.append(folder.filePath(name));
    return paths;
}

QJsonObject readGolden(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) fail(path + ": " + file.errorString());
    QJsonParseError fault;
    const auto document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (!document.isObject()) fail(path + ": not a JSON object: " + fault.errorString());
    return document.object();
}

Shape GoldenArray::pictureShape() const {
    if (shape.size() != 4)
        fail(QStringLiteral("golden array of %1 dimensions where 4 are wanted").arg(shape.size()));
    return {shape[1], shape[2], shape[3]};
}

std::span<const double> GoldenArray::entry(int batch) const {
    const std::size_t size = data.size() / static_cast<std::size_t>(shape.at(0));
    return std::span(data).subspan(static_cast<std::size_t>(batch) * size, size);
}

Image GoldenArray::picture(int batch) const {
    Image image(pictureShape());
    const auto numbers = entry(batch);
    for (std::size_t i = 0; i < numbers.size(); ++i) image.samples()[i] = static_cast<Real>(numbers[i]);
    return image;
}

GoldenArray goldenArray(const QJsonValue& value, const QString& name) {
    GoldenArray array;
    std::size_t size = 1;
    for (const auto& side : value[QStringLiteral("shape")].toArray()) {
        array.shape.push_back(side.toInt(-1));
        if (array.shape.back() < 0) fail(name + ": wrong shape");
        size *= static_cast<std::size_t>(array.shape.back());
    }
    for (const auto& number : value[QStringLiteral("data")].toArray()) {
        if (!number.isDouble()) fail(name + ": an entry is not a number");
        array.data.push_back(number.toDouble());
    }
    if (array.data.size() != size || array.data.empty())
        fail(name + QStringLiteral(": %1 numbers where the shape wants %2").arg(array.data.size()).arg(size));
    return array;
}

GoldenArray goldenArray(const QJsonObject& object, const QString& key) {
    if (!object.contains(key)) fail(key + ": missing");
    return goldenArray(object.value(key), key);
}

double relativeDifference(std::span<const Real> values, std::span<const double> expected) {
    if (values.size() != expected.size()) fail(QStringLiteral("golden comparison of different sizes"));
    double largest = 1e-30;
    double difference = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double d = std::abs(static_cast<double>(values[i]) - expected[i]);
        if (std::isnan(d)) return std::numeric_limits<double>::infinity();
        largest = std::max(largest, std::abs(expected[i]));
        difference = std::max(difference, d);
    }
    return difference / largest;
}

double relativeDifference(double value, double expected) {
    const double d = std::abs(value - expected) / std::max(std::abs(expected), 1e-30);
    return std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
}

}  // namespace stillpoint
