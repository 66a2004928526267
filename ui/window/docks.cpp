// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/docks.h"

#include <QDockWidget>
#include <QGuiApplication>
#include <QMainWindow>
#include <QMenu>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <algorithm>

#include "ui/backward/backward_panel.h"
#include "ui/kernel/kernel_panel.h"
#include "ui/params/param_form.h"
#include "ui/plot/convergence_plot.h"
#include "ui/problem/problem_panel.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/runs_view.h"
#include "ui/window/document.h"

namespace stillpoint {
namespace {

/// To be raised when docks or tool bars are added or renamed: an older layout is then ignored.
constexpr int kLayoutVersion = 2;
/// Height at first of the panels below, with title: the gradient of a run is then seen without scrolling, and
/// at 1024 x 640 the picture still has the larger share.
constexpr int kLeastBelow = 260;
const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kStateKey = QStringLiteral("window/state");

/// Scrolls up and down only, and is wide enough for its content and the scroll bar.
class SidePanel : public QScrollArea {
 public:
    explicit SidePanel(QWidget* content) {
        setWidget(content);
        setWidgetResizable(true);
        setFrameShape(QFrame::NoFrame);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        viewport()->setBackgroundRole(QPalette::Window);
        setFocusPolicy(Qt::NoFocus);
    }
    QSize minimumSizeHint() const override {
        const int bar = verticalScrollBar()->sizeHint().width();
        return {std::max(230, widget()->minimumSizeHint().width() + bar), 90};
    }
    QSize sizeHint() const override { return {std::max(270, minimumSizeHint().width()), 300}; }
};

}  // namespace

Docks::Docks(QMainWindow* window, Document& document, RunsModel& runs)
    : QObject(window),
      window_(window),
      problem_(new ProblemPanel),
      kernel_(new KernelPanel),
      solver_(new ParamForm(document.draft(), {"kernel"})),
      plot_(new ConvergencePlot),
      runs_(new RunsView(runs)),
      backward_(new BackwardPanel) {
    window->setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks |
                           QMainWindow::AllowTabbedDocks);
    // The left panels are to fit without scrolling; the curves need width more than height.
    window->setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    problemDock_ = makeDock("problemDock", tr("Problem"), problem_, true);
    kernelDock_ = makeDock("kernelDock", tr("Kernel"), kernel_, true);
    solverDock_ = makeDock("solverDock", tr("Solver"), solver_, true);
    plotDock_ = makeDock("convergenceDock", tr("Convergence"), plot_, false);
    runsDock_ = makeDock("runsDock", tr("Runs"), runs_, false);
    backwardDock_ = makeDock("backwardDock", tr("Backward"), backward_, false);
    auto* scroll = qobject_cast<QScrollArea*>(solverDock_->widget());
    connect(solver_, &ParamForm::fieldFocused, scroll,
            [scroll](QWidget* row) { scroll->ensureWidgetVisible(row); });
    arrange();
}

QList<QDockWidget*> Docks::all() const {
    return {problemDock_, kernelDock_, solverDock_, plotDock_, backwardDock_, runsDock_};
}

QDockWidget* Docks::makeDock(const char* name, const QString& title, QWidget* content, bool scrolls) {
    auto* dock = new QDockWidget(title, window_);
    dock->setObjectName(name);
    dock->setWidget(scrolls ? new SidePanel(content) : content);
    return dock;
}

void Docks::arrange() {
    for (QDockWidget* dock : all()) {
        dock->setFloating(false);
        dock->show();
    }
    window_->addDockWidget(Qt::LeftDockWidgetArea, problemDock_);
    window_->addDockWidget(Qt::LeftDockWidgetArea, kernelDock_);
    window_->splitDockWidget(problemDock_, kernelDock_, Qt::Vertical);
    window_->addDockWidget(Qt::RightDockWidgetArea, solverDock_);
    window_->addDockWidget(Qt::BottomDockWidgetArea, plotDock_);
    window_->addDockWidget(Qt::BottomDockWidgetArea, runsDock_);
    window_->splitDockWidget(plotDock_, runsDock_, Qt::Horizontal);
    window_->tabifyDockWidget(plotDock_, backwardDock_);
    plotDock_->raise();
    const int width = window_->width();
    const int height = window_->height();
    window_->resizeDocks({problemDock_, solverDock_}, {270, 280}, Qt::Horizontal);
    window_->resizeDocks({plotDock_, runsDock_}, {width * 50 / 100, width * 50 / 100}, Qt::Horizontal);
    window_->resizeDocks({plotDock_}, {std::max(height * 30 / 100, kLeastBelow)}, Qt::Vertical);
    window_->resizeDocks({problemDock_, kernelDock_}, {height * 42 / 100, height * 50 / 100}, Qt::Vertical);
}

void Docks::reset() {
    for (QDockWidget* dock : all()) window_->removeDockWidget(dock);
    arrange();
}

void Docks::fill(QMenu* menu) const {
    for (QDockWidget* dock : all()) menu->addAction(dock->toggleViewAction());
}

void Docks::save() const {
    QSettings settings;
    settings.setValue(kGeometryKey, window_->saveGeometry());
    settings.setValue(kStateKey, window_->saveState(kLayoutVersion));
}

bool Docks::restore() {
    const QSettings settings;
    if (!window_->restoreGeometry(settings.value(kGeometryKey).toByteArray())) return false;
    // A screen may have gone since: the title bar must be within reach.
    const QPoint handle = window_->geometry().topLeft() + QPoint(60, 10);
    if (!QGuiApplication::screenAt(handle)) return false;
    window_->restoreState(settings.value(kStateKey).toByteArray(), kLayoutVersion);
    return true;
}

void Docks::raiseBackward() {
    backwardDock_->show();
    backwardDock_->raise();
}

bool Docks::showFault(const QString& key, const QString& sentence) {
    QDockWidget* dock = nullptr;
    if (key == "kernel") {
        dock = kernelDock_;
        kernel_->showError(sentence);
    } else if (key == "reference" || key == "noise-sigma") {
        dock = problemDock_;
        problem_->showError(sentence);
    } else if (solver_->row(key)) {
        dock = solverDock_;
    }
    if (!dock) return false;
    dock->show();
    dock->raise();
    if (dock == solverDock_) solver_->focusField(key, sentence);
    return true;
}

}  // namespace stillpoint
