// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QMenu;

namespace stillpoint {

/// The files opened last, newest first, kept in the settings.
class RecentFiles : public QObject {
    Q_OBJECT

 public:
    static constexpr int kMost = 10;

    explicit RecentFiles(QObject* parent = nullptr);

    QStringList files() const { return files_; }
    void add(const QString& path);
    void remove(const QString& path);
    void clear();
    /// Fills the menu and keeps it current; it must live as long as this object.
    void fill(QMenu* menu);

 signals:
    void chosen(const QString& path);

 private:
    void changed();

    QStringList files_;
    QMenu* menu_ = nullptr;
};

}  // namespace stillpoint
