// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Pictures and mouse events for the tests of the image area.
#include <QApplication>
#include <QProcess>
#include <QTest>
#include <QWheelEvent>
#include <memory>

#include "tests/support/ui_main.h"
#include "ui/theme/palettes.h"
#include "ui/view/divider_handle.h"
#include "ui/view/picture_view.h"

namespace stillpoint::test {

using Shared = std::shared_ptr<const Image>;

inline Shared flat(int width, int height, double value) {
    auto picture = std::make_shared<Image>(1, height, width);
    for (Real& sample : picture->samples()) sample = static_cast<Real>(value);
    return picture;
}

/// Every pixel differs from its neighbours: sample = ((7 x + 13 y) mod 256) / 255, channels shifted.
inline Shared pattern(int channels, int width, int height) {
    auto picture = std::make_shared<Image>(channels, height, width);
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                picture->at(c, y, x) = static_cast<Real>((7 * x + 13 * y + 50 * c) % 256) / Real(255);
    return picture;
}

inline int patternLevel(int x, int y) {
    return (7 * x + 13 * y) % 256;
}

inline void wheel(QWidget& widget, QPointF at, int notches) {
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

inline void drag(QWidget& widget, QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton) {
    QTest::mousePress(&widget, button, {}, from);
    QMouseEvent move(QEvent::MouseMove, to, widget.mapToGlobal(QPointF(to)), Qt::NoButton, button, {});
    QApplication::sendEvent(&widget, &move);
    QTest::mouseRelease(&widget, button, {}, to);
}

inline void move(QWidget& widget, QPointF to) {
    QMouseEvent event(QEvent::MouseMove, to, widget.mapToGlobal(to), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(&widget, &event);
}

inline QImage shot(QWidget& widget) {
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

/// Runs functions of this test program again with two device pixels to a unit, which is fixed when a program
/// starts. Empty if they pass, else all it said.
inline QByteArray failuresAtScaleTwo(const QStringList& functions) {
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_SCALE_FACTOR", "2");
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(QCoreApplication::applicationFilePath(), functions);
    if (!program.waitForFinished()) return "the program did not end";
    const bool fine = program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0;
    return fine ? QByteArray() : program.readAll() + " exit code " + QByteArray::number(program.exitCode());
}

/// A view of 400 x 300, shown, with what its tests look at.
class ViewFixture {
 public:
    void open() {
        QApplication::setPalette(lightPalette());
        view_ = std::make_unique<PictureView>();
        view_->resize(400, 300);
        view_->show();
        QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
    }

 protected:
    std::unique_ptr<PictureView> view_;
    /// Pictures that fill the view: the input drawn as level 51, the estimate as 204.
    void showDarkAndBright() {
        view_->setInput(flat(400, 300, 0.2));
        view_->setEstimate(flat(400, 300, 0.8));
    }
    DividerHandle* handle() const { return view_->findChild<DividerHandle*>(); }
    /// Grey level drawn at a widget point.
    int levelAt(QPoint point) const {
        const QImage image = shot(*view_);
        return qGray(image.pixel(point * image.devicePixelRatio()));
    }
};

}  // namespace stillpoint::test
