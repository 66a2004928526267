// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <csignal>

#include "tests/app/cli_runner.h"
#include "tests/app/terminal.h"
#include "tests/support/networks.h"

using namespace stillpoint;
using namespace stillpoint::test;

namespace {

const QStringList kShort = {"--max-iter", "15", "--threads", "1", "--noise-sigma", "0.02", "--seed", "3"};
const QStringList kDeblur = QStringList{"evaluate", "set", "--kernels", "kernels"} + kShort;

}  // namespace

/// evaluate from the command line.
class TestCliEvaluate : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }
    CliResult cli(const QStringList& arguments) const { return runCli(arguments, folder_->path()); }
    QJsonObject json(const QString& name) const {
        return QJsonDocument::fromJson(contentOf(at(name))).object();
    }

 private slots:
    void initTestCase();
    void reportsMeansAndRuns();
    void limitKeepsTheNoise();
    void aRunCanBeRepeated();
    void greyPictures();
    void gridShowsTheBest();
    void denoises();
    void interruptKeepsWhatWasDone();
    void refused_data();
    void refused();
};

void TestCliEvaluate::initTestCase() {
    folder_ = std::make_unique<QTemporaryDir>();
    for (const char* name : {"set", "set/deeper", "kernels", "empty", "bad", "slow"})
        QDir(folder_->path()).mkdir(name);
    writePicture(at("set/b.png"), smallScene(3, 30, 24));
    writePicture(at("set/a.png"), smallScene(1, 28, 26));
    writePicture(at("slow/a.png"), smallScene(1, 16, 16));
    writePicture(at("slow/b.png"), smallScene(3, 512, 512));
    QVERIFY(putContent(at("set/c.png"), "no picture at all"));
    QVERIFY(putContent(at("set/notes.txt"), "about the pictures"));
    QVERIFY(putContent(at("kernels/2.txt"), "0 1 0\n1 2 1\n0 1 0\n"));
    QVERIFY(putContent(at("kernels/1.txt"), "1 1 1 1 1\n"));
    QVERIFY(putContent(at("bad/1.txt"), "one two\n"));
    QVERIFY(putContent(at("file"), "text"));
}

void TestCliEvaluate::reportsMeansAndRuns() {
    const CliResult result = cli(kDeblur + QStringList{"--json", "all.json", "--csv", "all.csv"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    QCOMPARE(result.errors.count("left out"), 1);
    QVERIFY2(result.errors.contains("c.png"), qPrintable(result.errors));
    for (const char* part : {"2 pictures, 2 kernels, noise 0.02, seed 3: means of 4 runs", "1.txt", "2.txt",
                             "all", "PSNR, dB", "s/megapixel"})
        QVERIFY2(result.output.contains(part), qPrintable(result.output));
    const QJsonObject all = json("all.json");
    QCOMPARE(all["task"].toString(), "deblur");
    QCOMPARE(all["pictures"].toInt(), 2);
    QCOMPARE(all["kernels"].toInt(), 2);
    QCOMPARE(all["noise_sigma"].toDouble(), 0.02);
    QCOMPARE(all["seed"].toInt(), 3);
    QVERIFY(all["complete"].toBool());
    const QJsonArray runs = all["runs"].toArray(), kernels = all["per_kernel"].toArray();
    QCOMPARE(runs.size(), 4);
    const char* pairs[][2] = {{"a.png", "1.txt"}, {"a.png", "2.txt"}, {"b.png", "1.txt"}, {"b.png", "2.txt"}};
    double psnr = 0;
    for (int i = 0; i < 4; ++i) {
        const QJsonObject run = runs[i].toObject();
        QCOMPARE(run["picture"].toString(), pairs[i][0]);
        QCOMPARE(run["kernel"].toString(), pairs[i][1]);
        QVERIFY(run["psnr"].toDouble() > run["psnr_input"].toDouble());
        for (const char* key : {"ssim", "iterations", "residual", "seconds", "seed"})
            QVERIFY2(run[key].isDouble(), key);
        psnr += run["psnr"].toDouble() / 4;
    }
    const QJsonObject mean = all["mean"].toObject();
    QVERIFY(std::abs(mean["psnr"].toDouble() - psnr) < 1e-9);
    for (const char* key : {"psnr_input", "ssim", "iterations", "converged", "seconds_per_megapixel"})
        QVERIFY2(mean[key].isDouble(), key);
    QCOMPARE(kernels.size(), 2);
    QCOMPARE(kernels[1].toObject()["kernel"].toString(), "2.txt");
    QVERIFY(all["recipe"].toObject().contains("prior.lambda") &&
            !all["recipe"].toObject().contains("kernel"));
    const QList<QByteArray> rows = contentOf(at("all.csv")).trimmed().split('\n');
    QCOMPARE(rows.size(), 5);
    QVERIFY(
        rows[0].startsWith("picture,kernel,seed,psnr_input,psnr,ssim,iterations,status,residual,seconds"));
    QVERIFY(rows[4].startsWith("b.png,2.txt,"));
}

void TestCliEvaluate::limitKeepsTheNoise() {
    QCOMPARE(cli(kDeblur + QStringList{"--json", "all.json", "--quiet"}).code, 0);
    const CliResult one = cli(kDeblur + QStringList{"--json", "one.json", "--quiet", "--limit", "1"});
    QVERIFY2(one.code == 0 && one.output.isEmpty(), qPrintable(one.output + one.errors));
    const QJsonArray few = json("one.json")["runs"].toArray(), all = json("all.json")["runs"].toArray();
    QCOMPARE(few.size(), 2);
    for (int i = 0; i < 2; ++i)
        for (const char* key : {"picture", "kernel", "seed", "psnr_input"})
            QCOMPARE(few[i].toObject()[key], all[i].toObject()[key]);
}

// The seed of a run is one for simulate.
void TestCliEvaluate::aRunCanBeRepeated() {
    QCOMPARE(cli(kDeblur + QStringList{"--json", "all.json", "--quiet"}).code, 0);
    const QJsonObject run = json("all.json")["runs"].toArray()[2].toObject();
    QCOMPARE(cli({"simulate", "set/b.png", "-o", "again.tif", "--kernel", "kernels/1.txt", "--noise-sigma",
                  "0.02", "--seed", QString::number(run["seed"].toInteger())})
                 .code,
             0);
    QCOMPARE(
        cli({"restore", "again.tif", "-o", "out.png", "--kernel", "kernels/1.txt", "--noise-sigma", "0.02",
             "--max-iter", "15", "--threads", "1", "--reference", "set/b.png", "--report", "again.json"})
            .code,
        0);
    const QJsonObject again = json("again.json");
    for (const char* key : {"psnr_input", "psnr"})
        QVERIFY2(std::abs(again[key].toDouble() - run[key].toDouble()) < 1e-3, key);
    QCOMPARE(again["iterations"].toInt(), run["iterations"].toInt());
}

void TestCliEvaluate::greyPictures() {
    QCOMPARE(cli(kDeblur + QStringList{"--json", "grey.json", "--quiet", "--grey"}).code, 0);
    QCOMPARE(cli(kDeblur + QStringList{"--json", "all.json", "--quiet"}).code, 0);
    const QJsonArray grey = json("grey.json")["runs"].toArray(), all = json("all.json")["runs"].toArray();
    QCOMPARE(grey[0].toObject()["psnr_input"], all[0].toObject()["psnr_input"]);  // grey already
    QVERIFY(grey[2].toObject()["psnr_input"] != all[2].toObject()["psnr_input"]);
}

void TestCliEvaluate::gridShowsTheBest() {
    const CliResult result = cli(kDeblur + QStringList{"--grid", "prior.lambda=0.5,0.002,0.00001", "--json",
                                                       "grid.json", "--csv", "grid.csv"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    QVERIFY2(result.output.contains("Best by PSNR: --prior.lambda 0.002"), qPrintable(result.output));
    QCOMPARE(result.errors.count("left out"), 1);
    const QJsonObject grid = json("grid.json")["grid"].toObject();
    QCOMPARE(grid["key"].toString(), "prior.lambda");
    QCOMPARE(grid["best"].toString(), "0.002");
    QCOMPARE(grid["values"].toArray().size(), 3);
    QCOMPARE(json("grid.json")["mean"], grid["values"].toArray()[1].toObject()["mean"]);
    QCOMPARE(json("grid.json")["recipe"].toObject()["prior.lambda"].toDouble(), 0.002);
    const QList<QByteArray> rows = contentOf(at("grid.csv")).trimmed().split('\n');
    QCOMPARE(rows.size(), 13);
    QVERIFY(rows[0].startsWith("prior.lambda,picture,") && rows[1].startsWith("0.5,a.png,"));
}

void TestCliEvaluate::denoises() {
    const QStringList denoise =
        QStringList{"evaluate", "set", "--task", "denoise", "--json", "d.json"} + kShort;
    const CliResult tv = cli(denoise + QStringList{"--prior.lambda", "0.01"});
    QVERIFY2(tv.code == 0, qPrintable(tv.errors));
    QVERIFY2(tv.output.contains("2 pictures, noise 0.02"), qPrintable(tv.output));
    QCOMPARE(json("d.json")["task"].toString(), "denoise");
    QCOMPARE(json("d.json")["kernels"].toInt(), 0);
    const QJsonObject mean = json("d.json")["mean"].toObject();
    QVERIFY(mean["psnr"].toDouble() > mean["psnr_input"].toDouble());

    const CliResult network = cli(
        denoise + QStringList{"--prior", "denoiser", "--prior.model", QString::fromStdString(testModel())});
    QVERIFY2(network.code == 0, qPrintable(network.errors));
    const QJsonObject run = json("d.json")["runs"].toArray()[1].toObject();
    QCOMPARE(run["status"].toString(), "applied");
    QVERIFY(run["residual"].isNull() && run["psnr"].isDouble());
    QVERIFY(json("d.json")["mean"].toObject()["converged"].isNull());
    QCOMPARE(json("d.json")["recipe"].toObject()["prior.sigma"].toDouble(), 0.02);
}

void TestCliEvaluate::interruptKeepsWhatWasDone() {
    Terminal terminal;
    QVERIFY(terminal.isOpen());
    QProcess process;
    const int stream = terminal.theirs();
    process.setChildProcessModifier([stream] { ::dup2(stream, STDERR_FILENO); });
    process.setProcessEnvironment(cliEnvironment());
    process.setWorkingDirectory(folder_->path());
    process.start(cliPath(),
                  {"evaluate", "slow", "--kernels", "kernels", "--noise-sigma", "0.01", "--max-iter", "10000",
                   "--tolerance", "0", "--stall-window", "0", "--json", "s.json"});
    QVERIFY2(process.waitForStarted(), qPrintable(process.errorString()));
    terminal.closeTheirs();
    QVERIFY2(terminal.waitFor("picture 2 of 2, kernel 1 of 2: iteration"), terminal.seen().constData());
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QVERIFY(process.waitForFinished(120000));
    QCOMPARE(process.exitCode(), 130);
    QCOMPARE(json("s.json")["runs"].toArray().size(), 2);
    QVERIFY(!json("s.json")["complete"].toBool());
    QVERIFY(process.readAllStandardOutput().contains("means of 2 runs, which is not all"));
}

void TestCliEvaluate::refused_data() {
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code");
    QTest::addColumn<QStringList>("hints");
    const auto row = [](const QString& line, int code, const QStringList& hints) {
        QTest::newRow(qPrintable(line))
            << ("evaluate " + line).split(' ', Qt::SkipEmptyParts) << code << hints;
    };
    const QString fine = "set --kernels kernels --noise-sigma 0.01 ";
    row("", 2, {"FOLDER is missing", "--kernels is missing", "--noise-sigma is missing"});
    row("set --kernels kernels", 2, {"--noise-sigma is missing"});
    row("set --task denoise --noise-sigma 0.1 --kernels kernels", 2, {"--kernels", "deblur only"});
    row(fine + "--task sharpen", 2, {"--task", "sharpen", "deblur, denoise"});
    row(fine + "--kernel box:size=3", 2, {"--kernel ", "--kernels FOLDER"});
    row(fine + "--start picture", 2, {"--start", "set of pictures"});
    row(fine + "--limit 0", 2, {"--limit", "'0'"});
    row(fine + "--seed -1", 2, {"--seed", "'-1'"});
    row(fine + "--prior.lambda nan", 2, {"--prior.lambda", "nan"});
    row(fine + "--grid prior.lambda", 2, {"--grid", "KEY=VALUES"});
    row(fine + "--grid speed=1,2", 2, {"--grid", "speed"});
    row(fine + "--grid prior.lambda=1,1", 2, {"--grid", "more than once"});
    row(fine + "--grid kernel=box:size=3", 2, {"--grid", "--kernels FOLDER"});
    row(fine + "--grid prior=tv,l1 --iterator gd", 2, {"iterator"});
    row(fine + "--json out.txt", 2, {"--json", "out.txt"});
    row(fine + "--csv nowhere/out.csv", 2, {"--csv", "nowhere"});
    row("none --kernels kernels --noise-sigma 0.01", 3, {"FOLDER", "none"});
    row("empty --kernels kernels --noise-sigma 0.01", 3, {"FOLDER", "empty"});
    row("file --kernels kernels --noise-sigma 0.01", 3, {"FOLDER", "file"});
    row("set --kernels none --noise-sigma 0.01", 3, {"--kernels", "none"});
    row("set --kernels bad --noise-sigma 0.01", 3, {"--kernels", "1.txt", "line 1"});
}

void TestCliEvaluate::refused() {
    QFETCH(QStringList, words);
    QFETCH(int, code);
    QFETCH(QStringList, hints);
    const CliResult result = cli(words);
    QVERIFY2(result.code == code, qPrintable(result.output + result.errors));
    for (const QString& hint : hints)
        QVERIFY2(result.errors.contains(hint, Qt::CaseInsensitive), qPrintable(result.errors));
    QVERIFY(result.output.isEmpty());
}

QTEST_GUILESS_MAIN(TestCliEvaluate)
#include "tst_cli_evaluate.moc"
