// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "solver/image/image.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

// Sample (c, y, x) is the number c*100 + y*10 + x.
Image numbered(Shape shape) {
    Image image(shape);
    for (int c = 0; c < shape.channels; ++c)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x) image.at(c, y, x) = static_cast<Real>(c * 100 + y * 10 + x);
    return image;
}

}  // namespace

class TestImage : public QObject {
    Q_OBJECT

 private slots:
    void samplesArePlanarAndRowMajor();
    void planesAreMapsOfTheSamples();
    void viewsWriteThrough();
    void cloneIsIndependent();
    void copyTakesSamples();
    void cropTakesTheRectangle();
    void emptyPicture();
};

void TestImage::samplesArePlanarAndRowMajor() {
    const Image image = numbered({3, 4, 5});
    QCOMPARE(image.size(), std::size_t{60});
    QCOMPARE(image.shape().planeSize(), std::size_t{20});
    QCOMPARE(image.samples()[(2 * 4 + 3) * 5 + 1], Real(231));
    QVERIFY(image.ref().row(1, 2) == image.samples().data() + (1 * 4 + 2) * 5);
}

void TestImage::planesAreMapsOfTheSamples() {
    Image image = numbered({2, 3, 4});
    QCOMPARE(image.plane(1)(2, 3), Real(123));
    QCOMPARE(image.plane(1).rows(), Eigen::Index{3});
    image.plane(1)(0, 2) = 7;
    QCOMPARE(image.at(1, 0, 2), Real(7));
    const ConstImageRef view = image;
    QCOMPARE(view.plane(1)(0, 2), Real(7));
}

void TestImage::viewsWriteThrough() {
    Image image(1, 2, 2);
    const ImageRef view = image;
    view.at(0, 1, 0) = 3;
    const ConstImageRef readable = view;
    QCOMPARE(image.at(0, 1, 0), Real(3));
    QCOMPARE(readable.at(0, 1, 0), Real(3));
    std::vector<Real> state(6, Real(1));
    const ImageRef part(std::span<Real>(state).subspan(2), {1, 2, 2});
    part.at(0, 0, 0) = 5;
    QCOMPARE(state[2], Real(5));
}

void TestImage::cloneIsIndependent() {
    Image image = numbered({1, 2, 3});
    Image twin = image.clone();
    twin.at(0, 0, 0) = 9;
    QCOMPARE(image.at(0, 0, 0), Real(0));
    QVERIFY(twin.shape() == image.shape());
    QCOMPARE(twin.at(0, 1, 2), Real(12));
}

void TestImage::copyTakesSamples() {
    const Image from = randomPicture({3, 5, 7}, 1);
    Image to(3, 5, 7);
    copy(from, to);
    QVERIFY(std::equal(from.samples().begin(), from.samples().end(), to.samples().begin()));
}

void TestImage::cropTakesTheRectangle() {
    const Image part = crop(numbered({2, 5, 6}), 1, 2, 3, 4);
    QVERIFY(part.shape() == (Shape{2, 3, 4}));
    QCOMPARE(part.at(0, 0, 0), Real(12));
    QCOMPARE(part.at(1, 2, 3), Real(135));
    const Image all = crop(numbered({1, 2, 2}), 0, 0, 2, 2);
    QCOMPARE(all.at(0, 1, 1), Real(11));
}

void TestImage::emptyPicture() {
    const Image none;
    QVERIFY(none.empty());
    QCOMPARE(none.size(), std::size_t{0});
    QVERIFY(none.clone().empty());
}

QTEST_APPLESS_MAIN(TestImage)
#include "tst_image.moc"
