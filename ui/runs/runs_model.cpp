// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_model.h"

#include <QApplication>
#include <QIcon>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <algorithm>
#include <cmath>

#include "ui/params/number_text.h"

namespace stillpoint {
namespace {

constexpr int kSwatch = 14;

// The line as it is drawn in the plot.
QIcon swatch(const RunStyle& style) {
    QIcon icon;
    for (const int ratio : {1, 2}) {
        QPixmap picture(kSwatch * ratio, kSwatch * ratio);
        picture.setDevicePixelRatio(ratio);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(Qt::white, 1));  // also visible on the selection's colour
        painter.setBrush(style.colour);
        painter.drawRoundedRect(QRectF(1, 1, kSwatch - 2, kSwatch - 2), 3, 3);
        icon.addPixmap(picture);
        icon.addPixmap(picture, QIcon::Selected);  // the selection is not to tint it
    }
    return icon;
}

QString columnTip(int column) {
    switch (column) {
        case RunsModel::name:
            return RunsModel::tr("Name of the run; tick to draw its curve");
        case RunsModel::iterations:
            return RunsModel::tr("Iterations done");
        case RunsModel::residual:
            return RunsModel::tr("Residual: how far the estimate is from its own image under the map");
        case RunsModel::psnr:
            return RunsModel::tr("PSNR in dB, where the sharp picture is known");
        case RunsModel::time:
            return RunsModel::tr("Time the iterations took");
        case RunsModel::status:
            return RunsModel::tr("What the run does, or how it ended");
        default:
            return {};
    }
}

double seconds(const RunRecord& record) {
    return record.points.empty() ? 0 : record.points.back().step.seconds;
}

double lastPsnr(const RunRecord& record) {
    if (record.summary.status != SolveStatus::running) return record.psnr;
    return record.points.empty() ? kNotMeasured : record.points.back().psnr;
}

/// For the table, where room is scarce: the tip has the whole.
QString statusWord(SolveStatus status) {
    switch (status) {
        case SolveStatus::running:
            return {};
        case SolveStatus::converged:
            return RunsModel::tr("Converged");
        case SolveStatus::limit:
            return RunsModel::tr("Limit");
        case SolveStatus::stopped:
            return RunsModel::tr("Stopped");
        case SolveStatus::stalled:
            return RunsModel::tr("Stalled");
        case SolveStatus::diverged:
            return RunsModel::tr("Diverged");
    }
    return {};
}

double lastResidual(const RunRecord& record) {
    if (record.summary.status != SolveStatus::running) return record.summary.residual;
    return record.points.empty() ? kNotMeasured : record.points.back().step.residual;
}

}  // namespace

QString endText(const SolveSummary& summary) {
    switch (summary.status) {
        case SolveStatus::running:
            return {};
        case SolveStatus::converged:
            return RunsModel::tr("Converged");
        case SolveStatus::limit:
            return RunsModel::tr("Iteration limit");
        case SolveStatus::stopped:
            return RunsModel::tr("Stopped by you");
        case SolveStatus::stalled:
            return RunsModel::tr("Stalled");
        case SolveStatus::diverged:
            return RunsModel::tr("Diverged (iterate %1 kept)").arg(summary.bestIteration);
    }
    return {};
}

Tone endTone(SolveStatus status) {
    switch (status) {
        case SolveStatus::converged:
            return Tone::success;
        case SolveStatus::limit:
        case SolveStatus::stalled:
            return Tone::warning;
        case SolveStatus::diverged:
            return Tone::error;
        case SolveStatus::running:
        case SolveStatus::stopped:
            break;
    }
    return Tone::info;
}

RunsModel::RunsModel(QObject* parent) : QAbstractTableModel(parent) {}

int RunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns;
}

QString RunsModel::text(const Row& row, int column) const {
    const RunRecord& record = row.entry.record;
    switch (column) {
        case name:
            return row.entry.name;
        case iterations:
            return QLocale().toString(static_cast<int>(record.points.size()));
        case residual:
            return scientificText(lastResidual(record), 3);
        case psnr: {
            const double value = lastPsnr(record);
            return std::isfinite(value) ? QLocale().toString(value, 'f', 2) : roundedText(value, 3);
        }
        case time:
            return tr("%1 s").arg(QLocale().toString(seconds(record), 'f', 2));
        case status: {
            const QString end = statusWord(record.summary.status);
            return end.isEmpty() ? row.activity : end;
        }
        default:
            return {};
    }
}

QVariant RunsModel::raw(const Row& row, int column) const {
    const RunRecord& record = row.entry.record;
    switch (column) {
        case iterations:
            return static_cast<int>(record.points.size());
        case residual:
            return lastResidual(record);
        case psnr:
            return lastPsnr(record);
        case time:
            return seconds(record);
        default:
            return text(row, column);
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            return text(row, column);
        case Qt::EditRole:
            return column == name ? QVariant(row.entry.name) : QVariant();
        case Qt::UserRole:
            return raw(row, column);
        case Qt::CheckStateRole:
            if (column != name) return {};
            return QVariant::fromValue(row.entry.overlay ? Qt::Checked : Qt::Unchecked);
        case Qt::DecorationRole:
            return column == name ? swatch(row.entry.style) : QVariant();
        case Qt::TextAlignmentRole:
            if (column == name || column == status)
                return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        case Qt::ForegroundRole:
            if (column != status || row.entry.record.summary.status == SolveStatus::running) return {};
            return toneColour(endTone(row.entry.record.summary.status), QApplication::palette());
        case Qt::ToolTipRole:
            return toolTip(row);
        default:
            return {};
    }
}

QString RunsModel::toolTip(const Row& row) const {
    QString tip = "<p><b>" + row.entry.name.toHtmlEscaped() + "</b>";
    const RunRecord& record = row.entry.record;
    const QString end = endText(record.summary);
    tip += "<br>" + (end.isEmpty() ? row.activity : end).toHtmlEscaped();
    const QString message = QString::fromStdString(record.summary.message);
    if (!message.isEmpty()) tip += ": " + message.toHtmlEscaped();
    tip += "<br>" + tr("iterations %1").arg(text(row, iterations)) + " · " +
           tr("residual %1").arg(text(row, residual));
    if (std::isfinite(lastPsnr(record))) tip += " · " + tr("PSNR %1 dB").arg(text(row, psnr));
    tip += " · " + text(row, time) + "</p><table>";
    for (const auto& [key, value] : row.entry.record.recipe.entries())
        tip += QString("<tr><td>%1 &nbsp;</td><td>%2</td></tr>")
                   .arg(QString::fromStdString(key).toHtmlEscaped(),
                        QString::fromStdString(value).toHtmlEscaped());
    return tip + "</table>";
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == name || section == status ? Qt::AlignLeft : Qt::AlignRight) |
                                   Qt::AlignVCenter);
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) return columnTip(section);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case name:
            return tr("Run");
        case iterations:
            return tr("Iter.");
        case residual:
            return tr("Residual");
        case psnr:
            return tr("PSNR");
        case time:
            return tr("Time");
        case status:
            return tr("Status");
        default:
            return {};
    }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid()) flags |= Qt::ItemNeverHasChildren;
    if (index.isValid() && index.column() == name) flags |= Qt::ItemIsEditable | Qt::ItemIsUserCheckable;
    return flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != name) return false;
    RunEntry& entry = rows_[static_cast<std::size_t>(index.row())].entry;
    if (role == Qt::CheckStateRole) {
        entry.overlay = value.toInt() == Qt::Checked;
        emit dataChanged(index, index, {Qt::CheckStateRole});
        emit overlayChanged(entry.id, entry.overlay);
        return true;
    }
    const QString text = value.toString().simplified();
    if (role != Qt::EditRole || text.isEmpty()) return false;
    entry.name = text;
    emit dataChanged(index, index);
    emit renamed(entry.id, text);
    return true;
}

bool RunsModel::removeRows(int row, int count, const QModelIndex& parent) {
    if (parent.isValid() || row < 0 || count < 1 || row + count > rowCount()) return false;
    std::vector<int> ids;
    for (int i = row; i < row + count; ++i) ids.push_back(rows_[static_cast<std::size_t>(i)].entry.id);
    beginRemoveRows({}, row, row + count - 1);
    rows_.erase(rows_.begin() + row, rows_.begin() + row + count);
    endRemoveRows();
    for (const int id : ids) emit removed(id);
    return true;
}

const RunEntry& RunsModel::add(RunEntry entry) {
    if (entry.name.isEmpty()) {
        entry.name = tr("Run %1").arg(made_ + 1);
        entry.style = runStyle(made_);
    }
    ++made_;
    beginInsertRows({}, rowCount(), rowCount());
    rows_.push_back({std::move(entry), {}});
    endInsertRows();
    return rows_.back().entry;
}

int RunsModel::rowOf(int id) const {
    const auto it = std::find_if(rows_.begin(), rows_.end(), [id](const Row& r) { return r.entry.id == id; });
    return it == rows_.end() ? -1 : static_cast<int>(it - rows_.begin());
}

const RunEntry* RunsModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &rows_[static_cast<std::size_t>(row)].entry : nullptr;
}

const RunEntry* RunsModel::find(int id) const {
    return at(rowOf(id));
}

void RunsModel::touch(int row, int first, int last) {
    emit dataChanged(index(row, first), index(row, last));
}

void RunsModel::appendPoints(int id, std::span<const CurvePoint> points) {
    const int row = rowOf(id);
    if (row < 0 || points.empty()) return;
    rows_[static_cast<std::size_t>(row)].entry.contraction.reset();
    RunRecord& record = rows_[static_cast<std::size_t>(row)].entry.record;
    record.points.insert(record.points.end(), points.begin(), points.end());
    touch(row, iterations, status);
}

void RunsModel::setRecipe(int id, const Recipe& recipe, const std::vector<RunMark>& marks) {
    const int row = rowOf(id);
    if (row < 0) return;
    RunRecord& record = rows_[static_cast<std::size_t>(row)].entry.record;
    record.recipe = recipe;
    record.marks = marks;
    touch(row, name, name);
}

void RunsModel::finish(int id, const RunRecord& record, std::shared_ptr<const Image> estimate) {
    const int row = rowOf(id);
    if (row < 0) return;
    RunEntry& entry = rows_[static_cast<std::size_t>(row)].entry;
    entry.record = record;
    entry.estimate = std::move(estimate);
    touch(row, name, status);
}

void RunsModel::setContraction(int id, const Contraction& contraction) {
    const int row = rowOf(id);
    if (row < 0) return;
    rows_[static_cast<std::size_t>(row)].entry.contraction = contraction;
    touch(row, name, status);
}

void RunsModel::setActivity(int id, const QString& text) {
    const int row = rowOf(id);
    if (row < 0) return;
    rows_[static_cast<std::size_t>(row)].activity = text;
    rows_[static_cast<std::size_t>(row)].entry.record.summary.status = SolveStatus::running;
    touch(row, status, status);
}

}  // namespace stillpoint
