// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that is about actions: menus, tool bar, what they do and when they are enabled;
// drops and keys.
#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <algorithm>

#include "ui/main_window.h"
#include "ui/params/number_text.h"
#include "ui/plot/convergence_plot.h"
#include "ui/runs/runs_view.h"
#include "ui/theme/icons.h"
#include "ui/view/empty_view.h"
#include "ui/view/message_bar.h"
#include "ui/window/backward_desk.h"
#include "ui/window/command_line.h"
#include "ui/window/contraction_text.h"
#include "ui/window/docks.h"
#include "ui/window/help.h"
#include "ui/window/progress_strip.h"
#include "ui/window/progress_text.h"
#include "ui/window/run_desk.h"
#include "ui/window/run_memory.h"

namespace stillpoint {

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(actions_.open);
    QMenu* recent = file->addMenu(icon("document-open-recent"), tr("Open &recent"));
    recent_.fill(recent);
    file->addAction(actions_.paste);
    file->addSeparator();
    file->addActions({actions_.saveEstimate, actions_.savePicture});
    file->addSeparator();
    file->addActions({actions_.saveCsv, actions_.savePlot, actions_.copyCommand});
    file->addSeparator();
    file->addAction(actions_.quit);
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->setToolTipsVisible(true);
    run->addActions({actions_.run, actions_.step, actions_.stop, actions_.restart});
    run->addSeparator();
    run->addAction(actions_.backward);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addActions(actions_.compare->actions());
    view->addSeparator();
    view->addActions({actions_.zoomIn, actions_.zoomOut, actions_.zoomFit, actions_.zoomActual});
    view->addSeparator();
    docks_->fill(view);
    view->addAction(actions_.resetLayout);
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({actions_.shortcuts, actions_.about});
}

void MainWindow::makeToolBar() {
    QToolBar* bar = addToolBar(tr("Main tool bar"));
    bar->setObjectName("mainToolBar");
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize({18, 18});
    bar->addActions({actions_.open, actions_.saveEstimate});
    bar->addSeparator();
    bar->addActions({actions_.run, actions_.step, actions_.stop, actions_.restart, actions_.backward});
    bar->addSeparator();
    const auto modes = actions_.compare->actions();
    bar->addActions({modes[0], modes[1]});
    auto* blink = new QToolButton(bar);
    blink_ = blink;
    blink->setText(tr("Blink"));
    blink->setIcon(icon("view-blink"));
    blink->setToolTip(tr("Show the input as long as this is pressed (B)"));
    blink->setStatusTip(blink->toolTip());
    connect(blink, &QToolButton::pressed, view_, [this] { view_->setBlink(true); });
    connect(blink, &QToolButton::released, view_, [this] { view_->setBlink(false); });
    bar->addWidget(blink);
    bar->addSeparator();
    bar->addActions({actions_.zoomActual, actions_.zoomFit});
    for (QAction* action : {actions_.open, actions_.saveEstimate, actions_.restart, actions_.zoomActual})
        if (auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(action)))
            button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    // The keys belong to the widgets that are worked with.
    for (QToolButton* button : bar->findChildren<QToolButton*>()) {
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolButtonStyle(button->toolButtonStyle() == Qt::ToolButtonIconOnly
                                       ? Qt::ToolButtonIconOnly
                                       : Qt::ToolButtonTextBesideIcon);
    }
    // Its text changes under the cursor: the buttons beside it are to stay where they are.
    QWidget* run = bar->widgetForAction(actions_.run);
    int widest = 0;
    for (const auto face : {Actions::RunFace::pause, Actions::RunFace::resume, Actions::RunFace::run}) {
        actions_.setRunFace(face);
        widest = std::max(widest, run->sizeHint().width());
    }
    run->setMinimumWidth(widest);
}

void MainWindow::connectActions() {
    const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
    on(actions_.open, [this] { files_.open(); });
    on(actions_.paste,
       [this] { files_.openMime(QApplication::clipboard()->mimeData(), tr("Pasted picture")); });
    on(actions_.saveEstimate, [this] { files_.saveEstimate(shownWithEstimate()); });
    on(actions_.savePicture, [this] { files_.savePicture(document_.picture()); });
    on(actions_.saveCsv, [this] {
        if (const RunEntry* run = desk_->shownRun()) files_.saveCsv(*run);
    });
    on(actions_.savePlot, [this] { files_.savePlot(*docks_->plot(), "convergence.png"); });
    on(actions_.copyCommand, [this] { copyCommandLine(desk_->shownRun()); });
    on(actions_.quit, [this] { close(); });
    on(actions_.run, [this] { desk_->toggle(); });
    on(actions_.step, [this] { desk_->step(); });
    on(actions_.stop, [this] { desk_->stop(); });
    on(actions_.restart, [this] { desk_->restart(); });
    on(actions_.backward, [this] { backward_->compute(); });
    on(actions_.zoomIn, [this] { view_->zoomIn(); });
    on(actions_.zoomOut, [this] { view_->zoomOut(); });
    on(actions_.zoomFit, [this] { view_->zoomFit(); });
    on(actions_.zoomActual, [this] { view_->zoomActual(); });
    on(actions_.resetLayout, [this] { docks_->reset(); });
    on(actions_.shortcuts, [this] {
        auto* dialog = new ShortcutsDialog(actions_.withShortcuts(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    on(actions_.about, [this] {
        auto* dialog = new AboutDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    connect(actions_.compare, &QActionGroup::triggered, view_, [this](const QAction* action) {
        view_->setCompare(static_cast<PictureView::Compare>(action->data().toInt()));
    });
    connect(view_, &PictureView::compareChanged, this,
            [this](auto compare) { actions_.setCompare(compare); });
    connect(empty_, &EmptyView::openRequested, actions_.open, &QAction::trigger);
    connect(empty_, &EmptyView::pasteRequested, actions_.paste, &QAction::trigger);
    connect(empty_, &EmptyView::sampleChosen, &files_, &FileCommands::openSample);
    connect(QApplication::clipboard(), &QClipboard::dataChanged, this, &MainWindow::updatePaste);
}

void MainWindow::updatePaste() {
    const bool can = FileCommands::canOpen(QApplication::clipboard()->mimeData());
    actions_.paste->setEnabled(can);
    empty_->setPasteEnabled(can);
}

void MainWindow::updateActions() {
    using Face = Actions::RunFace;
    const WorkerState state = desk_->state();
    const bool active = desk_->isActive();
    const RunEntry* run = desk_->shownRun();
    const bool differentiating = backward_->isGoing();
    const QString reason = differentiating ? tr("A gradient is being computed; Stop cancels it.")
                           : active        ? QString()
                                           : desk_->whyNot();
    const bool running = state == WorkerState::running || state == WorkerState::building;
    actions_.setRunFace(running ? Face::pause : state == WorkerState::paused ? Face::resume : Face::run);
    const std::int64_t memory = desk_->memoryNeeded();
    actions_.setRunReason(reason, active || memory == 0 ? QString() : memoryText(memory));
    actions_.step->setEnabled(reason.isEmpty() && !running);
    actions_.stop->setEnabled(active || differentiating);
    actions_.setBackwardReason(backward_->whyNot());
    actions_.restart->setEnabled(desk_->whyNot().isEmpty() && (active || runs_.rowCount() > 0));
    const bool hasEstimate = run && (run->estimate || view_->estimate());
    actions_.saveEstimate->setEnabled(hasEstimate);
    actions_.savePicture->setEnabled(!document_.isEmpty());
    actions_.saveCsv->setEnabled(run && !run->record.points.empty());
    actions_.savePlot->setEnabled(runs_.rowCount() > 0);
    actions_.copyCommand->setEnabled(run || !document_.isEmpty());
    for (QAction* action : actions_.compare->actions()) action->setEnabled(!document_.isEmpty());
    for (QAction* action : {actions_.zoomIn, actions_.zoomOut, actions_.zoomFit, actions_.zoomActual})
        action->setEnabled(!document_.isEmpty());
    actions_.compare->actions().last()->setEnabled(view_->adjoint() != nullptr);
    blink_->setEnabled(view_->estimate() != nullptr);
    docks_->runs()->setActiveRun(desk_->activeRun());
}

void MainWindow::showReadiness() {
    const QString reason = desk_->whyNot();
    const QString warning = reason.isEmpty() ? desk_->memoryWarning() : QString();
    if (desk_->state() == WorkerState::simulating) {
        strip_->show(tr("Blurring"), Tone::info, {tr("the simulated picture comes in a moment")}, -1);
    } else if (!reason.isEmpty()) {
        strip_->show(tr("Not ready"), Tone::warning, {reason}, -1);
    } else if (!warning.isEmpty()) {
        strip_->show(tr("Short of memory"), Tone::warning, {warning}, -1);
    } else {
        const QString memory = memoryText(desk_->memoryNeeded());
        const bool tight = desk_->memoryNeeded() > desk_->memoryFree() / 5 * 3;
        const QString free = memoryText(desk_->memoryFree());
        const QString plain = tr("Space starts the solver.");
        const QStringList texts =
            tight ? QStringList{tr("Space starts the solver; it takes about %1 of %2 of free memory.")
                                    .arg(memory, free),
                                tr("A run takes %1 of %2 of free memory.").arg(memory, free), plain}
                  : QStringList{tr("Space starts the solver; it takes about %1 of memory.").arg(memory),
                                tr("Space starts the solver (%1 of memory).").arg(memory), plain};
        strip_->show(tr("Ready"), tight ? Tone::warning : Tone::success, texts, -1);
    }
}

void MainWindow::updateProgress() {
    const RunEntry* run = desk_->shownRun();
    strip_->offer(desk_->canContinue() ? tr("Continue, %1 more").arg(QLocale().toString(desk_->continueBy()))
                                       : QString());
    if (!run) {
        showReadiness();
        return;
    }
    const RunRecord& record = run->record;
    const double limit = parseDouble(Registry::builtin().valueText(record.recipe, "max-iter")).value_or(1);
    if (record.summary.status == SolveStatus::running) {
        const WorkerState state = desk_->state();
        const bool paused = state == WorkerState::paused || state == WorkerState::differentiating;
        const QString name = paused                           ? tr("Paused")
                             : state == WorkerState::building ? tr("Preparing")
                                                              : tr("Running");
        strip_->show(name, Tone::info, progressTexts(record),
                     static_cast<double>(record.points.size()) / limit);
        return;
    }
    const Contraction contraction = run->contraction.value_or(Contraction());
    strip_->show(endText(record.summary), endTone(record.summary.status),
                 resultTexts(record, contractionTexts(contraction)), -1, contractionTip(contraction, record));
}

RunEntry MainWindow::shownWithEstimate() const {
    const RunEntry* run = desk_->shownRun();
    if (!run) return {};
    RunEntry entry = *run;
    if (!entry.estimate) entry.estimate = view_->estimate();
    return entry;
}

void MainWindow::copyCommandLine(const RunEntry* run) {
    RunOrigin origin = run ? run->origin : document_.origin();
    // It may have been saved since the run began.
    if (origin.picture.image == document_.picture().image) origin.picture.path = document_.picture().path;
    const QString text = run ? commandLine(origin, run->record.recipe, run->record.marks)
                             : commandLine(origin, document_.recipe());
    QApplication::clipboard()->setText(text);
    statusBar()->showMessage(tr("Copied. Paste it into a terminal to do the same there."), 8000);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!FileCommands::canOpen(event->mimeData())) return;
    empty_->setDropHighlight(true);
    event->acceptProposedAction();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) {
    empty_->setDropHighlight(false);
}

void MainWindow::dropEvent(QDropEvent* event) {
    empty_->setDropHighlight(false);
    if (files_.openMime(event->mimeData(), tr("Dropped picture"))) event->acceptProposedAction();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool space = key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier;
        // Buttons and tables are worked with Space when they have the focus.
        const bool needs =
            qobject_cast<QAbstractButton*>(watched) || qobject_cast<QAbstractItemView*>(watched);
        if (space && needs) {
            event->accept();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

}  // namespace stillpoint
