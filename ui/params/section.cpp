// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/section.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace stillpoint {

Section::Section(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent), header_(new QToolButton(this)), content_(content) {
    header_->setText(title);
    header_->setCheckable(true);
    header_->setChecked(true);
    header_->setAutoRaise(true);
    header_->setArrowType(Qt::DownArrow);
    header_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    header_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    header_->setFocusPolicy(Qt::TabFocus);
    header_->setAccessibleName(tr("Section %1").arg(title));
    QFont font = header_->font();
    font.setBold(true);
    header_->setFont(font);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(header_);
    layout->addWidget(content_);
    connect(header_, &QToolButton::toggled, this, [this](bool on) {
        content_->setVisible(on);
        header_->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
    });
}

QString Section::title() const {
    return header_->text();
}
bool Section::isExpanded() const {
    return header_->isChecked();
}
void Section::setExpanded(bool expanded) {
    header_->setChecked(expanded);
}

}  // namespace stillpoint
