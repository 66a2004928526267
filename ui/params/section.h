// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QToolButton;

namespace stillpoint {

/// Part of a form with a title that folds it away.
class Section : public QWidget {
    Q_OBJECT

 public:
    Section(const QString& title, QWidget* content, QWidget* parent = nullptr);

    QString title() const;
    bool isExpanded() const;
    void setExpanded(bool expanded);

 private:
    QToolButton* header_ = nullptr;
    QWidget* content_ = nullptr;
};

}  // namespace stillpoint
