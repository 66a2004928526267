// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_files.h"

#include <QFileInfo>

#include "ui/io/picture.h"
#include "ui/io/save_file.h"

namespace stillpoint::cli {

namespace {

/// One name for one file: links resolved as far as the path exists.
QString identity(const QString& path) {
    const QFileInfo info(path);
    if (info.exists()) return info.canonicalFilePath();
    const QString folder = QFileInfo(info.absolutePath()).canonicalFilePath();
    return folder.isEmpty() ? info.absoluteFilePath() : folder + '/' + info.fileName();
}

}  // namespace

void FilePlan::reads(const QString& role, const QString& path) {
    if (!path.isEmpty()) entries_.push_back({role, path});
}

void FilePlan::writesPicture(const QString& role, const QString& path, int bits) {
    if (!path.isEmpty()) entries_.push_back({role, path, true, true, bits});
}

void FilePlan::writes(const QString& role, const QString& path, const QStringList& endings) {
    if (!path.isEmpty()) entries_.push_back({role, path, true, false, 0, endings});
}

void FilePlan::checkPlace(const Entry& entry, std::vector<Issue>& faults) {
    const std::string key = entry.role.mid(2).toStdString();
    try {
        if (entry.picture)
            checkWritablePicture(entry.path, entry.bits);
        else
            checkWritableFile(entry.path, key);
        if (!entry.endings.isEmpty() && !entry.endings.contains(QFileInfo(entry.path).suffix().toLower()))
            throw Error(
                key,
                QString("'%1' must end in .%2.").arg(entry.path, entry.endings.join(", .")).toStdString());
    } catch (const Error& error) {
        faults.push_back({key, error.what()});
    }
}

void FilePlan::check(std::vector<Issue>& faults) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (!entry.written) continue;
        checkPlace(entry, faults);
        for (std::size_t j = 0; j < entries_.size(); ++j) {
            const Entry& other = entries_[j];
            const bool seen = other.written && j >= i;
            if (seen || identity(entry.path) != identity(other.path)) continue;
            faults.push_back({entry.role.mid(2).toStdString(),
                              QString("%1 and %2 are the same file '%3'; choose another name for %1.")
                                  .arg(entry.role, other.role, entry.path)
                                  .toStdString()});
        }
    }
}

}  // namespace stillpoint::cli
