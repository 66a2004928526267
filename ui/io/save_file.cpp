// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/save_file.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QTemporaryFile>

#include "solver/core/error.h"

namespace stillpoint {

namespace {

[[noreturn]] void fail(const std::string& key, const QString& path, const QString& reason) {
    throw Error(key,
                QString("Cannot write '%1': %2.").arg(QDir::toNativeSeparators(path), reason).toStdString());
}

}  // namespace

void checkWritableFile(const QString& path, const std::string& key) {
    const QFileInfo info(path);
    const QFileInfo folder(info.absolutePath());
    if (path.isEmpty() || info.fileName().isEmpty()) fail(key, path, "a file name is needed");
    if (info.isDir()) fail(key, path, "this is a folder, a file name is needed");
    if (info.exists() && !info.isFile()) fail(key, path, "this is not a regular file");
    if (!folder.exists()) fail(key, path, QString("the folder '%1' does not exist").arg(folder.filePath()));
    if (!folder.isDir()) fail(key, path, QString("'%1' is not a folder").arg(folder.filePath()));
    if (info.exists() && !info.isWritable()) fail(key, path, "the existing file is write-protected");
    // Rights, read-only file systems and the administrator's rights differ in detail: try.
    QTemporaryFile probe(folder.filePath() + "/.stillpoint-XXXXXX");
    if (!probe.open())
        fail(key, path,
             QString("the folder '%1' is not writable (%2)").arg(folder.filePath(), probe.errorString()));
}

void saveFile(const QString& path, const QByteArray& data, const std::string& key) {
    checkWritableFile(path, key);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(data) != data.size() || !file.commit())
        fail(key, path, file.errorString());
}

}  // namespace stillpoint
