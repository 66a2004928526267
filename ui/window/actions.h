// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QList>
#include <QObject>

#include "ui/view/picture_view.h"

class QMenu;
class QMenuBar;
class QToolBar;

namespace stillpoint {

/// Every command of the window, once: text, icon, shortcut, tool tip and status tip. Menus, tool bar and
/// context menus share them; what they do is connected by the window.
struct Actions {
    explicit Actions(QObject* parent);

    QAction* open;
    QAction* paste;
    QAction* saveEstimate;
    QAction* savePicture;
    QAction* saveCsv;
    QAction* savePlot;
    QAction* copyCommand;
    QAction* quit;
    QAction* run;
    QAction* step;
    QAction* stop;
    QAction* restart;
    QAction* backward;
    QAction* zoomIn;
    QAction* zoomOut;
    QAction* zoomFit;
    QAction* zoomActual;
    QAction* resetLayout;
    QAction* shortcuts;
    QAction* about;
    QActionGroup* compare;  ///< its actions' data are PictureView::Compare values as int

    /// Text, icon and tips of the one action that runs, pauses and resumes.
    enum class RunFace { run, pause, resume };
    void setRunFace(RunFace face);
    /// Enabled, or disabled with the reason as its tool tip. `memory` is what a run would take ("144 MiB"),
    /// for the tip; empty if a run goes on.
    void setRunReason(const QString& reason, const QString& memory);
    /// Enabled, or disabled with the reason as its tool tip.
    void setBackwardReason(const QString& reason);
    void setCompare(PictureView::Compare compare);

    /// All with a shortcut, in the order of the menus, for the list of shortcuts.
    QList<QAction*> withShortcuts() const;

 private:
    QAction* make(const QString& text, const char* icon, const QKeySequence& keys, const QString& tip);
    void makeFiles();
    void makeRuns();
    void makeViews();
    void makeHelp();

    QObject* parent_;
    RunFace face_ = RunFace::run;
    QList<QAction*> all_;
};

}  // namespace stillpoint
