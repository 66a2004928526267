// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

#include "solver/physics/kernel.h"

namespace stillpoint {

/// Picture of a kernel: every pixel a square, the largest value white, thin marks at the centre's row and
/// column.
class KernelPreview : public QWidget {
    Q_OBJECT

 public:
    explicit KernelPreview(QWidget* parent = nullptr);

    void setKernel(const Kernel& kernel);
    void clear();
    /// "13 x 13 px · radius 6"; empty without a kernel.
    QString sizeText() const { return sizeText_; }
    const QImage& picture() const { return picture_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    QImage picture_;  ///< one pixel for each of the kernel
    QString sizeText_;
};

}  // namespace stillpoint
