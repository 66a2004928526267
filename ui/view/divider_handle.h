// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractSlider>

namespace stillpoint {

/// Round handle on the divider of the picture view. A slider from 0 to 1000 (thousandths of the view's width)
/// for the keyboard and assistive technology: arrows, Page, Home, End; double click centres. The mouse drags
/// it within the parent.
class DividerHandle : public QAbstractSlider {
    Q_OBJECT

 public:
    static constexpr int kSteps = 1000;

    explicit DividerHandle(QWidget* parent);
    QSize sizeHint() const override { return {30, 30}; }

 protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

 private:
    double grip_ = 0;  ///< from the handle's middle to where it was seized
    bool keyboardFocus_ = false;
};

}  // namespace stillpoint
