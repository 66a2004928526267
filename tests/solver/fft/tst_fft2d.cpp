// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fft/fft2d.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <numbers>

#include "solver/core/parallel.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

class TestFft2d : public QObject {
    Q_OBJECT

 private slots:
    void sizes_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        for (const auto& [c, h, w] :
             {std::tuple{1, 1, 1}, {1, 1, 7}, {1, 7, 1}, {1, 8, 8}, {3, 9, 7}, {3, 31, 37}, {2, 64, 101}})
            QTest::addRow("%dx%dx%d", c, h, w) << c << h << w;
    }

    // Against the sum that defines the transform.
    void sizes() {
        QFETCH(int, channels);
        QFETCH(int, height);
        QFETCH(int, width);
        const Image x = randomPicture({channels, height, width}, 3);
        const Fft2d fft(x.shape());
        ComplexBuffer spectrum(fft.spectrumSize());
        fft.forward(x.samples(), spectrum.span());
        const int u = height / 3;
        const int v = width / 3;
        for (int c = 0; c < channels; ++c) {
            std::complex<double> sum = 0;
            for (int i = 0; i < height; ++i)
                for (int j = 0; j < width; ++j)
                    sum += static_cast<double>(x.at(c, i, j)) *
                           std::polar(
                               1.0, -2 * std::numbers::pi * (double(u) * i / height + double(v) * j / width));
            const auto at = static_cast<std::size_t>(c) * fft.planeSpectrumSize() +
                            static_cast<std::size_t>(u * fft.spectrumWidth() + v);
            QVERIFY(std::abs(std::complex<double>(spectrum[at]) - sum) <
                    (kVerify ? 1e-12 : 1e-5) * double(x.size()));
        }
        Image back(x.shape());
        fft.inverse(spectrum.span(), back.samples());
        const double scale = height * width;
        for (std::size_t i = 0; i < x.size(); ++i)
            QVERIFY(std::abs(static_cast<double>(back.samples()[i]) / scale -
                             static_cast<double>(x.samples()[i])) < (kVerify ? 1e-13 : 2e-6));
    }

    void threadCountChangesNothing() {
        const Image x = randomPicture({3, 161, 243}, 5);
        ComplexBuffer one(Fft2d(x.shape()).spectrumSize()), two(one.size());
        const int before = threadCount();
        setThreadCount(1);
        Fft2d(x.shape()).forward(x.samples(), one.span());
        setThreadCount(2);
        Fft2d(x.shape()).forward(x.samples(), two.span());
        setThreadCount(before);
        for (std::size_t i = 0; i < one.size(); ++i) QCOMPARE(two[i], one[i]);
    }

    void planFileIsWrittenAndForeignOnesAreIgnored() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("deep/plans").toStdString();
        setPlanFile(file);
        const Fft2d fft(Shape{1, 46, 58});
        QVERIFY(std::filesystem::exists(file));
        QVERIFY(!std::filesystem::exists(file.string() + ".new"));
        QFile foreign(folder.filePath("foreign"));
        QVERIFY(foreign.open(QIODevice::WriteOnly));
        foreign.write("no plans here");
        foreign.close();
        setPlanFile(folder.filePath("foreign").toStdString());
        const Fft2d other(Shape{1, 44, 62});  // still plans, and replaces the foreign file
        QVERIFY(foreign.size() > 20);
        setPlanFile({});
    }

    void fastSizes() {
        QCOMPARE(fastFftSize(1), 1);
        QCOMPARE(fastFftSize(7), 8);
        QCOMPARE(fastFftSize(31), 32);
        QCOMPARE(fastFftSize(321), 324);
        QCOMPARE(fastFftSize(481), 486);
    }
};

QTEST_APPLESS_MAIN(TestFft2d)
#include "tst_fft2d.moc"
