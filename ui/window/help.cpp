// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/help.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "solver/core/version.h"
#include "ui/theme/icons.h"

namespace stillpoint {
namespace {

void addButtons(QDialog* dialog, QVBoxLayout* column) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    column->addWidget(buttons);
}

QTreeWidgetItem* addGroup(QTreeWidget* list, const QString& title) {
    auto* group = new QTreeWidgetItem(list, {title});
    QFont bold = group->font(0);
    bold.setBold(true);
    group->setFont(0, bold);
    group->setFirstColumnSpanned(true);
    return group;
}

}  // namespace

ShortcutsDialog::ShortcutsDialog(const QList<QAction*>& actions, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keyboard Shortcuts"));
    auto* list = new QTreeWidget(this);
    list->setHeaderLabels({tr("What"), tr("Keys")});
    list->setRootIsDecorated(false);
    list->setSelectionMode(QAbstractItemView::NoSelection);
    auto* window = addGroup(list, tr("Window"));
    for (const QAction* action : actions) {
        const QString what = action->text().remove('&').remove(QStringLiteral("…"));
        new QTreeWidgetItem(window, {what, action->shortcut().toString(QKeySequence::NativeText)});
    }
    const struct {
        QString title;
        QList<QStringList> keys;
    } groups[] = {{tr("Picture"),
                   {{tr("Zoom to the cursor"), tr("Wheel")},
                    {tr("Move the picture"), tr("Drag, arrows")},
                    {tr("Fit, or 1:1"), tr("Double click")},
                    {tr("Show the input while held"), "B"},
                    {tr("Move the divider"), tr("Drag; arrows when it has the focus")}}},
                  {tr("Convergence plot"),
                   {{tr("Zoom the iterations"), tr("Wheel, + and −")},
                    {tr("Zoom the values"), tr("Shift + wheel")},
                    {tr("Read the curves"), tr("Hover, arrows")},
                    {tr("Show everything"), tr("Double click, Home")}}},
                  {tr("Runs"),
                   {{tr("Rename"), "F2"},
                    {tr("Delete"), tr("Delete")},
                    {tr("Show in plot"), tr("Space on the name")}}}};
    for (const auto& group : groups) {
        auto* parentItem = addGroup(list, group.title);
        for (const QStringList& line : group.keys) new QTreeWidgetItem(parentItem, line);
    }
    list->expandAll();
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->addWidget(list);
    addButtons(this, column);
    resize(480, 640);
}

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("About Stillpoint"));
    auto* picture = new QLabel(this);
    picture->setPixmap(icon("stillpoint").pixmap(QSize(72, 72)));
    picture->setAlignment(Qt::AlignTop);
    auto* text = new QLabel(
        tr("<h2>Stillpoint %1</h2>"
           "<p>Deblurs pictures by iterating a map to its fixed point, with Anderson acceleration, "
           "while you watch.</p>"
           "<p>Free software under the GNU General Public License, version 3 or later.</p>"
           "<p>Made with Qt %2, QCustomPlot, Eigen and FFTW.</p>")
            .arg(kVersion, qVersion()),
        this);
    text->setWordWrap(true);
    text->setMinimumWidth(360);
    auto* row = new QHBoxLayout;
    row->addWidget(picture);
    row->addWidget(text, 1);
    auto* column = new QVBoxLayout(this);
    column->addLayout(row);
    addButtons(this, column);
}

}  // namespace stillpoint
