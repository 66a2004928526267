// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/gradient_table.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QSet>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/params/number_text.h"
#include "ui/plot/short_number.h"
#include "ui/theme/icons.h"

namespace stillpoint {
namespace {

constexpr int kRowPadding = 6;

/// "Weight λ", as the form has it; the key where there is no such parameter any more.
QString labelOf(const Param* param, const QString& key) {
    if (!param) return key;
    const QString label = QString::fromStdString(param->info.label);
    return param->info.symbol.empty() ? label : label + ' ' + QString::fromStdString(param->info.symbol);
}

/// Shortens the names when they are drawn, because the column's width is only then final.
class NameDelegate : public QStyledItemDelegate {
 public:
    explicit NameDelegate(GradientTable& table) : QStyledItemDelegate(&table), table_(table) {}

 protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text = table_.shownName(index.row());
    }

 private:
    GradientTable& table_;
};

QString rawText(double number) {
    return QString::number(number, 'g', 9);
}

}  // namespace

GradientTable::GradientTable(QWidget* parent) : QTableWidget(0, columns, parent) {
    setObjectName("gradients");
    setAccessibleName(tr("Gradient"));
    setHorizontalHeaderLabels({tr("Parameter θ"), tr("Value"), tr("∂ℓ/∂θ"), tr("θ·∂ℓ/∂θ")});
    horizontalHeaderItem(value)->setToolTip(tr("Value of the parameter in this run"));
    horizontalHeaderItem(gradient)->setToolTip(
        tr("Derivative of the loss: how fast it changes with the parameter. Negative: a larger "
           "parameter makes the loss smaller."));
    horizontalHeaderItem(relative)->setToolTip(
        tr("Value times derivative: a hundredth of it is what one per cent more of the parameter "
           "adds to the loss. Comparable from row to row."));
    setSelectionBehavior(SelectRows);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideMiddle);  // names that are keys differ at both ends
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    // Four rows, as most runs have, fit a panel of the smallest window; styles want higher ones by
    // themselves.
    verticalHeader()->setMinimumSectionSize(fontMetrics().height());
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kRowPadding);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(30);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(parameter, QHeaderView::Stretch);
    horizontalHeaderItem(parameter)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const int column : {value, gradient, relative})
        horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setItemDelegateForColumn(parameter, new NameDelegate(*this));
}

void GradientTable::setGradients(const std::vector<ParameterGradient>& gradients, const Recipe& recipe) {
    gradients_ = gradients;
    labels_.clear();
    longNames_.clear();
    setRowCount(static_cast<int>(gradients.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const ParameterGradient& one = gradients[static_cast<std::size_t>(row)];
        const Param* param = Registry::builtin().find(recipe, one.key).param;
        const QString key = QString::fromStdString(one.key);
        const QString label = labelOf(param, key);
        labels_ << label;
        longNames_ << (label == key ? key : QString("%1  (%2)").arg(label, key));
        auto* name = new QTableWidgetItem(longNames_.last());
        name->setData(Qt::UserRole, key);
        name->setToolTip(
            param ? QString("%1: %2").arg(longNames_.last(), QString::fromStdString(param->info.help)) : key);
        setItem(row, parameter, name);
        const auto number = [&](int column, double content) {
            auto* item = new QTableWidgetItem(shortNumber(content));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            item->setToolTip(numberText(content));
            setItem(row, column, item);
        };
        number(value, one.value);
        number(gradient, one.gradient);
        number(relative, one.value * one.gradient);
    }
}

QString GradientTable::shownName(int row) const {
    if (row >= static_cast<int>(labels_.size())) return {};  // rows are being filled in
    const int margin = style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, this) + 1;
    const int room = columnWidth(parameter) - 2 * margin;
    const auto fits = [&](const QString& name) { return fontMetrics().horizontalAdvance(name) <= room; };
    if (std::all_of(longNames_.begin(), longNames_.end(), fits)) return longNames_[row];
    const QString& label = labels_[row];
    const QString key = QString::fromStdString(gradients_[static_cast<std::size_t>(row)].key);
    const QString owner = key.section('.', 0, -2);
    const bool twice = labels_.count(label) > 1 && !owner.isEmpty();
    return twice ? QString("%1  (%2)").arg(label, owner) : label;
}

QString GradientTable::text() const {
    QSet<int> chosen;
    for (const QModelIndex& index : selectionModel()->selectedRows()) chosen << index.row();
    QString text = "parameter\tvalue\tgradient\tvalue*gradient\n";
    for (int row = 0; row < rowCount(); ++row) {
        if (!chosen.isEmpty() && !chosen.contains(row)) continue;
        const ParameterGradient& one = gradients_[static_cast<std::size_t>(row)];
        text += QString("%1\t%2\t%3\t%4\n")
                    .arg(QString::fromStdString(one.key), rawText(one.value), rawText(one.gradient),
                         rawText(one.value * one.gradient));
    }
    return text;
}

void GradientTable::copy() const {
    if (rowCount() > 0) QApplication::clipboard()->setText(text());
}

void GradientTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QTableWidget::keyPressEvent(event);
}

void GradientTable::contextMenuEvent(QContextMenuEvent* event) {
    if (rowCount() == 0) return;
    QMenu menu(this);
    const bool some = selectionModel()->hasSelection();
    menu.addAction(icon("edit-copy"), some ? tr("Copy the chosen rows") : tr("Copy the table"), this,
                   &GradientTable::copy);
    menu.exec(event->globalPos());
}

QSize GradientTable::sizeHint() const {
    return {330, 80};
}
QSize GradientTable::minimumSizeHint() const {
    return {230, 80};
}

}  // namespace stillpoint
