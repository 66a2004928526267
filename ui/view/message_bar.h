// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>
#include <functional>

#include "ui/theme/palettes.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace stillpoint {

/// Inline bar for what the user should know: what happened, why, and what to do. One message at a time: a new
/// one replaces the old. Hidden until the first message. Escape closes it while it has the focus; it never
/// takes the focus by itself, but tells assistive technology that it came. GUI thread only.
class MessageBar : public QFrame {
    Q_OBJECT

 public:
    using Kind = Tone;

    explicit MessageBar(QWidget* parent = nullptr);

    /// Shows the text (plain, may have line breaks) and drops the action of the message before.
    void showMessage(Kind kind, const QString& text);
    /// Button that helps; call after showMessage. It runs the function, then the bar closes. Empty text:
    /// none.
    void setAction(const QString& text, std::function<void()> action);

    Kind kind() const { return kind_; }
    QString text() const;

 public slots:
    void dismiss();

 signals:
    /// The bar was closed (by its button, Escape, the action or dismiss()).
    void dismissed();

 protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

 private:
    void restyle();

    Kind kind_ = Kind::info;
    QLabel* icon_ = nullptr;
    QLabel* text_ = nullptr;
    QPushButton* actionButton_ = nullptr;
    QToolButton* close_ = nullptr;
    std::function<void()> action_;
};

}  // namespace stillpoint
