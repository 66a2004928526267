// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <limits>
#include <vector>

#include "solver/core/parallel.h"
#include "solver/core/vec.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

// Around every border of the implementation: lanes, blocks, and the size from which threads are used.
const std::vector<std::size_t> kSizes{0, 1, 7, 31, 32, 33, 2047, 2048, 2049, 16385, 32768, 50001};
constexpr int kThreads[] = {1, 2, 3};
constexpr double kRealRounding = 4 * static_cast<double>(std::numeric_limits<Real>::epsilon());

long double sumOf(std::size_t count, const std::function<long double(std::size_t)>& term) {
    long double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += term(i);
    return sum;
}

long double wide(Real value) {
    return static_cast<long double>(value);
}

// Close relative to the sum of the terms' sizes, which is what rounding of a sum is relative to.
bool closeSum(double sum, long double expected, long double size) {
    return std::abs(static_cast<long double>(sum) - expected) <= 1e-13L * size;
}

// The same where short runs of at most 16 products are summed in Real.
constexpr double kRunRounding = 16 * static_cast<double>(std::numeric_limits<Real>::epsilon());
bool closeRunSum(double sum, long double expected, long double size) {
    return std::abs(static_cast<long double>(sum) - expected) <=
           static_cast<long double>(kRunRounding) * size;
}

struct Columns {
    std::vector<std::vector<Real>> data;
    std::vector<const Real*> pointers;
    Columns(std::size_t columns, std::size_t size) {
        for (std::size_t c = 0; c < columns; ++c) {
            data.push_back(randomVector(size, 100 + c));
            pointers.push_back(data.back().data());
        }
    }
};

}  // namespace

class TestVec : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { setThreadCount(hardwareThreads()); }
    void sumsAgreeWithNaiveOnes();
    void sumsHardlyDependOnThreads();
    void subtractionWithNormsAndProducts();
    void productsWithColumns();
    void combinationOfColumns();
    void entryWiseOperations();
    void findsWhatIsNotFinite();
    void rangesCoverEverythingOnce();
    void threadCountIsAtLeastOne();
};

void TestVec::sumsAgreeWithNaiveOnes() {
    for (const int threads : kThreads) {
        setThreadCount(threads);
        for (const std::size_t size : kSizes) {
            const auto a = randomVector(size, 1);
            const auto b = randomVector(size, 2);
            const auto product = sumOf(size, [&](std::size_t i) { return wide(a[i]) * wide(b[i]); });
            const auto squares = sumOf(size, [&](std::size_t i) { return wide(a[i]) * wide(a[i]); });
            const auto distance = sumOf(
                size, [&](std::size_t i) { return (wide(a[i]) - wide(b[i])) * (wide(a[i]) - wide(b[i])); });
            QVERIFY(closeSum(dot(a, b), product, squares + distance));
            QVERIFY(closeSum(normSquared(a), squares, squares));
            QVERIFY(closeSum(norm(a), std::sqrt(squares), std::sqrt(squares)));
            QVERIFY(closeSum(distanceSquared(a, b), distance, distance));
        }
    }
}

void TestVec::sumsHardlyDependOnThreads() {
    const auto a = randomVector(100003, 3);
    const auto b = randomVector(100003, 4);
    setThreadCount(1);
    const double one = dot(a, b);
    const double size = norm(a) * norm(b);
    for (const int threads : {2, 3, 5}) {
        setThreadCount(threads);
        QVERIFY(std::abs(dot(a, b) - one) <= 1e-14 * size);
        QVERIFY(dot(a, b) == dot(a, b));
    }
}

void TestVec::subtractionWithNormsAndProducts() {
    for (const int threads : kThreads) {
        setThreadCount(threads);
        for (const std::size_t size : kSizes) {
            const auto a = randomVector(size, 5);
            const auto b = randomVector(size, 6);
            std::vector<Real> plain(size), measured(size);
            subtract(a, b, plain);
            const auto c = randomVector(size, 7);
            const std::array columns{a.data(), c.data()};
            std::array<double, 2> products{};
            const auto norms = subtractWithProducts(a, b, measured, columns, products);
            const auto along = [&](const std::vector<Real>& x) {
                return sumOf(size, [&](std::size_t i) { return wide(plain[i]) * wide(x[i]); });
            };
            const double scale = norm(a) * norm(a) + norm(b) * norm(b) + norm(c) * norm(c);
            const double rounding = kRunRounding * scale;
            QVERIFY(std::abs(products[0] - static_cast<double>(along(a))) <= rounding);
            QVERIFY(std::abs(products[1] - static_cast<double>(along(c))) <= rounding);
            for (std::size_t i = 0; i < size; ++i) QVERIFY(plain[i] == a[i] - b[i]);
            QVERIFY(plain == measured);
            const auto difference =
                sumOf(size, [&](std::size_t i) { return wide(plain[i]) * wide(plain[i]); });
            const auto minuend = sumOf(size, [&](std::size_t i) { return wide(a[i]) * wide(a[i]); });
            QVERIFY(closeRunSum(norms.difference, difference, difference));
            QVERIFY(closeRunSum(norms.minuend, minuend, minuend));
        }
    }
}

void TestVec::productsWithColumns() {
    for (const int threads : kThreads) {
        setThreadCount(threads);
        for (const std::size_t size : kSizes) {
            const Columns columns(7, size);
            const auto x = randomVector(size, 7);
            std::vector<double> products(7);
            dots(columns.pointers, x, products);
            for (std::size_t c = 0; c < 7; ++c) {
                const auto& column = columns.data[c];
                const auto expected =
                    sumOf(size, [&](std::size_t i) { return wide(column[i]) * wide(x[i]); });
                const auto bound =
                    sumOf(size, [&](std::size_t i) { return std::abs(wide(column[i]) * wide(x[i])); });
                QVERIFY(closeRunSum(products[c], expected, bound));
            }
        }
    }
    dots({}, randomVector(10, 1), {});
}

void TestVec::combinationOfColumns() {
    const std::vector<double> weights{0.5, -1.25, 3.0, 1e-3};
    for (const std::size_t size : kSizes) {
        const Columns columns(weights.size(), size);
        std::vector<Real> one(size), out(size);
        setThreadCount(1);
        combine(columns.pointers, weights, one);
        for (std::size_t i = 0; i < size; ++i) {
            long double expected = 0;
            long double bound = 0;
            for (std::size_t c = 0; c < weights.size(); ++c) {
                const long double term = static_cast<long double>(weights[c]) * wide(columns.data[c][i]);
                expected += term;
                bound += std::abs(term);
            }
            QVERIFY(std::abs(wide(one[i]) - expected) <= static_cast<long double>(kRealRounding) * bound);
        }
        setThreadCount(2);
        combine(columns.pointers, weights, out);
        QVERIFY(out == one);
    }
    // The result may take the place of any column, in whatever group of columns it is read.
    const std::vector<double> many{1, -2, 0.5, 3, 1, 0.25, -1};
    const Columns columns(many.size(), 5000);
    std::vector<Real> expected(5000);
    combine(columns.pointers, many, expected);
    for (std::size_t c = 0; c < many.size(); ++c) {
        std::vector<Real> inPlace = columns.data[c];
        auto pointers = columns.pointers;
        pointers[c] = inPlace.data();
        combine(pointers, many, inPlace);
        QVERIFY(inPlace == expected);
    }
    std::vector<Real> nothing(5, Real(9));
    combine({}, {}, nothing);
    QVERIFY(nothing == std::vector<Real>(5));
}

void TestVec::entryWiseOperations() {
    for (const int threads : kThreads) {
        setThreadCount(threads);
        for (const std::size_t size : kSizes) {
            const auto x = randomVector(size, 8);
            auto y = randomVector(size, 9);
            const auto before = y;
            axpy(-0.75, x, y);
            for (std::size_t i = 0; i < size; ++i) {
                const auto expected = wide(before[i]) - 0.75L * wide(x[i]);
                const auto bound = std::abs(wide(before[i])) + std::abs(wide(x[i]));
                QVERIFY(std::abs(wide(y[i]) - expected) <= static_cast<long double>(kRealRounding) * bound);
            }
            auto scaled = x;
            scale(0.5, scaled);
            for (std::size_t i = 0; i < size; ++i) QVERIFY(scaled[i] == x[i] / 2);
            copy(x, y);
            QVERIFY(y == x);
            fill(y, 0.25);
            QVERIFY(y == std::vector<Real>(size, Real(0.25)));
        }
    }
}

void TestVec::findsWhatIsNotFinite() {
    using Limits = std::numeric_limits<Real>;
    for (const int threads : kThreads) {
        setThreadCount(threads);
        for (const std::size_t size : {std::size_t{1}, std::size_t{40}, std::size_t{50001}}) {
            auto x = randomVector(size, 10);
            x[size / 2] = Limits::max();
            QVERIFY(allFinite(x));
            for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
                for (const Real bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
                    const Real good = std::exchange(x[place], bad);
                    QVERIFY(!allFinite(x));
                    x[place] = good;
                }
            }
        }
    }
    QVERIFY(allFinite({}));
}

void TestVec::rangesCoverEverythingOnce() {
    for (const int threads : {1, 2, 3, 7}) {
        setThreadCount(threads);
        for (const std::size_t count : {0u, 1u, 5u, 6u, 100u, 101u}) {
            std::vector<int> visits(count, 0);
            parallelRanges(count, 2, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) ++visits[i];
            });
            QVERIFY(visits == std::vector<int>(count, 1));
        }
    }
}

void TestVec::threadCountIsAtLeastOne() {
    setThreadCount(0);
    QCOMPARE(threadCount(), 1);
    setThreadCount(-3);
    QCOMPARE(threadCount(), 1);
    QVERIFY(hardwareThreads() >= 1);
}

QTEST_APPLESS_MAIN(TestVec)
#include "tst_vec.moc"
