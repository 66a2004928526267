// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/image/colour.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/pictures.h"

using namespace stillpoint;

class TestColour : public QObject {
    Q_OBJECT

 private slots:
    void weightsOfTheColours() {
        const Image picture = randomPicture({3, 7, 5}, 1);
        const Image grey = luminance(picture);
        QCOMPARE(grey.shape(), (Shape{1, 7, 5}));
        for (int y = 0; y < 7; ++y)
            for (int x = 0; x < 5; ++x) {
                const auto sample = [&](int c) { return static_cast<double>(picture.at(c, y, x)); };
                const double expected = 0.299 * sample(0) + 0.587 * sample(1) + 0.114 * sample(2);
                QVERIFY(std::abs(static_cast<double>(grey.at(0, y, x)) - expected) < 1e-6);
            }
    }

    void whiteStaysWhite() {
        Image white(3, 2, 2);
        std::ranges::fill(white.samples(), Real{1});
        const Image grey = luminance(white);
        for (const Real sample : grey.samples()) QVERIFY(std::abs(sample - Real{1}) < Real(1e-6));
    }

    void greyIsCopied() {
        const Image picture = randomPicture({1, 4, 6}, 2);
        const Image grey = luminance(picture);
        QVERIFY(std::ranges::equal(grey.samples(), picture.samples()));
    }
};

QTEST_APPLESS_MAIN(TestColour)
#include "tst_colour.moc"
