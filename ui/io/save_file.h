// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <string>

namespace stillpoint {

/// Writes a file beside its final name and renames it when complete: an existing file is replaced only after
/// success. Throws Error(key, sentence naming the file and the reason). `key` is the option or field at
/// fault.
void saveFile(const QString& path, const QByteArray& data, const std::string& key = "output");

/// Throws Error(key, sentence) if saveFile() could not succeed: the folder is missing or not writable, a
/// folder has that name, or the existing file is write-protected. Touches nothing.
void checkWritableFile(const QString& path, const std::string& key = "output");

}  // namespace stillpoint
