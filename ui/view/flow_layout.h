// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QVector>

namespace stillpoint {

/// Rows of items from left to right, as many as fit the width; each row is centred unless told otherwise.
class FlowLayout : public QLayout {
 public:
    explicit FlowLayout(int spacing, Qt::Alignment rows = Qt::AlignHCenter) : rows_(rows) {
        setSpacing(spacing);
    }
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(items_.size()); }
    QLayoutItem* itemAt(int index) const override { return items_.value(index); }
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return arrange(QRect(0, 0, width, 0), false); }
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

 private:
    /// Places the items if asked to; returns the height.
    int arrange(const QRect& rect, bool place) const;

    Qt::Alignment rows_;
    QVector<QLayoutItem*> items_;
};

}  // namespace stillpoint
