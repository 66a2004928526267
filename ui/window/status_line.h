// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

class QLabel;
class QStatusBar;

namespace stillpoint {

class PictureView;

/// The fields of the status bar: pixel under the cursor, zoom, memory, threads.
class StatusLine : public QObject {
    Q_OBJECT

 public:
    StatusLine(QStatusBar* bar, PictureView* view);

 private:
    void showPixel(bool inside, int x, int y, const QString& input, const QString& estimate,
                   const QString& adjoint);
    void showMemory();

    QLabel* pixel_ = nullptr;
    QLabel* zoom_ = nullptr;
    QLabel* memory_ = nullptr;
    QTimer timer_;
};

}  // namespace stillpoint
