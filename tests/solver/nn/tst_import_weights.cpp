// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/import_weights.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "solver/core/error.h"
#include "tests/support/golden.h"
#include "tests/support/networks.h"

using namespace stillpoint;
using Body = DenoiserArchitecture::Body;

namespace {

struct Layer {
    std::string name;
    int in, out;
    bool bias = true;
};

// Foreign weights: small numbers, different ones everywhere.
WeightsFile foreign(const std::vector<Layer>& layers) {
    WeightsFile file;
    for (const Layer& layer : layers) {
        file.weights.add(layer.name + ".weight", {layer.out, layer.in, 3, 3});
        if (layer.bias) file.weights.add(layer.name + ".bias", {layer.out});
    }
    for (std::size_t k = 0; k < file.weights.size(); ++k)
        file.weights.values()[k] = static_cast<Real>(k % 97) / 97 - Real(0.4);
    return file;
}

WeightsFile dncnn(int channels, bool bias = true) {
    return foreign({{"in_conv", channels, 4, bias},
                    {"conv_list.0", 4, 4, bias},
                    {"conv_list.1", 4, 4, bias},
                    {"out_conv", 4, channels, bias}});
}

QString faultOf(WeightsFile file) {
    try {
        importDenoiser(std::move(file), "picked.safetensors");
    } catch (const Error& error) {
        return error.key() == "model" ? QString(error.what())
                                      : "wrong key: " + QString::fromStdString(error.key());
    }
    return {};
}

bool same(const Weights& a, const Weights& b) {
    return a.slices() == b.slices() && std::ranges::equal(a.values(), b.values());
}

// The weights of a golden file under the names of one of the programs.
WeightsFile goldenFile(const QJsonObject& given, const std::vector<std::string>& names, Real lastSign) {
    const char* theirs[] = {"in_conv", "conv_list.0", "out_conv"};
    WeightsFile file;
    for (std::size_t layer = 0; layer < 3; ++layer)
        for (const char* part : {".weight", ".bias"}) {
            const GoldenArray values = goldenArray(given, QString(theirs[layer]) + part);
            const std::size_t slice = file.weights.add(names[layer] + part, values.shape);
            std::ranges::transform(values.data, file.weights.values(slice).begin(), [&](double value) {
                return (layer == 2 ? lastSign : Real{1}) * static_cast<Real>(value);
            });
        }
    return file;
}

}  // namespace

class TestImportWeights : public QObject {
    Q_OBJECT

 private slots:
    void golden_data() {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<int>("lastSign");
        QTest::newRow("added") << QStringList{"in_conv", "conv_list.0", "out_conv"} << 1;
        QTest::newRow("subtracted") << QStringList{"model.0", "model.2", "model.4"} << -1;
    }
    // Through a file, as a user imports it.
    void golden() {
        QFETCH(QStringList, names);
        QFETCH(int, lastSign);
        const QTemporaryDir folder;
        const std::string path = folder.filePath("foreign.safetensors").toStdString();
        std::vector<std::string> layers;
        for (const QString& layer : names) layers.push_back(layer.toStdString());
        const QJsonObject file = readGolden(goldenFiles("dncnn_tiny.json").value(0));
        for (const QString key : {"c1", "c3"}) {
            const QJsonObject problem = file[key].toObject();
            writeWeights(path,
                         goldenFile(problem["weights"].toObject(), layers, static_cast<Real>(lastSign)));
            const Model model = importDenoiser(readWeights(std::filesystem::path(path)), path);
            const GoldenArray x = goldenArray(problem, "x");
            QVERIFY((*model.denoiser() == DenoiserArchitecture{Body::plain, x.shape[1], 4, 3, false, 0}));
            DenoiserNetwork network(*model.denoiser(), x.pictureShape());
            network.setWeights(model.weights);
            Image out(x.pictureShape());
            for (int b = 0; b < x.batch(); ++b) {
                network.apply(x.picture(b).samples(), 0, out.samples(), DenoiserNetwork::Keep::nothing);
                // The file's numbers are floats, in the double build too.
                QVERIFY(relativeDifference(out.samples(), goldenArray(problem, "output").entry(b)) < 5e-5);
            }
        }
    }

    void thereAndBack() {
        for (const int channels : {1, 3}) {
            WeightsFile file = dncnn(channels);
            file.texts["data"] = "where it was trained";
            const Model model = importDenoiser(file, "file");
            QCOMPARE(model.texts.at("data"), std::string("where it was trained"));
            WeightsFile back = exportDenoiser(model);
            QVERIFY(same(back.weights, file.weights));
            // How it is best used is worth keeping.
            QCOMPARE(back.texts.erase("level") + back.texts.erase("balance"), std::size_t{2});
            QVERIFY(back.texts == file.texts);
            const Model again = importDenoiser(back, "file");
            QVERIFY(again.architecture == model.architecture && same(again.weights, model.weights));
        }
    }

    void missingBiasesAreZero() {
        const WeightsFile file = dncnn(1, false);
        const Model model = importDenoiser(file, "file");
        const Weights::Slice& bias = *model.weights.find("layers.2.bias");
        for (std::size_t k = 0; k < bias.size; ++k)
            QCOMPARE(model.weights.values()[bias.offset + k], Real{0});
        const Weights::Slice& filters = *model.weights.find("layers.0.weight");
        QCOMPARE(model.weights.values()[filters.offset + 5], file.weights.values()[5]);
    }

    void theShallowestNetwork() {
        const Model model = importDenoiser(foreign({{"in_conv", 3, 8}, {"out_conv", 8, 3}}), "file");
        QCOMPARE(model.denoiser()->depth, 2);
        QCOMPARE(model.denoiser()->width, 8);
    }

    void oursAreChecked() {
        Model model;
        model.architecture = DenoiserArchitecture{Body::residual, 3, 8, 4, true, 5};
        model.weights = randomWeights(*model.denoiser());
        const WeightsFile file = fileOf(model);
        QVERIFY(same(importDenoiser(file, "file").weights, file.weights));
        QVERIFY(same(exportDenoiser(model).weights, file.weights));  // its own names
        QVERIFY(exportDenoiser(model).texts == file.texts);
        WeightsFile wrong = file;
        wrong.texts["depth"] = "6";
        QVERIFY(faultOf(wrong).contains("picked.safetensors"));
    }

    void aPlainBodyWithMoreKeepsItsNames() {
        Model model;
        model.architecture = DenoiserArchitecture{Body::plain, 1, 8, 3, true, 5};
        model.weights = randomWeights(*model.denoiser());
        const WeightsFile file = exportDenoiser(model);
        QVERIFY(same(importDenoiser(file, "file").weights, model.weights));
    }

    void refusals_data() {
        QTest::addColumn<std::vector<Layer>>("layers");
        QTest::addColumn<QString>("hint");
        const auto row = [](const char* title, const std::vector<Layer>& layers, const char* hint) {
            QTest::newRow(title) << layers << hint;
        };
        row("nothing", {}, "no arrays");
        row("other names", {{"m_head", 3, 8}, {"m_tail", 8, 3}}, "'m_head.weight'");
        row("no end", {{"in_conv", 3, 8}, {"conv_list.0", 8, 8}}, "'out_conv.weight' is missing");
        row("a gap", {{"in_conv", 3, 8}, {"conv_list.1", 8, 8}, {"out_conv", 8, 3}}, "'conv_list.1.weight'");
        row("odd numbers", {{"model.0", 1, 8}, {"model.2", 8, 8}, {"model.5", 8, 1}}, "'model.5.weight'");
        row("a single layer", {{"model.0", 1, 1}}, "single convolution");
        row("two channels", {{"in_conv", 2, 8}, {"out_conv", 8, 2}}, "8 x 2 x 3 x 3");
        row("a noise map", {{"model.0", 4, 8}, {"model.2", 8, 3}}, "1 or 3 channels");
        row("other output", {{"in_conv", 3, 8}, {"out_conv", 8, 1}}, "needed is 3 x 8 x 3 x 3");
        row("other width", {{"in_conv", 3, 8}, {"conv_list.0", 8, 9}, {"out_conv", 9, 3}},
            "needed is 8 x 8 x 3 x 3");
        row("too wide", {{"in_conv", 1, 1025}, {"out_conv", 1025, 1}}, "1 to 1024");
    }
    void refusals() {
        QFETCH(std::vector<Layer>, layers);
        QFETCH(QString, hint);
        const QString fault = faultOf(foreign(layers));
        QVERIFY2(fault.contains(hint) && fault.contains("picked.safetensors"), qPrintable(fault));
    }

    void otherArraysAreRefused() {
        WeightsFile norm = dncnn(3);
        norm.weights.add("bn.1.weight", {4});
        QVERIFY(faultOf(norm).contains("'bn.1.weight'"));
        norm.weights.add("bn.1.running_mean", {4});
        QVERIFY(faultOf(norm).contains("batch normalisation"));
        WeightsFile bias;
        bias.weights.add("in_conv.weight", {4, 3, 3, 3});
        bias.weights.add("in_conv.bias", {3});
        bias.weights.add("out_conv.weight", {3, 4, 3, 3});
        QVERIFY(faultOf(bias).contains("'in_conv.bias' is 3; needed is 4"));
        for (const std::vector<int>& shape : {std::vector<int>{4}, {4, 3, 5, 5}, {4, 3, 3}, {}}) {
            WeightsFile flat;
            flat.weights.add("in_conv.weight", shape);
            flat.weights.add("out_conv.weight", {3, 4, 3, 3});
            QVERIFY2(faultOf(flat).contains("filters of 3 x 3"), qPrintable(faultOf(flat)));
        }
    }
};

QTEST_GUILESS_MAIN(TestImportWeights)
#include "tst_import_weights.moc"
