// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/sweep.h"

#include <QTest>
#include <cmath>

#include "solver/run/problem.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

std::vector<std::string> values(const char* text, const Recipe& recipe = {}) {
    return parseSweepAxis(text, recipe).values;
}

using Texts = std::vector<std::string>;

}  // namespace

class TestSweep : public QObject {
    Q_OBJECT

 private slots:
    void ranges() {
        QCOMPARE(values("anderson.history=0..3"), (Texts{"0", "1", "2", "3"}));
        QCOMPARE(values("anderson.history=2..9:3"), (Texts{"2", "5", "8"}));
        QCOMPARE(values("anderson.beta=0.2..1.4:0.3"), (Texts{"0.2", "0.5", "0.8", "1.1", "1.4"}));
        QCOMPARE(values("prior.lambda=0.001..0.1:x10"), (Texts{"0.001", "0.01", "0.1"}));
        QCOMPARE(values("anderson.beta=0.5..0.5"), (Texts{"0.5"}));
        QCOMPARE(values("anderson.beta=0.2..1").size(), std::size_t{9});
        const auto logarithmic = values("prior.lambda=0.0001..0.01");
        QCOMPARE(logarithmic.size(), std::size_t{9});
        QCOMPARE(logarithmic[4], std::string("0.001"));
        QCOMPARE(logarithmic.back(), std::string("0.01"));
    }

    void lists() {
        QCOMPARE(values("prior=tv,none"), (Texts{"tv", "none"}));
        QCOMPARE(values("anderson.enabled=true,false"), (Texts{"true", "false"}));
        QCOMPARE(values("kernel=motion:length=9,angle=30;disk:radius=2"),
                 (Texts{"motion:length=9,angle=30", "disk:radius=2"}));
        Recipe tikhonov;
        tikhonov.set("iterator", "gd");
        QCOMPARE(values("step=0.5,1", tikhonov), (Texts{"0.5", "1"}));
    }

    void faultsAreNamed_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("hint");
        const auto row = [](const char* text, const char* hint) { QTest::newRow(text) << text << hint; };
        row("anderson.history", "KEY=VALUES");
        row("=3", "KEY=VALUES");
        row("anderson.history=", "KEY=VALUES");
        row("histories=1..2", "no parameter");
        row("anderson.history=0..99", "0 to 30");
        row("anderson.history=0..x", "not a range");
        row("anderson.beta=1..0.5", "goes down");
        row("anderson.beta=0.5..1:0", "step above 0");
        row("anderson.beta=0.5..1:x1", "factor above 1");
        row("prior.lambda=0..1:x2", "range above 0");
        row("prior=tv,nothing", "nothing");
        row("prior=tv,tv", "more than once");
        row("prior.lambda=0.0001..1:0.0001", "1000");
    }
    void faultsAreNamed() {
        QFETCH(QString, text);
        QFETCH(QString, hint);
        try {
            parseSweepAxis(text.toStdString(), {});
            QFAIL("accepted");
        } catch (const Error& error) {
            QCOMPARE(QString::fromStdString(error.key()), "over");
            QVERIFY2(QString(error.what()).contains(hint), error.what());
        }
    }

    void gridCountsTheLastAxisFastest() {
        const SweepGrid grid(
            {}, {parseSweepAxis("anderson.history=3..4", {}), parseSweepAxis("anderson.beta=0.5,0.7,1", {})});
        QCOMPARE(grid.size(), std::size_t{6});
        QCOMPARE(grid.values(4), (Texts{"4", "0.7"}));
        const Recipe recipe = grid.recipe(4, 0.01);
        QCOMPARE(*recipe.find("anderson.history"), std::string("4"));
        QVERIFY(recipe.find("prior.lambda").has_value());  // suggested for the noise
        QVERIFY_THROWS_EXCEPTION(Error, SweepGrid({}, {}));
        QVERIFY_THROWS_EXCEPTION(Error, SweepGrid({}, {parseSweepAxis("anderson.history=3..4", {}),
                                                       parseSweepAxis("anderson.history=5..6", {})}));
    }

    void aPointRunsToItsEnd() {
        const auto picture = std::make_shared<Image>(randomPicture({1, 16, 18}, 3));
        Recipe recipe;
        recipe.set("kernel", "box:size=3");
        recipe.set("max-iter", "7");
        recipe.set("tolerance", "0");
        const auto result = runSweepPoint(recipe, {picture, picture}, {});
        QVERIFY(result.has_value());
        QCOMPARE(QString::fromStdString(result->status), "limit");
        QCOMPARE(result->iterations, 7);
        QVERIFY(std::isfinite(result->psnr) && result->seconds > 0);
        QVERIFY(std::isnan(metricOf(*result, SweepMetric::iterations)));  // it did not converge
        QVERIFY(!std::isnan(metricOf(*result, SweepMetric::psnr)));

        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!runSweepPoint(recipe, {picture, nullptr}, {}, stop.get_token()));

        recipe.set("prior", "l1");
        recipe.set("iterator", "gd");
        const auto invalid = runSweepPoint(recipe, {picture, nullptr}, {});
        QCOMPARE(QString::fromStdString(invalid->status), "invalid");
        QVERIFY(!invalid->message.empty());
    }

    void rowsSurviveTheFile() {
        SweepResult result;
        result.status = "converged";
        result.iterations = 12;
        result.evaluations = 15;
        result.residual = 1.25e-6;
        result.seconds = 0.5;
        const std::string row = sweepRow({"motion:length=9,angle=30", "3"}, result, "0123456789abcdef");
        QVERIFY(row.starts_with("\"motion:length=9,angle=30\",3,converged,12,15,"));
        QVERIFY(row.ends_with(",,0123456789abcdef\n"));
        const auto back = readSweepRow(std::string_view(row).substr(0, row.size() - 1));
        QVERIFY(back.has_value());
        QCOMPARE(back->run, std::string("0123456789abcdef"));
        QCOMPARE(back->result.iterations, 12);
        QCOMPARE(back->result.evaluations, 15L);
        QCOMPARE(back->result.residual, 1.25e-6);
        QVERIFY(std::isnan(back->result.psnr));
        QVERIFY(!readSweepRow("3,converged,12,15,1e-6,0.5,,0123456"));  // cut off
        QVERIFY(!readSweepRow(""));
    }

    void checksumKnowsAllThatDecides() {
        const auto a = std::make_shared<Image>(randomPicture({1, 8, 8}, 1));
        const auto b = std::make_shared<Image>(randomPicture({1, 8, 8}, 2));
        const Kernel box = makeKernel("box:size=3"), disk = makeKernel("disk:radius=1");
        Recipe recipe;
        const std::string one = sweepChecksum(recipe, {a, nullptr}, box);
        QCOMPARE(one, sweepChecksum(recipe, {std::make_shared<Image>(a->clone()), nullptr}, box));
        QVERIFY(one != sweepChecksum(recipe, {b, nullptr}, box));
        QVERIFY(one != sweepChecksum(recipe, {a, b}, box));
        QVERIFY(one != sweepChecksum(recipe, {a, nullptr}, disk));
        recipe.set("step", "1.5");
        QVERIFY(one != sweepChecksum(recipe, {a, nullptr}, box));
    }

    void betterKnowsTheDirection() {
        QVERIFY(better(3, 4, SweepMetric::iterations) && !better(4, 3, SweepMetric::seconds));
        QVERIFY(better(30, 29, SweepMetric::psnr));
        QVERIFY(better(3, kNotMeasured, SweepMetric::iterations));
        QVERIFY(!better(kNotMeasured, kNotMeasured, SweepMetric::iterations));
        QVERIFY(!better(kNotMeasured, 3, SweepMetric::psnr));
    }
};

QTEST_APPLESS_MAIN(TestSweep)
#include "tst_sweep.moc"
