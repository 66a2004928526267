// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <span>
#include <vector>

#include "ui/runs/run_entry.h"
#include "ui/theme/palettes.h"

namespace stillpoint {

/// The runs of this session as a table, newest last. Check box = curve in the plot, name editable. Numbers
/// are in the user's locale; Qt::UserRole gives them raw, for sorting.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT

 public:
    enum Column { name, iterations, residual, psnr, time, status, columns };

    explicit RunsModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    bool removeRows(int row, int count, const QModelIndex& parent = {}) override;

    /// Appends; the id must be new. Name and style are given by the model if the name is empty.
    const RunEntry& add(RunEntry entry);
    /// Null for an unknown id or row. Valid until the model changes.
    const RunEntry* find(int id) const;
    const RunEntry* at(int row) const;
    int rowOf(int id) const;
    /// All functions with an id do nothing for an unknown one.
    void appendPoints(int id, std::span<const CurvePoint> points);
    void setRecipe(int id, const Recipe& recipe, const std::vector<RunMark>& marks);
    void finish(int id, const RunRecord& record, std::shared_ptr<const Image> estimate);
    /// What was measured where the run ended; forgotten when the run goes on.
    void setContraction(int id, const Contraction& contraction);
    /// "Paused", "Running" while there is no end state yet, or no longer because the run goes on.
    void setActivity(int id, const QString& text);

 signals:
    void overlayChanged(int id, bool on);
    void renamed(int id, const QString& name);
    void removed(int id);

 private:
    struct Row {
        RunEntry entry;
        QString activity;
    };
    QString text(const Row& row, int column) const;
    QVariant raw(const Row& row, int column) const;
    QString toolTip(const Row& row) const;
    void touch(int row, int first, int last);

    std::vector<Row> rows_;
    int made_ = 0;
};

/// "Converged", "Iteration limit", "Stalled", "Diverged (iterate 52 kept)", "Stopped by you"; empty while
/// running.
QString endText(const SolveSummary& summary);
/// How good that is, for colours.
Tone endTone(SolveStatus status);

}  // namespace stillpoint
