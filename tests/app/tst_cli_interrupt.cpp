// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <csignal>

#include "tests/app/cli_runner.h"
#include "tests/app/terminal.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// Ctrl-C, termination, and the progress line, which only a terminal shows.
class TestCliInterrupt : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }
    /// Starts a run that would go on for a very long time.
    void startEndlessRun(QProcess& process, Terminal& terminal, const QStringList& more = {});

 private slots:
    void init();
    void interruptWritesTheEstimate_data();
    void interruptWritesTheEstimate();
    void killedRunLeavesTheOldFile();
    void quietShowsNoProgress();
};

void TestCliInterrupt::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    writePicture(at("in.png"), smallScene(3, 256, 256));
}

void TestCliInterrupt::startEndlessRun(QProcess& process, Terminal& terminal, const QStringList& more) {
    QVERIFY(terminal.isOpen());
    const int stream = terminal.theirs();
    process.setChildProcessModifier([stream] { ::dup2(stream, STDERR_FILENO); });
    process.setProcessEnvironment(cliEnvironment());
    process.setWorkingDirectory(folder_->path());
    process.start(cliPath(), QStringList{"restore", "in.png", "-o", "out.png", "--kernel", "gaussian:sigma=2",
                                         "--max-iter", "1000000", "--tolerance", "0", "--stall-window", "0",
                                         "--report", "r.json", "--trace", "t.csv"} +
                                 more);
    QVERIFY2(process.waitForStarted(), qPrintable(process.errorString()));
    terminal.closeTheirs();
}

void TestCliInterrupt::interruptWritesTheEstimate_data() {
    QTest::addColumn<int>("number");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void TestCliInterrupt::interruptWritesTheEstimate() {
    QFETCH(int, number);
    Terminal terminal;
    QProcess process;
    startEndlessRun(process, terminal);
    QVERIFY2(terminal.waitFor("iteration"), terminal.seen().constData());
    QVERIFY(terminal.seen().contains("of at most 1000000, residual "));
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), number), 0);
    QVERIFY(process.waitForFinished(120000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 128 + number);
    QCOMPARE(readPicture(at("out.png")).width(), 256);
    const QJsonObject report = QJsonDocument::fromJson(contentOf(at("r.json"))).object();
    QCOMPARE(report["status"].toString(), QString("stopped"));
    const qsizetype rows = contentOf(at("t.csv")).trimmed().count('\n');
    QCOMPARE(rows, qsizetype{report["iterations"].toInt()});
    QVERIFY(rows > 0);
}

void TestCliInterrupt::killedRunLeavesTheOldFile() {
    QVERIFY(putContent(at("out.png"), "precious"));
    Terminal terminal;
    QProcess process;
    startEndlessRun(process, terminal);
    QVERIFY2(terminal.waitFor("iteration"), terminal.seen().constData());
    process.kill();
    QVERIFY(process.waitForFinished(120000));
    QCOMPARE(contentOf(at("out.png")), QByteArray("precious"));
    QVERIFY(!QFile::exists(at("r.json")));
}

void TestCliInterrupt::quietShowsNoProgress() {
    Terminal terminal;
    QProcess process;
    startEndlessRun(process, terminal, {"--quiet", "--noise-sigma", "0.01", "--prior", "tikhonov"});
    process.kill();
    QVERIFY(process.waitForFinished(120000));
    QVERIFY(!terminal.waitFor("iteration"));  // the stream has ended
    QCOMPARE(terminal.seen(), QByteArray());
}

QTEST_GUILESS_MAIN(TestCliInterrupt)
#include "tst_cli_interrupt.moc"
