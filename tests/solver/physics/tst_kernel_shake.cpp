// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "solver/core/vec.h"
#include "solver/physics/kernel.h"

using namespace stillpoint;

namespace {

// Root mean square distance of the light from the centre pixel.
double spread(const Kernel& kernel) {
    double sum = 0;
    const int side = kernel.pixels.width() / 2;
    for (int y = -side; y <= side; ++y)
        for (int x = -side; x <= side; ++x)
            sum += static_cast<double>(kernel.pixels.at(0, y + side, x + side)) * (x * x + y * y);
    return std::sqrt(sum);
}

}  // namespace

class TestKernelShake : public QObject {
    Q_OBJECT

 private slots:
    // A track of no roughness is a straight motion; with it, it is one connected piece, and another for each
    // seed.
    void shakesAreTracks() {
        const Kernel straight = makeKernel("shake:length=21,roughness=0,seed=3");
        const double line = 21 / std::sqrt(12.0);  // and a little for the pixels
        QVERIFY2(std::abs(spread(straight) - line) < 0.1, qPrintable(QString::number(spread(straight))));
        const Kernel one = makeKernel("shake:length=40,roughness=0.7,seed=1");
        const Kernel other = makeKernel("shake:length=40,roughness=0.7,seed=2");
        QVERIFY(one.pixels.shape() != other.pixels.shape() ||
                distanceSquared(one.pixels.samples(), other.pixels.samples()) > 1e-3);
        const Kernel again = makeKernel("shake:length=40,roughness=0.7,seed=1");
        QCOMPARE(distanceSquared(one.pixels.samples(), again.pixels.samples()), 0.0);
        QVERIFY(spread(one) < 40 / std::sqrt(12.0));
    }
};

QTEST_APPLESS_MAIN(TestKernelShake)
#include "tst_kernel_shake.moc"
