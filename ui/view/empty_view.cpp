// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/empty_view.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"
#include "ui/view/card_button.h"
#include "ui/view/flow_layout.h"

namespace stillpoint {

namespace {

constexpr int kIconSize = 80;
constexpr int kSmallIconSize = 48;

QLabel* centredLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    return label;
}

}  // namespace

EmptyView::EmptyView(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Start page"));
    setAccessibleDescription(tr("Open or paste a picture, or choose a sample."));
    build();
    restyle();
    connect(open_, &QPushButton::clicked, this, &EmptyView::openRequested);
    connect(paste_, &QPushButton::clicked, this, &EmptyView::pasteRequested);
}

void EmptyView::build() {
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(10, 10, 10, 10);
    outer->addWidget(scroll);

    auto* page = new QWidget;
    page->setAutoFillBackground(false);
    icon_ = centredLabel({}, page);
    title_ = centredLabel(tr("Drop a picture here"), page);
    hint_ = centredLabel(tr("A blurred one to restore, or a sharp one to blur and win back."), page);
    samplesTitle_ = centredLabel(tr("or try a sample"), page);
    samplesTitle_->hide();
    open_ = new QPushButton(tr("&Open…"), page);
    open_->setToolTip(tr("Choose a picture file"));
    open_->setAccessibleName(tr("Open a picture"));
    paste_ = new QPushButton(tr("&Paste"), page);
    paste_->setToolTip(tr("Take the picture from the clipboard"));
    paste_->setAccessibleName(tr("Paste a picture"));

    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(open_);
    buttons->addWidget(paste_);
    buttons->addStretch();
    cards_ = new FlowLayout(10);

    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(2, 4, 2, 4);
    column->setSpacing(8);
    column->addStretch(1);
    column->addWidget(icon_);
    column->addWidget(title_);
    column->addWidget(hint_);
    column->addLayout(buttons);
    column->addSpacing(4);
    column->addWidget(samplesTitle_);
    column->addLayout(cards_);
    column->addStretch(2);
    scroll->setWidget(page);
}

void EmptyView::restyle() {
    QFont large = font();
    large.setPointSizeF(font().pointSizeF() * 1.6);
    large.setWeight(QFont::DemiBold);
    if (title_->font() != large) title_->setFont(large);
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText,
                   mixed(palette().color(QPalette::WindowText), palette().color(QPalette::Window), 0.3));
    hint_->setPalette(faint);
    samplesTitle_->setPalette(faint);
    makeRoom();
    open_->setIcon(icon("document-open"));
    paste_->setIcon(icon("edit-paste"));
    update();
}

void EmptyView::makeRoom() {
    icon_->setVisible(height() >= 380);
    hint_->setVisible(height() >= 320);
    const int side = height() >= 520 ? kIconSize : kSmallIconSize;
    icon_->setPixmap(icon("stillpoint").pixmap(QSize(side, side), devicePixelRatioF()));
}

void EmptyView::resizeEvent(QResizeEvent*) {
    makeRoom();
}

void EmptyView::setSamples(const QVector<SampleCard>& samples) {
    while (QLayoutItem* item = cards_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    QWidget* before = paste_;
    for (const SampleCard& sample : samples) {
        auto* card = new CardButton(sample, paste_->parentWidget());
        connect(card, &QAbstractButton::clicked, this, [this, id = sample.id] { emit sampleChosen(id); });
        cards_->addWidget(card);
        setTabOrder(before, card);
        before = card;
    }
    samplesTitle_->setVisible(!samples.isEmpty());
}

void EmptyView::setPasteEnabled(bool enabled) {
    paste_->setEnabled(enabled);
    paste_->setToolTip(enabled ? tr("Take the picture from the clipboard")
                               : tr("There is no picture in the clipboard"));
}

void EmptyView::setDropHighlight(bool on) {
    if (on == dropHighlight_) return;
    dropHighlight_ = on;
    update();
}

QSize EmptyView::minimumSizeHint() const {
    return {260, 200};
}

void EmptyView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor accent = palette().color(QPalette::Highlight);
    const QColor window = palette().color(QPalette::Window);
    QColor line = mixed(window, palette().color(QPalette::WindowText), 0.25);
    if (dropHighlight_) {
        line = accent;
        painter.setBrush(mixed(window, accent, 0.12));
    }
    QPen pen(line, dropHighlight_ ? 2 : 1.5);
    pen.setDashPattern({5, 4});
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(rect()).adjusted(5, 5, -5, -5), 10, 10);
}

void EmptyView::changeEvent(QEvent* event) {
    if (open_ && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) restyle();
    QWidget::changeEvent(event);
}

}  // namespace stillpoint
