// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/evaluate.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "solver/image/metrics.h"
#include "solver/nn/models.h"
#include "solver/run/run_session.h"
#include "solver/run/simulate.h"
#include "tests/support/networks.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

std::shared_ptr<const Kernel> kernel(const char* spec) {
    return std::make_shared<const Kernel>(makeKernel(spec));
}

// Scenes of different sizes, and two kernels.
EvaluationSet smallSet(std::size_t pictures) {
    EvaluationSet set;
    set.pictures = pictures;
    set.picture = [](std::size_t index) {
        return std::make_shared<const Image>(scenePicture({1, 24, 20 + 2 * static_cast<int>(index)}));
    };
    set.kernels = {kernel("gaussian:sigma=1"), kernel("box:size=3")};
    return set;
}

EvaluationParams params() {
    EvaluationParams params;
    params.recipe.set("prior", "tikhonov");
    params.recipe.set("max-iter", "60");
    params.noiseSigma = 0.01;
    params.seed = 7;
    params.threads = 1;
    return params;
}

// PSNR and SSIM of a clipped copy.
std::pair<double, double> metricsOf(const Image& estimate, const Image& sharp) {
    Image clipped = estimate.clone();
    for (Real& sample : clipped.samples()) sample = std::clamp(sample, Real{0}, Real{1});
    return {psnr(clipped, sharp), ssim(clipped, sharp)};
}

}  // namespace

class TestEvaluate : public QObject {
    Q_OBJECT

 private slots:
    void runsAreThoseOfASession() {
        const EvaluationSet set = smallSet(2);
        const auto runs = evaluate(set, params());
        QCOMPARE(runs.size(), std::size_t{4});
        for (std::size_t i = 0; i < runs.size(); ++i) {
            QCOMPARE(runs[i].picture, i / 2);
            QCOMPARE(runs[i].kernel, i % 2);
            QVERIFY(runs[i].psnr > runs[i].psnrInput && runs[i].seconds > 0);
        }
        const EvaluationRun& last = runs.back();
        const auto sharp = set.picture(1);
        const KernelSource source = [&](const std::string&) { return set.kernels[1]->clone(); };
        const auto blurred =
            std::make_shared<const Image>(simulateBlur(*sharp, {}, 0.01, evaluationSeed(7, 1, 1), source));
        RunOptions options;
        options.threads = 1;
        options.kernelSource = source;
        RunSession session(evaluationRecipe(params()), {blurred, sharp}, options);
        while (!session.done()) session.step();
        const auto [expectedPsnr, expectedSsim] = metricsOf(session.estimate(), *sharp);
        QCOMPARE(last.psnrInput, psnr(*blurred, *sharp));
        QCOMPARE(last.psnr, expectedPsnr);
        QCOMPARE(last.ssim, expectedSsim);
        QCOMPARE(last.iterations, session.record().summary.iterations);
        QCOMPARE(last.status, std::string(name(session.record().summary.status)));
        QCOMPARE(last.megapixels, 1e-6 * 24 * 22);
    }

    void noiseDoesNotDependOnTheNumberOfPictures() {
        const auto few = evaluate(smallSet(1), params()), more = evaluate(smallSet(3), params());
        for (std::size_t i = 0; i < few.size(); ++i) {
            QCOMPARE(few[i].seed, more[i].seed);
            QCOMPARE(few[i].psnrInput, more[i].psnrInput);
            QCOMPARE(few[i].psnr, more[i].psnr);
        }
        std::set<std::uint64_t> seeds;
        for (std::uint64_t seed : {0U, 1U})
            for (std::size_t picture = 0; picture < 20; ++picture)
                for (std::size_t k = 0; k < 20; ++k) seeds.insert(evaluationSeed(seed, picture, k));
        QCOMPARE(seeds.size(), std::size_t{800});
        QVERIFY(*seeds.rbegin() < std::uint64_t{1} << 52U);
    }

    void suggestionsAreForTheNoise() {
        EvaluationParams given = params();
        QVERIFY(evaluationRecipe(given).find("prior.lambda").has_value());
        QVERIFY(!evaluationRecipe(given).find("kernel").has_value());
        given.recipe.set("prior.lambda", "0.25");
        QCOMPARE(*evaluationRecipe(given).find("prior.lambda"), std::string("0.25"));
        given.task = EvaluationTask::denoise;
        QCOMPARE(*evaluationRecipe(given).find("kernel"), std::string("box:size=1"));
        given.recipe.set("prior", "denoiser");
        QCOMPARE(*evaluationRecipe(given).find("prior.sigma"), std::string("0.01"));
        given.recipe.set("prior.sigma", "0.05");
        QCOMPARE(*evaluationRecipe(given).find("prior.sigma"), std::string("0.05"));
        given.recipe.erase("prior.sigma");
        given.noiseSigma = 0;  // the network is told no less than its range allows
        QCOMPARE(parseDouble(*evaluationRecipe(given).find("prior.sigma")).value_or(0), 1e-4);
    }

    void denoisesByTotalVariation() {
        EvaluationParams given = params();
        given.task = EvaluationTask::denoise;
        given.noiseSigma = 0.1;
        given.recipe = {};
        given.recipe.set("prior.lambda", "0.05");
        EvaluationSet set = smallSet(2);
        set.kernels.clear();
        const auto runs = evaluate(set, given);
        QCOMPARE(runs.size(), std::size_t{2});
        for (const EvaluationRun& run : runs) {
            QVERIFY2(run.psnr > run.psnrInput + 0.5, qPrintable(QString::number(run.psnr - run.psnrInput)));
            QCOMPARE(run.kernel, std::size_t{0});
            QVERIFY(std::abs(run.psnrInput - 20) < 1);  // noise alone, a little of it clipped
        }
    }

    void appliesADenoiserOnce() {
        EvaluationParams given = params();
        given.task = EvaluationTask::denoise;
        given.noiseSigma = 0.1;
        given.recipe = {};
        given.recipe.set("prior", "denoiser");
        given.recipe.set("prior.model", testModel());
        const EvaluationSet set = smallSet(2);
        const auto runs = evaluate(set, given);
        QCOMPARE(runs.size(), std::size_t{2});
        const auto model = findModel(testModel());
        const auto sharp = set.picture(1);
        Recipe noBlur;
        noBlur.set("kernel", "box:size=1");
        const Image noisy = simulateBlur(*sharp, noBlur, 0.1, runs[1].seed);
        DenoiserNetwork network(*model->denoiser(), sharp->shape());
        network.setWeights(model->weights);
        Image out(sharp->shape());
        network.apply(noisy.samples(), 0.1, out.samples(), DenoiserNetwork::Keep::nothing);
        const auto [expectedPsnr, expectedSsim] = metricsOf(out, *sharp);
        QVERIFY(std::abs(runs[1].psnr - expectedPsnr) < 1e-3);
        QVERIFY(std::abs(runs[1].ssim - expectedSsim) < 1e-4);
        QCOMPARE(runs[1].status, std::string("applied"));
        QCOMPARE(runs[1].iterations, 1);
        QVERIFY(std::isnan(runs[1].residual) && std::isnan(meansOf(runs).converged));
    }

    void picturesMayBeLeftOut() {
        EvaluationSet set = smallSet(3);
        set.picture = [inner = set.picture](std::size_t index) {
            return index == 1 ? nullptr : inner(index);
        };
        const auto runs = evaluate(set, params());
        QCOMPARE(runs.size(), std::size_t{4});
        QCOMPARE(runs[2].picture, std::size_t{2});
        QCOMPARE(runs[2].seed, evaluationSeed(7, 2, 0));
    }

    void aStopKeepsWhatWasDone() {
        std::stop_source stop;
        EvaluationHooks hooks;
        hooks.stop = stop.get_token();
        int told = 0, steps = 0;
        hooks.onStep = [&](std::size_t, std::size_t at, const IterationRecord& step) {
            ++steps;
            if (at == 1 && step.iteration == 2) stop.request_stop();
        };
        hooks.onRun = [&](const EvaluationRun&) { ++told; };
        const auto runs = evaluate(smallSet(3), params(), hooks);
        QCOMPARE(runs.size(), std::size_t{1});
        QCOMPARE(told, 1);
        QCOMPARE(steps, runs[0].iterations + 2);
    }

    void means() {
        EvaluationRun one, two;
        one.status = "converged";
        one.psnrInput = 20;
        one.psnr = 30;
        one.ssim = 0.9;
        one.iterations = 10;
        one.seconds = 1;
        one.megapixels = 0.5;
        two = one;
        two.kernel = 1;
        two.status = "limit";
        two.psnr = 32;
        two.iterations = 21;
        two.seconds = 2;
        two.megapixels = 1;
        const std::vector<EvaluationRun> runs{one, two};
        const EvaluationMeans all = meansOf(runs), second = meansOfKernel(runs, 1);
        QCOMPARE(all.runs, std::size_t{2});
        QCOMPARE(all.psnr, 31.0);
        QCOMPARE(all.iterations, 15.5);
        QCOMPARE(all.converged, 50.0);
        QCOMPARE(all.secondsPerMegapixel, 2.0);
        QCOMPARE(second.psnr, 32.0);
        QCOMPARE(second.converged, 0.0);
        QVERIFY(std::isnan(meansOf({}).psnr) && meansOfKernel(runs, 2).runs == 0);
    }

    void refusesWhatCannotRun() {
        EvaluationParams given = params();
        given.noiseSigma = -1;
        QVERIFY_THROWS_EXCEPTION(Error, evaluate(smallSet(1), given));
        given = params();
        given.recipe.set("prior.speed", "1");
        QVERIFY_THROWS_EXCEPTION(Error, evaluate(smallSet(1), given));
    }
};

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
