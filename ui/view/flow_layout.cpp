// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/flow_layout.h"

#include <algorithm>

namespace stillpoint {

FlowLayout::~FlowLayout() {
    qDeleteAll(items_);
}

void FlowLayout::addItem(QLayoutItem* item) {
    items_.append(item);
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < items_.size() ? items_.takeAt(index) : nullptr;
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : items_) size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool place) const {
    int y = rect.top();
    qsizetype next = 0;
    while (next < items_.size()) {
        int width = 0;
        int height = 0;
        qsizetype end = next;
        for (; end < items_.size(); ++end) {
            const QSize size = items_[end]->sizeHint();
            const int with = width + (end > next ? spacing() : 0) + size.width();
            if (end > next && with > rect.width()) break;
            width = with;
            height = std::max(height, size.height());
        }
        const int spare = std::max(0, rect.width() - width);
        int x = rect.left() + (rows_ & Qt::AlignLeft ? 0 : spare / 2);
        for (; next < end; ++next) {
            const QSize size = items_[next]->sizeHint();
            if (place) items_[next]->setGeometry(QRect(x, y, size.width(), height));
            x += size.width() + spacing();
        }
        y += height + (next < items_.size() ? spacing() : 0);
    }
    return y - rect.top();
}

}  // namespace stillpoint
