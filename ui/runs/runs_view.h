// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace stillpoint {

class RunsModel;

/// Table of the runs: tick to overlay, F2 or double click on the name to rename, Delete removes after no
/// question (a run can be repeated), context menu for all of it.
class RunsView : public QTableView {
    Q_OBJECT

 public:
    /// The model must outlive the view.
    explicit RunsView(RunsModel& model, QWidget* parent = nullptr);

    /// Id of the run in the current row, -1 if none.
    int currentRun() const;
    void selectRun(int id);
    /// A run that must not be deleted because it is going on; -1: none.
    void setActiveRun(int id) { active_ = id; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 public slots:
    void removeSelected();
    void renameCurrent();

 signals:
    /// -1: none.
    void currentRunChanged(int id);
    void commandLineRequested(int id);
    void csvRequested(int id);

 protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    /// Widths by content. Where the room is not enough, the least important columns go (their numbers are in
    /// the tip too), then a long name is cut: nothing needs scrolling.
    void fitColumns();
    int columnWidthWanted(int column) const;

    RunsModel& model_;
    int active_ = -1;
};

}  // namespace stillpoint
