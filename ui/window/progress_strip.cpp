// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/progress_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <algorithm>
#include <cmath>

namespace stillpoint {

ProgressStrip::ProgressStrip(QWidget* parent)
    : QWidget(parent),
      state_(new QLabel(this)),
      label_(new QLabel(this)),
      bar_(new QProgressBar(this)),
      offer_(new QPushButton(this)) {
    QFont bold = state_->font();
    bold.setBold(true);
    state_->setFont(bold);
    state_->setObjectName("runState");
    label_->setObjectName("runProgress");
    label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setFixedWidth(120);
    bar_->setMaximumHeight(10);
    bar_->setAccessibleName(tr("Iterations done of the limit"));
    offer_->hide();
    connect(offer_, &QPushButton::clicked, this, &ProgressStrip::offerAccepted);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 3, 8, 3);
    row->addWidget(state_);
    row->addWidget(label_, 1);
    row->addWidget(offer_);
    row->addWidget(bar_);
    setMinimumHeight(offer_->sizeHint().height() + 6);
}

void ProgressStrip::show(const QString& state, Tone tone, const QString& text, double share) {
    tone_ = tone;
    state_->setText(state);
    state_->setVisible(!state.isEmpty());
    text_ = text;
    label_->setToolTip(text);
    label_->setAccessibleName(text);
    bar_->setVisible(share >= 0);
    bar_->setValue(static_cast<int>(std::lround(1000 * std::clamp(share, 0.0, 1.0))));
    layout()->activate();
    elide();
    restyle();
}

void ProgressStrip::elide() {
    label_->setText(label_->fontMetrics().elidedText(text_, Qt::ElideRight, label_->width()));
}

void ProgressStrip::offer(const QString& text) {
    offer_->setText(text);
    offer_->setVisible(!text.isEmpty());
    layout()->activate();
    elide();
}

QString ProgressStrip::state() const {
    return state_->text();
}
QString ProgressStrip::text() const {
    return text_;
}

void ProgressStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layout()->activate();
    elide();
}

void ProgressStrip::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && state_) restyle();
}

void ProgressStrip::restyle() {
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, toneColour(tone_, colours));
    if (state_->palette() != colours) state_->setPalette(colours);
}

}  // namespace stillpoint
