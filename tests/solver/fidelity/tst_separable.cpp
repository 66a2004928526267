// SPDX-License-Identifier: GPL-3.0-or-later
// Poisson and absolute misfit: value, gradient, conjugate and their derivatives.
#include "tests/solver/fidelity/setting.h"

using namespace stillpoint;

class TestSeparable : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { setThreadCount(hardwareThreads()); }
    void gradientBelongsToTheValue_data() { lawRows(); }
    void gradientBelongsToTheValue();
    void gradientIsTheFormula_data() { lawRows(); }
    void gradientIsTheFormula();
    void valueIsZeroAtTheDataOnly_data() { lawRows(); }
    void valueIsZeroAtTheDataOnly();
    void lipschitzBoundHoldsAndIsReached_data() { lawRows(); }
    void lipschitzBoundHoldsAndIsReached();
    void hessian_data() { lawRows(); }
    void hessian();
    void inputs_data() { lawRows(); }
    void inputs();
    void conjugateVjp_data();
    void conjugateVjp();
    void plainL1OffersTheConjugateOnly();
    void threadCountChangesNothing_data() { lawRows(); }
    void threadCountChangesNothing();
};

void TestSeparable::gradientBelongsToTheValue() {
    QFETCH(QString, law);
    const auto at = setting(law);
    const Image x = spread(kShape, 8, -1, 3);
    const auto d = randomVector(x.size(), 9);
    Image gradient(kShape);
    at->fidelity->gradient(x, gradient);
    const double measured =
        derivativeAlong(x, d, [&](const Image& moved) { return at->fidelity->value(moved); });
    const double expected = dot(gradient.samples(), d);
    QVERIFY2(std::abs(measured - expected) < (kVerify ? 1e-6 : 2e-3) * norm(gradient.samples()) * norm(d),
             qPrintable(text(measured) + " against " + text(expected)));
}

void TestSeparable::gradientIsTheFormula() {
    QFETCH(QString, law);
    const auto at = setting(law);
    const Kernel kernel = blur();
    const Image x = spread(kShape, 8, -1, 3);
    Image slopes = directBlur(x, kernel.pixels);
    Image misfit = slopes.clone();
    axpy(-1, at->y.samples(), misfit.samples());
    for (std::size_t i = 0; i < slopes.size(); ++i)
        slopes.samples()[i] =
            static_cast<Real>(at->slope(wide(slopes.samples()[i]), wide(at->y.samples()[i])));
    const Image expected = directCorrelation(slopes, kernel.pixels);
    Image gradient(kShape), step = x.clone();
    at->fidelity->gradient(x, gradient);
    const double tolerance = kVerify ? 1e-12 : 1e-5;
    QVERIFY(std::sqrt(distanceSquared(gradient.samples(), expected.samples())) <
            tolerance * norm(expected.samples()));
    at->fidelity->gradientStep(step, 0.7, step);  // in place
    axpy(0.7, expected.samples(), step.samples());
    QVERIFY(std::sqrt(distanceSquared(step.samples(), x.samples())) < tolerance * norm(x.samples()));
    QVERIFY(std::abs(at->fidelity->measure(x).misfit / norm(misfit.samples()) - 1) < tolerance);
}

void TestSeparable::valueIsZeroAtTheDataOnly() {
    QFETCH(QString, law);
    const auto at = setting(law, identity());
    Image best = at->y.clone();
    if (law == "poisson")
        for (Real& sample : best.samples()) sample = std::max(sample, Real(0));
    QVERIFY(std::abs(at->fidelity->value(best)) < (kVerify ? 1e-12 : 1e-6));
    for (const double shift : {-2.0, -0.3, -0.01, 0.01, 0.3, 2.0}) {
        Image x = best.clone();
        for (Real& sample : x.samples()) sample += static_cast<Real>(shift);
        QVERIFY(at->fidelity->value(x) > 0);
    }
}

void TestSeparable::lipschitzBoundHoldsAndIsReached() {
    QFETCH(QString, law);
    const auto at = setting(law, identity());
    const double bound = at->fidelity->gradientLipschitz();
    QVERIFY(std::abs(bound - (law == "poisson" ? 4 / kBackground : 1 / kSmoothing)) < 1e-5 * bound);
    Image a(kShape), b(kShape), gradientA(kShape), gradientB(kShape);
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const Image x = spread(kShape, seed, -1, 3);
        const Image z = spread(kShape, seed + 50, -1, 3);
        at->fidelity->gradient(x, gradientA);
        at->fidelity->gradient(z, gradientB);
        QVERIFY(distanceSquared(gradientA.samples(), gradientB.samples()) <
                bound * bound * distanceSquared(x.samples(), z.samples()));
    }
    // The bend is sharpest where data of three backgrounds meet black, or where the misfit is small.
    for (Real& sample : at->y.samples()) sample = static_cast<Real>(3 * kBackground);
    const double t = law == "poisson" ? 0 : 3 * kBackground;
    for (Real& sample : a.samples()) sample = static_cast<Real>(t - 0.05);
    for (Real& sample : b.samples()) sample = static_cast<Real>(t - 0.01);
    at->fidelity->gradient(a, gradientA);
    at->fidelity->gradient(b, gradientB);
    QVERIFY(distanceSquared(gradientA.samples(), gradientB.samples()) >
            0.99 * bound * bound * distanceSquared(a.samples(), b.samples()));
}

void TestSeparable::hessian() {
    QFETCH(QString, law);
    const auto at = setting(law);
    DataFidelity& f = *at->fidelity;
    const Image x = spread(kShape, 8, -1, 3);
    f.lineariseGradient(x);
    const auto step = [&](ConstRealSpan z, RealSpan out) {
        f.gradientStep({z.data(), kShape}, 0.3, {out.data(), kShape});
    };
    const auto vjp = [&](ConstRealSpan v, RealSpan out) {
        f.gradientStepVjp({v.data(), kShape}, 0.3, {out.data(), kShape});
    };
    QVERIFY(adjointError(vjp, vjp, x.size(), x.size()) < kAdjointTolerance);
    const double error = vjpError(step, vjp, x.samples());
    QVERIFY2(error < kVjpTolerance, qPrintable(text(error)));
    Image gradient(kShape);
    f.gradient(x, gradient);
    const Image v = randomPicture(kShape, 12);
    const double along = dot(v.samples(), gradient.samples());
    QVERIFY(std::abs(f.alongGradient(v) - along) < (kVerify ? 1e-12 : 1e-5) * std::abs(along));
}

void TestSeparable::inputs() {
    QFETCH(QString, law);
    const std::string name = law.toStdString();
    const auto at = setting(law);
    const Image x = spread(kShape, 8, -1, 3);
    const Image v = randomPicture(kShape, 12);
    Gradients gradients;
    gradients.data = Image(kShape);
    gradients.kernel = Image(blur().pixels.shape());
    at->fidelity->lineariseGradient(x);
    at->fidelity->inputsVjp(v, 2.5, gradients);
    const auto along = [&](const Kernel& kernel, const Image& y, double own) {
        Setting moved(name, kernel, y.clone(), own);
        Image gradient(kShape);
        moved.fidelity->gradient(x, gradient);
        return 2.5 * dot(v.samples(), gradient.samples());
    };
    const double scale = norm(v.samples());
    const double own = ownOf(name);
    QVERIFY(nearDerivative(gradients.parameters.at(at->ownKey),
                           finiteDifference([&](double value) { return along(blur(), at->y, value); }, own),
                           scale));
    const auto d = randomVector(x.size(), 20);
    QVERIFY(nearDerivative(dot(gradients.data.samples(), d),
                           derivativeAlong(at->y, d, [&](const Image& y) { return along(blur(), y, own); }),
                           scale));
    const auto k = randomVector(gradients.kernel.size(), 21);
    QVERIFY(nearDerivative(dot(gradients.kernel.samples(), k),
                           derivativeAlong(blur().pixels, k,
                                           [&](const Image& pixels) {
                                               return along({pixels.clone(), ""}, at->y, own);
                                           }),
                           scale));
}

void TestSeparable::conjugateVjp_data() {
    QTest::addColumn<QString>("law");
    QTest::addColumn<double>("own");
    QTest::addColumn<double>("sigma");
    for (const double sigma : {0.2, 3.0}) {
        QTest::addRow("poisson sigma %g", sigma) << "poisson" << kBackground << sigma;
        QTest::addRow("l1 sigma %g", sigma) << "l1" << kSmoothing << sigma;
        QTest::addRow("plain l1 sigma %g", sigma) << "l1" << 0.0 << sigma;
    }
}

void TestSeparable::conjugateVjp() {
    QFETCH(QString, law);
    QFETCH(double, own);
    QFETCH(double, sigma);
    const std::string name = law.toStdString();
    const Image y = spread(kShape, 3, -0.1, 1.6);
    Setting at(name, blur(), y.clone(), own);
    const Image a = spread(kShape, 41, -4, 8);
    const auto map = [&](ConstRealSpan z, RealSpan out) {
        at.fidelity->conjugateProx({z.data(), kShape}, sigma, {out.data(), kShape});
    };
    const auto vjp = [&](ConstRealSpan v, RealSpan out) {
        at.fidelity->conjugateProxVjp({v.data(), kShape}, {out.data(), kShape});
    };
    at.fidelity->lineariseConjugateProx(a, sigma);
    const double error = vjpError(map, vjp, a.samples());
    QVERIFY2(error < kVjpTolerance, qPrintable(text(error)));

    const Image v = spread(kShape, 55, -1, 2);
    Gradients gradients;
    gradients.data = Image(kShape);
    const double bySigma = at.fidelity->conjugateProxInputsVjp(v, gradients);
    const auto along = [&](const Image& data, double parameter, double step) {
        Setting moved(name, blur(), data.clone(), parameter);
        Image out(kShape);
        moved.fidelity->conjugateProx(a, step, out);
        return dot(out.samples(), v.samples());
    };
    const double scale = norm(v.samples());
    QVERIFY(
        nearDerivative(bySigma, finiteDifference([&](double s) { return along(y, own, s); }, sigma), scale));
    if (own > 0)
        QVERIFY(nearDerivative(gradients.parameters.at(at.ownKey),
                               finiteDifference([&](double value) { return along(y, value, sigma); }, own),
                               scale));
    const auto d = randomVector(y.size(), 56);
    QVERIFY(nearDerivative(
        dot(gradients.data.samples(), d),
        derivativeAlong(y, d, [&](const Image& moved) { return along(moved, own, sigma); }), scale));
}

void TestSeparable::plainL1OffersTheConjugateOnly() {
    Setting at("l1", identity(), spread(kShape, 3, 0, 1), 0);
    QVERIFY(!at.fidelity->offers().gradient);
    QVERIFY(!at.fidelity->offers().prox);
    const Image x = spread(kShape, 4, 0, 1);
    double expected = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        expected += std::abs(wide(x.samples()[i]) - wide(at.y.samples()[i]));
    QVERIFY(std::abs(at.fidelity->value(x) / expected - 1) < 1e-5);
    const Image a = spread(kShape, 41, -4, 8);
    Image out(kShape);
    at.fidelity->conjugateProx(a, 0.5, out);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double inside = wide(a.samples()[i]) - 0.5 * wide(at.y.samples()[i]);
        QVERIFY(std::abs(wide(out.samples()[i]) - std::clamp(inside, -1.0, 1.0)) < 1e-5);
    }
}

void TestSeparable::threadCountChangesNothing() {
    QFETCH(QString, law);
    const std::string name = law.toStdString();
    const Shape shape{3, 96, 128};  // enough pixels for several threads
    const Image x = spread(shape, 8, -1, 3);
    Image first[3], other[3];
    const auto compute = [&](int threads, Image(&out)[3]) {
        setThreadCount(threads);
        Setting at(name, blur(), spread(shape, 3, -0.1, 1.6), ownOf(name));
        for (Image& picture : out) picture = Image(shape);
        at.fidelity->gradient(x, out[0]);
        at.fidelity->prox(x, 0.5, out[1]);
        at.fidelity->conjugateProx(x, 0.5, out[2]);
        return at.fidelity->value(x);
    };
    const double value = compute(1, first);
    for (const int threads : {2, 3, 4}) {
        QVERIFY(std::abs(compute(threads, other) / value - 1) < (kVerify ? 1e-12 : 1e-6));
        for (int i = 0; i < 3; ++i)
            QVERIFY(std::sqrt(distanceSquared(first[i].samples(), other[i].samples())) <
                    (kVerify ? 1e-11 : 1e-5) * norm(first[i].samples()));
    }
}

QTEST_APPLESS_MAIN(TestSeparable)
#include "tst_separable.moc"
