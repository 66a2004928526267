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
namespace {

constexpr int kNarrow = 520;  ///< from here on words are worth more than a long bar
constexpr int kNarrowBar = 60;
constexpr int kBar = 120;

}  // namespace

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

void ProgressStrip::show(const QString& state, Tone tone, const QStringList& texts, double share,
                         const QString& tip) {
    tone_ = tone;
    state_->setText(state);
    state_->setVisible(!state.isEmpty());
    texts_ = texts;
    label_->setToolTip(tip.isEmpty() ? text() : "<p>" + text().toHtmlEscaped() + "</p>" + tip);
    label_->setAccessibleName(text());
    bar_->setVisible(share >= 0);
    bar_->setValue(static_cast<int>(std::lround(1000 * std::clamp(share, 0.0, 1.0))));
    fit();
    restyle();
}

void ProgressStrip::fit() {
    bar_->setFixedWidth(width() < kNarrow ? kNarrowBar : kBar);
    layout()->activate();
    if (texts_.isEmpty()) return;
    const QFontMetrics metrics = label_->fontMetrics();
    const int room = label_->contentsRect().width();
    // Numbers change width as they run: a longer form comes back only with room to spare, not for a moment.
    const qsizetype before = room == room_ ? chosen_ : 0;
    room_ = room;
    chosen_ = 0;
    while (chosen_ + 1 < texts_.size()) {
        const int spare = chosen_ < before ? metrics.horizontalAdvance(QStringLiteral("000")) : 0;
        if (metrics.horizontalAdvance(texts_[chosen_]) + spare <= room) break;
        ++chosen_;
    }
    const QString& text = texts_[chosen_];
    const bool last = chosen_ + 1 == texts_.size();
    label_->setText(last ? metrics.elidedText(text, Qt::ElideRight, room) : text);
}

void ProgressStrip::offer(const QString& text) {
    offer_->setText(text);
    offer_->setVisible(!text.isEmpty());
    fit();
}

QString ProgressStrip::state() const {
    return state_->text();
}
QString ProgressStrip::text() const {
    return texts_.value(0);
}

void ProgressStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
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
