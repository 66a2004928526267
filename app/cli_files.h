// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "app/cli_options.h"

namespace stillpoint::cli {

/// The files a sub-command is told to read and to write, to be checked before anything is computed.
class FilePlan {
 public:
    /// `role` as the user knows it: "INPUT", "--reference". Empty paths are ignored.
    void reads(const QString& role, const QString& path);
    /// A picture (any supported ending, see ui/io/picture.h; bits 0 for any depth).
    void writesPicture(const QString& role, const QString& path, int bits);
    /// Another file; with endings (without the dot) only those are allowed.
    void writes(const QString& role, const QString& path, const QStringList& endings = {});

    /// Unwritable places, wrong endings, files that are given two roles of which one is written.
    void check(std::vector<Issue>& faults) const;

 private:
    struct Entry {
        QString role;
        QString path;
        bool written = false;
        bool picture = false;
        int bits = 0;
        QStringList endings{};
    };
    static void checkPlace(const Entry& entry, std::vector<Issue>& faults);
    std::vector<Entry> entries_;
};

}  // namespace stillpoint::cli
