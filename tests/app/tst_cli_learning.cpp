// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "solver/run/recipe.h"
#include "tests/app/cli_runner.h"

using namespace stillpoint;
using namespace stillpoint::test;

namespace {

const QStringList kProblem = {"blurred.tif", "--kernel", "gaussian:sigma=1.2", "--noise-sigma", "0.02"};
const QStringList kReference = {"--reference", "sharp.png"};

}  // namespace

/// gradient, tune and sweep from the command line.
class TestCliLearning : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }
    CliResult cli(const QStringList& arguments) const { return runCli(arguments, folder_->path()); }

 private slots:
    void initTestCase();
    void gradientPrintsATable();
    void gradientAsJson();
    void gradientWithoutReference();
    void checkAgrees();
    void tuneImprovesAndWritesTheRecipe();
    void sweepResumes();
    void sweepOfKernelsAndComponents();
    void refused_data();
    void refused();
};

void TestCliLearning::initTestCase() {
    folder_ = std::make_unique<QTemporaryDir>();
    writePicture(at("sharp.png"), smallScene(1, 40, 36));
    writePicture(at("grey.png"), smallScene(3, 40, 36));
    const CliResult result = cli(QStringList{"simulate", "sharp.png", "-o", "blurred.tif", "--kernel",
                                             "gaussian:sigma=1.2", "--noise-sigma", "0.02"});
    QCOMPARE(result.code, 0);
}

void TestCliLearning::gradientPrintsATable() {
    const CliResult result = cli(QStringList{"gradient"} + kProblem + kReference);
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    for (const char* part : {"Mean squared error (mse)", "Estimate: converged", "Adjoint (", "prior.lambda",
                             "prior.smoothing", "step", "relaxation"})
        QVERIFY2(result.output.contains(part), qPrintable(result.output));
    QVERIFY(!result.output.contains("finite difference"));
}

void TestCliLearning::gradientAsJson() {
    const CliResult result = cli(QStringList{"gradient"} + kProblem + kReference + QStringList{"--json"});
    const QJsonObject object = QJsonDocument::fromJson(result.output.toUtf8()).object();
    QVERIFY(object["loss"].toDouble() > 0);
    const QJsonObject adjoint = object["adjoint"].toObject();
    for (const char* key : {"status", "iterations", "residual", "seconds"}) QVERIFY(adjoint.contains(key));
    const QJsonArray gradients = object["gradients"].toArray();
    QVERIFY(gradients.size() >= 4);
    for (const auto& entry : gradients) {
        QVERIFY(entry.toObject()["gradient"].isDouble());
        QVERIFY(entry.toObject()["finite_difference"].isNull());
        QVERIFY(entry.toObject()["relative_error"].isNull());
        QVERIFY(entry.toObject()["value"].isDouble() && entry.toObject()["parameter"].isString());
    }
}

void TestCliLearning::gradientWithoutReference() {
    const CliResult sure = cli(QStringList{"gradient"} + kProblem + QStringList{"--json"});
    QCOMPARE(QJsonDocument::fromJson(sure.output.toUtf8()).object()["loss_name"].toString(), "sure");
    const CliResult whiteness =
        cli({"gradient", "blurred.tif", "--kernel", "gaussian:sigma=1.2", "--prior.lambda", "0.002"});
    QVERIFY2(whiteness.output.contains("(whiteness)"), qPrintable(whiteness.output + whiteness.errors));
}

void TestCliLearning::checkAgrees() {
    const CliResult result = cli(QStringList{"gradient"} + kProblem + kReference +
                                 QStringList{"--check", "--json", "--prior", "tikhonov", "--iterator", "gd"});
    const QJsonArray gradients =
        QJsonDocument::fromJson(result.output.toUtf8()).object()["gradients"].toArray();
    QVERIFY2(gradients.size() >= 3, qPrintable(result.errors));
    for (const auto& entry : gradients)
        QVERIFY2(entry.toObject()["relative_error"].toDouble(1) < 0.1, qPrintable(result.output));
}

void TestCliLearning::tuneImprovesAndWritesTheRecipe() {
    const CliResult result =
        cli(QStringList{"tune"} + kProblem + kReference +
            QStringList{"--prior.lambda", "0.2", "--save-recipe", "learned.txt", "-o", "best.tif"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    QVERIFY2(result.output.contains("Best of"), qPrintable(result.output));
    const Recipe recipe = Recipe::fromText(contentOf(at("learned.txt")).toStdString());
    const double lambda = *parseDouble(*recipe.find("prior.lambda"));
    QVERIFY2(lambda > 1e-5 && lambda < 0.1, qPrintable(QString::number(lambda)));
    QVERIFY(QFileInfo::exists(at("best.tif")));
    // The recipe gives that estimate.
    QCOMPARE(cli(QStringList{"restore"} + kProblem.mid(0, 1) +
                 QStringList{"-o", "again.tif", "--recipe", "learned.txt"})
                 .code,
             0);
    const CliResult printed = cli(QStringList{"tune"} + kProblem + QStringList{"--steps", "2", "--quiet"});
    QVERIFY2(printed.output.startsWith("stillpoint recipe 1\n"), qPrintable(printed.output));
    QCOMPARE(printed.code, 0);
}

void TestCliLearning::sweepResumes() {
    const QStringList sweep = QStringList{"sweep"} + kProblem + kReference + QStringList{"--csv", "grid.csv"};
    const CliResult first =
        cli(sweep + QStringList{"--over", "anderson.history=0..2", "--over", "anderson.interval=1..2"});
    QVERIFY2(first.code == 0, qPrintable(first.errors));
    QVERIFY2(first.output.contains("6 of 6 points done. Best iterations"), qPrintable(first.output));
    const QList<QByteArray> rows = contentOf(at("grid.csv")).trimmed().split('\n');
    QCOMPARE(rows.size(), 7);
    QVERIFY(rows[0].startsWith("anderson.history,anderson.interval,status,iterations"));
    // An interrupted file: the last row is cut off. A wider grid keeps what is there, to the digit of its
    // seconds.
    QVERIFY(putContent(at("grid.csv"), rows.mid(0, 6).join('\n') + '\n' + rows[6].left(9)));
    const CliResult second = cli(sweep + QStringList{"--over", "anderson.history=0..3", "--over",
                                                     "anderson.interval=1..2", "--metric", "psnr"});
    QVERIFY2(second.output.contains("8 of 8 points done. Best psnr"),
             qPrintable(second.output + second.errors));
    const QList<QByteArray> wider = contentOf(at("grid.csv")).trimmed().split('\n');
    QCOMPARE(wider.size(), 9);
    for (int i = 1; i < 6; ++i) QCOMPARE(wider[i], rows[i]);
    // A narrower grid loses nothing either.
    QCOMPARE(
        cli(sweep + QStringList{"--over", "anderson.history=3..4", "--over", "anderson.interval=2"}).code, 0);
    QCOMPARE(contentOf(at("grid.csv")).trimmed().split('\n').size(), 10);
    // Over other parameters the file is left alone.
    const QByteArray before = contentOf(at("grid.csv"));
    const CliResult other = cli(sweep + QStringList{"--over", "anderson.beta=0.5,1"});
    QCOMPARE(other.code, 2);
    QVERIFY2(other.errors.contains("--csv") && other.errors.contains("not a sweep"),
             qPrintable(other.errors));
    QCOMPARE(contentOf(at("grid.csv")), before);
}

void TestCliLearning::sweepOfKernelsAndComponents() {
    const CliResult result =
        cli({"sweep", "blurred.tif", "--noise-sigma", "0.02", "--over",
             "kernel=gaussian:sigma=1;motion:length=5,angle=30", "--over", "iterator=gd,pgd", "--over",
             "prior=tv,l1", "--max-iter", "300", "--csv", "kinds.csv"});
    QVERIFY2(result.code == 0, qPrintable(result.errors));
    QVERIFY2(result.output.contains("8 of 8 points"), qPrintable(result.output));
    QVERIFY(contentOf(at("kinds.csv")).contains("\"motion:length=5,angle=30\",gd,l1,invalid,"));
}

void TestCliLearning::refused_data() {
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QStringList>("hints");
    const auto row = [](const QStringList& words, const QStringList& hints) {
        QTest::newRow(qPrintable(words.join(' '))) << words << hints;
    };
    const QStringList plain = {"blurred.tif", "--kernel", "gaussian:sigma=1.2"};
    row(QStringList{"gradient"} + plain + QStringList{"--loss", "huber"}, {"--loss", "huber", "mse"});
    row(QStringList{"gradient"} + plain + QStringList{"--loss", "mse"}, {"--loss", "--reference"});
    row(QStringList{"gradient"} + plain + QStringList{"--loss", "sure"}, {"--loss", "--noise-sigma"});
    row(QStringList{"gradient"} + plain + QStringList{"--reference", "grey.png"},
        {"--reference", "3 channels"});
    row({"gradient", "blurred.tif"}, {"--kernel is missing"});
    row(QStringList{"tune"} + plain + QStringList{"--parameters", "prior.lambda,speed"},
        {"--parameters", "speed"});
    row(QStringList{"tune"} + plain + QStringList{"--parameters", "max-iter"}, {"--parameters", "max-iter"});
    row(QStringList{"tune"} + plain + QStringList{"--prior.lambda", "0"}, {"prior.lambda", "above 0"});
    row(QStringList{"tune"} + plain + QStringList{"--method", "newton"},
        {"--method", "newton", "lbfgs, adam"});
    row(QStringList{"tune"} + plain + QStringList{"--rate", "0.1"}, {"--rate", "adam"});
    row(QStringList{"tune"} + plain + QStringList{"--steps", "0"}, {"--steps", "'0'"});
    row(QStringList{"tune"} + plain + QStringList{"--save-recipe", "nowhere/r.txt"},
        {"--save-recipe", "nowhere"});
    row(QStringList{"sweep"} + plain, {"--over is missing"});
    row(QStringList{"sweep"} + plain + QStringList{"--over", "anderson.history"}, {"--over", "KEY=VALUES"});
    row(QStringList{"sweep"} + plain + QStringList{"--over", "step=1..2", "--metric", "psnr"},
        {"--metric", "--reference"});
    row(QStringList{"sweep"} + plain + QStringList{"--over", "step=1..2", "--metric", "speed"},
        {"--metric", "speed", "iterations"});
    row(QStringList{"sweep"} + plain + QStringList{"--over", "step=1,1.5", "--over", "step=1,1.2"},
        {"--over", "more than once"});
    row(QStringList{"sweep"} + plain + QStringList{"--over", "step=1,1.5", "--csv", "grid.txt"},
        {"--csv", "grid.txt"});
}

void TestCliLearning::refused() {
    QFETCH(QStringList, words);
    QFETCH(QStringList, hints);
    const CliResult result = cli(words);
    QVERIFY2(result.code == 2, qPrintable(result.output + result.errors));
    for (const QString& hint : hints) QVERIFY2(result.errors.contains(hint), qPrintable(result.errors));
    QVERIFY(result.output.isEmpty());
}

QTEST_GUILESS_MAIN(TestCliLearning)
#include "tst_cli_learning.moc"
