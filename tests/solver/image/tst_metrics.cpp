// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "solver/core/parallel.h"
#include "solver/image/metrics.h"
#include "tests/support/golden.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr bool kDouble = std::is_same_v<Real, double>;

Image constant(Shape shape, double value) {
    Image image(shape);
    std::fill(image.samples().begin(), image.samples().end(), static_cast<Real>(value));
    return image;
}

// SSIM of one window position, written from the formula: no separation, no sharing of sums.
double ssimAt(ConstImageRef a, ConstImageRef b, int c, int row, int column) {
    double total = 0, meanA = 0, meanB = 0;
    const auto weight = [](int dy, int dx) { return std::exp(-(dy * dy + dx * dx) / (2 * 1.5 * 1.5)); };
    const auto eachPixel = [&](const auto& visit) {
        for (int i = 0; i < 11; ++i)
            for (int j = 0; j < 11; ++j)
                visit(weight(i - 5, j - 5), static_cast<double>(a.at(c, row + i, column + j)),
                      static_cast<double>(b.at(c, row + i, column + j)));
    };
    eachPixel([&](double w, double u, double v) { total += w, meanA += w * u, meanB += w * v; });
    meanA /= total;
    meanB /= total;
    double varA = 0, varB = 0, both = 0;
    eachPixel([&](double w, double u, double v) {
        varA += w / total * (u - meanA) * (u - meanA);
        varB += w / total * (v - meanB) * (v - meanB);
        both += w / total * (u - meanA) * (v - meanB);
    });
    return (2 * meanA * meanB + 1e-4) * (2 * both + 9e-4) /
           ((meanA * meanA + meanB * meanB + 1e-4) * (varA + varB + 9e-4));
}

double naiveSsim(ConstImageRef a, ConstImageRef b) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c < a.channels(); ++c)
        for (int y = 0; y + 11 <= a.height(); ++y)
            for (int x = 0; x + 11 <= a.width(); ++x, ++count) sum += ssimAt(a, b, c, y, x);
    return sum / count;
}

}  // namespace

class TestMetrics : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { setThreadCount(hardwareThreads()); }
    void psnrOfAKnownError();
    void psnrClipsTheEstimateOnly();
    void psnrOfEqualPicturesIsInfinite();
    void psnrLeavesOutTheBorder();
    void psnrIsNaNWithNaN();
    void ssimOfEqualPicturesIsOne();
    void ssimAgreesWithItsFormula();
    void ssimNeedsAWindow();
    void ssimIsTheSameForAnyThreadCount();
    void golden();
};

void TestMetrics::psnrOfAKnownError() {
    const Image reference = constant({3, 13, 17}, 0.5);
    QVERIFY(std::abs(psnr(constant({3, 13, 17}, 0.6), reference) - 20) < 1e-5);
    QVERIFY(std::abs(psnr(constant({3, 13, 17}, 0.49), reference) - 40) < 1e-4);
    const Image a = randomPicture({2, 9, 11}, 1);
    const Image b = randomPicture({2, 9, 11}, 2);
    long double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const long double d =
            static_cast<long double>(a.samples()[i]) - static_cast<long double>(b.samples()[i]);
        sum += d * d;
    }
    const double expected = static_cast<double>(-10 * std::log10(sum / static_cast<long double>(a.size())));
    QVERIFY(std::abs(psnr(a, b) - expected) < 1e-12 * std::abs(expected));
}

void TestMetrics::psnrClipsTheEstimateOnly() {
    const Image white = constant({1, 4, 4}, 1);
    QVERIFY(std::isinf(psnr(constant({1, 4, 4}, 7), white)));
    QVERIFY(std::isinf(psnr(constant({1, 4, 4}, -7), constant({1, 4, 4}, 0))));
    QVERIFY(std::abs(psnr(white, constant({1, 4, 4}, 2))) < 1e-9);  // an error of 1 everywhere: 0 dB
}

void TestMetrics::psnrOfEqualPicturesIsInfinite() {
    const Image picture = scenePicture({3, 20, 30});
    const double value = psnr(picture, picture);
    QVERIFY(std::isinf(value) && value > 0);
}

void TestMetrics::psnrLeavesOutTheBorder() {
    const Image reference = scenePicture({3, 20, 31});
    Image estimate = reference.clone();
    for (int c = 0; c < 3; ++c) {
        estimate.plane(c).row(0).setZero();
        estimate.plane(c).row(19).setZero();
        estimate.plane(c).col(1).setZero();
        estimate.plane(c).col(29).setZero();
    }
    QVERIFY(std::isfinite(psnr(estimate, reference)));
    QVERIFY(std::isfinite(psnr(estimate, reference, 1)));
    QVERIFY(std::isinf(psnr(estimate, reference, 2)));
    const double inner = psnr(crop(estimate, 1, 1, 18, 29), crop(reference, 1, 1, 18, 29));
    QVERIFY(std::abs(psnr(estimate, reference, 1) - inner) < 1e-12);
    // A border that would leave nothing is clamped so that a pixel stays.
    const Image a = randomPicture({1, 5, 7}, 1);
    const Image b = randomPicture({1, 5, 7}, 2);
    QVERIFY(psnr(a, b, 1000) == psnr(a, b, 2));
    QVERIFY(psnr(a, b, -3) == psnr(a, b, 0));
}

void TestMetrics::psnrIsNaNWithNaN() {
    const Image reference = scenePicture({1, 19, 23});
    for (const std::size_t place : {std::size_t{0}, std::size_t{200}, reference.size() - 1}) {
        Image estimate = reference.clone();
        estimate.samples()[place] = std::numeric_limits<Real>::quiet_NaN();
        QVERIFY(std::isnan(psnr(estimate, reference)));
    }
}

void TestMetrics::ssimOfEqualPicturesIsOne() {
    const Image picture = scenePicture({3, 20, 30});
    QVERIFY(std::abs(ssim(picture, picture) - 1) < 1e-12);
}

void TestMetrics::ssimAgreesWithItsFormula() {
    for (const Shape shape : {Shape{1, 11, 11}, Shape{3, 16, 23}, Shape{2, 40, 12}}) {
        const Image reference = scenePicture(shape);
        Image estimate = randomPicture(shape, 5);
        for (std::size_t i = 0; i < estimate.size(); ++i)
            estimate.samples()[i] = Real(0.7) * reference.samples()[i] + Real(0.4) * estimate.samples()[i];
        const double expected = naiveSsim(estimate, reference);
        QVERIFY(std::abs(ssim(estimate, reference) - expected) < 1e-12);
        QVERIFY(std::abs(ssim(reference, estimate) - expected) < 1e-12);
        QVERIFY(expected < 0.99);
    }
}

void TestMetrics::ssimNeedsAWindow() {
    QVERIFY(std::isnan(ssim(Image(1, 10, 40), Image(1, 10, 40))));
    QVERIFY(std::isnan(ssim(Image(1, 40, 10), Image(1, 40, 10))));
    QVERIFY(!std::isnan(ssim(Image(1, 11, 11), Image(1, 11, 11))));
}

void TestMetrics::ssimIsTheSameForAnyThreadCount() {
    const Image reference = scenePicture({3, 90, 40});
    const Image estimate = randomPicture({3, 90, 40}, 6);
    setThreadCount(1);
    const double one = ssim(estimate, reference);
    for (const int threads : {2, 3}) {
        setThreadCount(threads);
        QVERIFY(ssim(estimate, reference) == one);
    }
}

// The other program does not clip the estimate and adds 1e-8 to the mean squared error. Where its estimate
// lies in [0, 1], its number follows from ours; elsewhere the definitions differ and PSNR is left out. SSIM
// has the same definition on both sides.
void TestMetrics::golden() {
    const auto files = goldenFiles("metrics*.json");
    if (files.isEmpty() && qEnvironmentVariableIsSet("STILLPOINT_GOLDEN_DIR"))
        QSKIP("the chosen folder has no metrics*.json");
    QVERIFY2(!files.isEmpty(), qPrintable("no metrics*.json in " + goldenFolder()));
    int psnrs = 0;
    int ssims = 0;
    for (const auto& file : files) {
        const auto object = readGolden(file);
        const auto reference = goldenArray(object, "x_gt");
        const auto estimate = goldenArray(object, "x_hat");
        const double tolerance = kDouble ? 1e-10 : 1e-5;
        for (int i = 0; i < reference.batch(); ++i) {
            const auto sample = static_cast<std::size_t>(i);
            const Image x = estimate.picture(i);
            const Image sharp = reference.picture(i);
            const double theirSsim = goldenArray(object, "ssim").data.at(sample);
            QVERIFY(relativeDifference(ssim(x, sharp), theirSsim) < tolerance);
            ++ssims;
            if (!std::ranges::all_of(estimate.entry(i), [](double v) { return v >= 0 && v <= 1; })) continue;
            const double error = std::pow(10, -psnr(x, sharp) / 10);
            const double theirPsnr = goldenArray(object, "psnr_db").data.at(sample);
            QVERIFY(relativeDifference(-10 * std::log10(error + 1e-8), theirPsnr) < tolerance);
            ++psnrs;
        }
    }
    qInfo("golden metrics: %d file(s), %d SSIM and %d PSNR values compared", static_cast<int>(files.size()),
          ssims, psnrs);
    QVERIFY(ssims > 0);
}

QTEST_APPLESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
