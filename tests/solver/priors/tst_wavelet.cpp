// SPDX-License-Identifier: GPL-3.0-or-later
// The wavelet prior against its formulas; the transform has its own test.
#include <QTest>
#include <cmath>

#include "solver/core/parallel.h"
#include "solver/priors/wavelet.h"
#include "solver/run/registry.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/wavelet_reference.h"

using namespace stillpoint;

namespace {

constexpr double kRounding = kVerify ? 1e-13 : 1e-5;  // of a transform, relative
const Shape kOdd{3, 11, 13};

double distance(ConstImageRef a, ConstImageRef b) {
    return std::sqrt(distanceSquared(a.samples(), b.samples()));
}

WaveletParams someParams(int shifts, double smoothing) {
    WaveletParams params;
    params.family = WaveletFamily::db3;
    params.levels = 3;
    params.shifts = shifts;
    params.smoothing = smoothing;
    return params;
}

Image proxOf(WaveletPrior& prior, ConstImageRef v, double weight) {
    Image out(v.shape());
    prior.prox(v, weight, {}, out, {});
    return out;
}

QString text(double value) {
    return QString::number(value, 'g', 4);
}

}  // namespace

class TestWavelet : public QObject {
    Q_OBJECT

    void shiftsAndSmoothing() {
        QTest::addColumn<int>("shifts");
        QTest::addColumn<double>("smoothing");
        for (const int shifts : {1, 3, 4})
            for (const double smoothing : {0.0, 0.3})
                QTest::addRow("shifts %d smoothing %g", shifts, smoothing) << shifts << smoothing;
    }

 private slots:
    void flatPicturesAreUntouched() {
        for (std::size_t f = 0; f < kWaveletFamilies.size(); ++f)
            for (const auto& [h, w] : {std::pair{1, 1}, {1, 7}, {7, 1}, {5, 8}, {16, 16}, {31, 17}})
                for (const int shifts : {1, 4}) {
                    Image flat(Shape{2, h, w});
                    fill(flat.samples(), 0.7);
                    WaveletParams params = someParams(shifts, 0);
                    params.family = static_cast<WaveletFamily>(f);
                    params.levels = 8;
                    WaveletPrior prior(flat.shape(), params);
                    // A weight that would take every detail away.
                    QVERIFY(distance(proxOf(prior, flat, 10), flat) < kRounding * norm(flat.samples()));
                    if (shifts == 1)
                        QVERIFY(prior.value(flat) < kRounding * static_cast<double>(flat.size()));
                }
    }

    // v - u is in w times the subdifferential of g at u, coefficient by coefficient of the dense transform.
    void proxIsOptimal() {
        for (const double e : {0.0, 0.3})
            for (const double w : {0.0, 0.4, 50.0}) {
                const WaveletParams params = someParams(1, e);
                WaveletPrior prior(kOdd, params);
                const Image v = normalPicture(kOdd, 8);
                const Image u = proxOf(prior, v, w);
                Image p = v.clone();
                axpy(-1, u.samples(), p.samples());
                const ReferenceWavelet reference(kOdd, params.family, params.levels);
                const auto du = reference.forward(u);
                const auto dp = reference.forward(p);
                const double tiny = kVerify ? 1e-12 : 1e-4;
                for (std::size_t i = 0; i < du.size(); ++i) {
                    if (!reference.isDetail(i))
                        QVERIFY(std::abs(dp[i]) < tiny);
                    else if (std::abs(du[i]) > std::max(e, tiny))
                        QVERIFY(std::abs(dp[i] - std::copysign(w, du[i])) < tiny);
                    else if (e > 0)
                        QVERIFY(std::abs(dp[i] - w * du[i] / e) < tiny * std::max(1.0, w / e));
                    else
                        QVERIFY(std::abs(dp[i]) < w + tiny);
                }
            }
    }

    // Moreau: with p = v - prox(v), w g(u) + (w g)*(p) = <u, p>, where (w g)* is e |d|^2 / (2 w) on details
    // of at most w and infinite for others; and p is the prox of (w g)*, here by its own closed form.
    void moreau() {
        const double w = 0.35;
        for (const double e : {0.0, 0.2}) {
            const WaveletParams params = someParams(1, e);
            WaveletPrior prior(kOdd, params);
            const ReferenceWavelet reference(kOdd, params.family, params.levels);
            const Image v = normalPicture(kOdd, 9);
            const Image u = proxOf(prior, v, w);
            const Image dual = reference.mapDetails(
                v, [&](double t) { return std::clamp(t / (1 + e / w), -w, w); }, false);
            Image sum = u.clone();
            axpy(1, dual.samples(), sum.samples());
            QVERIFY(distance(sum, v) < 10 * kRounding * norm(v.samples()));
            const double conjugate = e * normSquared(dual.samples()) / (2 * w);
            const double product = dot(u.samples(), dual.samples());
            QVERIFY(std::abs(w * prior.value(u) + conjugate - product) < (kVerify ? 1e-11 : 1e-3) * product);
        }
    }

    void offersWhatIsTrue() {
        const auto offers = [](int shifts, double smoothing) {
            return WaveletPrior({1, 4, 4}, someParams(shifts, smoothing)).offers();
        };
        QVERIFY(offers(1, 0.1).value && offers(1, 0.1).gradient && offers(1, 0.1).prox);
        QVERIFY(offers(1, 0).value && !offers(1, 0).gradient && offers(1, 0).prox);
        QVERIFY(!offers(2, 0.1).value && !offers(2, 0.1).gradient && offers(2, 0.1).prox);
    }

    // GD needs the gradient; the sentence names what to change.
    void gradientDescentNeedsOneTranslation() {
        const Registry& registry = Registry::builtin();
        Recipe recipe;
        recipe.set("iterator", "gd");
        recipe.set("prior", "wavelet");
        recipe.set("prior.shifts", "2");
        const auto issues = registry.check(recipe);
        QCOMPARE(issues.size(), std::size_t{1});
        QCOMPARE(issues[0].key, std::string("iterator"));
        QVERIFY(issues[0].text.find("set prior.shifts to 1") != std::string::npos);
        recipe.set("prior.shifts", "1");
        QVERIFY(registry.check(recipe).empty());
        recipe.set("prior.smoothing", "0");
        QCOMPARE(registry.check(recipe).size(), std::size_t{1});
    }

    void gradientIsThatOfTheValue() {
        const WaveletParams params = someParams(1, 0.3);
        WaveletPrior prior(kOdd, params);
        const Image x = normalPicture(kOdd, 10);
        Image g(kOdd), direction = normalPicture(kOdd, 11);
        prior.gradient(x, g);
        const double h = kVerify ? 1e-6 : 1e-2;
        Image plus = x.clone(), minus = x.clone();
        axpy(h, direction.samples(), plus.samples());
        axpy(-h, direction.samples(), minus.samples());
        const double measured = (prior.value(plus) - prior.value(minus)) / (2 * h);
        const double expected = dot(g.samples(), direction.samples());
        const double scale = norm(g.samples()) * norm(direction.samples());
        QVERIFY2(std::abs(measured - expected) < (kVerify ? 1e-7 : 1e-3) * scale,
                 qPrintable(text(measured) + " " + text(expected)));
        // The bound on its Lipschitz constant holds and is attained near flat pictures.
        Image small = direction.clone();
        stillpoint::scale(1e-3, small.samples());
        prior.gradient(small, g);
        QVERIFY(norm(g.samples()) <= prior.gradientLipschitz() * norm(small.samples()) * (1 + 1e-5));
        QVERIFY(norm(g.samples()) >= 0.9 * prior.gradientLipschitz() * norm(small.samples()));
    }

    void gradientVjp() {
        WaveletPrior prior(kOdd, someParams(1, 0.5));
        const Image x = normalPicture(kOdd, 12);
        prior.lineariseGradient(x);
        const double error = vjpError(
            [&](ConstRealSpan in, RealSpan out) {
                prior.gradient({in, kOdd}, {out, kOdd});
            },
            [&](ConstRealSpan in, RealSpan out) {
                prior.gradientVjp({in, kOdd}, {out, kOdd});
            },
            x.samples());
        QVERIFY2(error < kVjpTolerance, qPrintable(text(error)));

        const Image v = normalPicture(kOdd, 13);
        Gradients gradients;
        prior.gradientInputsVjp(v, 2, gradients);
        const double measured = finiteDifference(
            [&](double smoothing) {
                Image g(kOdd);
                WaveletPrior(kOdd, someParams(1, smoothing)).gradient(x, g);
                return 2 * dot(g.samples(), v.samples());
            },
            0.5);
        QVERIFY2(std::abs(gradients.parameters.at("prior.smoothing") - measured) <
                     (kVerify ? 1e-6 : 0.1) * std::max(1.0, std::abs(measured)),
                 qPrintable(text(gradients.parameters.at("prior.smoothing")) + " " + text(measured)));
    }

    void proxVjp_data() { shiftsAndSmoothing(); }
    void proxVjp() {
        QFETCH(int, shifts);
        QFETCH(double, smoothing);
        const double weight = 0.4;
        WaveletPrior prior(kOdd, someParams(shifts, smoothing));
        const Image x = normalPicture(kOdd, 14);
        prior.lineariseProx(x, weight, {});
        const double error = vjpError(
            [&](ConstRealSpan in, RealSpan out) {
                prior.prox({in, kOdd}, weight, {}, {out, kOdd}, {});
            },
            [&](ConstRealSpan in, RealSpan out) {
                prior.proxVjp({in, kOdd}, {}, {out, kOdd}, {});
            },
            x.samples());
        QVERIFY2(error < kVjpTolerance, qPrintable(text(error)));

        const Image v = normalPicture(kOdd, 15);
        Gradients gradients;
        const double byWeight = prior.proxInputsVjp(v, {}, gradients);
        const double tolerance = (kVerify ? 1e-6 : 0.05) * norm(v.samples());
        const double measured = finiteDifference(
            [&](double w) { return dot(proxOf(prior, x, w).samples(), v.samples()); }, weight);
        QVERIFY2(std::abs(byWeight - measured) < tolerance,
                 qPrintable(text(byWeight) + " " + text(measured)));
        if (smoothing <= 0) return;  // one-sided there
        const double bySmoothing = finiteDifference(
            [&](double e) {
                WaveletPrior other(kOdd, someParams(shifts, e));
                return dot(proxOf(other, x, weight).samples(), v.samples());
            },
            smoothing);
        QVERIFY2(std::abs(gradients.parameters.at("prior.smoothing") - bySmoothing) < tolerance,
                 qPrintable(text(gradients.parameters.at("prior.smoothing")) + " " + text(bySmoothing)));
    }

    // With 4 translations every grid of one level, with 16 every grid of two levels is averaged, so that the
    // prox no longer knows where the picture begins; with fewer it does.
    void translationsCoverTheGrid() {
        const Shape shape{1, 16, 24};
        const Image v = normalPicture(shape, 16);
        const auto spread = [&](int shifts, int levels) {
            WaveletParams params = someParams(shifts, 0.1);
            params.levels = levels;
            WaveletPrior prior(shape, params);
            const Image still = proxOf(prior, v, 0.5);
            double worst = 0;
            for (const auto& [rows, columns] : {std::pair{1, 0}, {0, 1}, {3, 2}, {2, 1}}) {
                const Image moved = proxOf(prior, translated(v, rows, columns), 0.5);
                worst = std::max(worst, distance(moved, translated(still, rows, columns)));
            }
            return worst / norm(v.samples());
        };
        QVERIFY(spread(1, 1) > 1e-2);
        QVERIFY(spread(4, 1) < kRounding);
        QVERIFY(spread(4, 2) > 1e-3);
        QVERIFY(spread(16, 2) < kRounding);
    }

    // As every prox: <P(a) - P(b), a - b> >= ||P(a) - P(b)||^2.
    void averagedProxIsFirmlyNonexpansive() {
        for (const double smoothing : {0.0, 0.3}) {
            WaveletPrior prior(kOdd, someParams(5, smoothing));
            for (std::uint64_t seed = 20; seed < 24; ++seed) {
                const Image a = normalPicture(kOdd, seed), b = normalPicture(kOdd, seed + 10);
                Image da = proxOf(prior, a, 0.6), d = a.clone();
                axpy(-1, proxOf(prior, b, 0.6).samples(), da.samples());
                axpy(-1, b.samples(), d.samples());
                QVERIFY(dot(da.samples(), d.samples()) >= normSquared(da.samples()) * (1 - 1e-6));
            }
        }
    }

    // Large enough for several threads; bit by bit the same, also where v is the output.
    void resultsDoNotDependOnThreads() {
        const Shape shape{3, 301, 403};
        const Image v = randomPicture(shape, 5);
        const int before = threadCount();
        for (const int shifts : {1, 2}) {
            std::vector<Image> results;
            std::vector<double> values;
            for (const int threads : {1, 2, 3}) {
                setThreadCount(threads);
                WaveletPrior prior(shape, someParams(shifts, 0.01));
                results.push_back(proxOf(prior, v, 0.1));
                if (shifts == 1) values.push_back(prior.value(v));
                Image inPlace = v.clone();
                prior.prox(inPlace, 0.1, {}, inPlace, {});
                results.push_back(std::move(inPlace));
            }
            for (const Image& other : results)
                QVERIFY(std::ranges::equal(other.samples(), results.front().samples()));
            for (const double value : values) QCOMPARE(value, values.front());
        }
        setThreadCount(before);
    }

    void theProxIsAFunctionOfItsInput() {
        WaveletPrior prior(kOdd, someParams(3, 0.1));
        const Image a = normalPicture(kOdd, 1), b = normalPicture(kOdd, 2);
        const Image first = proxOf(prior, a, 0.3);
        proxOf(prior, b, 0.7);
        prior.lineariseProx(b, 0.2, {});
        QVERIFY(std::ranges::equal(proxOf(prior, a, 0.3).samples(), first.samples()));
    }
};

QTEST_APPLESS_MAIN(TestWavelet)
#include "tst_wavelet.moc"
