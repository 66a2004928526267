// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QDialog>
#include <QList>

namespace stillpoint {

/// List of all keys: those of the actions, and those of the picture view and the plot.
class ShortcutsDialog : public QDialog {
    Q_OBJECT

 public:
    ShortcutsDialog(const QList<QAction*>& actions, QWidget* parent);
};

/// Version, licence, what it is made with.
class AboutDialog : public QDialog {
    Q_OBJECT

 public:
    explicit AboutDialog(QWidget* parent);
};

}  // namespace stillpoint
