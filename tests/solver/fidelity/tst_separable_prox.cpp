// SPDX-License-Identifier: GPL-3.0-or-later
// The proximal map through the blur: Newton's method and the linear systems in it.
#include "tests/solver/fidelity/setting.h"

using namespace stillpoint;

class TestSeparableProx : public QObject {
    Q_OBJECT

 private slots:
    void cleanup() { setThreadCount(hardwareThreads()); }
    void proxIsOptimal_data() { lawAndStepRows(); }
    void proxIsOptimal();
    void proxVjp_data() { lawAndStepRows(); }
    void proxVjp();
    void proxKeepsNothing_data() { lawRows(); }
    void proxKeepsNothing();
    void proxReturnsItsBest_data() { lawRows(); }
    void proxReturnsItsBest();
    void proxOfNonsenseEnds_data() { lawRows(); }
    void proxOfNonsenseEnds();
    void conjugateObeysMoreau_data() { lawAndStepRows(); }
    void conjugateObeysMoreau();
    void blackAndNegativeData_data() { lawRows(); }
    void blackAndNegativeData();
    void curvedSystem();
};

void TestSeparableProx::proxIsOptimal() {
    QFETCH(QString, law);
    QFETCH(double, gamma);
    const auto at = setting(law);
    const Image x = spread(kShape, 8, -1, 3);
    Image p = x.clone();
    at->fidelity->prox(p, gamma, p);  // in place
    QVERIFY(std::get<1>(at->report()));
    const double error = proxResidual(*at, p, x, gamma) / norm(x.samples());
    QVERIFY2(error < (kVerify ? 2e-12 : 1e-5), qPrintable(text(error)));
    QVERIFY(std::sqrt(distanceSquared(p.samples(), x.samples())) > 1e-3 * norm(x.samples()));
}

void TestSeparableProx::proxVjp() {
    QFETCH(QString, law);
    QFETCH(double, gamma);
    const auto at = setting(law);
    DataFidelity& f = *at->fidelity;
    const Image x = spread(kShape, 8, -1, 3);
    f.lineariseProx(x, gamma);
    Image away(kShape);
    f.prox(spread(kShape, 99, 0, 1), 2 * gamma, away);  // must not move the point
    const auto prox = [&](ConstRealSpan z, RealSpan out) {
        f.prox({z.data(), kShape}, gamma, {out.data(), kShape});
    };
    const auto vjp = [&](ConstRealSpan v, RealSpan out) {
        f.proxVjp({v.data(), kShape}, {out.data(), kShape});
    };
    QVERIFY(adjointError(vjp, vjp, x.size(), x.size()) < (kVerify ? 1e-10 : 1e-5));
    const double error = vjpError(prox, vjp, x.samples());
    QVERIFY2(error < kVjpTolerance, qPrintable(text(error)));
}

void TestSeparableProx::proxKeepsNothing() {
    QFETCH(QString, law);
    const auto at = setting(law);
    const Image x = spread(kShape, 8, -1, 3);
    Image first(kShape), other(kShape), second(kShape);
    at->fidelity->prox(x, 0.5, first);
    at->fidelity->prox(spread(kShape, 31, -1, 3), 7, other);
    at->fidelity->prox(x, 0.5, second);
    QVERIFY(distanceSquared(first.samples(), second.samples()) == 0);
    QVERIFY(distanceSquared(first.samples(), other.samples()) > 0);
}

void TestSeparableProx::proxReturnsItsBest() {
    QFETCH(QString, law);
    const auto ideal = setting(law, blur(), 0);
    const auto usual = setting(law, blur(), 1e-4);
    const Image x = spread(kShape, 8, -1, 3);
    Image best(kShape), rough(kShape);
    ideal->fidelity->prox(x, 20, best);
    usual->fidelity->prox(x, 20, rough);
    const auto [steps, reached] = ideal->report();
    QVERIFY(steps <= PoissonFidelity::kMostNewtonSteps);
    QVERIFY(!reached || proxResidual(*ideal, best, x, 20) == 0);
    QVERIFY(std::get<1>(usual->report()));
    const double atBest = proxObjective(*ideal, best, x, 20);
    QVERIFY(atBest < proxObjective(*ideal, x, x, 20));
    QVERIFY(atBest <= proxObjective(*ideal, rough, x, 20) * (1 + 1e-6));
    QVERIFY(proxResidual(*ideal, best, x, 20) < (kVerify ? 1e-11 : 1e-4) * norm(x.samples()));
}

void TestSeparableProx::proxOfNonsenseEnds() {
    QFETCH(QString, law);
    const auto at = setting(law);
    Image x = spread(kShape, 8, -1, 3);
    x.at(1, 3, 4) = std::numeric_limits<Real>::quiet_NaN();
    Image p(kShape);
    at->fidelity->prox(x, 0.5, p);
    QVERIFY(!allFinite(p.samples()));
    QVERIFY(!std::get<1>(at->report()));
}

void TestSeparableProx::conjugateObeysMoreau() {
    QFETCH(QString, law);
    QFETCH(double, gamma);
    const auto at = setting(law, identity());
    const double sigma = 1 / gamma;
    const Image a = spread(kShape, 41, -4, 8);
    Image dual(kShape), scaled = a.clone(), p(kShape);
    at->fidelity->conjugateProx(a, sigma, dual);
    scale(gamma, scaled.samples());
    at->fidelity->prox(scaled, gamma, p);  // prox_{h / sigma}(a / sigma)
    axpy(sigma, p.samples(), dual.samples());
    const double size = norm(a.samples()) + sigma * norm(at->y.samples());
    const double error = std::sqrt(distanceSquared(dual.samples(), a.samples())) / size;
    QVERIFY2(error < (kVerify ? 1e-11 : 1e-5), qPrintable(text(error)));
}

void TestSeparableProx::blackAndNegativeData() {
    QFETCH(QString, law);
    const std::string name = law.toStdString();
    Setting black(name, blur(), Image(kShape), ownOf(name));
    Setting negative(name, blur(), spread(kShape, 6, -3, 2), ownOf(name));
    const Image x = spread(kShape, 8, -1, 3);
    Image p(kShape), gradient(kShape), dual(kShape), same(kShape);
    for (Setting* at : {&black, &negative}) {
        at->fidelity->gradient(x, gradient);
        at->fidelity->prox(x, 0.5, p);
        at->fidelity->conjugateProx(x, 0.5, dual);
        QVERIFY(allFinite(gradient.samples()) && allFinite(p.samples()) && allFinite(dual.samples()));
        QVERIFY(std::get<1>(at->report()));
        QVERIFY(proxResidual(*at, p, x, 0.5) < (kVerify ? 2e-12 : 1e-5) * norm(x.samples()));
        QVERIFY(at->fidelity->value(p) < at->fidelity->value(x));
    }
    // From black to black: nothing moves.
    black.fidelity->prox(Image(kShape), 0.5, p);
    QVERIFY(norm(p.samples()) == 0);
    // To the Poisson likelihood negative data are none; to the absolute misfit they are what they are.
    black.fidelity->gradient(x, same);
    negative.fidelity->gradient(x, gradient);
    const double difference = std::sqrt(distanceSquared(same.samples(), gradient.samples()));
    QVERIFY(law == "poisson" ? difference == 0 : difference > 0.1);
}

void TestSeparableProx::curvedSystem() {
    const double gamma = 3;
    BlurOperator op(blur(), kShape);
    CurvedSystem system(op);
    const Image r = spread(kShape, 14, -1, 2);
    Image curvature = spread(kShape, 15, 0, 9);
    const auto solve = [&](double accuracy) {
        op.fft().forward(r.samples(), system.rightSide());
        return system.solve(curvature, gamma, accuracy, 300);
    };
    const auto residual = [&] {
        Image u(kShape), back(kShape), blurred(kShape);
        std::ranges::copy(system.solution(), op.scratch().begin());
        op.fft().inverse(op.scratch(), u.samples());
        scale(1.0 / static_cast<double>(kShape.planeSize()), u.samples());
        op.apply(u, blurred);
        const double apart =
            std::sqrt(distanceSquared(blurred.samples(), system.blurredSolution().samples()));
        for (std::size_t i = 0; i < back.size(); ++i)
            back.samples()[i] = blurred.samples()[i] * curvature.samples()[i];
        op.adjoint(back, back);
        scale(gamma, back.samples());
        axpy(1, u.samples(), back.samples());
        return std::max(std::sqrt(distanceSquared(back.samples(), r.samples())), apart) / norm(r.samples());
    };
    const int steps = solve(kVerify ? 1e-13 : 1e-7);
    QVERIFY(steps > 3 && steps < 100);
    QVERIFY2(residual() < (kVerify ? 1e-11 : 1e-5), qPrintable(text(residual())));
    fill(curvature.samples(), 2.5);
    QCOMPARE(solve(kVerify ? 1e-12 : 1e-5), 1);
    QVERIFY2(residual() < (kVerify ? 1e-11 : 1e-5), qPrintable(text(residual())));
}

QTEST_APPLESS_MAIN(TestSeparableProx)
#include "tst_separable_prox.moc"
