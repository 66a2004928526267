// SPDX-License-Identifier: GPL-3.0-or-later
// Values of the losses against their definitions, gradients against differences of the values.
#include "solver/deq/loss.h"

#include <QTest>
#include <cmath>

#include "solver/core/error.h"
#include "solver/core/rng.h"
#include "solver/deq/ssim_gradient.h"
#include "solver/deq/whiteness.h"
#include "solver/fidelity/l2.h"
#include "solver/image/metrics.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

// A blurred picture with a fidelity that is rebuilt for each kernel and y.
struct Setting {
    Setting(const Kernel& kernel, const Image& picture)
        : y(picture.clone()), op(kernel, y.shape()), fidelity(op, y) {}
    Image y;
    BlurOperator op;
    L2Fidelity fidelity;
};

const Shape kShape{2, 14, 13};

Image noisePicture(Shape shape, double sigma, std::uint64_t seed) {
    Image picture(shape);
    for (std::size_t i = 0; i < shape.size(); ++i)
        picture.samples()[i] = static_cast<Real>(sigma * normalAt(seed, i));
    return picture;
}

// d/dh value(h) at 0, for values of size 1 or so.
double slope(const std::function<double(double)>& value) {
    const double h = kVerify ? 1e-5 : 1e-2;
    return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
}

bool close(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance * (std::abs(a) + std::abs(b) + 1e-12);
}

QString both(double a, double b) {
    return QString("%1 against %2").arg(a, 0, 'g', 9).arg(b, 0, 'g', 9);
}

}  // namespace

class TestLoss : public QObject {
    Q_OBJECT

    const Image reference_ = randomPicture(kShape, 2);
    LossParams params(LossKind kind) const {
        return {.kind = kind, .reference = reference_.ref(), .noiseSigma = 0.3, .seed = 5};
    }

 private slots:
    void listIsInTheOrderOfTheKinds() {
        for (std::size_t i = 0; i < losses().size(); ++i) {
            QCOMPARE(static_cast<std::size_t>(losses()[i].kind), i);
            QCOMPARE(lossNamed(losses()[i].name).kind, losses()[i].kind);
            QVERIFY(!losses()[i].label.empty() && losses()[i].help.ends_with('.'));
        }
        QVERIFY_THROWS_EXCEPTION(Error, lossNamed("psnr"));
    }

    void gradients_data() {
        QTest::addColumn<int>("kind");
        for (const auto& info : losses())
            QTest::addRow("%s", info.name.c_str()) << static_cast<int>(info.kind);
    }

    // Along random directions of each estimate, of y and of the kernel.
    void gradients() {
        QFETCH(int, kind);
        const Kernel kernel = lopsidedKernel(3, 4);
        const Image y = randomPicture(kShape, 3);
        Setting setting(kernel, y);
        Loss loss(params(LossKind(kind)), setting.fidelity);
        std::vector<Image> x;
        std::vector<ConstImageRef> refs;
        for (int i = 0; i < loss.solves(); ++i) {
            x.push_back(randomPicture(kShape, 40 + static_cast<std::uint64_t>(i)));
            refs.emplace_back(x.back().ref());
        }
        LossGradient gradient;
        gradient.data = Image(kShape);
        gradient.kernel = Image(kernel.pixels.shape());
        loss.gradient(refs, gradient);
        QCOMPARE(gradient.value, loss.value(refs));
        const double tolerance = kVerify ? 1e-7 : 2e-3;

        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto direction = randomVector(kShape.size(), 50);
            const double measured = slope([&](double h) {
                std::vector<ConstImageRef> moved = refs;
                Image shifted = x[i].clone();
                axpy(0.1 * h, direction, shifted.samples());
                moved[i] = shifted;
                return 10 * loss.value(moved);
            });
            const double expected = dot(gradient.estimates[i].samples(), direction);
            const double size = norm(gradient.estimates[i].samples()) * norm(direction);
            QVERIFY2(std::abs(expected - measured) < tolerance * size, qPrintable(both(expected, measured)));
        }
        const auto along = [&](const Image& direct, const auto& rebuild) {
            const auto direction = randomVector(direct.size(), 51);
            const double measured = slope([&](double h) {
                const auto other = rebuild(direction, 0.1 * h);
                Loss moved(params(LossKind(kind)), other->fidelity);
                return 10 * moved.value(refs);
            });
            const double expected = dot(direct.samples(), direction);
            QVERIFY2(close(expected, measured, tolerance), qPrintable(both(expected, measured)));
        };
        along(gradient.data, [&](const auto& direction, double h) {
            Image moved = y.clone();
            axpy(h, direction, moved.samples());
            return std::make_unique<Setting>(kernel, moved);
        });
        along(gradient.kernel, [&](const auto& direction, double h) {
            Kernel moved = kernel.clone();
            axpy(h, direction, moved.pixels.samples());
            return std::make_unique<Setting>(moved, y);
        });
    }

    void referenceLosses() {
        Setting setting(lopsidedKernel(3, 4), randomPicture(kShape, 3));
        const Image x = randomPicture(kShape, 4);
        double squares = 0, distances = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double d =
                static_cast<double>(x.samples()[i]) - static_cast<double>(reference_.samples()[i]);
            squares += d * d;
            distances += std::abs(d);
        }
        const double n = static_cast<double>(x.size());
        const ConstImageRef refs[] = {x.ref()};
        const auto value = [&](LossKind kind) { return Loss(params(kind), setting.fidelity).value(refs); };
        QVERIFY(close(value(LossKind::mse), squares / n, 1e-12));
        QVERIFY(close(value(LossKind::l1), distances / n, kVerify ? 1e-12 : 1e-6));
        QVERIFY(close(value(LossKind::ssim), 1 - ssim(x, reference_), 1e-12));
        const ConstImageRef same[] = {reference_.ref()};
        for (const auto kind : {LossKind::mse, LossKind::l1, LossKind::ssim})
            QVERIFY(std::abs(Loss(params(kind), setting.fidelity).value(same)) < 1e-12);
    }

    // Flat pictures: variances at their clamp, where the formula has no derivative of its own.
    void ssimOfFlatPictures() {
        Image a(1, 12, 12), b(1, 12, 12), gradient(1, 12, 12);
        fill(a.samples(), 0.5);
        fill(b.samples(), 0.5);
        QVERIFY(std::abs(ssimWithGradient(a, b, 1, gradient) - 1) < 1e-9);
        QVERIFY(allFinite(gradient.samples()));
        QVERIFY(norm(gradient.samples()) < 1e-3);
    }

    void whitenessByItsDefinition() {
        const Image r = noisePicture({2, 9, 11}, 0.1, 7);
        double expected = 0;
        for (int c = 0; c < 2; ++c) {
            const auto a = [&](int down, int right) {
                double sum = 0;
                for (int y = 0; y < 9; ++y)
                    for (int x = 0; x < 11; ++x)
                        if (y + down >= 0 && y + down < 9 && x + right >= 0 && x + right < 11)
                            sum += static_cast<double>(r.at(c, y, x)) *
                                   static_cast<double>(r.at(c, y + down, x + right));
                return sum;
            };
            for (int down = -3; down <= 3; ++down)
                for (int right = -3; right <= 3; ++right)
                    if (down != 0 || right != 0) expected += std::pow(a(down, right) / a(0, 0), 2) / 2;
        }
        QVERIFY(close(correlationEnergy(r, 3, nullptr), expected, 1e-12));
        const Image zero(1, 5, 5);
        Image gradient(1, 5, 5);
        QCOMPARE(correlationEnergy(zero, 4, &gradient), 0.0);
        QCOMPARE(norm(gradient.samples()), 0.0);
        Image bad(1, 5, 5);
        bad.at(0, 2, 2) = std::numeric_limits<Real>::quiet_NaN();
        QVERIFY(std::isnan(correlationEnergy(bad, 4, nullptr)));
    }

    void whitenessTellsNoiseFromStructure() {
        const Shape shape{1, 96, 96};
        const Image noise = noisePicture(shape, 0.1, 8);
        const double white = correlationEnergy(noise, kWhitenessLag, nullptr);
        const double expected = 80.0 / 9216;
        QVERIFY2(white > 0.6 * expected && white < 1.5 * expected, qPrintable(both(white, expected)));
        Image coloured(shape);
        BlurOperator(makeKernel("gaussian:sigma=0.6"), shape).apply(noise, coloured);
        QVERIFY(correlationEnergy(coloured, kWhitenessLag, nullptr) > 10 * white);
        // The scale of the misfit plays no role.
        Image scaled = noise.clone();
        scale(1e-3, scaled.samples());
        QVERIFY(close(correlationEnergy(scaled, kWhitenessLag, nullptr), white, kVerify ? 1e-10 : 1e-4));
    }

    void discrepancyIsZeroAtTheNoiseLevel() {
        const Image x = scenePicture(kShape);
        const Kernel kernel = lopsidedKernel(3, 4);
        Image y(kShape);
        BlurOperator(kernel, kShape).apply(x, y);
        const Image noise = noisePicture(kShape, 0.1, 9);
        axpy(1, noise.samples(), y.samples());
        Setting setting(kernel, y);
        LossParams exact = params(LossKind::discrepancy);
        exact.noiseSigma = norm(noise.samples()) / std::sqrt(static_cast<double>(kShape.size()));
        const ConstImageRef refs[] = {x.ref()};
        QVERIFY(Loss(exact, setting.fidelity).value(refs) < (kVerify ? 1e-20 : 1e-8));
        exact.noiseSigma *= std::sqrt(2);
        QVERIFY(close(Loss(exact, setting.fidelity).value(refs), 0.25, 1e-4));
    }

    // The least-squares estimate with a ridge is linear, so that SURE's divergence is a trace that can be
    // summed up, and SURE itself can be compared with the error that it estimates.
    void sureOfALinearEstimator() {
        const Shape shape{1, 96, 96};
        const double sigma = 0.05, ridge = 0.02;
        const Kernel kernel = makeKernel("gaussian:sigma=1");
        const Image scene = scenePicture(shape);
        Image clean(shape);
        BlurOperator op(kernel, shape);
        op.apply(scene, clean);
        Image y = clean.clone();
        axpy(1, noisePicture(shape, sigma, 10).samples(), y.samples());
        // x = (A'A + ridge)^-1 A'y = prox of f / ridge at zero
        const auto estimate = [&](ConstImageRef data) {
            L2Fidelity fidelity(op, data);
            Image x(shape);
            fidelity.prox(Image(shape), 1 / ridge, x);
            return x;
        };
        L2Fidelity fidelity(op, y);
        Loss loss({.kind = LossKind::sure, .noiseSigma = sigma, .seed = 3}, fidelity);
        QCOMPARE(loss.solves(), 2);
        const Image x = estimate(y), moved = estimate(loss.probedData());
        const ConstImageRef refs[] = {x.ref(), moved.ref()};
        Image blurred(shape);
        op.apply(x, blurred);
        const double n = static_cast<double>(shape.size());
        const double error = distanceSquared(blurred.samples(), clean.samples()) / n;
        const double value = loss.value(refs);
        QVERIFY2(std::abs(value - error) < 0.1 * sigma * sigma, qPrintable(both(value, error)));
        // The trace of A (A'A + ridge)^-1 A' by unit pictures: A and the estimator commute with shifts.
        Image unit(shape);
        unit.at(0, 0, 0) = 1;
        const Image response = estimate(unit);
        op.apply(response, blurred);
        const double trace = n * static_cast<double>(blurred.at(0, 0, 0));
        op.apply(x, blurred);
        const double misfit = distanceSquared(blurred.samples(), y.samples());
        const double divergence = (value - misfit / n + sigma * sigma) * n / (2 * sigma * sigma);
        QVERIFY2(close(divergence, trace, 0.03), qPrintable(both(divergence, trace)));
    }

    void refusesWhatDoesNotFit() {
        Setting setting(lopsidedKernel(3, 4), randomPicture(kShape, 3));
        const auto keyOf = [&](LossParams bad) {
            try {
                const Loss loss(bad, setting.fidelity);
            } catch (const Error& error) {
                return error.key();
            }
            return std::string();
        };
        for (const auto& info : losses()) {
            QCOMPARE(keyOf({.kind = info.kind}), info.needsReference    ? std::string("reference")
                                                 : info.needsNoiseSigma ? std::string("noise-sigma")
                                                                        : std::string());
            QCOMPARE(keyOf(params(info.kind)), std::string());
        }
        const Image other = randomPicture({2, 13, 14}, 1);
        QCOMPARE(keyOf({.kind = LossKind::mse, .reference = other.ref()}), std::string("reference"));
        QCOMPARE(keyOf({.kind = LossKind::sure, .noiseSigma = std::nan("")}), std::string("noise-sigma"));
        Setting small(lopsidedKernel(3, 4), randomPicture({1, 10, 30}, 3));
        const Image reference = randomPicture({1, 10, 30}, 4);
        QVERIFY_THROWS_EXCEPTION(
            Error, Loss({.kind = LossKind::ssim, .reference = reference.ref()}, small.fidelity));
    }
};

QTEST_APPLESS_MAIN(TestLoss)
#include "tst_loss.moc"
