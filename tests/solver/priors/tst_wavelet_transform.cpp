// SPDX-License-Identifier: GPL-3.0-or-later
// The wavelet transform against dense matrices made from its definition.
#include "solver/priors/wavelet_transform.h"

#include <QTest>
#include <cmath>

#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/wavelet_reference.h"

using namespace stillpoint;

namespace {

constexpr double kRounding = kVerify ? 1e-13 : 1e-5;  // of a transform, relative

double distance(ConstImageRef a, ConstImageRef b) {
    return std::sqrt(distanceSquared(a.samples(), b.samples()));
}

QString text(double value) {
    return QString::number(value, 'g', 4);
}

}  // namespace

class TestWaveletTransform : public QObject {
    Q_OBJECT

 private slots:
    // sum h = sqrt 2, orthogonal to its own even shifts, and as many vanishing moments as the name says.
    void taps() {
        for (std::size_t f = 0; f < kWaveletFamilies.size(); ++f) {
            const auto h = waveletTaps(static_cast<WaveletFamily>(f));
            double sum = 0;
            for (const double tap : h) sum += tap;
            QVERIFY(std::abs(sum - std::sqrt(2.0)) < 1e-14);
            for (std::size_t shift = 0; shift < h.size(); shift += 2) {
                double product = 0;
                for (std::size_t j = 0; j + shift < h.size(); ++j) product += h[j] * h[j + shift];
                QVERIFY2(std::abs(product - (shift == 0 ? 1 : 0)) < 1e-12, kWaveletFamilies[f]);
            }
            for (std::size_t power = 0; power < h.size() / 2; ++power) {
                double moment = 0, size = 0;
                for (std::size_t j = 0; j < h.size(); ++j) {
                    const double term = std::pow(static_cast<double>(j), static_cast<double>(power)) * h[j];
                    moment += j % 2 ? -term : term;
                    size += std::abs(term);
                }
                QVERIFY2(std::abs(moment) < 1e-13 * size, kWaveletFamilies[f]);
            }
        }
    }

    void transformIsOrthogonal_data() {
        QTest::addColumn<WaveletFamily>("family");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        for (std::size_t f = 0; f < kWaveletFamilies.size(); ++f)
            for (const auto& [h, w] : {std::pair{1, 1}, {1, 7}, {7, 1}, {5, 8}, {16, 16}, {31, 17}, {64, 48}})
                QTest::addRow("%s %dx%d", kWaveletFamilies[f], h, w)
                    << static_cast<WaveletFamily>(f) << h << w;
    }
    void transformIsOrthogonal() {
        QFETCH(WaveletFamily, family);
        QFETCH(int, height);
        QFETCH(int, width);
        const Shape shape{2, height, width};
        for (const int levels : {1, 2, 3, 8}) {
            WaveletTransform transform(shape, family, levels);
            const ReferenceWavelet reference(shape, family, levels);
            const Image x = normalPicture(shape, 3);
            Buffer coefficients(shape.size());
            Image back(shape);
            transform.forward(x, coefficients.span());
            transform.inverse(coefficients.span(), back);
            QVERIFY(distance(back, x) < kRounding * norm(x.samples()));  // W'W = I with W' the inverse
            QVERIFY(std::abs(norm(coefficients.span()) / norm(x.samples()) - 1) < kRounding);
            const auto expected = reference.forward(x);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(std::abs(static_cast<double>(coefficients[i]) - expected[i]) < 10 * kRounding,
                         qPrintable(QString("levels %1, coefficient %2").arg(levels).arg(i)));
            const double error = adjointError(
                [&](ConstRealSpan in, RealSpan out) {
                    transform.forward({in.data(), shape}, out);
                },
                [&](ConstRealSpan in, RealSpan out) {
                    transform.inverse(in, {out.data(), shape});
                },
                shape.size(), shape.size());
            QVERIFY2(error < kAdjointTolerance, qPrintable(text(error)));
        }
    }

    // Every pair of columns of W.
    void columnsAreOrthonormal() {
        for (const auto& [h, w] : {std::pair{5, 6}, {3, 3}, {1, 13}, {2, 7}}) {
            const Shape shape{1, h, w};
            for (std::size_t f = 0; f < kWaveletFamilies.size(); ++f) {
                WaveletTransform transform(shape, static_cast<WaveletFamily>(f), 3);
                std::vector<Buffer> columns;
                for (std::size_t i = 0; i < shape.size(); ++i) {
                    Image unit(shape);
                    unit.samples()[i] = 1;
                    columns.emplace_back(shape.size());
                    transform.forward(unit, columns.back().span());
                }
                for (std::size_t i = 0; i < columns.size(); ++i)
                    for (std::size_t j = 0; j <= i; ++j)
                        QVERIFY(std::abs(dot(columns[i].span(), columns[j].span()) - (i == j ? 1 : 0)) <
                                (kVerify ? 1e-12 : 1e-6));
            }
        }
    }

    void levelsAreLimitedByThePicture() {
        QCOMPARE(WaveletTransform({1, 1, 1}, WaveletFamily::db2, 8).levels(), 0);
        QCOMPARE(WaveletTransform({1, 1, 7}, WaveletFamily::db2, 8).levels(), 2);
        QCOMPARE(WaveletTransform({1, 64, 3}, WaveletFamily::sym8, 8).levels(), 6);
        QCOMPARE(WaveletTransform({1, 512, 512}, WaveletFamily::haar, 4).levels(), 4);
    }

    void detailsCoverAllButTheApproximations() {
        for (const auto& [h, w] : {std::pair{11, 13}, {1, 9}, {8, 1}}) {
            const Shape shape{2, h, w};
            const WaveletTransform transform(shape, WaveletFamily::db2, 2);
            const ReferenceWavelet reference(shape, WaveletFamily::db2, 2);
            std::vector<bool> seen(shape.size(), false);
            transform.forDetails([&](std::size_t, std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) seen[i] = true;
            });
            Buffer ones(shape.size());
            fill(ones.span(), 1);
            transform.clearApproximations(ones.span());
            for (std::size_t i = 0; i < seen.size(); ++i) {
                QCOMPARE(seen[i], reference.isDetail(i));
                QCOMPARE(ones[i], seen[i] ? Real(1) : Real(0));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestWaveletTransform)
#include "tst_wavelet_transform.moc"
