// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "solver/core/error.h"
#include "ui/io/kernel_source.h"
#include "ui/samples/samples.h"
#include "ui/samples/scenes.h"

using namespace stillpoint;

class TestSamples : public QObject {
    Q_OBJECT

    QTemporaryDir home_;

 private slots:
    void initTestCase();
    void everySampleLoads();
    void idsAreUniqueAndFound();
    void chartHasEdgesAndGreys();
    void leavesAreTheSameForASeed();
    void leavesHaveManyScales();
    void photographsOfTheUsersFolder();
    void damagedPhotographSaysSo();
    void thumbnails();
};

/// A pictures folder of our own, with a wide photograph, a tall one turned by its tag, an icon and a text.
void TestSamples::initTestCase() {
    QDir(home_.path()).mkpath("pictures/trip");
    QDir(home_.path()).mkpath("config");
    QFile dirs(home_.filePath("config/user-dirs.dirs"));
    QVERIFY(dirs.open(QIODevice::WriteOnly));
    dirs.write("XDG_PICTURES_DIR=\"" + home_.filePath("pictures").toUtf8() + "\"\n");
    dirs.close();
    qputenv("XDG_CONFIG_HOME", home_.filePath("config").toUtf8());
    QImage wide(1600, 900, QImage::Format_RGB32);
    wide.fill(QColor(40, 90, 160));
    QVERIFY(wide.save(home_.filePath("pictures/Mountain lake.jpg")));
    QVERIFY(wide.scaled(300, 640).save(home_.filePath("pictures/trip/Tower.png")));
    QVERIFY(wide.scaled(48, 48).save(home_.filePath("pictures/icon.png")));
    QFile broken(home_.filePath("pictures/Torn.jpg"));
    QFile whole(home_.filePath("pictures/Mountain lake.jpg"));
    QVERIFY(broken.open(QIODevice::WriteOnly) && whole.open(QIODevice::ReadOnly));
    broken.write(whole.readAll().left(700));
}

void TestSamples::everySampleLoads() {
    for (const SampleInfo& sample : samples(0)) {
        const Picture picture = sample.load();
        QVERIFY(picture.width() >= 512 && picture.height() >= 512);
        QVERIFY(picture.width() <= 768 && picture.height() <= 768);
        QVERIFY(!sample.title.isEmpty() && !sample.description.isEmpty() && !picture.name.isEmpty());
        QVERIFY(sample.noiseSigma > 0 && sample.noiseSigma < 0.1);
        const Kernel kernel = kernelFromSpec(sample.kernel);
        QVERIFY(kernel.pixels.width() < picture.width() / 8);
        for (const Real value : picture.image->samples()) QVERIFY(value >= 0 && value <= 1);
    }
}

void TestSamples::idsAreUniqueAndFound() {
    std::set<QString> ids;
    for (const SampleInfo& sample : samples()) {
        QVERIFY2(ids.insert(sample.id).second, qPrintable(sample.id));
        QCOMPARE(findSample(sample.id).title, sample.title);
    }
    QVERIFY(ids.contains("chart") && ids.contains("leaves"));
    try {
        findSample("nothing");
        QFAIL("an unknown sample was found");
    } catch (const Error& error) {
        QVERIFY(QString(error.what()).contains("nothing") && QString(error.what()).contains("chart"));
    }
}

void TestSamples::chartHasEdgesAndGreys() {
    const Picture chart = resolutionChart();
    QCOMPARE(chart.channels(), 1);
    // The wedge runs from black to white; somewhere there is every grey.
    std::array<int, 16> counts{};
    for (const Real value : chart.image->samples())
        ++counts[std::min<std::size_t>(15, static_cast<std::size_t>(double(value) * 16))];
    for (const int count : counts) QVERIFY(count > 500);
    // Fine detail: many steep steps between neighbours.
    int steep = 0;
    for (int y = 0; y < chart.height(); ++y)
        for (int x = 1; x < chart.width(); ++x)
            if (std::abs(chart.image->at(0, y, x) - chart.image->at(0, y, x - 1)) > Real(0.4)) ++steep;
    QVERIFY(steep > 5000);
}

void TestSamples::leavesAreTheSameForASeed() {
    const Picture a = deadLeaves(3);
    const Picture b = deadLeaves(3);
    const Picture c = deadLeaves(4);
    QVERIFY(std::ranges::equal(a.image->samples(), b.image->samples()));
    QVERIFY(!std::ranges::equal(a.image->samples(), c.image->samples()));
    QCOMPARE(a.channels(), 3);
}

// Scale invariance: the variance of differences grows slowly with the distance, as in photographs (slope 0
// would be noise, slope 2 a smooth ramp).
void TestSamples::leavesHaveManyScales() {
    const Picture scene = deadLeaves();
    const auto variance = [&scene](int distance) {
        double sum = 0;
        long count = 0;
        for (int y = 0; y < scene.height(); y += 2)
            for (int x = distance; x < scene.width(); ++x, ++count) {
                const double d =
                    double(scene.image->at(1, y, x)) - double(scene.image->at(1, y, x - distance));
                sum += d * d;
            }
        return sum / static_cast<double>(count);
    };
    const double slope = std::log(variance(16) / variance(2)) / std::log(8.0);
    QVERIFY2(slope > 0.15 && slope < 0.9, qPrintable(QString::number(slope)));
}

void TestSamples::photographsOfTheUsersFolder() {
    const QString wide = "photo:Mountain lake";
    const QString tall = "photo:Tower";
    const auto list = samples(1000);
    const auto has = [&list](const QString& id) {
        return std::ranges::any_of(list, [&id](const SampleInfo& sample) { return sample.id == id; });
    };
    QVERIFY(has(wide) && has(tall) && !has("photo:icon"));
    for (const SampleInfo& sample : list) {
        if (sample.id == wide) QCOMPARE(sample.load().image->shape(), (Shape{3, 432, 768}));
        if (sample.id == tall) QCOMPARE(sample.load().image->shape(), (Shape{3, 640, 300}));
    }
    const auto some = samples(1);
    QCOMPARE(some.size(), samples(0).size() + 1);
}

void TestSamples::damagedPhotographSaysSo() {
    for (const SampleInfo& sample : samples(1000)) {
        if (sample.id != "photo:Torn") continue;
        try {
            sample.load();
            QFAIL("a torn photograph was loaded");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("Torn.jpg"));
        }
        return;
    }
    QFAIL("the torn photograph is not in the list");
}

void TestSamples::thumbnails() {
    for (const SampleInfo& sample : samples(0)) {
        const QImage small = thumbnail(sample, {160, 120});
        QCOMPARE(small.size(), QSize(160, 120));
        QVERIFY(qGray(small.pixel(80, 60)) > 0 || qGray(small.pixel(20, 20)) > 0);
    }
}

int main(int argc, char** argv) {
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication application(argc, argv);
    TestSamples test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_samples.moc"
