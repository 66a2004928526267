// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_view.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <algorithm>

#include "ui/runs/runs_model.h"
#include "ui/theme/icons.h"

namespace stillpoint {

RunsView::RunsView(RunsModel& model, QWidget* parent) : QTableView(parent), model_(model) {
    setObjectName("runs");
    setModel(&model);
    setAccessibleName(tr("Runs"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(DoubleClicked | EditKeyPressed);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setTabKeyNavigation(false);
    setWordWrap(false);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setStretchLastSection(true);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { emit currentRunChanged(currentRun()); });
}

int RunsView::currentRun() const {
    const RunEntry* entry = model_.at(currentIndex().row());
    return entry ? entry->id : -1;
}

void RunsView::selectRun(int id) {
    const int row = model_.rowOf(id);
    if (row < 0) return;
    setCurrentIndex(model_.index(row, RunsModel::name));
    scrollTo(currentIndex());
}

void RunsView::removeSelected() {
    QList<int> rows;
    for (const QModelIndex& index : selectionModel()->selectedRows()) rows << index.row();
    std::sort(rows.begin(), rows.end(), std::greater<>());
    for (const int row : rows)
        if (model_.at(row)->id != active_) model_.removeRow(row);
}

void RunsView::renameCurrent() {
    if (currentIndex().isValid()) edit(model_.index(currentIndex().row(), RunsModel::name));
}

void RunsView::contextMenuEvent(QContextMenuEvent* event) {
    const int id = currentRun();
    const RunEntry* entry = model_.find(id);
    if (!entry) return;
    QMenu menu(this);
    QAction* overlay = menu.addAction(tr("Show in plot"));
    overlay->setCheckable(true);
    overlay->setChecked(entry->overlay);
    connect(overlay, &QAction::triggered, this, [this, id](bool on) {
        model_.setData(model_.index(model_.rowOf(id), RunsModel::name), on ? Qt::Checked : Qt::Unchecked,
                       Qt::CheckStateRole);
    });
    menu.addSeparator();
    menu.addAction(icon("edit-copy"), tr("Copy as command line"), this,
                   [this, id] { emit commandLineRequested(id); });
    menu.addAction(icon("document-export"), tr("Save curve as CSV…"), this,
                   [this, id] { emit csvRequested(id); });
    menu.addSeparator();
    menu.addAction(icon("edit-rename"), tr("Rename"), this, &RunsView::renameCurrent);
    QAction* remove = menu.addAction(icon("edit-delete"), tr("Delete"), this, &RunsView::removeSelected);
    remove->setEnabled(id != active_);
    menu.exec(event->globalPos());
}

void RunsView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Delete && state() != EditingState)
        removeSelected();
    else
        QTableView::keyPressEvent(event);
}

QSize RunsView::sizeHint() const {
    return {460, 180};
}
QSize RunsView::minimumSizeHint() const {
    return {200, 80};
}

}  // namespace stillpoint
