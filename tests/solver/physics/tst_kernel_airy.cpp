// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "solver/core/vec.h"
#include "solver/physics/kernel.h"

using namespace stillpoint;

class TestKernelAiry : public QObject {
    Q_OBJECT

 private slots:
    void aPerfectLensGivesTheAiryPattern_data() {
        QTest::addColumn<double>("radius");
        for (const double radius : {0.8, 2.0, 6.5}) QTest::addRow("%g", radius) << radius;
    }

    // (2 J1(r) / r)^2 with its first zero at r = 3.8317, by the mean over each pixel; relative to the middle
    // one.
    void aPerfectLensGivesTheAiryPattern() {
        QFETCH(double, radius);
        const Kernel kernel = makeKernel("airy:radius=" + toText(radius));
        const auto pattern = [&](double x, double y) {
            const double r = 3.831705970207512 * std::hypot(x, y) / radius;
            const double amplitude = r < 1e-9 ? 1 : 2 * std::cyl_bessel_j(1.0, r) / r;
            return amplitude * amplitude;
        };
        const auto inPixel = [&](int x, int y) {
            constexpr int kPoints = 15;
            double sum = 0;
            for (int i = 0; i < kPoints * kPoints; ++i)
                sum +=
                    pattern(x + (i % kPoints + 0.5) / kPoints - 0.5, y + (i / kPoints + 0.5) / kPoints - 0.5);
            return sum / (kPoints * kPoints);
        };
        const int side = kernel.pixels.width() / 2;
        const auto middle = static_cast<double>(kernel.pixels.at(0, side, side));
        for (int y = 0; y <= side; ++y)
            for (int x = 0; x <= side; ++x) {
                const double measured = static_cast<double>(kernel.pixels.at(0, side + y, side + x)) / middle;
                const double expected = inPixel(x, y) / inPixel(0, 0);
                QVERIFY2(std::abs(measured - expected) < 0.01,
                         qPrintable(QString("%1 %2: %3 %4").arg(x).arg(y).arg(measured).arg(expected)));
            }
    }

    void aberrationsSpreadTheLight() {
        const auto peak = [](const char* spec) {
            return static_cast<double>(makeKernel(spec).pixels.plane(0).maxCoeff());
        };
        const double perfect = peak("airy:radius=3");
        for (const char* one : {"defocus", "astigmatism", "coma", "spherical"}) {
            const std::string spec = std::string("airy:radius=3,") + one + "=";
            // A fourteenth of a wave leaves 0.8 of the peak (Marechal); a half leaves little.
            const double little = peak((spec + "0.0714").c_str()) / perfect;
            QVERIFY2(std::abs(little - 0.8) < 0.06, qPrintable(QString("%1 %2").arg(one).arg(little)));
            QVERIFY(peak((spec + "0.5").c_str()) < 0.45 * perfect);
        }
        // Astigmatism at 90 degrees is that at 0 with the other sign.
        const Kernel a = makeKernel("airy:radius=3,astigmatism=0.3,angle=90");
        const Kernel b = makeKernel("airy:radius=3,astigmatism=-0.3");
        QVERIFY(a.pixels.shape() == b.pixels.shape());
        QVERIFY(distanceSquared(a.pixels.samples(), b.pixels.samples()) < 1e-10);
    }
};

QTEST_APPLESS_MAIN(TestKernelAiry)
#include "tst_kernel_airy.moc"
