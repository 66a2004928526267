// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "solver/core/vec.h"
#include "solver/image/noise_level.h"
#include "solver/physics/noise.h"
#include "solver/run/simulate.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

class TestNoiseLevel : public QObject {
    Q_OBJECT

 private slots:
    void findsTheNoiseOfABlurredScene() {
        const Image scene = scenePicture({3, 120, 160});
        for (const char* kernel : {"gaussian:sigma=1.6", "motion:length=12,angle=20", "disk:radius=4"})
            for (const double sigma : {0.002, 0.01, 0.05}) {
                Recipe recipe;
                recipe.set("kernel", kernel);
                recipe.set("boundary", "unknown");
                const double found = estimateNoise(simulateBlur(scene, recipe, sigma, 5));
                QVERIFY2(std::abs(found / sigma - 1) < (sigma < 0.005 ? 0.2 : 0.05),
                         qPrintable(QString("%1: %2").arg(sigma).arg(found)));
            }
    }

    // Of a million samples and more only some rows are looked at.
    void largePictures() {
        Image picture(1, 1500, 1100);
        fill(picture.samples(), Real(0.5));
        addGaussianNoise(picture, 0.02, 1);
        QVERIFY(std::abs(estimateNoise(picture) / 0.02 - 1) < 0.01);
    }

    void leavesClippedSamplesOut() {
        Image picture(1, 64, 64);
        fill(picture.samples(), Real(0.5));
        addGaussianNoise(picture, 0.02, 1);
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 40; ++x) picture.at(0, y, x) = 1;
        QVERIFY(std::abs(estimateNoise(picture) / 0.02 - 1) < 0.1);
        fill(picture.samples(), 1);
        QVERIFY(estimateNoise(picture) < 0);
    }

    void noNoiseIsNone() {
        Image picture(1, 32, 32);
        for (int y = 0; y < 32; ++y)
            for (int x = 0; x < 32; ++x) picture.at(0, y, x) = static_cast<Real>(0.1 + 0.01 * x + 0.005 * y);
        QVERIFY(estimateNoise(picture) < 1e-6);
        QVERIFY(estimateNoise(Image(1, 4, 4)) < 0);
    }
};

QTEST_APPLESS_MAIN(TestNoiseLevel)
#include "tst_noise_level.moc"
