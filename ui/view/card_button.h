// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QPixmap>

#include "ui/view/empty_view.h"

namespace stillpoint {

/// A sample card: the middle of the thumbnail, a title and up to two lines of description. Space or Enter
/// press it.
class CardButton : public QAbstractButton {
    Q_OBJECT

 public:
    CardButton(const SampleCard& card, QWidget* parent);
    QSize sizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

 private:
    QSize thumbnailSize() const;
    void paintThumbnail(QPainter& painter, const QRectF& room);
    void paintText(QPainter& painter, const QRectF& room) const;

    SampleCard card_;
    QPixmap scaled_;
};

}  // namespace stillpoint
