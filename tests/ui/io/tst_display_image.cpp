// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <limits>

#include "ui/io/display_image.h"

using namespace stillpoint;

class TestDisplayImage : public QObject {
    Q_OBJECT
 private slots:
    void colour();
    void greyClippedRounded();
    void memoryIsUsedAgain();
};

void TestDisplayImage::colour() {
    Image picture(3, 2, 3);
    picture.at(0, 1, 2) = 1;
    picture.at(1, 1, 2) = Real(0.2);
    picture.at(2, 0, 0) = Real(0.5);
    const QImage image = toQImage(picture);
    QCOMPARE(image.size(), QSize(3, 2));
    QCOMPARE(image.format(), QImage::Format_RGB32);
    QCOMPARE(image.pixel(2, 1), qRgb(255, 51, 0));
    QCOMPARE(image.pixel(0, 0), qRgb(0, 0, 128));
}

void TestDisplayImage::greyClippedRounded() {
    const double values[6] = {-3,          7,           std::numeric_limits<double>::quiet_NaN(),
                              100.4 / 255, 100.6 / 255, std::numeric_limits<double>::infinity()};
    const int expected[6] = {0, 255, 0, 100, 101, 255};
    Image picture(1, 1, 6);
    for (int x = 0; x < 6; ++x) picture.at(0, 0, x) = static_cast<Real>(values[x]);
    const QImage image = toQImage(picture);
    for (int x = 0; x < 6; ++x) QCOMPARE(image.pixel(x, 0), qRgb(expected[x], expected[x], expected[x]));
}

void TestDisplayImage::memoryIsUsedAgain() {
    QImage image;
    renderInto(Image(3, 8, 8), image);
    const uchar* first = image.constBits();
    renderInto(Image(1, 8, 8), image);
    QCOMPARE(image.constBits(), first);
    renderInto(Image(1, 9, 8), image);
    QCOMPARE(image.size(), QSize(8, 9));
}

QTEST_APPLESS_MAIN(TestDisplayImage)
#include "tst_display_image.moc"
