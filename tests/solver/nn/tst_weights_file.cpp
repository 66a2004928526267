// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <limits>

#include "solver/core/error.h"
#include "solver/nn/weights_file.h"

using namespace stillpoint;

namespace {

WeightsFile sample() {
    WeightsFile file;
    file.weights.add("b.weight", {2, 1, 3, 3});
    file.weights.add("a.bias", {2});
    for (std::size_t k = 0; k < file.weights.size(); ++k)
        file.weights.values()[k] = static_cast<Real>(k) / 8 - 1;
    file.texts = {{"network", "denoiser"}, {"recipe", "as \"it\" was\n"}};
    return file;
}

std::vector<std::byte> bytesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray all = file.readAll();
    const auto* begin = reinterpret_cast<const std::byte*>(all.data());
    return {begin, begin + all.size()};
}

// A safetensors file from a header and numbers, to be wrong in any way.
std::vector<std::byte> made(const std::string& header, const std::vector<std::byte>& data) {
    std::vector<std::byte> bytes(8 + header.size());
    const std::uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

template <class T>
std::vector<std::byte> rawOf(std::vector<T> values) {
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

QString faultOf(const std::vector<std::byte>& bytes) {
    try {
        readWeights(bytes, "picked.safetensors");
    } catch (const Error& error) {
        return error.key() == "model" ? QString(error.what())
                                      : "wrong key: " + QString::fromStdString(error.key());
    }
    return {};
}

}  // namespace

class TestWeightsFile : public QObject {
    Q_OBJECT

 private slots:
    void init() { QVERIFY(folder_.isValid()); }

    void comesBackAsItWas() {
        const WeightsFile file = sample();
        writeWeights(path(), file);
        const WeightsFile read = readWeights(path());
        QVERIFY(read.weights.slices() == file.weights.slices());
        QVERIFY(std::equal(read.weights.values().begin(), read.weights.values().end(),
                           file.weights.values().begin()));
        for (const auto& [key, text] : file.texts) QCOMPARE(read.texts.at(key), text);
        QCOMPARE(read.texts.at("checksum").size(), std::size_t{16});
        QVERIFY(!QFile::exists(QString::fromStdString(path()) + ".new"));
    }

    void readsOtherNumbers() {
        const auto one = [](const QString& type, std::vector<std::byte> data) {
            const std::string header = QString(R"({"w":{"dtype":"%1","shape":[2],"data_offsets":[0,%2]}})")
                                           .arg(type)
                                           .arg(data.size())
                                           .toStdString();
            return readWeights(made(header, data), "one").weights;
        };
        const Weights all[] = {one("F32", rawOf<float>({0.5F, -3})), one("F64", rawOf<double>({0.5, -3})),
                               one("F16", rawOf<std::uint16_t>({0x3800, 0xc200})),
                               one("BF16", rawOf<std::uint16_t>({0x3f00, 0xc040}))};
        for (const Weights& weights : all) {
            QCOMPARE(weights.size(), std::size_t{2});
            QCOMPARE(weights.values()[0], Real{0.5});
            QCOMPARE(weights.values()[1], Real{-3});
        }
        const Weights small = one("F16", rawOf<std::uint16_t>({0x0001, 0x8000}));
        QCOMPARE(static_cast<double>(small.values()[0]), std::ldexp(1.0, -24));
        QCOMPARE(small.values()[1], Real{0});
    }

    void everyCutIsRefused() {
        writeWeights(path(), sample());
        const auto whole = bytesOf(QString::fromStdString(path()));
        QVERIFY(faultOf(whole).isEmpty());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const QString fault = faultOf({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
            QVERIFY2(fault.contains("picked.safetensors"), qPrintable(QString::number(size)));
        }
    }

    void everyDamagedByteOfTheNumbersIsRefused() {
        writeWeights(path(), sample());
        const auto whole = bytesOf(QString::fromStdString(path()));
        for (std::size_t k = whole.size() - 4 * sample().weights.size(); k < whole.size(); ++k) {
            auto damaged = whole;
            damaged[k] ^= std::byte{16};
            QVERIFY(!faultOf(damaged).isEmpty());
        }
    }

    void damagedHeadersNeverCrash() {
        writeWeights(path(), sample());
        const auto whole = bytesOf(QString::fromStdString(path()));
        for (std::size_t k = 0; k < whole.size() - 4 * sample().weights.size(); ++k)
            for (const unsigned bit : {1U, 8U, 128U}) {
                auto damaged = whole;
                damaged[k] ^= static_cast<std::byte>(bit);
                faultOf(damaged);  // refused, or a name that is spelled differently
            }
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("word");
        QTest::newRow("not JSON") << "hello"
                                  << "JSON";
        QTest::newRow("a list") << "[1]"
                                << "JSON";
        QTest::newRow("no shape") << R"({"w":{"dtype":"F32","data_offsets":[0,8]}})"
                                  << "shape";
        QTest::newRow("negative shape") << R"({"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})"
                                        << "shape";
        QTest::newRow("huge shape")
            << R"({"w":{"dtype":"F32","shape":[999999,999999,999999],"data_offsets":[0,8]}})"
            << "shape";
        QTest::newRow("whole numbers") << R"({"w":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})"
                                       << "I64";
        QTest::newRow("no offsets") << R"({"w":{"dtype":"F32","shape":[2]}})"
                                    << "offsets";
        QTest::newRow("backwards") << R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})"
                                   << "cut off";
        QTest::newRow("beyond") << R"({"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})"
                                << "cut off";
        QTest::newRow("too short") << R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})"
                                   << "size";
        QTest::newRow("an entry of text") << R"({"w":"F32"})"
                                          << "damaged";
        QTest::newRow("wrong checksum")
            << R"({"__metadata__":{"checksum":"0"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})"
            << "checksum";
    }
    void saysWhatIsWrong() {
        QFETCH(QString, header);
        QFETCH(QString, word);
        const QString fault = faultOf(made(header.toStdString(), rawOf<float>({1, 2})));
        QVERIFY2(fault.contains(word) && fault.contains("picked.safetensors"), qPrintable(fault));
    }

    void numbersMustBeFinite() {
        const std::string header = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
        QVERIFY(faultOf(made(header, rawOf<float>({1, std::numeric_limits<float>::quiet_NaN()})))
                    .contains("finite"));
    }

    void aFailedWriteLeavesTheOldFile() {
        writeWeights(path(), sample());
        const auto before = bytesOf(QString::fromStdString(path()));
        QVERIFY(QDir().mkpath(QString::fromStdString(path()) + ".new"));  // nothing can be written beside it
        QVERIFY_THROWS_EXCEPTION(Error, writeWeights(path(), sample()));
        QVERIFY(bytesOf(QString::fromStdString(path())) == before);
        QVERIFY(QDir(QString::fromStdString(path()) + ".new").removeRecursively());
        QVERIFY_THROWS_EXCEPTION(Error, readWeights(path() + ".none"));
    }

 private:
    std::string path() const { return folder_.filePath("model.safetensors").toStdString(); }
    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(TestWeightsFile)
#include "tst_weights_file.moc"
