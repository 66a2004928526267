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

#include "ui/params/number_text.h"
#include "ui/plot/short_number.h"
#include "ui/theme/icons.h"

namespace stillpoint {
namespace {

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
    setTextElideMode(Qt::ElideRight);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(30);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(parameter, QHeaderView::Stretch);
    horizontalHeaderItem(parameter)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const int column : {value, gradient, relative})
        horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
}

void GradientTable::setGradients(const std::vector<ParameterGradient>& gradients, const Recipe& recipe) {
    gradients_ = gradients;
    setRowCount(static_cast<int>(gradients.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const ParameterGradient& one = gradients[static_cast<std::size_t>(row)];
        const Param* param = Registry::builtin().find(recipe, one.key).param;
        const QString key = QString::fromStdString(one.key);
        const QString label = param ? QString::fromStdString(param->info.label) : key;
        auto* name = new QTableWidgetItem(label == key ? label : QString("%1  (%2)").arg(label, key));
        name->setData(Qt::UserRole, key);
        name->setToolTip(param ? QString("%1: %2").arg(key, QString::fromStdString(param->info.help)) : key);
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
    return {330, 100};
}
QSize GradientTable::minimumSizeHint() const {
    return {230, 90};
}

}  // namespace stillpoint
