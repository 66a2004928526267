// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "solver/core/error.h"
#include "solver/core/parallel.h"
#include "solver/priors/denoiser.h"
#include "solver/priors/ridge.h"
#include "tests/support/laws.h"
#include "tests/support/networks.h"
#include "tests/support/pictures.h"

using namespace stillpoint;
using Colour = RidgeArchitecture::Colour;

namespace {

constexpr double kSigma = 0.05;

RidgeArchitecture smallRidge(Colour colour) {
    return {.colour = colour, .filters = 4, .pieces = 20};
}

RidgeBank smallBank(Colour colour) {
    return {smallRidge(colour), randomRidge(smallRidge(colour))};
}

RidgeField fieldOn(const RidgeBank& bank, Shape shape) {
    return {std::make_shared<const RidgeBank>(bank), shape};
}

// grad g by direct sums over the taps, periodic, on a picture that has the bank's channels.
Image directGradient(const RidgeBank& bank, const Image& x, double sigma) {
    constexpr int kTaps = RidgeBank::kTaps;
    Image out(x.shape());
    const int h = x.height(), w = x.width();
    const auto wrapped = [](int at, int length) { return ((at % length) + length) % length; };
    for (int i = 0; i < bank.architecture().filters; ++i) {
        const double alpha = bank.alpha(i, sigma);
        for (int row = 0; row < h; ++row)
            for (int column = 0; column < w; ++column) {
                double response = 0;
                const auto overTaps = [&](const auto& visit) {
                    for (int c = 0; c < x.channels(); ++c)
                        for (int t = 0; t < RidgeBank::kTapCount; ++t)
                            visit(bank.taps(i, c)[static_cast<std::size_t>(t)], c,
                                  wrapped(row + t / kTaps - kTaps / 2, h),
                                  wrapped(column + t % kTaps - kTaps / 2, w));
                };
                overTaps([&](double tap, int c, int at, int column2) {
                    response += tap * static_cast<double>(x.at(c, at, column2));
                });
                const double t = alpha * std::abs(response);
                const auto k = static_cast<std::size_t>(
                    std::min(t / RidgeBank::kPiece, static_cast<double>(bank.slopes().size() - 1)));
                const double profile =
                    std::copysign(1.0, response) *
                    (static_cast<double>(bank.starts()[k]) + static_cast<double>(bank.slopes()[k]) * t);
                overTaps([&](double tap, int c, int at, int column2) {
                    out.at(c, at, column2) += static_cast<Real>(tap * profile / alpha);
                });
            }
    }
    return out;
}

}  // namespace

Q_DECLARE_METATYPE(RidgeArchitecture::Colour)

class TestRidge : public QObject {
    Q_OBJECT

    static void colours() {
        QTest::addColumn<Colour>("colour");
        QTest::newRow("grey") << Colour::grey;
        QTest::newRow("joint") << Colour::joint;
        QTest::newRow("opponent") << Colour::opponent;
    }

 private slots:
    // Sizes of one tile without a margin, of one with, of several, narrower than a filter, and on several
    // threads.
    void tilesGiveTheDirectSums_data() {
        QTest::addColumn<Colour>("colour");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("whole") << Colour::grey << 16 << 18;
        QTest::newRow("margin") << Colour::joint << 17 << 23;
        QTest::newRow("several") << Colour::grey << 331 << 19;
        QTest::newRow("wide") << Colour::opponent << 7 << 389;
        QTest::newRow("narrow") << Colour::joint << 1 << 41;
        QTest::newRow("pixel") << Colour::grey << 1 << 1;
    }
    void tilesGiveTheDirectSums() {
        QFETCH(Colour, colour);
        QFETCH(int, height);
        QFETCH(int, width);
        const RidgeBank bank = smallBank(colour);
        const Image x = randomPicture({bank.architecture().channels(), height, width}, 3);
        const Image expected = directGradient(bank, x, kSigma);
        for (const int threads : {1, 3}) {
            setThreadCount(threads);
            RidgeField field = fieldOn(bank, x.shape());
            Image out(x.shape());
            field.gradient(x, kSigma, out);
            const double error = std::sqrt(distanceSquared(out.samples(), expected.samples()));
            QVERIFY(error <= (kVerify ? 1e-12 : 2e-5) * (norm(expected.samples()) + 1e-3));
        }
        setThreadCount(1);
    }

    void gradientIsTheDerivativeOfTheValue_data() { colours(); }
    void gradientIsTheDerivativeOfTheValue() {
        QFETCH(Colour, colour);
        for (const Shape shape : {Shape{1, 17, 20}, Shape{3, 16, 23}}) {
            RidgeField field = fieldOn(smallBank(colour), shape);
            const Image x = randomPicture(shape, 4);
            const auto direction = randomVector(shape.size(), 5);
            Image g(shape);
            field.gradient(x, kSigma, g);
            const double exact = dot(g.samples(), direction);
            const double measured = finiteDifference(
                [&](double at) {
                    Image moved = x.clone();
                    axpy(at - 1, direction, moved.samples());
                    return field.value(moved, kSigma);
                },
                1, exact);
            QVERIFY(std::abs(measured - exact) <=
                    (kVerify ? 1e-8 : 1e-2) * norm(g.samples()) * norm(direction));
        }
    }

    // The norm of a bank is 1, its profile's slopes lie in [-1, mu], and constants cost nothing.
    void boundsHold_data() { colours(); }
    void boundsHold() {
        QFETCH(Colour, colour);
        const RidgeBank bank = smallBank(colour);
        for (const Real slope : bank.slopes())
            QVERIFY(slope >= -1 && static_cast<double>(slope) <= bank.lipschitz());
        const Shape shape{bank.architecture().channels(), 90, 96};
        RidgeField field = fieldOn(bank, shape);
        Image grey(shape);
        fill(grey.samples(), 0.7);
        QVERIFY(field.value(grey, kSigma) < (kVerify ? 1e-20 : 1e-8));
        // At a constant every response is on the first piece: H = slope W'W.
        field.linearise(grey, kSigma);
        Image v(shape), out(shape);
        std::ranges::copy(randomVector(shape.size(), 6), v.samples().begin());
        double size = 0;
        for (int k = 0; k < 200; ++k) {
            field.hessian(v, out);
            size = norm(out.samples()) / norm(v.samples());
            copy(out, v);
            scale(1 / norm(v.samples()), v.samples());
        }
        const auto first = static_cast<double>(bank.slopes().front());
        QVERIFY2(size <= 1.01 * first && size > 0.9 * first,
                 qPrintable(QString("%1 of %2").arg(size).arg(first)));
    }

    void weightGradientIsTheDerivative_data() {
        QTest::addColumn<Colour>("colour");
        QTest::addColumn<int>("channels");
        QTest::newRow("grey") << Colour::grey << 1;
        QTest::newRow("grey on colour") << Colour::grey << 3;
        QTest::newRow("joint") << Colour::joint << 3;
        QTest::newRow("joint on grey") << Colour::joint << 1;
        QTest::newRow("opponent") << Colour::opponent << 3;
        QTest::newRow("opponent on grey") << Colour::opponent << 1;
    }
    void weightGradientIsTheDerivative() {
        if (!kVerify) QSKIP("steps that float can tell are longer than the distance of the profile's kinks");
        QFETCH(Colour, colour);
        QFETCH(int, channels);
        const RidgeArchitecture architecture = smallRidge(colour);
        const Weights weights = randomRidge(architecture);
        const Shape shape{channels, 19, 16};
        const Image x = randomPicture(shape, 7);
        Image v(shape);
        std::ranges::copy(randomVector(shape.size(), 8), v.samples().begin());
        const RidgeBank bank(architecture, weights);
        RidgeField field = fieldOn(bank, shape);
        field.linearise(x, kSigma);
        RidgeBank::Derivatives by(architecture);
        const double bySigma = field.derivatives(v, true, by);
        Buffer gradient(weights.size());
        bank.addGradient(by, kSigma, 1, gradient.span());
        Image out(shape);
        const auto functional = [&](const Weights& at, double sigma) {
            fieldOn(RidgeBank(architecture, at), shape).gradient(x, sigma, out);
            return dot(out.samples(), v.samples());
        };
        const double size = std::abs(functional(weights, kSigma));
        const double tolerance = 1e-5;
        const double reach = 0.01;  // of the steps: short against the distance of the kinks
        const auto check = [&](double exact, double measured, const QString& what) {
            QVERIFY2(std::abs(exact - measured) <= tolerance * (std::abs(exact) + 0.01 * reach * size),
                     qPrintable(QString("%1: %2 against %3").arg(what).arg(exact).arg(measured)));
        };
        for (const Weights::Slice& slice : weights.slices()) {
            // Along a random direction within the slice.
            const auto direction = randomVector(slice.size, 9);
            const ConstRealSpan part = gradient.span().subspan(slice.offset, slice.size);
            const double exact = reach * dot(part, direction);
            check(exact,
                  finiteDifference(
                      [&](double at) {
                          Weights moved = weights;
                          axpy(reach * (at - 1), direction, moved.values().subspan(slice.offset, slice.size));
                          return functional(moved, kSigma);
                      },
                      1, exact),
                  QString::fromStdString(slice.name));
        }
        check(bySigma, finiteDifference([&](double at) { return functional(weights, at); }, kSigma, bySigma),
              "sigma");
    }

    void whatIsNotANumberStaysInThePicture() {
        const Shape shape{1, 16, 16};
        RidgeField field = fieldOn(smallBank(Colour::grey), shape);
        Image x = randomPicture(shape, 3), out(shape);
        x.at(0, 3, 3) = std::numeric_limits<Real>::quiet_NaN();
        field.gradient(x, kSigma, out);
        QVERIFY(!allFinite(out.samples()));
    }

    void refusesTheOtherKind() {
        RidgeParams ridge;
        ridge.model = testModel();
        QVERIFY_THROWS_EXCEPTION(Error, RidgePrior({1, 8, 8}, ridge));
        DenoiserParams denoiser;
        denoiser.model = testRidge();
        QVERIFY_THROWS_EXCEPTION(Error, DenoiserPrior({1, 8, 8}, denoiser));
    }

    void readsWhatItWrote() {
        const auto model = findModel(testRidge());
        const WeightsFile file = fileOf(*model);
        QVERIFY(*modelOf({file.weights, file.texts}, "again").ridge() == *model->ridge());
        const auto refusal = [&](const std::string& key, const std::string& value) {
            WeightsFile changed{file.weights, file.texts};
            changed.texts[key] = value;
            try {
                modelOf(std::move(changed), "bad");
            } catch (const Error& error) {
                return QString(error.what());
            }
            return QString();
        };
        QCOMPARE(refusal("colour", "blue"),
                 "The weights 'bad' cannot be used: 'colour' is 'blue'; allowed is one of grey, joint, "
                 "opponent.");
        QCOMPARE(refusal("filters", "7"),
                 "The weights 'bad' cannot be used: its arrays are not those of the network that it "
                 "describes.");
        QCOMPARE(refusal("network", "denoise"),
                 "The weights 'bad' cannot be used: they are of a network 'denoise'; needed is 'denoiser'.");
    }
};

QTEST_GUILESS_MAIN(TestRidge)
#include "tst_ridge.moc"
