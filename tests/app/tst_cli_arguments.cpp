// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <limits>

#include "tests/app/cli_runner.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// Bad arguments and bad input: exit code, one sentence each, nothing written, nothing damaged.
class TestCliArguments : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }

 private slots:
    void initTestCase();
    void refused_data();
    void refused();
    void allFaultsAtOnce();
    void misspellings();
    void existingOutputStays();
    void linkToInputIsTheSameFile();
    void startPicture();
    void help_data();
    void help();
};

void TestCliArguments::initTestCase() {
    folder_ = std::make_unique<QTemporaryDir>();
    writePicture(at("in.png"), smallScene());
    writePicture(at("grey.png"), smallScene(1));
    writePicture(at("small.png"), smallScene(3, 20, 10));
    writePicture(at("one.png"), smallScene(3, 1, 1));
    Picture holes = smallScene(1);
    Image image = holes.image->clone();
    image.at(0, 3, 4) = std::numeric_limits<Real>::quiet_NaN();
    holes.image = std::make_shared<const Image>(std::move(image));
    holes.bitsPerChannel = 32;
    writePicture(at("holes.tif"), holes);
    const QByteArray whole = contentOf(at("in.png"));
    QVERIFY(putContent(at("cut.png"), whole.left(whole.size() / 2)));
    QVERIFY(putContent(at("empty.png"), {}));
    QVERIFY(putContent(at("text.png"), "no picture at all"));
    QVERIFY(putContent(at("zero.txt"), "0 0 0\n0 0 0\n0 0 0\n"));
    QVERIFY(putContent(at("negative.txt"), "1 -1 1\n"));
    QVERIFY(putContent(at("inf.txt"), "1 inf 1\n"));
    QVERIFY(putContent(at("empty.txt"), {}));
    QVERIFY(putContent(at("wide.txt"), QByteArray("1 ").repeated(101) + '\n'));
    QVERIFY(putContent(at("bad.recipe"), "stillpoint recipe 1\nmax-iter 12\n"));
    QVERIFY(putContent(at("range.recipe"), "stillpoint recipe 1\nmax-iter = -4\n"));
    QDir(folder_->path()).mkdir("folder.png");
}

void TestCliArguments::refused_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<QStringList>("hints");
    const auto row = [](const char* line, int code, const QStringList& hints) {
        QTest::newRow(line) << line << code << hints;
    };
    const char* fine = "restore in.png -o out.png --kernel box:size=3 ";
    const auto with = [&](const char* more, const QStringList& hints) {
        QTest::newRow(more) << QString(fine) + more << 2 << hints;
    };
    // Commands and arguments
    row("", 2, {"command", "restore"});
    row("restroe in.png", 2, {"restroe", "restore"});
    row("restore", 2, {"INPUT", "--output", "--kernel"});
    row("restore in.png", 2, {"--output", "--kernel"});
    row("restore in.png -o out.png", 2, {"--kernel is missing"});
    with("second.png", {"second.png", "too many"});
    with("-o other.png", {"--output", "more than once"});
    with("--trace", {"--trace", "needs a value"});
    with("--quiet=yes", {"--quiet", "takes no value"});
    // Parameters
    with("--max-iter 0", {"--max-iter", "'0'", "whole number from 1"});
    with("--max-iter 12.5", {"--max-iter", "12.5"});
    with("--prior.lambda abc", {"--prior.lambda", "abc", "a number from"});
    with("--prior.lambda nan", {"--prior.lambda", "nan"});
    with("--prior.lambda -1", {"--prior.lambda", "-1"});
    with("--prior.lambda 0,5", {"--prior.lambda", "0,5"});
    with("--anderson.enabled perhaps", {"--anderson.enabled", "perhaps", "true or false"});
    with("--iterator newton", {"--iterator", "newton", "pgd"});
    with("--prior tikhonov --prior.smoothing 0.1", {"--prior.smoothing", "tv"});
    with("--noise-sigma -0.1", {"--noise-sigma", "-0.1"});
    with("--noise-sigma inf", {"--noise-sigma", "inf"});
    with("--threads 0", {"--threads", "'0'"});
    with("--threads many", {"--threads", "many"});
    with("--bits 12", {"--bits", "12", "8, 16, 32"});
    with("--bits 32", {"--output", "PNG", "32"});
    with("--recipe none.recipe", {"--recipe", "none.recipe"});
    with("--recipe bad.recipe", {"--recipe", "ine 2"});
    with("--recipe range.recipe", {"--max-iter", "-4"});
    // Contradictions
    with("--reference small.png", {"--reference", "20 x 10", "60 x 44"});
    with("--reference grey.png", {"--reference", "1 channel"});
    with("--start picture", {"--start", "--start-picture"});
    with("--start zeros --start-picture in.png", {"--start-picture", "zeros"});
    with("--start-picture small.png", {"--start", "20 x 10", "60 x 44"});
    with("--trace out.png", {"--trace", "--output", "same file"});
    with("--report r.txt --trace ./r.txt", {"--report", "--trace", "same file"});
    with("--trace in.png", {"--trace", "INPUT", "same file"});
    with("--plot curve.gif", {"--plot", "curve.gif", ".svg"});
    with("--trace nowhere/t.csv", {"--trace", "nowhere", "does not exist"});
    row("restore in.png -o in.png --kernel box:size=3", 2, {"--output", "INPUT", "same file"});
    row("restore in.png -o ./in.png --kernel box:size=3", 2, {"--output", "INPUT", "same file"});
    // Output
    row("restore in.png -o out.xyz --kernel box:size=3", 2, {"--output", "out.xyz", ".png"});
    row("restore in.png -o out --kernel box:size=3", 2, {"--output", "'out'", ".png"});
    row("restore in.png -o nowhere/out.png --kernel box:size=3", 2,
        {"--output", "nowhere", "does not exist"});
    row("restore in.png -o folder.png --kernel box:size=3", 2, {"--output", "folder"});
    row("restore in.png -o /proc/out.png --kernel box:size=3", 2, {"--output", "not writable"});
    // Kernels
    const auto kernel = [&row](const char* spec, const QStringList& hints) {
        row(qPrintable(QString("restore in.png -o out.png --kernel ") + spec), 2,
            QStringList{"--kernel"} + hints);
    };
    kernel("gausian:sigma=2", {"gausian"});
    kernel("gaussian:sigma=-2", {"sigma", "-2"});
    kernel("gaussian:size=3", {"size"});
    kernel("missing.txt", {"missing.txt"});
    kernel("empty.txt", {"empty.txt"});
    kernel("zero.txt", {"zero.txt"});
    kernel("negative.txt", {"negative.txt"});
    kernel("inf.txt", {"inf.txt"});
    kernel("wide.txt", {"101"});
    kernel("cut.png", {"cut.png"});
    kernel("disk:radius=60", {"60 x 44"});
    // Input
    const auto input = [&row](const char* name, const QStringList& hints) {
        row(qPrintable(QString("restore %1 -o out.png --kernel box:size=3").arg(name)), 3,
            QStringList{name} + hints);
    };
    input("none.png", {"no such file"});
    input("empty.png", {"empty"});
    input("text.png", {"not a picture"});
    input("cut.png", {"truncated"});
    input("holes.tif", {"not finite", "column 4, row 3"});
    input("folder.png", {"folder"});
    row("restore in.png -o out.png --kernel box:size=3 --reference cut.png", 3, {"--reference", "cut.png"});
    row("restore in.png -o out.png --kernel box:size=3 --start-picture none.png", 3,
        {"--start-picture", "none.png"});
    row("simulate cut.png -o out.png --kernel box:size=3", 3, {"cut.png"});
    // Other commands
    row("simulate in.png -o out.png --kernel box:size=3 --seed -1", 2, {"--seed", "-1"});
    row("simulate in.png -o out.png --kernel box:size=3 --noise white", 2, {"white", "poisson"});
    row("simulate in.png -o out.png --kernel box:size=3 --peak 10", 2, {"--peak", "--noise poisson"});
    row("simulate in.png -o out.png --kernel box:size=3 --noise poisson --peak 0", 2, {"--peak", "1"});
    row("simulate in.png -o out.png --kernel box:size=3 --noise impulse --share 2", 2, {"--share", "0 to 1"});
    row("simulate in.png -o in.png --kernel box:size=3", 2, {"same file"});
    row("simulate in.png -o out.png --kernel box:size=3 --max-iter 3", 2, {"--max-iter"});
    row("sample nothing -o out.png", 2, {"nothing", "chart"});
    row("sample chart", 2, {"--output"});
    row("list --jason", 2, {"--jason", "--json"});
    row("version now", 2, {"now"});
}

void TestCliArguments::refused() {
    QFETCH(QString, line);
    QFETCH(int, code);
    QFETCH(QStringList, hints);
    const QStringList before = QDir(folder_->path()).entryList(QDir::AllEntries | QDir::Hidden);
    const CliResult result = runCli(line.split(' ', Qt::SkipEmptyParts), folder_->path());
    QVERIFY2(result.code == code, qPrintable(QString::number(result.code) + result.errors));
    for (const QString& hint : hints)
        QVERIFY2(result.errors.contains(hint), qPrintable("'" + hint + "' is missing in: " + result.errors));
    for (const QString& text : result.errors.trimmed().split('\n'))
        QVERIFY2(text.startsWith("stillpoint-cli: "), qPrintable(text));
    QCOMPARE(result.output, QString());
    QCOMPARE(QDir(folder_->path()).entryList(QDir::AllEntries | QDir::Hidden), before);
}

void TestCliArguments::allFaultsAtOnce() {
    const CliResult result =
        runCli({"restore", "in.png", "-o", "nowhere/out.png", "--kernel", "box:size=0", "--max-iter", "x",
                "--threads", "-3", "--tolerance", "2", "--kernal", "disk", "--report", "nowhere/r.json"},
               folder_->path());
    QCOMPARE(result.code, 2);
    for (const char* option :
         {"--output", "--kernel", "--max-iter", "--threads", "--tolerance", "--kernal", "--report"})
        QVERIFY2(result.errors.contains(option), option);
    QCOMPARE(result.errors.trimmed().split('\n').size(), 7);
}

void TestCliArguments::misspellings() {
    const QMap<QString, QString> likely = {
        {"--kernle", "--kernel"},       {"--refernce", "--reference"},
        {"--lambda", "--prior.lambda"}, {"--anderson.histroy", "--anderson.history"},
        {"--maxiter", "--max-iter"},    {"-p", ""}};
    for (auto it = likely.begin(); it != likely.end(); ++it) {
        const CliResult result = runCli(
            {"restore", "in.png", "-o", "out.png", "--kernel", "box:size=3", it.key(), "1"}, folder_->path());
        QCOMPARE(result.code, 2);
        QVERIFY2(result.errors.contains(it.key()), qPrintable(result.errors));
        if (!it.value().isEmpty())
            QVERIFY2(result.errors.contains("did you mean " + it.value() + "?"), qPrintable(result.errors));
    }
}

void TestCliArguments::existingOutputStays() {
    QVERIFY(putContent(at("precious.png"), "precious"));
    for (const char* more : {"--max-iter 0", "--reference small.png", "--kernel wide.txt"}) {
        QStringList arguments = {"restore", "in.png", "-o", "precious.png"};
        if (!QString(more).contains("kernel"))
            arguments << "--kernel"
                      << "box:size=3";
        QVERIFY(runCli(arguments + QString(more).split(' '), folder_->path()).code == 2);
        QCOMPARE(contentOf(at("precious.png")), QByteArray("precious"));
    }
    QVERIFY(QFile::remove(at("precious.png")));
}

// From its own result a run is done after one iteration; the recipe that it saves asks for a picture again.
void TestCliArguments::startPicture() {
    const QStringList common{"--kernel", "gaussian:sigma=0.5", "--prior", "tikhonov", "--prior.lambda",
                             "0.05",     "--boundary",         "periodic"};
    const CliResult cold =
        runCli(QStringList{"restore", "in.png", "-o", "cold.tif", "--bits", "32"} + common, folder_->path());
    QVERIFY2(cold.code == 0, qPrintable(cold.errors));
    const CliResult warm = runCli(QStringList{"restore", "in.png", "-o", "warm.tif", "--bits", "32",
                                              "--start-picture", "cold.tif", "--save-recipe", "warm.recipe"} +
                                      common,
                                  folder_->path());
    QVERIFY2(warm.code == 0, qPrintable(warm.errors));
    QVERIFY2(warm.output.contains(" 1 iterations"), qPrintable(warm.output));
    QVERIFY(contentOf(at("warm.recipe")).contains("start = picture"));
    const CliResult again =
        runCli({"restore", "in.png", "-o", "again.tif", "--recipe", "warm.recipe"}, folder_->path());
    QVERIFY(again.code == 2 && again.errors.contains("--start-picture"));
    const CliResult better = runCli(
        {"restore", "in.png", "-o", "again.tif", "--recipe", "warm.recipe", "--start-picture", "cold.tif"},
        folder_->path());
    QVERIFY2(better.code == 0, qPrintable(better.errors));
}

void TestCliArguments::linkToInputIsTheSameFile() {
    QVERIFY(QFile::link(at("in.png"), at("link.png")));
    const CliResult result =
        runCli({"restore", "in.png", "-o", "link.png", "--kernel", "box:size=3"}, folder_->path());
    QCOMPARE(result.code, 2);
    QVERIFY(result.errors.contains("same file"));
    QVERIFY(QFile::remove(at("link.png")));
}

void TestCliArguments::help_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("hint");
    QTest::newRow("all") << QStringList{"--help"} << "simulate";
    QTest::newRow("restore") << QStringList{"restore", "--help"} << "--noise-sigma";
    QTest::newRow("restore with faults") << QStringList{"restore", "--nonsense", "-h"} << "--noise-sigma";
    QTest::newRow("simulate") << QStringList{"simulate", "--help"} << "--boundary";
    QTest::newRow("evaluate") << QStringList{"evaluate", "--help"} << "--grid";
    QTest::newRow("import-weights") << QStringList{"import-weights", "--help"} << "--name";
    QTest::newRow("export-weights") << QStringList{"export-weights", "--help"} << "--output";
    QTest::newRow("sample") << QStringList{"sample", "--help"} << "--output";
    QTest::newRow("list") << QStringList{"list", "--help"} << "--json";
    QTest::newRow("docs") << QStringList{"docs", "--help"} << "--check";
    QTest::newRow("version") << QStringList{"version", "--help"} << "Usage";
}

void TestCliArguments::help() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, hint);
    const CliResult result = runCli(arguments, folder_->path());
    QCOMPARE(result.code, 0);
    QVERIFY2(result.output.contains(hint), qPrintable(result.output));
    QCOMPARE(result.errors, QString());
    for (const QString& line : result.output.split('\n')) QVERIFY2(line.size() <= 110, qPrintable(line));
}

QTEST_GUILESS_MAIN(TestCliArguments)
#include "tst_cli_arguments.moc"
