// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QStringList>

namespace stillpoint {

/// One line of text in as many words as fit: the first of several wordings that does, the last one cut where
/// none does. The tool tip has the first.
class FitLabel : public QLabel {
    Q_OBJECT

 public:
    explicit FitLabel(QWidget* parent = nullptr);

    /// From the fullest to the shortest.
    void setTexts(const QStringList& texts);
    QString fullText() const { return texts_.value(0); }

 protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    void fit();

    QStringList texts_;
};

}  // namespace stillpoint
