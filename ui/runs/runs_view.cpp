// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_view.h"

#include <QContextMenuEvent>
#include <QHash>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <algorithm>
#include <array>

#include "ui/runs/runs_model.h"
#include "ui/theme/icons.h"

namespace stillpoint {
namespace {

constexpr int kCellMargin = 5;
constexpr int kNameDecoration = 60;  ///< check box and swatch before a name

}  // namespace

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
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(10);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // fitColumns() sees to it
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, &RunsView::fitColumns);
    connect(&model, &QAbstractItemModel::dataChanged, this, &RunsView::fitColumns);
    fitColumns();
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { emit currentRunChanged(currentRun()); });
}

int RunsView::columnWidthWanted(int column) const {
    // Texts that most values fit, so that the columns do not move with every number.
    static const QHash<int, QString> usual{{RunsModel::iterations, "888"},
                                           {RunsModel::residual, "8.88e-8"},
                                           {RunsModel::psnr, "88.88"},
                                           {RunsModel::time, "88.88 s"},
                                           {RunsModel::status, tr("Converged")}};
    const auto width = [this](const QString& text) { return fontMetrics().horizontalAdvance(text); };
    const int header =
        width(model_.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()) + 2 * kCellMargin;
    return std::max({sizeHintForColumn(column), header, width(usual.value(column)) + 2 * kCellMargin});
}

void RunsView::fitColumns() {
    const int room = viewport()->width();
    std::array<int, RunsModel::columns> widths{};
    int sum = 0;
    for (int column = 0; column < RunsModel::columns; ++column)
        sum += widths[static_cast<std::size_t>(column)] = columnWidthWanted(column);
    int& name = widths[RunsModel::name];
    // A name of usual length is more than a column that the tip shows too; a longer one is cut.
    const int enough = std::min(name, kNameDecoration + 14 * fontMetrics().averageCharWidth());
    std::array<bool, RunsModel::columns> hidden{};
    for (const int column : {RunsModel::time, RunsModel::iterations, RunsModel::psnr, RunsModel::residual}) {
        if (sum - name + enough <= room) break;
        hidden[static_cast<std::size_t>(column)] = true;
        sum -= widths[static_cast<std::size_t>(column)];
    }
    sum -= name;
    name = std::max(std::min(name, room - sum), kNameDecoration);
    widths[RunsModel::status] += std::max(0, room - sum - name);
    for (int column = 0; column < RunsModel::columns; ++column) {
        setColumnHidden(column, hidden[static_cast<std::size_t>(column)]);
        setColumnWidth(column, widths[static_cast<std::size_t>(column)]);
    }
}

void RunsView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

void RunsView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fitColumns();
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
