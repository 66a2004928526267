// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of noise of simulate, and the fidelities that restore knows against them.
#include <QTest>
#include <cmath>

#include "solver/image/metrics.h"
#include "tests/app/cli_runner.h"

using namespace stillpoint;
using namespace stillpoint::test;

class TestCliNoise : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    Image simulated(const QStringList& options, const QString& kernel = "box:size=1") {
        writePicture(folder_.filePath("sharp.png"), smallScene());
        const QStringList all = QStringList{"simulate", "sharp.png", "-o", "noisy.tif", "--kernel", kernel};
        const CliResult result = runCli(all + options, folder_.path());
        if (result.code != 0) qWarning() << result.errors;
        return readPicture(folder_.filePath("noisy.tif")).image->clone();
    }

 private slots:
    void poissonGivesCounts() {
        const Image noisy = simulated({"--noise", "poisson", "--peak", "16", "--seed", "4"});
        for (const Real sample : noisy.samples()) {
            const double photons = 16 * double(sample);
            QVERIFY(std::abs(photons - std::round(photons)) < 1e-4);
        }
        const Image other = simulated({"--noise", "poisson", "--peak", "16", "--seed", "5"});
        QVERIFY(!std::ranges::equal(noisy.samples(), other.samples()));
    }

    void impulsesAreBlackAndWhite() {
        const Image sharp = simulated({});
        const Image spoilt = simulated({"--noise", "impulse", "--share", "0.25"});
        double wrong = 0;
        for (std::size_t i = 0; i < sharp.size(); ++i) {
            const double sample = double(spoilt.samples()[i]);
            if (std::abs(sample - double(sharp.samples()[i])) < 1e-4) continue;
            QVERIFY(sample == 0 || sample == 1);
            ++wrong;
        }
        QVERIFY(std::abs(wrong / double(sharp.size()) - 0.25) < 0.05);
    }

    void fidelityFitsTheNoise_data() {
        QTest::addColumn<QString>("noise");
        QTest::addColumn<QString>("fidelity");
        QTest::newRow("photons") << "poisson"
                                 << "poisson";
        QTest::newRow("impulses") << "impulse"
                                  << "l1";
    }
    void fidelityFitsTheNoise() {
        QFETCH(QString, noise);
        QFETCH(QString, fidelity);
        const Image noisy = simulated({"--noise", noise}, "gaussian:sigma=1.2");
        const auto restored = [&](const QString& name) {
            const CliResult result =
                runCli({"restore", "noisy.tif", "-o", "out.tif", "--kernel", "gaussian:sigma=1.2",
                        "--fidelity", name, "--noise-sigma", "0.07"},
                       folder_.path());
            if (result.code != 0) qWarning() << result.errors;
            return psnr(*readPicture(folder_.filePath("out.tif")).image, *smallScene().image);
        };
        const double suited = restored(fidelity);
        QVERIFY(suited > psnr(noisy, *smallScene().image) + 1);
        // Wrong pixels are where least squares fail; for photons they are only a little worse.
        QVERIFY(suited > restored("l2") + (fidelity == "l1" ? 3 : 0));
    }
};

QTEST_GUILESS_MAIN(TestCliNoise)
#include "tst_cli_noise.moc"
