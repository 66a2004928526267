// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/diverging_image.h"

#include <QTest>
#include <limits>

using namespace stillpoint;

namespace {

Image rowOf(std::initializer_list<double> values) {
    Image picture(Shape{1, 1, static_cast<int>(values.size())});
    int x = 0;
    for (const double value : values) picture.at(0, 0, x++) = static_cast<Real>(value);
    return picture;
}

QImage rendered(const Image& picture, double scale, bool dark) {
    QImage out;
    renderSigned(picture, scale, dark, out);
    return out;
}

}  // namespace

class TestDivergingImage : public QObject {
    Q_OBJECT

 private slots:
    void zeroIsTheGround() {
        const Image zeros = rowOf({0, 0});
        QCOMPARE(rendered(zeros, 1, false).pixel(0, 0), qRgb(255, 255, 255));
        QCOMPARE(rendered(zeros, 1, true).pixel(1, 0), qRgb(0, 0, 0));
        QCOMPARE(rendered(zeros, 0, false).pixel(0, 0), qRgb(255, 255, 255));
    }

    void blueBelowAndRedAbove() {
        for (const bool dark : {false, true}) {
            const QImage image = rendered(rowOf({-2, -1, -0.5, 0.5, 1, 2}), 1, dark);
            QVERIFY(qBlue(image.pixel(1, 0)) > qRed(image.pixel(1, 0)));
            QVERIFY(qRed(image.pixel(4, 0)) > qBlue(image.pixel(4, 0)));
            QCOMPARE(image.pixel(0, 0), image.pixel(1, 0));  // beyond the scale: full colour
            QCOMPARE(image.pixel(5, 0), image.pixel(4, 0));
            QVERIFY(image.pixel(2, 0) != image.pixel(1, 0));
            QVERIFY(image.pixel(3, 0) != image.pixel(4, 0));
        }
    }

    void ofChannelsTheMeanIsShown() {
        Image picture(Shape{3, 1, 1});
        for (int c = 0; c < 3; ++c) picture.at(c, 0, 0) = static_cast<Real>(c);  // mean 1
        QCOMPARE(rendered(picture, 2, false), rendered(rowOf({1}), 2, false));
        QCOMPARE(signedRange(picture).largest, 1.0);
    }

    void notANumberIsGrey() {
        const Image picture = rowOf({std::numeric_limits<double>::quiet_NaN(), -3});
        QCOMPARE(rendered(picture, 1, false).pixel(0, 0), qRgb(128, 128, 128));
        QCOMPARE(signedRange(picture).largest, 3.0);
    }

    void theScaleLeavesOutliersAlone() {
        Image picture(Shape{1, 10, 100});
        for (int y = 0; y < 10; ++y)
            for (int x = 0; x < 100; ++x) picture.at(0, y, x) = static_cast<Real>(x % 2 ? -0.25 : 0.25);
        picture.at(0, 3, 7) = Real(-8);
        const SignedRange range = signedRange(picture);
        QCOMPARE(range.scale, 0.25);
        QCOMPARE(range.largest, 8.0);
    }

    void nearlyAllZeros() {
        Image picture(Shape{1, 20, 100});
        for (Real& sample : picture.samples()) sample = 0;
        QCOMPARE(signedRange(picture).scale, 0.0);
        picture.at(0, 0, 0) = Real(-0.5);
        QCOMPARE(signedRange(picture).scale, 0.5);
        QCOMPARE(signedRange(Image()).largest, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestDivergingImage)
#include "tst_diverging_image.moc"
