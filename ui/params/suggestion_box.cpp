// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/suggestion_box.h"

#include <QAbstractItemView>
#include <QDir>
#include <QFileInfo>
#include <QScreen>
#include <QStyleOptionComboBox>
#include <QWheelEvent>
#include <algorithm>

namespace stillpoint {
namespace {

constexpr int kName = Qt::UserRole + 1;  ///< what the closed box shows

}  // namespace

SuggestionBox::SuggestionBox(const ParamInfo& info, QWidget* parent) : QComboBox(parent), info_(info) {
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(8);
    connect(this, &QComboBox::activated, this, &SuggestionBox::picked);
    fill();
}

QString SuggestionBox::text() const {
    return text_;
}

void SuggestionBox::setText(const QString& text) {
    text_ = text;
    if (findData(text) < 0) fill();
    showValue();
}

void SuggestionBox::setFiles(const QStringList& paths) {
    if (paths == files_) return;
    files_ = paths;
    fill();
    showValue();
}

void SuggestionBox::add(const QString& value, const QString& name, const QString& whole, const QString& tip) {
    addItem(whole, value);
    setItemData(count() - 1, name, kName);
    setItemData(count() - 1, tip, Qt::ToolTipRole);
}

void SuggestionBox::fill() {
    clear();
    for (const Suggestion& suggestion : info_.suggestions) {
        const QString value = QString::fromStdString(suggestion.text);
        const QString label = QString::fromStdString(suggestion.label);
        const QString tip =
            QString("<p><b>%1</b>: %2</p><p>%3</p>")
                .arg(value, label.toHtmlEscaped(), QString::fromStdString(suggestion.help).toHtmlEscaped());
        add(value, value, label.isEmpty() ? value : QString("%1: %2").arg(value, label), tip);
    }
    QStringList others = files_;
    if (!text_.isEmpty() && findData(text_) < 0 && !others.contains(text_)) others.prepend(text_);
    for (const QString& path : others) {
        const QString name = QFileInfo(path).fileName();
        add(path, name, name, "<p>" + QDir::toNativeSeparators(path).toHtmlEscaped() + "</p>");
    }
    if (info_.files.empty()) return;
    insertSeparator(count());
    addItem(tr("Open file…"));
}

void SuggestionBox::picked(int index) {
    const QVariant value = itemData(index);
    if (!value.isValid()) {
        showValue();
        emit fileWanted();
    } else if (value.toString() != text_) {
        text_ = value.toString();
        showValue();
        emit chosen(text_);
    }
}

void SuggestionBox::showValue() {
    const int index = findData(text_);
    setCurrentIndex(index);
    setToolTip(itemData(index, Qt::ToolTipRole).toString());
}

// The list is as wide as its texts; the box often stands at the right end of the screen.
void SuggestionBox::showPopup() {
    const int wanted = view()->sizeHintForColumn(0) + 2 * view()->frameWidth() + 16;
    const QRect room = screen()->availableGeometry();
    view()->setMinimumWidth(std::clamp(wanted, width(), std::max(width(), room.width())));
    QComboBox::showPopup();
    QWidget* popup = view()->window();
    const int right = mapToGlobal(QPoint(width(), 0)).x();
    if (popup->width() > width()) popup->move(std::max(room.left(), right - popup->width()), popup->y());
}

void SuggestionBox::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

void SuggestionBox::initStyleOption(QStyleOptionComboBox* option) const {
    QComboBox::initStyleOption(option);
    const QString name = currentData(kName).toString();
    if (!name.isEmpty()) option->currentText = name;
}

}  // namespace stillpoint
