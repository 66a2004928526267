// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/fit_label.h"

#include <QEvent>
#include <algorithm>

namespace stillpoint {

FitLabel::FitLabel(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    // The text follows the width, so the width must not follow the text.
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void FitLabel::setTexts(const QStringList& texts) {
    if (texts == texts_) return;
    texts_ = texts;
    setToolTip(fullText());
    setAccessibleName(fullText());
    fit();
}

void FitLabel::fit() {
    if (texts_.isEmpty()) return clear();
    const QFontMetrics metrics = fontMetrics();
    const int room = contentsRect().width();
    const auto fitting = std::find_if(texts_.begin(), texts_.end(), [&](const QString& text) {
        return metrics.horizontalAdvance(text) <= room;
    });
    setText(fitting != texts_.end() ? *fitting : metrics.elidedText(texts_.last(), Qt::ElideRight, room));
}

void FitLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    fit();
}

void FitLabel::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange) fit();
}

}  // namespace stillpoint
