// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

class QDockWidget;
class QMainWindow;
class QMenu;
class QScrollArea;
class QWidget;

namespace stillpoint {

class BackwardPanel;
class ConvergencePlot;
class Document;
class KernelPanel;
class ParamForm;
class ProblemPanel;
class RunsModel;
class RunsView;

/// The panels around the picture, in docks: Problem and Kernel at the left, Solver at the right, Convergence,
/// behind it Backward, and Runs below. Side panels scroll when they do not fit.
class Docks : public QObject {
    Q_OBJECT

 public:
    Docks(QMainWindow* window, Document& document, RunsModel& runs);

    ProblemPanel* problem() const { return problem_; }
    KernelPanel* kernel() const { return kernel_; }
    ParamForm* solver() const { return solver_; }
    ConvergencePlot* plot() const { return plot_; }
    RunsView* runs() const { return runs_; }
    BackwardPanel* backward() const { return backward_; }

    /// Adds the switches of all docks.
    void fill(QMenu* menu) const;
    /// Everything back to where it was at first, visible, in sizes that suit the window.
    void reset();
    /// Geometry and layout of the window in the settings. restore() is false when there is nothing usable:
    /// the window then has to choose its size.
    void save() const;
    bool restore();
    /// Brings the panel of the backward pass to the front.
    void raiseBackward();
    /// Makes the field of a key visible, gives it the focus and shows the sentence there. False: no such
    /// field.
    bool showFault(const QString& key, const QString& sentence);

 private:
    QList<QDockWidget*> all() const;
    QDockWidget* makeDock(const char* name, const QString& title, QWidget* content, bool scrolls);
    void arrange();

    QMainWindow* window_ = nullptr;
    ProblemPanel* problem_ = nullptr;
    KernelPanel* kernel_ = nullptr;
    ParamForm* solver_ = nullptr;
    ConvergencePlot* plot_ = nullptr;
    RunsView* runs_ = nullptr;
    BackwardPanel* backward_ = nullptr;
    QDockWidget* problemDock_ = nullptr;
    QDockWidget* kernelDock_ = nullptr;
    QDockWidget* solverDock_ = nullptr;
    QDockWidget* plotDock_ = nullptr;
    QDockWidget* runsDock_ = nullptr;
    QDockWidget* backwardDock_ = nullptr;
};

}  // namespace stillpoint
