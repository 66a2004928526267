// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

#include "ui/io/picture.h"

namespace stillpoint::test {

inline QString cliPath() {
    return qEnvironmentVariable("STILLPOINT_BINARY_DIR") + "/app/stillpoint-cli";
}

struct CliResult {
    int code = -1;
    QString output;
    QString errors;
};

/// The environment of all runs: Fourier plans are measured once and kept in the build folder.
inline QProcessEnvironment cliEnvironment() {
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert("XDG_CACHE_HOME", qEnvironmentVariable("STILLPOINT_BINARY_DIR") + "/tests/cache");
    return variables;
}

/// Runs stillpoint-cli in a folder, with pipes for both streams.
inline CliResult runCli(const QStringList& arguments, const QString& folder,
                        const QStringList& environment = {}) {
    QProcess process;
    process.setWorkingDirectory(folder);
    QProcessEnvironment variables = cliEnvironment();
    for (const QString& entry : environment)
        variables.insert(entry.section('=', 0, 0), entry.section('=', 1));
    process.setProcessEnvironment(variables);
    process.start(cliPath(), arguments);
    CliResult result;
    if (!process.waitForFinished(300000)) {
        result.errors = process.errorString();
        process.kill();
        process.waitForFinished();
        return result;
    }
    result.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    result.output = QString::fromUtf8(process.readAllStandardOutput());
    result.errors = QString::fromUtf8(process.readAllStandardError());
    return result;
}

inline QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool putContent(const QString& path, const QByteArray& content) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

/// A small scene of discs and stripes, 8 bits.
inline Picture smallScene(int channels = 3, int width = 60, int height = 44) {
    Image image(channels, height, width);
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const bool disc = (x - 20) * (x - 20) + (y - 20) * (y - 20) < 150;
                const int level = disc ? 220 - 60 * c : x > 40 ? (x / 3 % 2) * 180 + 30 : 60 + 30 * c;
                image.at(c, y, x) = static_cast<Real>(level) / Real(255);
            }
    Picture picture;
    picture.image = std::make_shared<const Image>(std::move(image));
    return picture;
}

}  // namespace stillpoint::test
