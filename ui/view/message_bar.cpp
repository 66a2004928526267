// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/message_bar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "ui/theme/icons.h"

namespace stillpoint {

namespace {

constexpr int kIconSize = 20;

const char* iconName(Tone kind) {
    switch (kind) {
        case Tone::info:
            return "dialog-information";
        case Tone::success:
            return "dialog-ok";
        case Tone::warning:
            return "dialog-warning";
        case Tone::error:
            return "dialog-error";
    }
    return "";
}

QString kindName(Tone kind) {
    switch (kind) {
        case Tone::info:
            return MessageBar::tr("Information");
        case Tone::success:
            return MessageBar::tr("Done");
        case Tone::warning:
            return MessageBar::tr("Warning");
        case Tone::error:
            return MessageBar::tr("Error");
    }
    return {};
}

}  // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      text_(new QLabel(this)),
      actionButton_(new QPushButton(this)),
      close_(new QToolButton(this)) {
    text_->setTextFormat(Qt::PlainText);
    text_->setWordWrap(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    close_->setAutoRaise(true);
    close_->setToolTip(tr("Close this message (Esc)"));
    close_->setAccessibleName(tr("Close message"));
    actionButton_->hide();

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 6, 6);
    row->setSpacing(10);
    row->addWidget(icon_, 0, Qt::AlignTop);
    row->addWidget(text_, 1);
    row->addWidget(actionButton_, 0, Qt::AlignVCenter);
    row->addWidget(close_, 0, Qt::AlignTop);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);

    connect(close_, &QToolButton::clicked, this, &MessageBar::dismiss);
    connect(actionButton_, &QPushButton::clicked, this, [this] {
        const auto action = std::move(action_);
        dismiss();
        if (action) action();
    });
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& text) {
    kind_ = kind;
    text_->setText(text);
    setAction({}, {});
    setAccessibleName(kindName(kind) + ": " + text);
    restyle();
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageBar::setAction(const QString& text, std::function<void()> action) {
    action_ = std::move(action);
    actionButton_->setText(text);
    actionButton_->setVisible(!text.isEmpty());
}

QString MessageBar::text() const {
    return text_->text();
}

void MessageBar::dismiss() {
    if (isHidden()) return;
    action_ = nullptr;
    hide();
    emit dismissed();
}

void MessageBar::restyle() {
    icon_->setPixmap(icon(iconName(kind_)).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
    close_->setIcon(icon("window-close"));
    update();
}

void MessageBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), toneFill(kind_, palette()));
    const QColor accent = toneColour(kind_, palette());
    painter.fillRect(QRect(0, 0, 4, height()), accent);
    painter.fillRect(QRect(0, height() - 1, width(), 1), mixed(toneFill(kind_, palette()), accent, 0.4));
}

void MessageBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) restyle();
    QFrame::changeEvent(event);
}

void MessageBar::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        dismiss();
    else
        QFrame::keyPressEvent(event);
}

}  // namespace stillpoint
