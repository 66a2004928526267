// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "solver/nn/models.h"
#include "tests/app/cli_runner.h"
#include "tests/support/networks.h"

using namespace stillpoint;
using namespace stillpoint::test;

class TestCliTrain : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }
    CliResult cli(QStringList arguments) const { return runCli(arguments, folder_->path()); }
    WeightsFile checkpoint(const QString& name) const {
        return readWeights(std::filesystem::path(at(name + ".safetensors.checkpoint").toStdString()));
    }
    QStringList training(const QString& output, const QStringList& more) const {
        return QStringList{"train",   "set", "-o",      output, "--width", "8", "--depth",   "4",
                           "--batch", "2",   "--patch", "16",   "--every", "3", "--threads", "1"} +
               more;
    }

 private slots:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QDir(folder_->path()).mkdir("set");
        QDir(folder_->path()).mkdir("empty");
        writePicture(at("set/a.png"), smallScene(3));
        writePicture(at("set/b.png"), smallScene(1));
        QVERIFY(putContent(at("set/notes.txt"), "no picture"));
    }

    void writesModelCheckpointAndLog() {
        const CliResult whole =
            cli(training("whole.safetensors", {"--steps", "6", "--validation", "set", "--validation-samples",
                                               "2", "--log", "log.csv"}));
        QVERIFY2(whole.code == 0, qPrintable(whole.errors));
        QVERIFY(whole.errors.contains("notes.txt"));
        const QList<QByteArray> rows = contentOf(at("log.csv")).trimmed().split('\n');
        QCOMPARE(rows.size(), 3);  // header, two intervals
        QVERIFY(rows[0].startsWith("step,"));
        for (const QByteArray& row : rows) QCOMPARE(row.count(','), rows[0].count(','));
        QVERIFY(rows[2].startsWith("6,"));

        QCOMPARE(cli(training("twin.safetensors", {"--steps", "6"})).code, 0);
        QCOMPARE(checkpoint("twin").texts.at("checksum"), checkpoint("whole").texts.at("checksum"));
    }

    // Killed at some moment after its first interval, and continued: the same numbers in the end.
    void aKilledRunGoesOn() {
        const QStringList longer{"--steps", "60"};
        QCOMPARE(cli(training("whole.safetensors", longer)).code, 0);
        QProcess process;
        process.setWorkingDirectory(folder_->path());
        process.setProcessEnvironment(cliEnvironment());
        process.start(cliPath(), training("part.safetensors", longer));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(at("part.safetensors.checkpoint")), 60000);
        process.kill();
        process.waitForFinished();
        const CliResult again = cli(training("part.safetensors", longer + QStringList{"--resume"}));
        QVERIFY2(again.code == 0, qPrintable(again.errors));
        QCOMPARE(checkpoint("part").texts.at("steps"), std::string("60"));
        QCOMPARE(checkpoint("part").texts.at("checksum"), checkpoint("whole").texts.at("checksum"));
    }

    void theModelRestores() {
        QCOMPARE(cli(training("mine.safetensors", {"--steps", "3"})).code, 0);
        const CliResult tuned = cli({"train",      "set",         "-o",        "tuned.safetensors",
                                     "--stage",    "equilibrium", "--from",    "mine.safetensors",
                                     "--loss",     "mse",         "--batch",   "1",
                                     "--patch",    "32",          "--steps",   "2",
                                     "--every",    "2",           "--threads", "1",
                                     "--max-iter", "5",           "--quiet"});
        QVERIFY2(tuned.code == 0, qPrintable(tuned.errors));
        QVERIFY(tuned.output.isEmpty());
        const auto model = findModel(at("tuned.safetensors").toStdString());
        QCOMPARE(model->denoiser()->width, 8);
        QVERIFY(QString::fromStdString(model->texts.at("recipe")).startsWith("train set"));
        const CliResult used = cli({"restore", "set/a.png", "-o", "out.png", "--kernel", "box:size=3",
                                    "--prior", "denoiser", "--iterator", "hqs", "--noise-sigma", "0.01",
                                    "--prior.model", "tuned.safetensors", "--max-iter", "3"});
        QVERIFY2(used.code == 0, qPrintable(used.errors));
    }

    void aRidgeIsTrainedAndRestores() {
        const CliResult trained = cli({"train",     "set",   "-o",         "ridge.safetensors",
                                       "--network", "ridge", "--colour",   "opponent",
                                       "--batch",   "2",     "--patch",    "16",
                                       "--steps",   "2",     "--every",    "1",
                                       "--threads", "1",     "--max-iter", "20",
                                       "--quiet"});
        QVERIFY2(trained.code == 0, qPrintable(trained.errors));
        const auto model = findModel(at("ridge.safetensors").toStdString());
        QVERIFY(model->ridge()->colour == RidgeArchitecture::Colour::opponent);
        const CliResult used = cli({"restore", "set/a.png", "-o", "out.png", "--kernel", "box:size=3",
                                    "--prior", "ridge", "--iterator", "gd", "--noise-sigma", "0.01",
                                    "--prior.model", "ridge.safetensors", "--max-iter", "3"});
        QVERIFY2(used.code == 0, qPrintable(used.errors));
    }

    void refused_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("code");
        const QStringList good{"train", "set", "-o", "x.safetensors"};
        QTest::newRow("no output") << QStringList{"train", "set"} << "--output" << 2;
        QTest::newRow("other ending") << QStringList{"train", "set", "-o", "x.pth"} << "safetensors" << 2;
        QTest::newRow("no folder") << QStringList{"train", "none", "-o", "x.safetensors"} << "none" << 3;
        QTest::newRow("empty folder")
            << QStringList{"train", "empty", "-o", "x.safetensors"} << "pictures" << 3;
        QTest::newRow("odd depth") << good + QStringList{"--depth", "5"} << "--depth" << 2;
        QTest::newRow("equilibrium without weights")
            << good + QStringList{"--stage", "equilibrium"} << "--from" << 2;
        QTest::newRow("unknown weights") << good + QStringList{"--from", "nobody"} << "nobody" << 3;
        QTest::newRow("width with weights")
            << good + QStringList{"--from", "fast", "--width", "8"} << "--width" << 2;
        QTest::newRow("unknown network") << good + QStringList{"--network", "unet"} << "unet" << 2;
        QTest::newRow("unknown colour")
            << good + QStringList{"--network", "ridge", "--colour", "blue"} << "blue" << 2;
        QTest::newRow("colour of a denoiser") << good + QStringList{"--colour", "grey"} << "--colour" << 2;
        QTest::newRow("width of a ridge")
            << good + QStringList{"--network", "ridge", "--width", "8"} << "--width" << 2;
        QTest::newRow("penalty of a ridge")
            << good + QStringList{"--network", "ridge", "--penalty", "1", "--patch", "16"} << "penalty" << 2;
        QTest::newRow("wrong rate") << good + QStringList{"--rate", "fast"} << "rate" << 2;
        QTest::newRow("large patches") << good + QStringList{"--patch", "512"} << "512" << 3;
        QTest::newRow("nothing to resume")
            << good + QStringList{"--resume", "--width", "8", "--patch", "16"} << "checkpoint" << 3;
    }
    void refused() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        QFETCH(int, code);
        const CliResult result = cli(arguments);
        QVERIFY2(result.code == code, qPrintable(QString::number(result.code) + result.errors));
        QVERIFY2(result.errors.contains(words), qPrintable(result.errors));
        QVERIFY(!QFile::exists(at("x.safetensors")));
    }
};

QTEST_GUILESS_MAIN(TestCliTrain)
#include "tst_cli_train.moc"
