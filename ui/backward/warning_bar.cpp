// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/warning_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QResizeEvent>
#include <QToolButton>

#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

constexpr int kSign = 16;

}  // namespace

WarningBar::WarningBar(QWidget* parent)
    : QWidget(parent), sign_(new QLabel(this)), label_(new QLabel(this)), unfold_(new QToolButton(this)) {
    setObjectName("backwardWarning");
    label_->setTextFormat(Qt::PlainText);
    label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // fit() cuts it to the width
    unfold_->setAutoRaise(true);
    unfold_->setCheckable(true);
    unfold_->setFixedSize(kSign + 4, kSign);
    unfold_->setIconSize({kSign / 2, kSign / 2});
    connect(unfold_, &QToolButton::toggled, this, &WarningBar::fit);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(6, 2, 2, 2);
    row->addWidget(sign_, 0, Qt::AlignTop);
    row->addWidget(label_, 1);
    row->addWidget(unfold_, 0, Qt::AlignTop);
    restyle();
    hide();
}

void WarningBar::setText(const QString& text) {
    if (text == text_) return;
    text_ = text;
    unfold_->setChecked(false);
    setToolTip(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    fit();
}

void WarningBar::fit() {
    const QString line = QString(text_).replace('\n', ' ');
    const QFontMetrics metrics = label_->fontMetrics();
    const int spacing = layout()->spacing();
    const int room = contentsRect().width() - layout()->contentsMargins().left() -
                     layout()->contentsMargins().right() - kSign - spacing;
    const bool fits = metrics.horizontalAdvance(line) <= room;
    const bool whole = unfold_->isChecked();
    unfold_->setVisible(!fits);
    unfold_->setArrowType(whole ? Qt::UpArrow : Qt::DownArrow);
    unfold_->setToolTip(whole ? tr("Show one line of it") : tr("Show all of it"));
    unfold_->setAccessibleName(unfold_->toolTip());
    label_->setWordWrap(whole && !fits);
    const int beside = room - unfold_->width() - spacing;
    label_->setText(fits ? line : whole ? text_ : metrics.elidedText(line, Qt::ElideRight, beside));
}

void WarningBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width()) fit();
}

void WarningBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) restyle();
    if (event->type() == QEvent::FontChange) fit();
}

void WarningBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneFill(Tone::warning, palette()));
    painter.drawRoundedRect(rect(), 4, 4);
}

void WarningBar::restyle() {
    sign_->setPixmap(icon("dialog-warning").pixmap(kSign, kSign));
}

}  // namespace stillpoint
