// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <limits>
#include <set>

#include "solver/core/error.h"
#include "solver/core/parallel.h"
#include "solver/training/trainer.h"
#include "tests/support/laws.h"
#include "tests/support/networks.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

std::shared_ptr<const PatchSource> sourceOf(int count, int size) {
    std::vector<CompactPicture> pictures;
    for (int k = 0; k < count; ++k) {
        Image picture = scenePicture({3, size + k, size});
        for (Real& sample : picture.samples())
            sample = Real(0.2) + Real(0.15) * static_cast<Real>(k) * sample;
        pictures.emplace_back(picture);
    }
    return std::make_shared<const PatchSource>(std::move(pictures), 16);
}

TrainerParams smallTraining(TrainingStage stage) {
    TrainerParams params;
    params.stage = stage;
    params.steps = 8;
    params.batch = 4;
    params.patch = 16;
    params.warmUp = 1;
    if (stage == TrainingStage::equilibrium) {
        params.patch = 28;
        params.rate = 1e-4;
        params.loss = TrainingLoss::mse;
        params.penalty = 0.01;
    }
    return params;
}

Model smallModel() {
    return *findModel(testModel());
}

bool same(const Weights& a, const Weights& b) {
    return a.slices() == b.slices() && std::equal(a.values().begin(), a.values().end(), b.values().begin());
}

}  // namespace

Q_DECLARE_METATYPE(TrainingStage)

class TestTrainer : public QObject {
    Q_OBJECT

    static void stages() {
        QTest::addColumn<TrainingStage>("stage");
        QTest::newRow("denoising") << TrainingStage::denoising;
        QTest::newRow("equilibrium") << TrainingStage::equilibrium;
    }

 private slots:
    void learnsFourPatchesByHeart() {
        const auto source = sourceOf(4, 16);
        TrainerParams params = smallTraining(TrainingStage::denoising);
        params.steps = 300;
        params.batch = 8;
        params.rate = 3e-3;
        params.greyShare = 0;
        params.averaging = 0.9;
        Trainer trainer(freshDenoiser({DenoiserArchitecture::Body::residual, 3, 16, 6, true, 5}, 1), params,
                        source);
        const double before = trainer.validate(*source, 16, false).psnr;
        while (!trainer.done()) QVERIFY(trainer.step().taken);
        const double after = trainer.validate(*source, 16, false).psnr;
        QVERIFY2(after > before + 6, qPrintable(QString("%1 -> %2").arg(before).arg(after)));
    }

    void theEquilibriumLearnsToo() {
        const auto source = sourceOf(3, 30);
        TrainerParams params = smallTraining(TrainingStage::equilibrium);
        params.steps = 40;
        params.rate = 2e-3;
        params.averaging = 0.8;
        Trainer trainer(smallModel(), params, source);
        const double before = trainer.validate(*source, 12, false).psnr;
        int adjoints = 0;
        while (!trainer.done()) {
            const TrainingRecord record = trainer.step();
            adjoints += record.adjointIterations > 0 ? 1 : 0;
            if (record.skipped < record.samples) QVERIFY(record.norm > 0);
        }
        QVERIFY(adjoints > 30);
        QVERIFY2(trainer.validate(*source, 12, false).psnr > before + 1, qPrintable(QString::number(before)));
        const ModelTuning tuning = trainer.model().tuning;
        QVERIFY(tuning.level != ModelTuning().level && tuning.balance != ModelTuning().balance);
    }

    void aContinuedRunIsTheSame_data() { stages(); }
    void aContinuedRunIsTheSame() {
        QFETCH(TrainingStage, stage);
        setThreadCount(1);
        const auto source = sourceOf(3, 30);
        const TrainerParams params = smallTraining(stage);
        Trainer whole(smallModel(), params, source);
        while (!whole.done()) whole.step();
        Trainer first(smallModel(), params, source);
        for (int k = 0; k < 3; ++k) first.step();
        const WeightsFile checkpoint = first.checkpoint();
        Trainer second(smallModel(), params, source);
        second.restore(checkpoint);
        QCOMPARE(second.stepsDone(), 3);
        while (!second.done()) second.step();
        QVERIFY(same(second.model().weights, whole.model().weights));
        QVERIFY(same(second.checkpoint().weights, whole.checkpoint().weights));
        QCOMPARE(second.model().tuning.level, whole.model().tuning.level);
        QVERIFY(!same(whole.model().weights, smallModel().weights));
    }

    void threadsDoNotMatter() {
        const auto source = sourceOf(3, 30);
        std::vector<Weights> results;
        for (const int threads : {1, 2}) {
            setThreadCount(threads);
            Trainer trainer(smallModel(), smallTraining(TrainingStage::denoising), source);
            while (!trainer.done()) trainer.step();
            results.push_back(trainer.model().weights);
        }
        setThreadCount(1);
        QVERIFY(same(results[0], results[1]));
    }

    void foreignCheckpointsAreRefused() {
        const auto source = sourceOf(3, 30);
        const TrainerParams params = smallTraining(TrainingStage::denoising);
        Trainer trainer(smallModel(), params, source);
        trainer.step();
        TrainerParams other = params;
        other.batch = 5;
        QVERIFY_THROWS_EXCEPTION(Error, Trainer(smallModel(), other, source).restore(trainer.checkpoint()));
        Trainer wider(freshDenoiser({DenoiserArchitecture::Body::residual, 3, 24, 4, true, 5}, 1), params,
                      source);
        QVERIFY_THROWS_EXCEPTION(Error, wider.restore(trainer.checkpoint()));
        WeightsFile model = fileOf(smallModel());
        QVERIFY_THROWS_EXCEPTION(Error, trainer.restore(model));
    }

    void patchesHoldTheKernels() {
        TrainerParams params = smallTraining(TrainingStage::equilibrium);
        params.patch = 25;
        QVERIFY_THROWS_EXCEPTION(Error, Trainer(smallModel(), params, sourceOf(1, 30)));
    }

    void whatIsNotFiniteNeverReachesTheWeights() {
        Weights weights = smallModel().weights;
        WeightOptimiser optimiser(weights, {});
        Buffer gradient(weights.size());
        gradient[3] = std::numeric_limits<Real>::quiet_NaN();
        QVERIFY(!optimiser.step(gradient.span(), 0.1));
        gradient[3] = std::numeric_limits<Real>::infinity();
        QVERIFY(!optimiser.step(gradient.span(), 0.1));
        QVERIFY(same(optimiser.weights(), weights) && same(optimiser.average(), weights));
        gradient[3] = 1;
        QVERIFY(optimiser.step(gradient.span(), 0.1));
        QVERIFY(!same(optimiser.weights(), weights));
        QCOMPARE(optimiser.steps(), 1);

        // A network that has gone wrong gives no sample at all, and the trainer says so.
        Model broken = smallModel();
        broken.weights.values()[0] = std::numeric_limits<Real>::quiet_NaN();
        Trainer trainer(broken, smallTraining(TrainingStage::equilibrium), sourceOf(3, 30));
        const TrainingRecord record = trainer.step();
        QCOMPARE(record.skipped, record.samples);
        QVERIFY(!record.taken);
    }

    // d loss / d weights of a whole restoration, along the gradient itself.
    void theEquilibriumsGradientIsTheDerivative_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("denoiser") << QString::fromStdString(testModel());
        QTest::newRow("ridge") << QString::fromStdString(testRidge());
    }
    void theEquilibriumsGradientIsTheDerivative() {
        QFETCH(QString, file);
        const auto source = sourceOf(2, 28);
        EquilibriumTaskParams params;
        params.patch = 28;
        params.tolerance = kVerify ? 1e-12 : 1e-6;
        params.maxIter = 3000;
        params.adjointTolerance = kVerify ? 1e-11 : 1e-5;
        params.adjointMaxIter = 2000;
        params.sigmaLeast = 0.02;
        const Model model = *findModel(file.toStdString());
        const auto task = makeEquilibriumTask(model, params);
        const auto lossAt = [&](const Weights& weights, const ModelTuning& tuning, RealSpan gradient,
                                ModelTuning& knobs) {
            task->setModel(weights, tuning);
            RandomStream random(5);
            const Image sharp = source->draw(random, 28, false);
            return task->run(sharp, random, gradient, knobs).loss;
        };
        Buffer gradient(model.weights.size());
        ModelTuning knobs{0, 0}, none;
        lossAt(model.weights, model.tuning, gradient.span(), knobs);
        const double length = norm(gradient.span());
        QVERIFY(length > 0);
        const double slope = finiteDifference(
            [&](double at) {
                Weights moved = model.weights;
                axpy((at - 1) / length, gradient.span(), moved.values());
                return lossAt(moved, model.tuning, {}, none);
            },
            1, length);
        const double tolerance = kVerify ? 1e-5 : 0.05;
        QVERIFY2(std::abs(slope - length) <= tolerance * length,
                 qPrintable(QString("%1 %2").arg(slope).arg(length)));
        const auto knob = [&](double ModelTuning::*field, double exact) {
            const double difference = finiteDifference(
                [&](double at) {
                    ModelTuning moved = model.tuning;
                    moved.*field *= std::exp(at - 1);
                    return lossAt(model.weights, moved, {}, none);
                },
                1, exact);
            QVERIFY2(std::abs(difference - exact) <= tolerance * std::abs(exact),
                     qPrintable(QString("%1 %2").arg(difference).arg(exact)));
        };
        knob(&ModelTuning::level, knobs.level);
        knob(&ModelTuning::balance, knobs.balance);
    }

    void kernelsAreKernels() {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            RandomStream random(seed);
            const Kernel kernel = randomKernel(random);
            double sum = 0;
            for (const Real pixel : kernel.pixels.samples()) {
                QVERIFY(pixel >= 0);
                sum += static_cast<double>(pixel);
            }
            QVERIFY(std::abs(sum - 1) < 1e-5);
            QVERIFY(kernel.radius() <= 13);
        }
    }

    void patchesKeepTheirPixels() {
        Image picture(3, 5, 7);
        for (std::size_t k = 0; k < picture.size(); ++k) picture.samples()[k] = static_cast<Real>(k) / 255;
        std::vector<CompactPicture> pictures;
        pictures.emplace_back(picture);
        const PatchSource source(std::move(pictures), 3);
        std::set<std::vector<Real>> seen;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            RandomStream random(seed), again(seed);
            const Image patch = source.draw(random, 5, false);
            const Image twin = source.draw(again, 5, false);
            QVERIFY(std::equal(patch.samples().begin(), patch.samples().end(), twin.samples().begin()));
            // Neighbours stay neighbours: differences of 1 or 7 steps, in one direction or the other.
            const double step = 255 * std::abs(static_cast<double>(patch.at(1, 2, 3) - patch.at(1, 2, 2)));
            QVERIFY(std::abs(step - 1) < 1e-3 || std::abs(step - 7) < 1e-3);
            QVERIFY(std::abs(static_cast<double>(patch.at(1, 2, 2) - patch.at(0, 2, 2)) * 255 - 35) < 1e-3);
            seen.insert({patch.samples().begin(), patch.samples().end()});
        }
        QCOMPARE(seen.size(), std::size_t{8 * 3});  // symmetries, places
        QVERIFY_THROWS_EXCEPTION(Error, PatchSource({CompactPicture(picture)}, 6));
    }
};

QTEST_GUILESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
