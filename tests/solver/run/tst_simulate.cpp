// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "solver/core/error.h"
#include "solver/core/vec.h"
#include "solver/image/metrics.h"
#include "solver/run/run_session.h"
#include "solver/run/simulate.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

Recipe with(std::initializer_list<std::pair<const char*, const char*>> entries) {
    Recipe recipe;
    for (const auto& [key, value] : entries) recipe.set(key, value);
    return recipe;
}

Recipe blur(const char* boundary, const char* kernel = "disk:radius=3") {
    return with({{"kernel", kernel}, {"boundary", boundary}});
}

QString refusal(const Recipe& recipe, const NoiseModel& noise) {
    try {
        simulate(scenePicture({1, 12, 12}), recipe, noise);
    } catch (const Error& error) {
        return QString::fromStdString(error.key()) + ": " + error.what();
    }
    return {};
}

double restored(const Simulation& made, Recipe recipe) {
    recipe.set("prior", "tv");
    recipe.set("prior.lambda", "3e-4");
    recipe.set("iterator", "drs");
    recipe.set("step", "30");
    recipe.set("max-iter", "300");
    RunSession session(recipe, {std::make_shared<const Image>(made.blurred.clone()),
                                std::make_shared<const Image>(made.sharp.clone())});
    while (!session.done()) session.step();
    return session.finish().psnr;
}

}  // namespace

class TestSimulate : public QObject {
    Q_OBJECT

 private slots:
    // A camera sees the part of the scene that no light from beyond it reaches: there all boundaries agree.
    void theCameraSeesAPartOfTheScene() {
        const Image scene = scenePicture({3, 40, 50});
        const Simulation camera = simulate(scene, blur("unknown"), {});
        const int rim = (50 - camera.blurred.width()) / 2;
        QVERIFY(rim >= 3);
        QVERIFY(camera.sharp.shape() == (Shape{3, 40 - 2 * rim, 50 - 2 * rim}));
        QCOMPARE(camera.sharp.at(2, 0, 0), scene.at(2, rim, rim));
        for (const char* boundary : {"periodic", "taper", "reflect"}) {
            const Simulation other = simulate(scene, blur(boundary), {});
            QVERIFY(other.blurred.shape() == scene.shape());
            const Image part = crop(other.blurred, rim, rim, 40 - 2 * rim, 50 - 2 * rim);
            QVERIFY(distanceSquared(part.samples(), camera.blurred.samples()) < 1e-8);
        }
    }

    void theConverterClipsAndRounds() {
        Image scene = scenePicture({1, 16, 16});
        scene.at(0, 3, 3) = 2;
        scene.at(0, 4, 4) = -1;
        const Image made = simulate(scene, blur("periodic", "box:size=1"), {.bits = 4}).blurred;
        QCOMPARE(made.at(0, 3, 3), Real(1));
        QCOMPARE(made.at(0, 4, 4), Real(0));
        for (std::size_t i = 0; i < made.size(); ++i) {
            const double level = 15 * static_cast<double>(made.samples()[i]);
            QVERIFY(std::abs(level - std::round(level)) < 1e-5);
            const double wanted = std::clamp(static_cast<double>(scene.samples()[i]), 0.0, 1.0);
            QVERIFY(std::abs(level / 15 - wanted) <= 0.5 / 15 + 1e-6);
        }
    }

    void refuses() {
        QVERIFY(refusal(blur("periodic"), {.bits = 17}).startsWith("bits: bits is 17"));
        QVERIFY(refusal(blur("unknown", "box:size=13"), {}).startsWith("kernel:"));
        QVERIFY(refusal(blur("periodic"), {.sigma = -1}).startsWith("noise-sigma:"));
    }

    // What the models are for: on what a camera shows the one that knows nothing beyond the rim is the best.
    void theUnknownBoundarySuitsACamera() {
        const Simulation made = simulate(scenePicture({1, 96, 96}), blur("unknown", "disk:radius=6"),
                                         {.sigma = 0.005, .seed = 3});
        const double unknown = restored(made, blur("unknown", "disk:radius=6"));
        const double taper = restored(made, blur("taper", "disk:radius=6"));
        const double periodic = restored(made, blur("periodic", "disk:radius=6"));
        QVERIFY2(unknown > taper + 0.5 && unknown > periodic + 3,
                 qPrintable(QString("%1 %2 %3").arg(unknown).arg(taper).arg(periodic)));
    }

    // Half of the highlight's light is lost in the data, which then deny it; ignored, they do not.
    void clippedSamplesAreBetterIgnored() {
        Image scene = scenePicture({1, 64, 64});
        for (int y = 20; y < 24; ++y)
            for (int x = 30; x < 36; ++x) scene.at(0, y, x) = 4;  // a lamp
        Simulation made = simulate(scene, blur("unknown", "disk:radius=4"), {.sigma = 0.002, .bits = 12});
        Recipe recipe = blur("unknown", "disk:radius=4");
        const double believed = restored(made, recipe);
        recipe.set("clip-level", "0.99");
        const double ignored = restored(made, recipe);
        QVERIFY2(ignored > believed + 0.5, qPrintable(QString("%1 %2").arg(ignored).arg(believed)));
    }

    // A mask given with the input stands for any damage.
    void aGivenMaskHidesDamage() {
        Simulation made = simulate(scenePicture({1, 64, 64}), blur("unknown"), {.sigma = 0.002});
        const Shape shape = made.blurred.shape();
        auto mask = std::make_shared<Image>(1, shape.height, shape.width);
        fill(mask->samples(), 1);
        auto damaged = std::make_shared<Image>(made.blurred.clone());
        for (int x = 10; x < 30; ++x) damaged->at(0, 20, x) = Real(x % 2), mask->at(0, 20, x) = 0;
        const auto sharp = std::make_shared<const Image>(made.sharp.clone());
        const auto psnrWith = [&](const std::shared_ptr<const Image>& given) {
            Recipe recipe = blur("unknown");
            recipe.set("prior.lambda", "3e-4");
            recipe.set("max-iter", "200");
            RunSession session(recipe, {damaged, sharp, nullptr, given});
            while (!session.done()) session.step();
            return session.finish().psnr;
        };
        const double without = psnrWith(nullptr), with = psnrWith(mask);
        QVERIFY2(with > without + 3, qPrintable(QString("%1 %2").arg(with).arg(without)));
    }
};

QTEST_APPLESS_MAIN(TestSimulate)
#include "tst_simulate.moc"
