// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/noise.h"

#include <QtTest>
#include <cmath>

#include "solver/core/parallel.h"
#include "solver/core/rng.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

Image noisy(const Image& picture, double sigma, std::uint64_t seed, int threads = 1) {
    setThreadCount(threads);
    Image copy = picture.clone();
    addGaussianNoise(copy, sigma, seed);
    return copy;
}

bool equal(const Image& a, const Image& b) {
    return std::equal(a.samples().begin(), a.samples().end(), b.samples().begin());
}

}  // namespace

class TestNoise : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { setThreadCount(hardwareThreads()); }
    void sampleIIsNumberIOfTheStream();
    void hasTheDeviationAndNoMean();
    void isNotClipped();
    void dependsOnTheSeedOnly();
    void sigmaZeroChangesNothing();
    void firstSamplesNeverChange();
};

void TestNoise::sampleIIsNumberIOfTheStream() {
    const Image picture = randomPicture({3, 7, 5}, 1);
    const Image result = noisy(picture, 0.05, 42);
    for (std::size_t i = 0; i < picture.size(); ++i) {
        const volatile double noise = 0.05 * normalAt(42, i);  // volatile: not fused with the sum
        const double expected = static_cast<double>(picture.samples()[i]) + noise;
        QVERIFY(result.samples()[i] == static_cast<Real>(expected));
    }
}

void TestNoise::hasTheDeviationAndNoMean() {
    const Image picture = scenePicture({3, 256, 256});
    const Image result = noisy(picture, 0.1, 7, 2);
    double mean = 0;
    double square = 0;
    const double count = static_cast<double>(picture.size());
    for (std::size_t i = 0; i < picture.size(); ++i) {
        const double d = static_cast<double>(result.samples()[i]) - static_cast<double>(picture.samples()[i]);
        mean += d / count;
        square += d * d / count;
    }
    QVERIFY(std::abs(mean) < 5 * 0.1 / std::sqrt(count));
    QVERIFY(std::abs(square / 0.01 - 1) < 5 * std::sqrt(2 / count));
}

void TestNoise::isNotClipped() {
    const Image result = noisy(Image(1, 40, 40), 0.5, 3);
    QVERIFY(result.plane(0).minCoeff() < Real(-1));
    QVERIFY(result.plane(0).maxCoeff() > Real(1));
}

void TestNoise::dependsOnTheSeedOnly() {
    const Image picture = scenePicture({3, 101, 97});
    const Image one = noisy(picture, 0.02, 5, 1);
    for (const int threads : {1, 2, 3, 4}) QVERIFY(equal(noisy(picture, 0.02, 5, threads), one));
    QVERIFY(!equal(noisy(picture, 0.02, 6), one));
}

void TestNoise::sigmaZeroChangesNothing() {
    const Image picture = scenePicture({1, 30, 31});
    QVERIFY(equal(noisy(picture, 0, 5), picture));
}

// The numbers of tst_rng through the whole function: an old recipe's picture must come out the same for ever.
void TestNoise::firstSamplesNeverChange() {
    const Image result = noisy(Image(1, 1, 3), 1, 0);
    QVERIFY(result.at(0, 0, 0) == static_cast<Real>(-0x1.05f49f2746419p-2));
    QVERIFY(result.at(0, 0, 1) == static_cast<Real>(0x1.42a76ea5b0d6ep-1));
    QVERIFY(result.at(0, 0, 2) == static_cast<Real>(0x1.ea308c1ad276fp+0));
}

QTEST_APPLESS_MAIN(TestNoise)
#include "tst_noise.moc"
