// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/noise.h"

#include <QtTest>
#include <cmath>
#include <map>

#include "solver/core/parallel.h"
#include "solver/core/rng.h"
#include "solver/core/vec.h"
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
    void poissonCountIsTheInverse_data();
    void poissonCountIsTheInverse();
    void poissonHasItsMeanAndVariance_data();
    void poissonHasItsMeanAndVariance();
    void impulsesHaveTheirShare();
    void otherNoiseDependsOnTheSeedOnly();
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

void TestNoise::poissonCountIsTheInverse_data() {
    QTest::addColumn<double>("mean");
    for (const double mean : {0.01, 0.7, 3.0, 15.9, 16.1, 80.5, 4000.25})
        QTest::addRow("mean %g", mean) << mean;
}

// Equally spaced u give each count as often as its probability, here by the C library's functions, says.
void TestNoise::poissonCountIsTheInverse() {
    QFETCH(double, mean);
    constexpr int kDraws = 100000;
    std::map<double, int> seen;
    for (int i = 0; i < kDraws; ++i) ++seen[poissonCount(mean, (i + 0.5) / kDraws)];
    double total = 0;
    for (const auto& [count, times] : seen) {
        const double probability = std::exp(count * std::log(mean) - mean - std::lgamma(count + 1));
        total += probability;
        QVERIFY(count == std::floor(count) && count >= 0);
        QVERIFY2(std::abs(times - kDraws * probability) < 1.01, qPrintable(QString::number(count)));
    }
    QVERIFY(total > 1 - 1e-3);
    for (const double u : {0x1p-53, 1 - 0x1p-53}) QVERIFY(poissonCount(mean, u) <= mean * 13 + 60);
    QVERIFY(poissonCount(0, 0.5) == 0);
    QVERIFY(poissonCount(-3, 0.5) == 0);
}

void TestNoise::poissonHasItsMeanAndVariance_data() {
    QTest::addColumn<double>("peak");
    for (const double peak : {5.0, 100.0, 1e6}) QTest::addRow("peak %g", peak) << peak;
}

void TestNoise::poissonHasItsMeanAndVariance() {
    QFETCH(double, peak);
    Image result(1, 200, 200);
    fill(result.samples(), 0.375);
    addPoissonNoise(result, peak, 3);
    double mean = 0, square = 0;
    const double count = static_cast<double>(result.size());
    for (const Real sample : result.samples()) {
        const double photons = static_cast<double>(sample) * peak;
        QVERIFY(std::abs(photons - std::round(photons)) < (sizeof(Real) == 8 ? 1e-9 : 1e-6) * (1 + photons));
        const double d = static_cast<double>(sample) - 0.375;
        mean += d / count;
        square += d * d / count;
    }
    const double variance = 0.375 / peak;
    QVERIFY(std::abs(mean) < 5 * std::sqrt(variance / count));
    QVERIFY(std::abs(square / variance - 1) < 5 * std::sqrt((2 + 1 / (0.375 * peak)) / count));
}

void TestNoise::impulsesHaveTheirShare() {
    const Image picture = scenePicture({3, 150, 160});
    Image result = picture.clone();
    addImpulseNoise(result, 0.2, 9);
    double black = 0, white = 0;
    for (std::size_t i = 0; i < picture.size(); ++i) {
        const Real sample = result.samples()[i];
        if (sample == picture.samples()[i]) continue;
        QVERIFY(sample == 0 || sample == 1);
        ++(sample == 0 ? black : white);
    }
    const double count = static_cast<double>(picture.size());
    const double deviation = std::sqrt(0.1 * 0.9 / count);
    QVERIFY(std::abs(black / count - 0.1) < 5 * deviation);
    QVERIFY(std::abs(white / count - 0.1) < 5 * deviation);
    Image none = picture.clone();
    addImpulseNoise(none, 0, 9);
    QVERIFY(equal(none, picture));
}

void TestNoise::otherNoiseDependsOnTheSeedOnly() {
    const Image picture = scenePicture({3, 101, 97});
    const auto made = [&](std::uint64_t seed, int threads, bool poisson) {
        setThreadCount(threads);
        Image copy = picture.clone();
        poisson ? addPoissonNoise(copy, 60, seed) : addImpulseNoise(copy, 0.1, seed);
        return copy;
    };
    for (const bool poisson : {true, false}) {
        const Image one = made(5, 1, poisson);
        for (const int threads : {2, 3, 4}) QVERIFY(equal(made(5, threads, poisson), one));
        QVERIFY(!equal(made(6, 1, poisson), one));
    }
    // An old recipe's picture must come out the same for ever: counts of the first numbers of stream 0.
    Image first(1, 1, 3);
    fill(first.samples(), 1);
    addPoissonNoise(first, 64, 0);
    QVERIFY(first.at(0, 0, 0) == Real(68) / 64);
    QVERIFY(first.at(0, 0, 1) == Real(55) / 64);
    QVERIFY(first.at(0, 0, 2) == Real(82) / 64);
}

QTEST_APPLESS_MAIN(TestNoise)
#include "tst_noise.moc"
