// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>
#include <memory>

#include "solver/image/image.h"

namespace stillpoint {

/// Small picture of signed numbers, every pixel a square, with the colours' scale below or beside it.
class SignedMap : public QWidget {
    Q_OBJECT

 public:
    explicit SignedMap(QWidget* parent = nullptr);

    /// Null or empty: nothing to show. `what` begins the tool tip and the accessible description.
    void setPicture(std::shared_ptr<const Image> picture, const QString& what);
    void setEmptyText(const QString& text);
    /// "13 × 13 · ±2.1e-3"; empty without a picture.
    QString legend() const { return legend_; }

    QSize sizeHint() const override { return {200, 80}; }
    QSize minimumSizeHint() const override { return {100, 80}; }

 protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    void colour();
    int numberWidth() const;
    void paintScale(QPainter& painter, const QRect& room, Qt::Orientation along) const;

    std::shared_ptr<const Image> picture_;  ///< null, or not empty
    double scale_ = 0;
    QImage image_;
    QImage bar_;  ///< the colours from -scale to scale
    QString legend_, emptyText_;
};

}  // namespace stillpoint
