// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "solver/nn/models.h"
#include "tests/app/cli_runner.h"
#include "tests/support/networks.h"

using namespace stillpoint;
using namespace stillpoint::test;

namespace {

// A network of 1 channel that gives half its input back: D(x) = x - N(x) with N(x) = x / 2 for x above 0.
WeightsFile halving() {
    WeightsFile file;
    const auto add = [&](const char* name, std::vector<int> shape, Real centre) {
        file.weights.values(file.weights.add(name, std::move(shape)))[4] = centre;
    };
    add("model.0.weight", {2, 1, 3, 3}, 1);
    add("model.2.weight", {2, 2, 3, 3}, 1);
    add("model.4.weight", {1, 2, 3, 3}, Real(0.5));
    return file;
}

}  // namespace

/// import-weights, export-weights, and the models in list.
class TestCliWeights : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    QString at(const QString& name) const { return folder_->filePath(name); }
    CliResult cli(const QStringList& arguments) const { return runCli(arguments, folder_->path()); }
    WeightsFile weightsAt(const QString& name) const {
        return readWeights(std::filesystem::path(at(name).toStdString()));
    }

 private slots:
    void init();
    void importedModelRestores();
    void exportedModelComesBack();
    void shippedModelsAreListed();
    void refused_data();
    void refused();
};

void TestCliWeights::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    writeWeights(at("kair.safetensors").toStdString(), halving());
    WeightsFile other;
    other.weights.add("m_head.weight", {8, 3, 3, 3});
    writeWeights(at("other.safetensors").toStdString(), other);
    QVERIFY(putContent(at("text.pth"), "no weights at all"));
    QDir(folder_->path()).mkdir("set");
    writePicture(at("set/a.png"), smallScene(1));
}

void TestCliWeights::importedModelRestores() {
    const CliResult made =
        cli({"import-weights", "kair.safetensors", "-o", "half.safetensors", "--name", "One half"});
    QVERIFY2(made.code == 0, qPrintable(made.errors));
    QVERIFY2(made.output.contains("plain, 1 channel, 3 convolutions of 2 features"), qPrintable(made.output));
    QCOMPARE(weightsAt("half.safetensors").texts.at("name"), std::string("One half"));
    const CliResult used = cli({"evaluate", "set", "--task", "denoise", "--noise-sigma", "0", "--prior",
                                "denoiser", "--prior.model", "half.safetensors", "--json", "half.json"});
    QVERIFY2(used.code == 0, qPrintable(used.errors));
    const double psnr =
        QJsonDocument::fromJson(contentOf(at("half.json"))).object()["mean"].toObject()["psnr"].toDouble();
    const auto sharp = readPicture(at("set/a.png")).image;
    double energy = 0;
    for (const Real sample : sharp->samples()) energy += 0.25 * static_cast<double>(sample * sample);
    QVERIFY(std::abs(psnr + 10 * std::log10(energy / static_cast<double>(sharp->size()))) < 1e-3);
}

void TestCliWeights::exportedModelComesBack() {
    QCOMPARE(cli({"import-weights", "kair.safetensors", "-o", "half.safetensors", "--quiet"}).code, 0);
    const CliResult out = cli({"export-weights", "half.safetensors", "-o", "out.safetensors"});
    QVERIFY2(out.code == 0, qPrintable(out.errors));
    const WeightsFile exported = weightsAt("out.safetensors");
    QVERIFY(exported.weights.find("conv_list.0.weight") != nullptr);
    QCOMPARE(exported.weights.values(exported.weights.slices().size() - 2)[4], Real(-0.5));
    QCOMPARE(cli({"import-weights", "out.safetensors", "-o", "again.safetensors"}).code, 0);
    QCOMPARE(contentOf(at("again.safetensors")), contentOf(at("half.safetensors")));

    const QString own = QString::fromStdString(testModel());
    QCOMPARE(cli({"export-weights", own, "-o", "own.safetensors"}).code, 0);
    QVERIFY(weightsAt("own.safetensors").weights.find("head.weight") != nullptr);
    QCOMPARE(cli({"import-weights", "own.safetensors", "-o", "copy.safetensors"}).code, 0);
    QCOMPARE(contentOf(at("copy.safetensors")), contentOf(own));
}

void TestCliWeights::shippedModelsAreListed() {
    const QString list = cli({"list"}).output;
    const QJsonArray models =
        QJsonDocument::fromJson(cli({"list", "--json"}).output.toUtf8()).object()["models"].toArray();
    QCOMPARE(static_cast<std::size_t>(models.size()), shippedModels().size());
    for (std::size_t i = 0; i < shippedModels().size(); ++i) {
        const std::string name(shippedModels()[i].name);
        const auto model = findModel(name);
        const QJsonObject entry = models[static_cast<qsizetype>(i)].toObject();
        QCOMPARE(entry["name"].toString().toStdString(), name);
        QCOMPARE(entry["weights"].toInteger(), static_cast<qint64>(model->weights.size()));
        const QJsonObject architecture = entry["architecture"].toObject();
        QCOMPARE(entry["prior"].toString(), model->ridge() ? "ridge" : "denoiser");
        if (model->ridge()) {
            QCOMPARE(architecture["filters"].toInt(), model->ridge()->filters);
        } else {
            QCOMPARE(architecture["channels"].toInt(), model->denoiser()->channels);
            QCOMPARE(architecture["width"].toInt(), model->denoiser()->width);
            QCOMPARE(architecture["depth"].toInt(), model->denoiser()->depth);
        }
        QVERIFY(list.contains(QString::fromStdString(name)) &&
                list.contains(QString::number(model->weights.size()) + " weights"));
    }
}

void TestCliWeights::refused_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<QStringList>("hints");
    const auto row = [](const char* line, int code, const QStringList& hints) {
        QTest::newRow(line) << line << code << hints;
    };
    row("import-weights", 2, {"FILE is missing", "--output is missing"});
    row("import-weights kair.safetensors", 2, {"--output is missing"});
    row("import-weights kair.safetensors -o kair.safetensors", 2, {"--output", "FILE", "same file"});
    row("import-weights kair.safetensors -o nowhere/x.safetensors", 2, {"--output", "nowhere"});
    row("import-weights none.safetensors -o x.safetensors", 3, {"FILE", "none.safetensors"});
    row("import-weights text.pth -o x.safetensors", 3, {"FILE", "text.pth", "safetensors"});
    row("import-weights other.safetensors -o x.safetensors", 3, {"FILE", "m_head.weight", "in_conv"});
    row("export-weights none -o x.safetensors", 3, {"MODEL", "none"});
    row("export-weights other.safetensors -o x.safetensors", 3, {"MODEL", "other.safetensors"});
    row("export-weights -o x.safetensors", 2, {"MODEL is missing"});
}

void TestCliWeights::refused() {
    QFETCH(QString, line);
    QFETCH(int, code);
    QFETCH(QStringList, hints);
    const CliResult result = cli(line.split(' '));
    QVERIFY2(result.code == code, qPrintable(result.output + result.errors));
    for (const QString& hint : hints) QVERIFY2(result.errors.contains(hint), qPrintable(result.errors));
    QVERIFY(result.output.isEmpty() && !QFile::exists(at("x.safetensors")));
    QCOMPARE(result.errors.trimmed().count('\n'), result.code == 3 ? 0 : result.errors.trimmed().count('\n'));
}

QTEST_GUILESS_MAIN(TestCliWeights)
#include "tst_cli_weights.moc"
