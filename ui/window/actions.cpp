// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/actions.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/theme/icons.h"

namespace stillpoint {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillpoint::Actions", text);
}

QString withKeys(const QAction* action, const QString& tip) {
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    return keys.isEmpty() ? tip : tip + " (" + keys + ')';
}

void describe(QAction* action, const QString& tip) {
    action->setStatusTip(tip);
    action->setToolTip(withKeys(action, tip));
}

}  // namespace

Actions::Actions(QObject* parent) : compare(new QActionGroup(parent)), parent_(parent) {
    makeFiles();
    makeRuns();
    makeViews();
    makeHelp();
    setRunFace(RunFace::run);
}

QAction* Actions::make(const QString& text, const char* name, const QKeySequence& keys, const QString& tip) {
    auto* action = new QAction(text, parent_);
    if (*name != '\0') action->setIcon(icon(name));
    action->setShortcut(keys);
    describe(action, tip);
    all_ << action;
    return action;
}

void Actions::makeFiles() {
    open = make(tr("&Open…"), "document-open", QKeySequence::Open, tr("Open a picture"));
    paste = make(tr("&Paste picture"), "edit-paste", QKeySequence::Paste,
                 tr("Take the picture of the clipboard"));
    saveEstimate = make(tr("&Save estimate…"), "document-save", QKeySequence::Save,
                        tr("Save the restored picture as PNG or TIFF with 16 bits, or as JPEG"));
    savePicture = make(tr("Save &input picture…"), "document-save-as", QKeySequence(),
                       tr("Save the picture that was opened, pasted or taken from the samples"));
    saveCsv = make(tr("Save &curve as CSV…"), "document-export", QKeySequence("Ctrl+E"),
                   tr("Save the numbers of every iteration of the chosen run"));
    savePlot = make(tr("Save p&lot…"), "chart-line", QKeySequence("Ctrl+Shift+E"),
                    tr("Save the convergence plot as PNG, SVG or PDF"));
    copyCommand = make(tr("Copy as command &line"), "edit-copy", QKeySequence("Ctrl+Shift+C"),
                       tr("Copy the command that does this run again in a terminal"));
    quit = make(tr("&Quit"), "application-exit", QKeySequence::Quit, tr("Close the program"));
    quit->setMenuRole(QAction::QuitRole);
}

void Actions::makeRuns() {
    run = make(tr("&Run"), "media-playback-start", QKeySequence(Qt::Key_Space), {});
    step = make(tr("S&tep"), "media-skip-forward", QKeySequence("."), tr("Do one iteration"));
    stop = make(tr("&Stop"), "media-playback-stop", QKeySequence("Ctrl+."),
                tr("End the run and keep its estimate"));
    restart = make(tr("R&estart"), "view-refresh", QKeySequence("Ctrl+R"),
                   tr("Start again from the input picture with the parameters as they are now"));
    backward = make(tr("&Backward"), "run-backward", QKeySequence("Ctrl+B"), {});
    setBackwardReason({});
}

void Actions::makeViews() {
    using Compare = PictureView::Compare;
    struct Mode {
        Compare compare;
        QString text;
        const char* icon;
        const char* keys;
        QString tip;
    };
    const Mode modes[] = {
        {Compare::split, tr("&Split"), "view-split", "F5", tr("Input and estimate with a divider to drag")},
        {Compare::sideBySide, tr("Side &by side"), "view-side-by-side", "F6",
         tr("Input and estimate in linked views")},
        {Compare::input, tr("&Input"), "", "F7", tr("Only the input")},
        {Compare::estimate, tr("&Estimate"), "", "F8", tr("Only the estimate")},
        {Compare::reference, tr("&Reference"), "", "F9", tr("Only the sharp reference, where there is one")},
        {Compare::adjoint, tr("&Adjoint"), "", "F10",
         tr("The adjoint of the backward pass, blue below 0, red above")}};
    for (const Mode& mode : modes) {
        QAction* action = make(mode.text, mode.icon, QKeySequence(mode.keys), mode.tip);
        action->setCheckable(true);
        action->setData(static_cast<int>(mode.compare));
        compare->addAction(action);
    }
    setCompare(Compare::split);
    zoomIn = make(tr("Zoom &in"), "zoom-in", QKeySequence::ZoomIn, tr("Show the picture larger"));
    zoomOut = make(tr("Zoom &out"), "zoom-out", QKeySequence::ZoomOut, tr("Show the picture smaller"));
    zoomFit = make(tr("&Fit"), "zoom-fit-best", QKeySequence("Ctrl+0"), tr("Show the whole picture"));
    zoomActual = make(tr("&1:1"), "zoom-original", QKeySequence("Ctrl+1"),
                      tr("One pixel of the picture on one of the screen"));
    resetLayout = make(tr("Reset &layout"), "view-restore", QKeySequence(),
                       tr("Put all panels back to where they were at first"));
}

void Actions::makeHelp() {
    shortcuts = make(tr("&Keyboard shortcuts"), "", QKeySequence::HelpContents, tr("All keys at a glance"));
    about = make(tr("&About Stillpoint"), "help-about", QKeySequence(), tr("Version and licence"));
    about->setMenuRole(QAction::AboutRole);
}

void Actions::setRunFace(RunFace face) {
    face_ = face;
    switch (face) {
        case RunFace::run:
            run->setText(tr("&Run"));
            run->setIcon(icon("media-playback-start"));
            describe(run, tr("Start the solver"));
            break;
        case RunFace::pause:
            run->setText(tr("&Pause"));
            run->setIcon(icon("media-playback-pause"));
            describe(run, tr("Pause after the present iteration"));
            break;
        case RunFace::resume:
            run->setText(tr("&Resume"));
            run->setIcon(icon("media-playback-start"));
            describe(run, tr("Go on with the paused run"));
            break;
    }
}

void Actions::setRunReason(const QString& reason, const QString& memory) {
    run->setEnabled(reason.isEmpty());
    if (!reason.isEmpty())
        describe(run, reason);
    else if (face_ == RunFace::run && !memory.isEmpty())
        describe(run, tr("Start the solver; it takes about %1 of memory").arg(memory));
    else
        setRunFace(face_);
    step->setEnabled(reason.isEmpty());
}

void Actions::setBackwardReason(const QString& reason) {
    backward->setEnabled(reason.isEmpty());
    describe(backward,
             reason.isEmpty() ? tr("Solve the adjoint equation and collect the gradient of a loss") : reason);
}

void Actions::setCompare(PictureView::Compare mode) {
    for (QAction* action : compare->actions())
        if (action->data().toInt() == static_cast<int>(mode)) action->setChecked(true);
}

QList<QAction*> Actions::withShortcuts() const {
    QList<QAction*> list;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(list),
                 [](const QAction* action) { return !action->shortcut().isEmpty(); });
    return list;
}

}  // namespace stillpoint
