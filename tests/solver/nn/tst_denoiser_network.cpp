// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>

#include "solver/core/error.h"
#include "solver/nn/denoiser_network.h"
#include "tests/support/golden.h"
#include "tests/support/laws.h"
#include "tests/support/networks.h"
#include "tests/support/pictures.h"

using namespace stillpoint;
using Body = DenoiserArchitecture::Body;
using Keep = DenoiserNetwork::Keep;

Q_DECLARE_METATYPE(DenoiserArchitecture)

namespace {

// A kink between the two ends of a difference spoils it, so the probes are short and the best one counts.
constexpr double kKinkTolerance = kVerify ? 1e-6 : 1e-1;

double flopsOf(int width, int depth, bool unshuffle) {
    return DenoiserArchitecture{Body::residual, 3, width, depth, unshuffle, 5}.flopsPerPixel();
}

}  // namespace

class TestDenoiserNetwork : public QObject {
    Q_OBJECT

 private slots:
    void golden();
    void laws_data() { cases(); }
    void laws();
    void weightGradients_data() { cases(); }
    void weightGradients();
    void greyByAColourNetwork();
    void eachChannelByAGreyNetwork();
    void countsOperations();
    void readsItsDescription();
    void refusesWhatDoesNotFit();

 private:
    static void cases();
};

// DnCNN of depth 3 and width 4, in double by another program.
void TestDenoiserNetwork::golden() {
    const QJsonObject file = readGolden(goldenFiles("dncnn_tiny.json").value(0));
    const double tolerance = kVerify ? 1e-10 : 5e-5;
    for (const QString key : {"c1", "c3"}) {
        const QJsonObject problem = file[key].toObject();
        const QJsonObject given = problem["weights"].toObject();
        const QJsonObject wanted = problem["grad_weights"].toObject();
        const GoldenArray x = goldenArray(problem, "x");
        const DenoiserArchitecture architecture{Body::plain, x.shape[1], 4, 3, false, 0};
        Weights weights = weightsOf(architecture.layers());
        const std::pair<const char*, const char*> names[] = {
            {"layers.0", "in_conv"}, {"layers.1", "conv_list.0"}, {"layers.2", "out_conv"}};
        for (const auto& [ours, theirs] : names)
            for (const char* part : {".weight", ".bias"}) {
                const GoldenArray values = goldenArray(given, QString(theirs) + part);
                const Weights::Slice& slice = *weights.find(std::string(ours) + part);
                for (std::size_t k = 0; k < slice.size; ++k)
                    weights.values()[slice.offset + k] = static_cast<Real>(values.data[k]);
            }
        DenoiserNetwork network(architecture, x.pictureShape());
        network.setWeights(weights);
        Image out(x.pictureShape()), back(x.pictureShape());
        Buffer gradient(weights.size());
        for (int b = 0; b < x.batch(); ++b) {
            network.apply(x.picture(b).samples(), 0, out.samples(), Keep::everything);
            QVERIFY(relativeDifference(out.samples(), goldenArray(problem, "output").entry(b)) < tolerance);
            network.vjp(goldenArray(problem, "v").picture(b).samples(), back.samples());
            QVERIFY(relativeDifference(back.samples(), goldenArray(problem, "vjp_x").entry(b)) < tolerance);
            network.addWeightGradients(goldenArray(problem, "v").picture(b).samples(), 1, gradient.span(),
                                       back.samples());
            QVERIFY(relativeDifference(back.samples(), goldenArray(problem, "vjp_x").entry(b)) < tolerance);
        }
        for (const auto& [ours, theirs] : names)
            for (const char* part : {".weight", ".bias"}) {
                const Weights::Slice& slice = *weights.find(std::string(ours) + part);
                const GoldenArray values = goldenArray(wanted, QString(theirs) + part);
                const double error =
                    relativeDifference(gradient.span().subspan(slice.offset, slice.size), values.data);
                QVERIFY2(error < tolerance, qPrintable(QString("%1%2: %3").arg(theirs, part).arg(error)));
            }
    }
}

void TestDenoiserNetwork::cases() {
    QTest::addColumn<DenoiserArchitecture>("architecture");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    const DenoiserArchitecture residual{Body::residual, 3, 12, 6, true, 5};
    QTest::newRow("residual") << residual << 3 << 12 << 16;
    QTest::newRow("residual, odd picture") << residual << 3 << 11 << 7;
    QTest::newRow("residual, grey by colour") << residual << 1 << 9 << 10;
    QTest::newRow("residual, one pixel") << residual << 3 << 1 << 1;
    QTest::newRow("residual, full size")
        << DenoiserArchitecture{Body::residual, 1, 8, 4, false, 5} << 1 << 9 << 8;
    QTest::newRow("plain") << DenoiserArchitecture{Body::plain, 3, 10, 4, false, 0} << 3 << 10 << 9;
    QTest::newRow("plain, colour by grey")
        << DenoiserArchitecture{Body::plain, 1, 8, 3, true, 5} << 3 << 10 << 13;
}

void TestDenoiserNetwork::laws() {
    QFETCH(DenoiserArchitecture, architecture);
    QFETCH(int, channels);
    QFETCH(int, height);
    QFETCH(int, width);
    const Shape shape{channels, height, width};
    const Weights weights = randomWeights(architecture);
    DenoiserNetwork network(architecture, shape);
    network.setWeights(weights);
    const Image x = randomPicture(shape, 3);
    Image out(shape);
    const double sigma = 0.1;
    network.apply(x.samples(), sigma, out.samples(), Keep::slopes);
    const VectorMap jvp = [&](ConstRealSpan in, RealSpan to) { network.jvp(in, to); };
    const VectorMap vjp = [&](ConstRealSpan in, RealSpan to) { network.vjp(in, to); };
    QVERIFY(adjointError(jvp, vjp, shape.size(), shape.size()) < kAdjointTolerance);

    DenoiserNetwork other(architecture, shape);
    other.setWeights(weights);
    const VectorMap map = [&](ConstRealSpan in, RealSpan to) { other.apply(in, sigma, to, Keep::nothing); };
    const double error = vjpError(map, vjp, x.samples());
    QVERIFY2(error < kKinkTolerance, qPrintable(QString::number(error)));

    const Image c = randomPicture(shape, 5);
    network.vjp(c.samples(), out.samples());
    const double exact = network.sigmaProduct();
    Image moved(shape);
    const double difference = finiteDifference(
        [&](double level) {
            other.apply(x.samples(), level, moved.samples(), Keep::nothing);
            return dot(c.samples(), moved.samples());
        },
        sigma, exact);
    QVERIFY2(std::abs(difference - exact) <= kKinkTolerance * (std::abs(exact) + 1e-3),
             qPrintable(QString("%1 %2").arg(difference).arg(exact)));
    QCOMPARE(exact != 0, architecture.noiseMap > 0);
}

void TestDenoiserNetwork::weightGradients() {
    QFETCH(DenoiserArchitecture, architecture);
    QFETCH(int, channels);
    QFETCH(int, height);
    QFETCH(int, width);
    const Shape shape{channels, height, width};
    Weights weights = randomWeights(architecture);
    DenoiserNetwork network(architecture, shape);
    network.setWeights(weights);
    const Image x = randomPicture(shape, 3), c = randomPicture(shape, 4);
    Image out(shape), back(shape), expected(shape);
    Buffer gradient(weights.size());
    network.apply(x.samples(), 0.1, out.samples(), Keep::everything);
    network.vjp(c.samples(), expected.samples());
    network.addWeightGradients(c.samples(), 2, gradient.span(), back.samples());
    QVERIFY(std::sqrt(distanceSquared(back.samples(), expected.samples())) <=
            kAdjointTolerance * norm(expected.samples()));

    // Along a random direction in each slice: a wrong layer cannot hide behind the others.
    for (const Weights::Slice& slice : weights.slices()) {
        const std::vector<Real> before(weights.values().begin(), weights.values().end());
        Buffer direction(slice.size);
        for (std::size_t k = 0; k < slice.size; ++k)
            direction[k] = static_cast<Real>(normalAt(slice.offset + 7, k));
        const double exact = dot(gradient.span().subspan(slice.offset, slice.size), direction.span());
        const double difference = finiteDifference(
            [&](double t) {
                for (std::size_t k = 0; k < slice.size; ++k)
                    weights.values()[slice.offset + k] =
                        before[slice.offset + k] + static_cast<Real>(t - 1) * direction[k];
                network.setWeights(weights);
                network.apply(x.samples(), 0.1, out.samples(), Keep::nothing);
                return 2 * dot(c.samples(), out.samples());
            },
            1, exact);  // steps are relative
        std::copy(before.begin(), before.end(), weights.values().begin());
        QVERIFY2(
            std::abs(difference - exact) <= kKinkTolerance * (std::abs(exact) + 1e-2 * norm(gradient.span())),
            qPrintable(
                QString("%1: %2 %3").arg(QString::fromStdString(slice.name)).arg(difference).arg(exact)));
    }
}

void TestDenoiserNetwork::greyByAColourNetwork() {
    const DenoiserArchitecture architecture{Body::residual, 3, 8, 4, true, 5};
    const Weights weights = randomWeights(architecture);
    const Shape grey{1, 10, 12}, colour{3, 10, 12};
    const Image x = randomPicture(grey, 3);
    Image three(colour), outThree(colour), out(grey);
    for (int c = 0; c < 3; ++c) three.plane(c) = x.plane(0);
    DenoiserNetwork one(architecture, grey), all(architecture, colour);
    one.setWeights(weights);
    all.setWeights(weights);
    one.apply(x.samples(), 0.1, out.samples(), Keep::nothing);
    all.apply(three.samples(), 0.1, outThree.samples(), Keep::nothing);
    const auto mean = ((outThree.plane(0) + outThree.plane(1) + outThree.plane(2)) / Real{3}).eval();
    QVERIFY((mean - out.plane(0)).norm() <= Real(1e-6) * out.plane(0).norm());
}

void TestDenoiserNetwork::eachChannelByAGreyNetwork() {
    const DenoiserArchitecture architecture{Body::residual, 1, 8, 4, true, 5};
    const Weights weights = randomWeights(architecture);
    const Shape grey{1, 10, 12}, colour{3, 10, 12};
    const Image x = randomPicture(colour, 3);
    Image out(colour), single(grey), outSingle(grey);
    DenoiserNetwork all(architecture, colour), one(architecture, grey);
    all.setWeights(weights);
    one.setWeights(weights);
    all.apply(x.samples(), 0.1, out.samples(), Keep::nothing);
    for (int c = 0; c < 3; ++c) {
        single.plane(0) = x.plane(c);
        one.apply(single.samples(), 0.1, outSingle.samples(), Keep::nothing);
        QVERIFY((outSingle.plane(0) - out.plane(c)).norm() <= Real(1e-6) * out.plane(c).norm());
    }
}

void TestDenoiserNetwork::countsOperations() {
    // 13 -> 48, ten times 48 -> 48, 48 -> 12, 9 taps, 2 operations, a quarter of the pixels
    QCOMPARE(flopsOf(48, 12, true), 2.0 * 9 * (13 * 48 + 10 * 48 * 48 + 48 * 12) / 4);
    QVERIFY(flopsOf(48, 12, true) <= 0.12e6);
}

void TestDenoiserNetwork::readsItsDescription() {
    for (const auto& architecture : {DenoiserArchitecture{Body::residual, 3, 12, 6, true, 5},
                                     DenoiserArchitecture{Body::plain, 1, 4, 3, false, 0}}) {
        std::map<std::string, std::string> texts;
        architecture.describe(texts);
        QVERIFY(DenoiserArchitecture::read(texts, weightsOf(architecture.layers()), "file") == architecture);
        for (const auto& [key, text] : std::map<std::string, std::string>(texts)) {
            for (const std::string wrong : {"", "-1", "1e9", "foreign"}) {
                texts[key] = wrong;
                QVERIFY_THROWS_EXCEPTION(
                    Error, DenoiserArchitecture::read(texts, weightsOf(architecture.layers()), "file"));
            }
            texts.erase(key);
            QVERIFY_THROWS_EXCEPTION(
                Error, DenoiserArchitecture::read(texts, weightsOf(architecture.layers()), "file"));
            texts[key] = text;
        }
    }
}

void TestDenoiserNetwork::refusesWhatDoesNotFit() {
    const DenoiserArchitecture architecture{Body::residual, 3, 8, 4, true, 5};
    QVERIFY_THROWS_EXCEPTION(Error, DenoiserNetwork(architecture, Shape{2, 8, 8}));
    std::map<std::string, std::string> texts;
    architecture.describe(texts);
    Weights wider = weightsOf(DenoiserArchitecture{Body::residual, 3, 16, 4, true, 5}.layers());
    QVERIFY_THROWS_EXCEPTION(Error, DenoiserArchitecture::read(texts, wider, "file"));
}

QTEST_GUILESS_MAIN(TestDenoiserNetwork)
#include "tst_denoiser_network.moc"
