// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_files.h"

#include <QFileInfo>
#include <QMenu>
#include <QSettings>

namespace stillpoint {
namespace {

const QString kKey = QStringLiteral("files/recent");

}  // namespace

RecentFiles::RecentFiles(QObject* parent) : QObject(parent), files_(QSettings().value(kKey).toStringList()) {}

void RecentFiles::add(const QString& path) {
    files_.removeAll(path);
    files_.prepend(path);
    while (files_.size() > kMost) files_.removeLast();
    changed();
}

void RecentFiles::remove(const QString& path) {
    files_.removeAll(path);
    changed();
}

void RecentFiles::clear() {
    files_.clear();
    changed();
}

void RecentFiles::changed() {
    QSettings().setValue(kKey, files_);
    if (menu_) fill(menu_);
}

void RecentFiles::fill(QMenu* menu) {
    menu_ = menu;
    menu->clear();
    menu->setToolTipsVisible(true);
    menu->setEnabled(!files_.isEmpty());
    int number = 0;
    for (const QString& path : files_) {
        QString name = QFileInfo(path).fileName();
        name.replace('&', "&&");
        const QString access = ++number < 10 ? QString("&%1  ").arg(number) : QString();
        QAction* action = menu->addAction(access + name, this, [this, path] { emit chosen(path); });
        action->setToolTip(path);
        action->setStatusTip(path);
    }
    if (files_.isEmpty()) return;
    menu->addSeparator();
    menu->addAction(tr("&Clear list"), this, &RecentFiles::clear);
}

}  // namespace stillpoint
