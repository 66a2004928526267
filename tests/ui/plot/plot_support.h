// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Curves and mouse events for the tests of the plot.
#include <QApplication>
#include <QComboBox>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <memory>

#include "tests/support/ui_main.h"
#include "ui/plot/convergence_plot.h"
#include "ui/theme/palettes.h"

namespace stillpoint::test {

inline const QColor kRed(220, 0, 0);
inline const QColor kBlue(0, 0, 230);

inline std::vector<CurvePoint> curve(int first, int last, bool withPsnr = true) {
    std::vector<CurvePoint> points;
    for (int k = first; k <= last; ++k) {
        CurvePoint point;
        point.step.iteration = k;
        point.step.residual = std::pow(0.9, k);
        point.step.seconds = 0.1 * k;
        if (withPsnr) point.psnr = 30 - 10 * std::pow(0.9, k);
        point.misfit = 0.02 + 0.1 * std::pow(0.9, k);
        points.push_back(point);
    }
    return points;
}

inline bool alike(QRgb pixel, const QColor& colour) {
    return std::abs(qRed(pixel) - colour.red()) + std::abs(qGreen(pixel) - colour.green()) +
               std::abs(qBlue(pixel) - colour.blue()) <
           200;
}

/// A plot of 700 x 300, shown. What is drawn is looked for by colour.
class PlotFixture {
 public:
    void open() {
        QApplication::setPalette(lightPalette());
        plot_ = std::make_unique<ConvergencePlot>();
        plot_->resize(700, 300);
        plot_->show();
        QVERIFY(QTest::qWaitForWindowExposed(plot_.get()));
    }

 protected:
    std::unique_ptr<ConvergencePlot> plot_;
    QWidget* canvas() const { return plot_->focusProxy(); }
    QComboBox* columnBox() const { return plot_->findChild<QComboBox*>(); }
    void hover(QPointF at) const {
        QMouseEvent event(QEvent::MouseMove, at, canvas()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QApplication::sendEvent(canvas(), &event);
    }
    void wheel(QPointF at, int notches, Qt::KeyboardModifiers modifiers = {}) const {
        QWheelEvent event(at, canvas()->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas(), &event);
    }
    /// Iteration under a column of the canvas, 0 if none.
    int iterationAt(double x) const {
        hover({x, 40});
        const QString first = plot_->readOut().section('\n', 0, 0);
        return first.section(' ', 1).toInt();
    }
    QImage shot() const {
        QCoreApplication::processEvents();
        hover({-5, -5});
        return canvas()->grab().toImage().convertToFormat(QImage::Format_RGB32);
    }
    /// Pixels of a colour in the columns x of [from, to) and the upper or lower half of the canvas.
    static int pixels(const QImage& image, const QColor& colour, int from, int to, bool upper) {
        int count = 0;
        const int middle = (image.height() - 30) / 2;
        for (int y = upper ? 0 : middle; y < (upper ? middle : image.height()); ++y)
            for (int x = from; x < to; ++x) count += alike(image.pixel(x, y), colour);
        return count;
    }
    int pixels(const QColor& colour, bool upper = true) const {
        const QImage image = shot();
        return pixels(image, colour, 0, image.width(), upper);
    }
};

}  // namespace stillpoint::test
