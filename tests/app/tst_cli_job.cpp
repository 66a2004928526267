// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImageReader>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "solver/image/metrics.h"
#include "solver/physics/noise.h"
#include "solver/run/recipe.h"
#include "tests/app/cli_runner.h"

using namespace stillpoint;
using namespace stillpoint::test;

namespace {

const QStringList kKernel = {"--kernel", "gaussian:sigma=1.2"};

QJsonObject jsonFile(const QString& path) {
    return QJsonDocument::fromJson(contentOf(path)).object();
}

QList<QByteArray> linesOf(const QString& path) {
    return contentOf(path).trimmed().split('\n');
}

}  // namespace

/// The main job from the command line: simulate, restore, and every file that comes out of it.
class TestCliJob : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }
    CliResult cli(const QStringList& arguments, const QStringList& environment = {}) const {
        return runCli(arguments, folder_->path(), environment);
    }
    /// Writes sharp.png and blurred.tif.
    void simulate(int channels = 3);

 private slots:
    void init();
    void simulationAddsTheDocumentedNoise();
    void restoreImprovesThePicture();
    void reportHasExactlyTheKeys();
    void reportWithoutReferenceHasNulls();
    void traceHasOneRowPerIteration();
    void plotIsDrawn_data();
    void plotIsDrawn();
    void depthGreyAlphaAndProfileSurvive_data();
    void depthGreyAlphaAndProfileSurvive();
    void floatingPointSurvives();
    void kernelFromPictureAndFromText();
    void recipeRoundTrip();
    void explicitKeysWin();
    void noiseSetsDefaults();
    void iterationLimitIsDone();
    void divergenceGivesCodeFour();
    void pipedRunsAreSilent();
    void numbersIgnoreTheLocale();
    void threadsDoNotChangeTheResult();
    void sampleWritesPictures();
};

void TestCliJob::init() {
    folder_ = std::make_unique<QTemporaryDir>();
}

void TestCliJob::simulate(int channels) {
    writePicture(at("sharp.png"), smallScene(channels));
    const CliResult result = cli(
        QStringList{"simulate", "sharp.png", "-o", "blurred.tif", "--noise-sigma", "0.01", "--seed", "3"} +
        kKernel);
    QVERIFY2(result.code == 0, qPrintable(result.errors));
}

// Blur by the identity: what remains is sigma times the stream's normal numbers, unclipped.
void TestCliJob::simulationAddsTheDocumentedNoise() {
    writePicture(at("sharp.png"), smallScene());
    const CliResult result = cli({"simulate", "sharp.png", "-o", "noisy.tif", "--kernel", "box:size=1",
                                  "--noise-sigma", "0.5", "--seed", "77"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    const Picture noisy = readPicture(at("noisy.tif"));
    Image expected = smallScene().image->clone();
    addGaussianNoise(expected, 0.5, 77);
    double largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        largest =
            std::max(largest, std::abs(double(noisy.image->samples()[i]) - double(expected.samples()[i])));
    QVERIFY2(largest < 1e-5, qPrintable(QString::number(largest)));
    QVERIFY(noisy.isFloat);
    QVERIFY(std::ranges::any_of(noisy.image->samples(), [](Real v) { return v < 0; }));
}

void TestCliJob::restoreImprovesThePicture() {
    simulate();
    const CliResult result =
        cli(QStringList{"restore", "blurred.tif", "-o", "out.tif", "--reference", "sharp.png",
                        "--noise-sigma", "0.01", "--report", "report.json"} +
            kKernel);
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    const QJsonObject report = jsonFile(at("report.json"));
    QVERIFY(report["psnr"].toDouble() > report["psnr_input"].toDouble() + 1);
    // The numbers are those of the file that was written.
    const Image sharp = smallScene().image->clone();
    const double measured = psnr(*readPicture(at("out.tif")).image, sharp);
    QVERIFY(std::abs(measured - report["psnr"].toDouble()) < 1e-3);
    QVERIFY(std::abs(psnr(*readPicture(at("blurred.tif")).image, sharp) - report["psnr_input"].toDouble()) <
            1e-3);
    QVERIFY(result.output.contains("PSNR"));
}

void TestCliJob::reportHasExactlyTheKeys() {
    simulate();
    QCOMPARE(cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--reference", "sharp.png",
                             "--report", "r.json", "--threads", "1", "--max-iter", "7", "--tolerance", "0"} +
                 kKernel)
                 .code,
             0);
    const QJsonObject report = jsonFile(at("r.json"));
    QStringList keys = {"status",        "message",          "iterations", "evaluations", "residual",
                        "seconds",       "seconds_per_part", "psnr_input", "psnr",        "ssim",
                        "psnr_interior", "best_iteration",   "width",      "height",      "channels",
                        "threads",       "peak_rss_bytes",   "recipe"};
    keys.sort();
    QCOMPARE(report.keys(), keys);
    QCOMPARE(report["status"].toString(), QString("limit"));
    QCOMPARE(report["iterations"].toInt(), 7);
    QCOMPARE(report["width"].toInt(), 60);
    QCOMPARE(report["height"].toInt(), 44);
    QCOMPARE(report["channels"].toInt(), 3);
    QCOMPARE(report["threads"].toInt(), 1);
    QVERIFY(report["peak_rss_bytes"].toDouble() > 1e6);
    QVERIFY(report["seconds_per_part"].toObject().contains("prior"));
    QCOMPARE(report["recipe"].toObject()["max-iter"].toInt(), 7);
    QCOMPARE(report["recipe"].toObject()["kernel"].toString(), kKernel[1]);
    for (const char* key : {"psnr", "ssim", "psnr_interior", "psnr_input", "residual", "seconds"})
        QVERIFY2(report[key].isDouble(), key);
}

void TestCliJob::reportWithoutReferenceHasNulls() {
    simulate();
    QCOMPARE(
        cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--report", "r.json", "--max-iter", "3"} +
            kKernel)
            .code,
        0);
    const QJsonObject report = jsonFile(at("r.json"));
    for (const char* key : {"psnr", "ssim", "psnr_interior", "psnr_input"})
        QVERIFY2(report[key].isNull(), key);
}

void TestCliJob::traceHasOneRowPerIteration() {
    simulate();
    QCOMPARE(cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--reference", "sharp.png", "--trace",
                             "t.csv", "--max-iter", "12", "--tolerance", "0"} +
                 kKernel)
                 .code,
             0);
    const QList<QByteArray> lines = linesOf(at("t.csv"));
    QCOMPARE(lines.size(), 13);
    QCOMPARE(
        lines[0],
        QByteArray(
            "iteration,residual,psnr,misfit,objective,seconds,evaluations,condition,gain,event,weights"));
    for (int i = 1; i < lines.size(); ++i) {
        const QList<QByteArray> fields = lines[i].split(',');
        QCOMPARE(fields.size(), 11);
        QCOMPARE(fields[0].toInt(), i);
        for (const int column : {1, 2, 3}) {
            bool ok = false;
            fields[column].toDouble(&ok);
            QVERIFY2(ok, lines[i].constData());
        }
    }
}

void TestCliJob::plotIsDrawn_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("png") << "plot.png";
    QTest::newRow("svg") << "plot.svg";
    QTest::newRow("pdf") << "plot.pdf";
}

void TestCliJob::plotIsDrawn() {
    QFETCH(QString, name);
    simulate();
    const CliResult result = cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--bits", "16",
                                             "--plot", name, "--max-iter", "9"} +
                                 kKernel);
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    QCOMPARE(result.errors, QString());
    const QByteArray content = contentOf(at(name));
    if (name.endsWith("png")) {
        const QImage image = QImageReader(at(name)).read();
        QVERIFY(image.width() >= 960);
        QVERIFY(!image.allGray());  // a coloured curve is there
    } else {
        QVERIFY(content.startsWith(name.endsWith("pdf") ? "%PDF" : "<?xml"));
        QVERIFY(content.size() > 2000);
    }
}

void TestCliJob::depthGreyAlphaAndProfileSurvive_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("bits");
    for (const int channels : {1, 3}) {
        QTest::addRow("png 8, %d", channels) << "in.png" << channels << 8;
        QTest::addRow("png 16, %d", channels) << "in.png" << channels << 16;
        QTest::addRow("tif 16, %d", channels) << "in.tif" << channels << 16;
        QTest::addRow("webp, %d", channels) << "in.webp" << channels << 8;
    }
}

void TestCliJob::depthGreyAlphaAndProfileSurvive() {
    QFETCH(QString, name);
    QFETCH(int, channels);
    QFETCH(int, bits);
    Picture picture = smallScene(channels);
    picture.bitsPerChannel = bits;
    Image alpha(1, picture.height(), picture.width());
    for (std::size_t i = 0; i < alpha.size(); ++i)
        alpha.samples()[i] = static_cast<Real>(i % 255 + 1) / Real(255);
    picture.alpha = std::make_shared<const Image>(std::move(alpha));
    picture.iccProfile = QByteArray(400, '\1');
    picture.iccProfile.replace(16, 4, channels == 1 ? "GRAY" : "RGB ");
    writePicture(at(name), picture);
    const CliResult result =
        cli(QStringList{"restore", name, "-o", "out-" + name, "--max-iter", "3"} + kKernel);
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    const Picture back = readPicture(at("out-" + name));
    QCOMPARE(back.channels(), channels);
    QCOMPARE(back.bitsPerChannel, bits);
    QVERIFY(back.alpha != nullptr);
    QVERIFY(std::ranges::equal(back.alpha->samples(), picture.alpha->samples()));
    if (name != "in.png") QCOMPARE(back.iccProfile, picture.iccProfile);
}

// A picture beyond [0,1]: with a blur by the identity and no prior, the restored one is the same.
void TestCliJob::floatingPointSurvives() {
    for (const int channels : {1, 3}) {
        Image image(channels, 20, 30);
        for (std::size_t i = 0; i < image.size(); ++i)
            image.samples()[i] = static_cast<Real>(i % 37) / Real(10) - Real(1);
        Picture picture;
        picture.image = std::make_shared<const Image>(std::move(image));
        picture.isFloat = true;
        picture.bitsPerChannel = 32;
        writePicture(at("in.tif"), picture);
        const CliResult result =
            cli({"restore", "in.tif", "-o", "out.tif", "--kernel", "box:size=1", "--prior", "none"});
        QVERIFY2(result.code == 0, qPrintable(result.errors));
        const Picture back = readPicture(at("out.tif"));
        QVERIFY(back.isFloat);
        QCOMPARE(back.channels(), channels);
        for (std::size_t i = 0; i < picture.image->size(); ++i)
            QVERIFY(std::abs(double(back.image->samples()[i] - picture.image->samples()[i])) < 1e-4);
    }
}

// The same numbers from a text file and from a picture.
void TestCliJob::kernelFromPictureAndFromText() {
    writePicture(at("sharp.png"), smallScene());
    QVERIFY(putContent(at("k.txt"), "0 0 64\n0 128 0\n0 0 64\n"));
    Image pixels(1, 3, 3);
    pixels.at(0, 0, 2) = pixels.at(0, 2, 2) = Real(64) / Real(255);
    pixels.at(0, 1, 1) = Real(128) / Real(255);
    Picture kernel;
    kernel.image = std::make_shared<const Image>(std::move(pixels));
    writePicture(at("k.png"), kernel);
    for (const char* name : {"k.txt", "k.png"})
        QCOMPARE(cli({"simulate", "sharp.png", "-o", QString(name) + ".tif", "--kernel", name}).code, 0);
    const Picture a = readPicture(at("k.txt.tif"));
    const Picture b = readPicture(at("k.png.tif"));
    QVERIFY(psnr(*a.image, *b.image) > 100);
    QVERIFY(psnr(*a.image, *smallScene().image) < 50);
}

void TestCliJob::recipeRoundTrip() {
    simulate();
    const QStringList common = {"restore", "blurred.tif", "-o"};
    QCOMPARE(cli(common +
                 QStringList{"a.tif", "--prior", "tv", "--prior.lambda", "0.002", "--max-iter", "9",
                             "--noise-sigma", "0.01", "--save-recipe", "a.recipe"} +
                 kKernel)
                 .code,
             0);
    QCOMPARE(cli(common + QStringList{"b.tif", "--recipe", "a.recipe", "--save-recipe", "b.recipe"}).code, 0);
    QCOMPARE(contentOf(at("a.recipe")), contentOf(at("b.recipe")));
    QCOMPARE(contentOf(at("a.tif")), contentOf(at("b.tif")));
    QCOMPARE(*Recipe::fromText(contentOf(at("a.recipe")).toStdString()).find("prior.lambda"),
             std::string("0.002"));
}

void TestCliJob::explicitKeysWin() {
    simulate();
    QVERIFY(putContent(
        at("in.recipe"),
        "stillpoint recipe 1\nkernel = gaussian:sigma=1.2\nprior = tv\nprior.smoothing = 0\nmax-iter = 4\n"));
    // Another prior: the file's key of the old one is dropped without complaint.
    const CliResult result = cli({"restore", "blurred.tif", "-o", "out.png", "--recipe", "in.recipe",
                                  "--prior", "tikhonov", "--max-iter", "6", "--save-recipe", "out.recipe"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    const Recipe recipe = Recipe::fromText(contentOf(at("out.recipe")).toStdString());
    QCOMPARE(*recipe.find("prior"), std::string("tikhonov"));
    QCOMPARE(*recipe.find("max-iter"), std::string("6"));
    QVERIFY(!recipe.find("prior.smoothing"));
}

void TestCliJob::noiseSetsDefaults() {
    simulate();
    const auto lambdaOf = [this](const QStringList& more) {
        const CliResult result = cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--prior", "tv",
                                                 "--max-iter", "2", "--save-recipe", "l.recipe"} +
                                     kKernel + more);
        if (result.code != 0) return -1.0;
        const Recipe recipe = Recipe::fromText(contentOf(at("l.recipe")).toStdString());
        return parseDouble(recipe.find("prior.lambda").value_or("")).value_or(-1);
    };
    const double quiet = lambdaOf({"--noise-sigma", "0.005"});
    const double loud = lambdaOf({"--noise-sigma", "0.05"});
    QVERIFY(quiet > 0 && loud > 2 * quiet);
    QCOMPARE(lambdaOf({"--noise-sigma", "0.05", "--prior.lambda", "0.125"}), 0.125);
}

void TestCliJob::iterationLimitIsDone() {
    simulate();
    const CliResult result = cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--max-iter", "2",
                                             "--tolerance", "0", "--report", "r.json"} +
                                 kKernel);
    QCOMPARE(result.code, 0);
    QCOMPARE(jsonFile(at("r.json"))["status"].toString(), QString("limit"));
}

// A step beyond the stable one: the best finite iterate is written all the same.
void TestCliJob::divergenceGivesCodeFour() {
    simulate();
    const CliResult result =
        cli(QStringList{"restore", "blurred.tif", "-o", "out.tif", "--iterator", "gd", "--prior", "tikhonov",
                        "--step", "10", "--anderson.enabled", "false", "--max-iter", "5000", "--stall-window",
                        "0", "--report", "r.json"} +
            kKernel);
    QVERIFY2(result.code == 4, qPrintable(QString::number(result.code) + result.errors + result.output));
    QCOMPARE(jsonFile(at("r.json"))["status"].toString(), QString("diverged"));
    QVERIFY(!readPicture(at("out.tif")).isNull());  // the reader refuses samples that are not finite
}

void TestCliJob::pipedRunsAreSilent() {
    simulate();
    const QStringList run =
        QStringList{"restore", "blurred.tif", "-o", "out.png", "--bits", "16", "--max-iter", "30"} + kKernel;
    QCOMPARE(cli(run).errors, QString());
    const CliResult quiet = cli(run + QStringList{"--quiet"});
    QCOMPARE(quiet.code, 0);
    QCOMPARE(quiet.output + quiet.errors, QString());
}

void TestCliJob::numbersIgnoreTheLocale() {
    simulate();
    const CliResult result =
        cli(QStringList{"restore", "blurred.tif", "-o", "out.png", "--max-iter", "4", "--trace", "t.csv",
                        "--report", "r.json", "--noise-sigma", "0.015", "--save-recipe", "x.recipe"} +
                kKernel,
            {"LC_ALL=de_DE.UTF-8", "LANG=de_DE.UTF-8"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    QCOMPARE(linesOf(at("t.csv"))[2].split(',').size(), 11);
    QVERIFY(linesOf(at("t.csv"))[2].split(',')[1].contains('.'));
    QVERIFY(jsonFile(at("r.json"))["residual"].isDouble());
    QVERIFY(!contentOf(at("x.recipe")).contains(','));
}

void TestCliJob::threadsDoNotChangeTheResult() {
    simulate();
    for (const char* threads : {"1", "2"})
        QCOMPARE(cli(QStringList{"restore", "blurred.tif", "-o", QString(threads) + ".tif", "--threads",
                                 threads, "--max-iter", "10"} +
                     kKernel)
                     .code,
                 0);
    const Picture one = readPicture(at("1.tif"));
    const Picture two = readPicture(at("2.tif"));
    for (std::size_t i = 0; i < one.image->size(); ++i)
        QVERIFY(std::abs(double(one.image->samples()[i] - two.image->samples()[i])) < 1e-4);
}

void TestCliJob::sampleWritesPictures() {
    QVERIFY(cli({"sample"}).output.contains("chart"));
    for (const char* name : {"chart", "leaves"}) {
        const CliResult result = cli({"sample", name, "-o", QString(name) + ".png"});
        QVERIFY2(result.code == 0, qPrintable(result.errors));
        QCOMPARE(result.errors, QString());
        QCOMPARE(readPicture(at(QString(name) + ".png")).bitsPerChannel, 16);
    }
}

QTEST_GUILESS_MAIN(TestCliJob)
#include "tst_cli_job.moc"
