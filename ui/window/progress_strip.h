// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/theme/palettes.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace stillpoint {

/// Line under the picture: what the shown run does, how far it is, how it ended. The end is named and
/// coloured.
class ProgressStrip : public QWidget {
    Q_OBJECT

 public:
    explicit ProgressStrip(QWidget* parent = nullptr);

    /// `state` is a word or two ("Running", "Converged"), drawn in the tone's colour; `texts` the rest: the
    /// whole first, then shorter forms of it; the first that fits is shown. `share` of the bar from 0 to 1;
    /// negative: no bar. `tip`: HTML that explains the text, below it in the tool tip.
    void show(const QString& state, Tone tone, const QStringList& texts, double share,
              const QString& tip = {});
    /// Button that lets a run go on; empty text: none.
    void offer(const QString& text);
    QString state() const;
    /// The whole text, whatever fits.
    QString text() const;

 signals:
    void offerAccepted();

 protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    void restyle();
    /// Chooses the text that fits.
    void fit();

    Tone tone_ = Tone::info;
    QLabel* state_ = nullptr;
    QLabel* label_ = nullptr;
    QStringList texts_;
    qsizetype chosen_ = 0;  ///< of texts_
    int room_ = 0;          ///< for which it was chosen
    QProgressBar* bar_ = nullptr;
    QPushButton* offer_ = nullptr;
};

}  // namespace stillpoint
