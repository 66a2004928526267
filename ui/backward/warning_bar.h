// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace stillpoint {

/// Warnings in one line. What is longer is cut there, and a button unfolds it: sentences about a gradient
/// must not push the gradient out of a small panel. Hidden while there is no warning.
class WarningBar : public QWidget {
    Q_OBJECT

 public:
    explicit WarningBar(QWidget* parent = nullptr);

    /// May have several lines. Another text is folded at first.
    void setText(const QString& text);
    QString text() const { return text_; }
    /// Not visible when there is nothing to unfold.
    QToolButton* unfoldButton() const { return unfold_; }

 protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

 private:
    void fit();
    void restyle();

    QString text_;
    QLabel* sign_ = nullptr;
    QLabel* label_ = nullptr;
    QToolButton* unfold_ = nullptr;
};

}  // namespace stillpoint
