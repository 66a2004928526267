// SPDX-License-Identifier: GPL-3.0-or-later
// Longer than other files: one slot a property, each asked of all families of kernels.
#include "solver/physics/kernel.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <numbers>

#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr double kEps = 1e-6;  // of sums of float samples

// Moments of a kernel's light around its centre pixel, x to the right and y downwards.
struct Moments {
    double sum = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
};
Moments moments(const Kernel& kernel, int channel = 0) {
    Moments m;
    for (int row = 0; row < kernel.pixels.height(); ++row) {
        for (int column = 0; column < kernel.pixels.width(); ++column) {
            const double v = static_cast<double>(kernel.pixels.at(channel, row, column));
            const double x = column - kernel.pixels.width() / 2;
            const double y = row - kernel.pixels.height() / 2;
            m.sum += v;
            m.x += v * x;
            m.y += v * y;
            m.xx += v * x * x;
            m.yy += v * y * y;
            m.xy += v * x * y;
        }
    }
    return m;
}

// Value at (x, y) from the centre; 0 outside.
double valueAt(const Kernel& kernel, int x, int y) {
    const int row = y + kernel.pixels.height() / 2;
    const int column = x + kernel.pixels.width() / 2;
    if (row < 0 || column < 0 || row >= kernel.pixels.height() || column >= kernel.pixels.width()) return 0;
    return static_cast<double>(kernel.pixels.at(0, row, column));
}

// Largest difference between the kernel and an independent value(x, y), both taken relative to the kernel's
// largest pixel; value is scaled so that both sums agree.
template <class Value>
double farthestFrom(const Kernel& kernel, const Value& value) {
    const int rows = kernel.pixels.height() / 2;
    const int columns = kernel.pixels.width() / 2;
    double sum = 0;
    for (int y = -rows; y <= rows; ++y)
        for (int x = -columns; x <= columns; ++x) sum += value(x, y);
    double difference = 0;
    for (int y = -rows; y <= rows; ++y)
        for (int x = -columns; x <= columns; ++x)
            difference = std::max(difference, std::abs(valueAt(kernel, x, y) - value(x, y) / sum));
    return difference / static_cast<double>(kernel.pixels.plane(0).maxCoeff());
}

// Mean of density(x, y) over a fine grid of points in the pixel.
template <class Density>
double sampled(int x, int y, int points, const Density& density) {
    double sum = 0;
    for (int i = 0; i < points; ++i)
        for (int j = 0; j < points; ++j)
            sum += density(x - 0.5 + (j + 0.5) / points, y - 0.5 + (i + 0.5) / points);
    return sum / (points * points);
}

QString fault(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return QString::fromStdString(error.key() + " | " + error.what());
    }
    return {};
}

QString faultOf(const std::string& spec) {
    return fault([&] { makeKernel(spec); });
}

}  // namespace

class TestKernel : public QObject {
    Q_OBJECT

 private slots:
    void everyFamilyIsNormalisedAndCentred_data();
    void everyFamilyIsNormalisedAndCentred();
    void quarterTurnsAreExact_data();
    void quarterTurnsAreExact();
    void gaussianMoments_data();
    void gaussianMoments();
    void gaussianIsTheIntegralOverPixels_data();
    void gaussianIsTheIntegralOverPixels();
    void motionAtAngleZero();
    void motionIsTheWayInsidePixels_data();
    void motionIsTheWayInsidePixels();
    void motionTurnsCounterClockwiseOnTheScreen();
    void diskIsTheSharedArea();
    void boxAverages();
    void specsRoundTrip();
    void specsAreRefusedWithASentence_data();
    void specsAreRefusedWithASentence();
    void pixelsAreChecked();
    void pixelsAreNormalisedPerChannel();
    void radiusIsTheFarSide();
};

void TestKernel::everyFamilyIsNormalisedAndCentred_data() {
    QTest::addColumn<QString>("spec");
    for (const auto& family : kernelFamilies()) {
        QTest::addRow("%s", family.name.c_str()) << QString::fromStdString(family.name);
        for (const auto& param : family.table->params()) {
            for (const double end : {param.info.minimum, param.info.maximum}) {
                const bool whole = param.kind == ParamKind::integer;
                const std::string text = whole ? std::to_string(std::llround(end)) : toText(end);
                const auto spec = family.name + ":" + param.key + "=" + text;
                QTest::addRow("%s", spec.c_str()) << QString::fromStdString(spec);
            }
        }
    }
    for (const char* spec :
         {"gaussian:sigma=0.1,aspect=0.05,angle=37", "gaussian:sigma=50,aspect=0.05,angle=-44",
          "gaussian:sigma=3.3,aspect=0.3,angle=0.001", "motion:length=0.01,angle=45",
          "motion:length=17.3,angle=-123.4", "motion:length=2,angle=60", "disk:radius=0.5",
          "disk:radius=7.77", "box:size=1.01", "box:size=4", "box:size=6.6"})
        QTest::addRow("%s", spec) << spec;
}

void TestKernel::everyFamilyIsNormalisedAndCentred() {
    QFETCH(QString, spec);
    const Kernel kernel = makeKernel(spec.toStdString());
    QCOMPARE(kernel.pixels.channels(), 1);
    QCOMPARE(kernel.pixels.height() % 2, 1);
    QCOMPARE(kernel.pixels.width() % 2, 1);
    QVERIFY(kernel.pixels.plane(0).minCoeff() >= 0);
    const Moments m = moments(kernel);
    QVERIFY2(std::abs(m.sum - 1) < kEps, qPrintable(QString::number(m.sum - 1)));
    const double reach = kernel.radius() + 1;
    if (spec.startsWith("shake")) {  // centred before the light is gathered into pixels
        QVERIFY(std::abs(m.x) < 0.5 && std::abs(m.y) < 0.5);
        return;
    }
    if (spec.contains("coma")) return;
    QVERIFY(std::abs(m.x) < kEps * reach);
    QVERIFY(std::abs(m.y) < kEps * reach);
    // No empty rim.
    const auto plane = kernel.pixels.plane(0);
    if (kernel.radius() > 0) {
        QVERIFY(plane.row(0).sum() > 0 && plane.row(plane.rows() - 1).sum() > 0);
        QVERIFY(plane.col(0).sum() > 0 && plane.col(plane.cols() - 1).sum() > 0);
    }
    // Point symmetry.
    const double largest = static_cast<double>(plane.maxCoeff());
    QVERIFY(static_cast<double>((plane - plane.reverse()).cwiseAbs().maxCoeff()) < 1e-6 * largest);
}

void TestKernel::quarterTurnsAreExact_data() {
    QTest::addColumn<QString>("spec");
    QTest::addColumn<double>("angle");
    for (const double angle : {-180.0, -90.0, 0.0, 30.0, 45.0, 77.5}) {
        QTest::addRow("gaussian %g", angle) << "gaussian:sigma=2.5,aspect=0.3,angle=" << angle;
        QTest::addRow("motion %g", angle) << "motion:length=9.4,angle=" << angle;
    }
}

void TestKernel::quarterTurnsAreExact() {
    QFETCH(QString, spec);
    QFETCH(double, angle);
    const Kernel kernel = makeKernel(spec.toStdString() + toText(angle));
    const Kernel turned = makeKernel(spec.toStdString() + toText(angle + 90));
    QCOMPARE(turned.pixels.height(), kernel.pixels.width());
    QCOMPARE(turned.pixels.width(), kernel.pixels.height());
    const int reach = kernel.radius();
    for (int y = -reach; y <= reach; ++y)
        for (int x = -reach; x <= reach; ++x)  // to the right becomes upwards
            QVERIFY(std::abs(valueAt(turned, y, -x) - valueAt(kernel, x, y)) < 1e-7);
}

void TestKernel::gaussianMoments_data() {
    QTest::addColumn<double>("sigma");
    QTest::addColumn<double>("aspect");
    QTest::addColumn<double>("angle");
    QTest::newRow("default") << 1.6 << 1.0 << 0.0;
    QTest::newRow("flat") << 4.0 << 0.4 << 0.0;
    QTest::newRow("upright") << 4.0 << 0.4 << 90.0;
    QTest::newRow("tilted") << 4.0 << 0.4 << 30.0;
    QTest::newRow("narrow") << 20.0 << 0.05 << -61.0;
}

// The integral over pixels adds the pixel's own variance 1/12; the cut at 4 deviations takes 0.11 % away.
void TestKernel::gaussianMoments() {
    QFETCH(double, sigma);
    QFETCH(double, aspect);
    QFETCH(double, angle);
    const Kernel kernel = makeKernel("gaussian:sigma=" + toText(sigma) + ",aspect=" + toText(aspect) +
                                     ",angle=" + toText(angle));
    const Moments m = moments(kernel);
    const double c = std::cos(angle * std::numbers::pi / 180);
    const double s = std::sin(angle * std::numbers::pi / 180);
    const double major = sigma * sigma;
    const double minor = sigma * sigma * aspect * aspect;
    const double bound = 0.003 * major;
    QVERIFY(std::abs(m.xx - (major * c * c + minor * s * s + 1.0 / 12)) < bound);
    QVERIFY(std::abs(m.yy - (major * s * s + minor * c * c + 1.0 / 12)) < bound);
    QVERIFY(std::abs(m.xy + (major - minor) * s * c) < bound);  // upwards is the negative direction of y
}

void TestKernel::gaussianIsTheIntegralOverPixels_data() {
    QTest::addColumn<double>("sigma");
    QTest::addColumn<double>("aspect");
    QTest::addColumn<double>("angle");
    QTest::newRow("default") << 1.6 << 1.0 << 0.0;
    QTest::newRow("small") << 0.5 << 1.0 << 0.0;
    QTest::newRow("tilted") << 2.0 << 0.5 << 33.0;
    QTest::newRow("thin") << 1.5 << 0.2 << 70.0;
}

void TestKernel::gaussianIsTheIntegralOverPixels() {
    QFETCH(double, sigma);
    QFETCH(double, aspect);
    QFETCH(double, angle);
    const Kernel kernel = makeKernel("gaussian:sigma=" + toText(sigma) + ",aspect=" + toText(aspect) +
                                     ",angle=" + toText(angle));
    const double c = std::cos(angle * std::numbers::pi / 180);
    const double s = std::sin(angle * std::numbers::pi / 180);
    const auto density = [&](double x, double y) {
        const double along = (x * c - y * s) / sigma;
        const double across = (x * s + y * c) / (sigma * aspect);
        return std::exp(-0.5 * (along * along + across * across));
    };
    const double difference = farthestFrom(kernel, [&](int x, int y) { return sampled(x, y, 160, density); });
    QVERIFY2(difference < 3e-5, qPrintable(QString::number(difference)));
}

void TestKernel::motionAtAngleZero() {
    const Kernel fifteen = makeKernel("motion:length=15,angle=0");
    QCOMPARE(fifteen.pixels.height(), 1);
    QCOMPARE(fifteen.pixels.width(), 15);
    for (const Real v : fifteen.pixels.samples()) QVERIFY(std::abs(static_cast<double>(v) - 1.0 / 15) < 1e-7);
    const Kernel fractional = makeKernel("motion:length=1.5");
    QCOMPARE(fractional.pixels.width(), 3);
    QVERIFY(std::abs(valueAt(fractional, 0, 0) - 2.0 / 3) < 1e-7);
    QVERIFY(std::abs(valueAt(fractional, 1, 0) - 1.0 / 6) < 1e-7);
    for (const char* still : {"motion:length=0", "motion:length=0,angle=33", "motion:length=1"}) {
        const Kernel identity = makeKernel(still);
        QCOMPARE(identity.pixels.size(), std::size_t{1});
        QCOMPARE(identity.pixels.at(0, 0, 0), Real(1));
    }
}

void TestKernel::motionIsTheWayInsidePixels_data() {
    QTest::addColumn<double>("length");
    QTest::addColumn<double>("angle");
    QTest::newRow("default length") << 15.0 << 30.0;
    QTest::newRow("steep") << 8.25 << 81.5;
    QTest::newRow("backwards") << 12.75 << -150.0;
    QTest::newRow("diagonal") << 10.0 << 45.0;
    QTest::newRow("short") << 1.2 << 20.0;
}

void TestKernel::motionIsTheWayInsidePixels() {
    QFETCH(double, length);
    QFETCH(double, angle);
    const Kernel kernel = makeKernel("motion:length=" + toText(length) + ",angle=" + toText(angle));
    const double c = std::cos(angle * std::numbers::pi / 180);
    const double s = std::sin(angle * std::numbers::pi / 180);
    std::map<std::pair<int, int>, double> light;
    constexpr int points = 400000;
    for (int i = 0; i < points; ++i) {
        const double t = ((i + 0.5) / points - 0.5) * length;
        light[{static_cast<int>(std::lround(t * c)), static_cast<int>(std::lround(-t * s))}] += 1.0 / points;
    }
    const double difference = farthestFrom(kernel, [&](int x, int y) {
        const auto it = light.find({x, y});
        return it == light.end() ? 0.0 : it->second;
    });
    QVERIFY2(difference < 5e-5, qPrintable(QString::number(difference)));
    const Moments m = moments(kernel);
    QVERIFY(std::abs(m.xx - length * length * c * c / 12) < 0.3);
    QVERIFY(std::abs(m.yy - length * length * s * s / 12) < 0.3);
}

void TestKernel::motionTurnsCounterClockwiseOnTheScreen() {
    const Kernel kernel = makeKernel("motion:length=15,angle=30");
    QVERIFY(valueAt(kernel, 5, -3) > 0);  // right and up
    QVERIFY(valueAt(kernel, -5, 3) > 0);  // left and down
    QVERIFY(valueAt(kernel, 5, 3) == 0);  // right and down
    QVERIFY(valueAt(kernel, -5, -3) == 0);
}

void TestKernel::diskIsTheSharedArea() {
    const KernelFamily* family = findKernelFamily("disk");
    QVERIFY(family != nullptr);
    for (const double radius : {0.3, 0.5, 1.0, 2.5, 4.0, 9.37, 100.0}) {
        const Image area = family->make({{"radius", toText(radius)}});
        const double exact = std::numbers::pi * radius * radius;
        const double sum = area.plane(0).cast<double>().sum();
        QVERIFY2(std::abs(sum - exact) < 1e-6 * exact, qPrintable(QString::number(sum / exact - 1)));
        QVERIFY(area.plane(0).maxCoeff() <= Real(1));
        QVERIFY((area.plane(0) - area.plane(0).transpose()).cwiseAbs().maxCoeff() < Real(1e-6));
    }
    const Kernel kernel = makeKernel("disk:radius=3.7");
    const double difference = farthestFrom(kernel, [](int x, int y) {
        return sampled(x, y, 300, [](double u, double v) { return std::hypot(u, v) < 3.7 ? 1.0 : 0.0; });
    });
    QVERIFY2(difference < 1e-3, qPrintable(QString::number(difference)));
    const Moments m = moments(makeKernel("disk:radius=20"));
    QVERIFY(std::abs(m.xx - (100 + 1.0 / 12)) < 0.02);
}

void TestKernel::boxAverages() {
    const Kernel five = makeKernel("box:size=5");
    QVERIFY(five.pixels.shape() == (Shape{1, 5, 5}));
    for (const Real v : five.pixels.samples()) QVERIFY(std::abs(static_cast<double>(v) - 0.04) < 1e-8);
    const Kernel four = makeKernel("box:size=4");  // 4x4 pixels' area, centred: half of the outer pixels
    QVERIFY(four.pixels.shape() == (Shape{1, 5, 5}));
    QVERIFY(std::abs(valueAt(four, 0, 0) - 1.0 / 16) < 1e-8);
    QVERIFY(std::abs(valueAt(four, 2, 0) - 1.0 / 32) < 1e-8);
    QVERIFY(std::abs(valueAt(four, -2, 2) - 1.0 / 64) < 1e-8);
    QCOMPARE(makeKernel("box:size=1").pixels.size(), std::size_t{1});
}

void TestKernel::specsRoundTrip() {
    for (const char* text : {"gaussian", "gaussian:sigma=1.6", "gaussian:sigma=2,aspect=0.5,angle=-30",
                             "motion:length=15,angle=30", "disk:radius=4", "box:size=5"}) {
        const KernelSpec spec = parseKernelSpec(text);
        QCOMPARE(toText(spec), std::string(text));
        const KernelSpec again = parseKernelSpec(toText(spec));
        QCOMPARE(again.family, spec.family);
        QVERIFY(again.values == spec.values);
        QCOMPARE(makeKernel(text).spec, std::string(text));
    }
    // The order of the table, whatever was typed.
    QCOMPARE(toText(parseKernelSpec("motion: angle=30 , length = 15")),
             std::string("motion:length=15,angle=30"));
    QCOMPARE(toText(parseKernelSpec("disk:")), std::string("disk"));
    for (const char* file : {"kernel.txt", "gaussian.txt", "./disk", "boxes:size=3", "", "C:kernel"}) {
        QCOMPARE(parseKernelSpec(file).family, std::string());
        QVERIFY(parseKernelSpec(file).values.empty());
    }
}

void TestKernel::specsAreRefusedWithASentence_data() {
    QTest::addColumn<QString>("spec");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("misspelt key") << "motion:lenght=3"
                                  << "Unknown parameter lenght of kernel family motion; its parameters are "
                                     "length, angle.";
    QTest::newRow("key of another family") << "disk:sigma=3"
                                           << "Unknown parameter sigma of kernel family disk; its parameters "
                                              "are radius.";
    QTest::newRow("range") << "gaussian:sigma=0"
                           << "Parameter sigma of kernel family gaussian is '0'; allowed is a number from "
                              "0.1 to 50.";
    QTest::newRow("not a number")
        << "gaussian:sigma=nan"
        << "Parameter sigma of kernel family gaussian is 'nan'; allowed is a number "
           "from 0.1 to 50.";
    QTest::newRow("word")
        << "box:size=big"
        << "Parameter size of kernel family box is 'big'; allowed is a number from 1 to 201.";
    QTest::newRow("no value") << "disk:radius"
                              << "Parameter 'radius' of kernel family disk has no value; it is written "
                                 "KEY=VALUE, with the keys radius.";
    QTest::newRow("empty item") << "motion:length=3,,angle=2"
                                << "Parameter '' of kernel family motion has no value; it is written "
                                   "KEY=VALUE, with the keys length, angle.";
    QTest::newRow("twice") << "disk:radius=3,radius=4"
                           << "Parameter radius of kernel family disk is given twice; it may be given once.";
    QTest::newRow("neither family nor file") << "gausian:sigma=2"
                                             << "Kernel 'gausian:sigma=2' is neither a family nor a file: "
                                                "the families are gaussian, motion, disk, "
                                                "box, shake, airy, and no file of that name was found.";
    QTest::newRow("empty")
        << ""
        << "Kernel is empty; allowed are the families gaussian, motion, disk, box, shake, airy and the "
           "name of a file.";
}

void TestKernel::specsAreRefusedWithASentence() {
    QFETCH(QString, spec);
    QFETCH(QString, sentence);
    QCOMPARE(faultOf(spec.toStdString()), "kernel | " + sentence);
}

void TestKernel::pixelsAreChecked() {
    const auto faultWith = [](Image samples) {
        return fault([&] { kernelFromPixels(std::move(samples), "k.txt"); });
    };
    const auto withBad = [](Real bad) {
        Image samples = randomPicture({1, 2, 3}, 1);
        samples.at(0, 1, 2) = bad;
        return samples;
    };
    using Limits = std::numeric_limits<Real>;
    const QString where = "' has the value %1 in row 2, column 3; allowed are finite numbers from 0 upwards.";
    QCOMPARE(faultWith(withBad(-1)), "kernel | Kernel 'k.txt" + where.arg("-1"));
    QCOMPARE(faultWith(withBad(Limits::quiet_NaN())), "kernel | Kernel 'k.txt" + where.arg("nan"));
    QCOMPARE(faultWith(withBad(Limits::infinity())), "kernel | Kernel 'k.txt" + where.arg("inf"));
    QCOMPARE(faultWith(Image()),
             "kernel | Kernel 'k.txt' has no pixels; it needs at least one row and one column.");
    QCOMPARE(faultWith(Image(1, 3, 3)),
             "kernel | Kernel 'k.txt' is zero everywhere; at least one value must be above 0.");
    QCOMPARE(faultWith(randomPicture({5, 2, 2}, 1)),
             "kernel | Kernel 'k.txt' has 5 channels; allowed are 1 (for all colours) to 4.");
    Image halfEmpty = randomPicture({2, 2, 2}, 1);
    halfEmpty.plane(1).setZero();
    QVERIFY(faultWith(std::move(halfEmpty)).contains("zero everywhere in channel 2"));
}

void TestKernel::pixelsAreNormalisedPerChannel() {
    const Kernel kernel = lopsidedKernel(4, 7, 3);
    for (int c = 0; c < 3; ++c) {
        QVERIFY(std::abs(moments(kernel, c).sum - 1) < kEps);
        QVERIFY(std::abs(moments(kernel, c).x) > 0.01);  // asymmetry survives
    }
    const Kernel twin = kernel.clone();
    QVERIFY(twin.pixels.plane(2) == kernel.pixels.plane(2));
    // Very small and very large numbers.
    for (const double scale : {1e-30, 1e30}) {
        Image samples = randomPicture({1, 3, 3}, 2);
        for (auto& sample : samples.samples())
            sample = static_cast<Real>(static_cast<double>(sample) * scale);
        QVERIFY(std::abs(moments(kernelFromPixels(std::move(samples), "")).sum - 1) < kEps);
    }
}

void TestKernel::radiusIsTheFarSide() {
    QCOMPARE(lopsidedKernel(1, 1).radius(), 0);
    QCOMPARE(lopsidedKernel(3, 3).radius(), 1);
    QCOMPARE(lopsidedKernel(4, 1).radius(), 2);
    QCOMPARE(lopsidedKernel(3, 8).radius(), 4);
}

QTEST_APPLESS_MAIN(TestKernel)
#include "tst_kernel.moc"
