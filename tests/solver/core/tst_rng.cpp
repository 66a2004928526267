// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <numbers>

#include "solver/core/rng.h"

using namespace stillpoint;

class TestRng : public QObject {
    Q_OBJECT

 private slots:
    void philoxKnownAnswers();
    void uniformsOfTheFirstIndices();
    void normalsOfTheFirstIndices();
    void streamReadsIndicesInOrder();
    void uniformsFillTheInterval();
    void normalsHaveTheMomentsOfANormal();
    void normalsAreQuantilesOfTheUniforms();
    void streamsAndIndicesDiffer();
};

// The three answers of the authors' test file (Random123, kat_vectors).
void TestRng::philoxKnownAnswers() {
    using Words = std::array<std::uint32_t, 4>;
    const auto ff = 0xffffffffu;
    QVERIFY(philox({0, 0, 0, 0}, {0, 0}) == (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    QVERIFY(philox({ff, ff, ff, ff}, {ff, ff}) == (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    QVERIFY(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// These numbers were computed by another program from the definition in rng.h. They must never change: a
// seed of an old recipe has to give the same noise for ever.
void TestRng::uniformsOfTheFirstIndices() {
    QCOMPARE(uniformAt(0, 0), 0x1.989fa35785a72p-2);
    QCOMPARE(uniformAt(0, 1), 0x1.78af58993601bp-1);
    QCOMPARE(uniformAt(0, 4), 0x1.3ea8ca5471ce0p-6);
    QCOMPARE(uniformAt(1, 0), 0x1.c7d00ce1ca141p-1);
    QCOMPARE(uniformAt((std::uint64_t{1} << 40) + 5, 3), 0x1.4c5a3cf7ce922p-2);
}

void TestRng::normalsOfTheFirstIndices() {
    constexpr std::array<double, 6> seed0{-0x1.05f49f2746419p-2, 0x1.42a76ea5b0d6ep-1,
                                          0x1.ea308c1ad276fp+0,  0x1.03989d958561cp-1,
                                          -0x1.085a49a35bfc9p+1, -0x1.1379b97cf50aap+0};
    constexpr std::array<double, 6> large{-0x1.57a5113c2171ep-2, -0x1.c061a91d24319p-1,
                                          -0x1.33be9f441e4d3p-1, -0x1.d1e56d1f7d81ep-2,
                                          -0x1.21256d909fb12p+1, -0x1.8bf2f0c60fefep-3};
    for (std::size_t i = 0; i < seed0.size(); ++i) {
        const double first = normalAt(0, i);
        const double second = normalAt((std::uint64_t{1} << 40) + 5, i);
        // QCOMPARE of doubles is fuzzy; these must be equal to the last bit.
        QVERIFY2(first == seed0[i], qPrintable(QString::asprintf("seed 0, index %zu: %a", i, first)));
        QVERIFY2(second == large[i], qPrintable(QString::asprintf("large seed, index %zu: %a", i, second)));
    }
}

void TestRng::streamReadsIndicesInOrder() {
    RandomStream uniforms(9);
    RandomStream normals(9);
    for (std::uint64_t i = 0; i < 100; ++i) {
        QVERIFY(uniforms.uniform() == uniformAt(9, i));
        QVERIFY(normals.normal() == normalAt(9, i));
    }
}

void TestRng::uniformsFillTheInterval() {
    constexpr std::uint64_t count = 200000;
    std::array<int, 20> bins{};
    for (std::uint64_t i = 0; i < count; ++i) {
        const double u = uniformAt(3, i);
        QVERIFY(u > 0 && u < 1);
        ++bins[static_cast<std::size_t>(u * 20)];
    }
    double chiSquared = 0;
    const double expected = static_cast<double>(count) / 20;
    for (const int n : bins) chiSquared += (n - expected) * (n - expected) / expected;
    QVERIFY2(chiSquared < 43.8, qPrintable(QString::number(chiSquared)));  // 0.1 % point for 19 degrees
}

void TestRng::normalsHaveTheMomentsOfANormal() {
    constexpr std::uint64_t count = 400000;
    std::array<double, 4> sum{};
    double neighbours = 0;
    double previous = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const double n = normalAt(17, i);
        for (int power = 1; power <= 4; ++power)
            sum[static_cast<std::size_t>(power - 1)] += std::pow(n, power) / static_cast<double>(count);
        neighbours += n * previous / static_cast<double>(count);
        previous = n;
    }
    // Bounds: five standard errors, sqrt(1, 2, 15, 96) / sqrt(count).
    const double unit = 5 / std::sqrt(static_cast<double>(count));
    QVERIFY(std::abs(sum[0]) < unit);
    QVERIFY(std::abs(sum[1] - 1) < unit * std::sqrt(2.0));
    QVERIFY(std::abs(sum[2]) < unit * std::sqrt(15.0));
    QVERIFY(std::abs(sum[3] - 3) < unit * std::sqrt(96.0));
    QVERIFY(std::abs(neighbours) < unit);
}

// Phi(normal) = uniform, where Phi comes from the C library's erfc. An error e of the quantile n shows as a
// relative error e * phi(n) / Phi(n) of the smaller tail.
void TestRng::normalsAreQuantilesOfTheUniforms() {
    double worst = 0;
    double farthest = 0;
    for (std::uint64_t i = 0; i < 200000; ++i) {
        const double u = uniformAt(23, i);
        const double n = normalAt(23, i);
        const double tail = std::min(u, 1 - u);
        const double back = 0.5 * std::erfc(std::abs(n) / std::numbers::sqrt2);
        const double density = std::exp(-n * n / 2) / std::sqrt(2 * std::numbers::pi);
        worst = std::max(worst, std::abs(back - tail) / density / (1 + std::abs(n)));
        farthest = std::max(farthest, std::abs(n));
        QVERIFY((n < 0) == (u < 0.5));
    }
    QVERIFY2(worst < 2e-15, qPrintable(QString::number(worst)));
    QVERIFY(farthest > 4);
}

void TestRng::streamsAndIndicesDiffer() {
    for (std::uint64_t i = 0; i < 1000; ++i) {
        QVERIFY(uniformAt(1, i) != uniformAt(2, i));
        QVERIFY(uniformAt(1, i) != uniformAt(1, i + 1));
    }
    // The high halves of seed and index count too.
    QVERIFY(uniformAt(std::uint64_t{1} << 32, 0) != uniformAt(0, 0));
    QVERIFY(uniformAt(0, std::uint64_t{1} << 34) != uniformAt(0, 0));
}

QTEST_APPLESS_MAIN(TestRng)
#include "tst_rng.moc"
