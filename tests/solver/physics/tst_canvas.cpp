// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <cmath>

#include "solver/core/error.h"
#include "solver/core/vec.h"
#include "solver/physics/blur_operator.h"
#include "solver/physics/trust.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

constexpr Shape kPicture{2, 13, 18};
constexpr Shape kKernel{1, 6, 5};

Image blurredOn(const Canvas& canvas, BlurOperator& op, const Image& picture) {
    Image onCanvas(canvas.shape()), out(canvas.picture());
    canvas.extend(picture, onCanvas);
    op.apply(onCanvas, onCanvas);
    canvas.crop(onCanvas, out);
    return out;
}

// Convolution from its definition with the samples that `at` gives for any index.
template <class At>
double convolved(const Kernel& kernel, int c, int y, int x, const At& at) {
    double sum = 0;
    for (int i = 0; i < kernel.pixels.height(); ++i)
        for (int j = 0; j < kernel.pixels.width(); ++j)
            sum += static_cast<double>(kernel.pixels.at(0, i, j)) *
                   static_cast<double>(
                       at(c, y - i + kernel.pixels.height() / 2, x - j + kernel.pixels.width() / 2));
    return sum;
}

Kernel lopsided() {
    Image pixels(1, kKernel.height, kKernel.width);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels.samples()[i] = static_cast<Real>((i * i) % 7 + 1);
    double sum = 0;
    for (const Real sample : pixels.samples()) sum += static_cast<double>(sample);
    for (Real& sample : pixels.samples()) sample = static_cast<Real>(static_cast<double>(sample) / sum);
    Kernel kernel;
    kernel.pixels = std::move(pixels);
    return kernel;
}

// Samples of the window that the mask trusts; an empty one trusts all.
std::size_t trustedSamples(const Canvas& canvas, const Image& mask) {
    if (mask.empty()) return canvas.picture().size();
    Image window(canvas.picture());
    canvas.crop(mask, window);
    return static_cast<std::size_t>(std::ranges::count(window.samples(), Real(1)));
}

}  // namespace

class TestCanvas : public QObject {
    Q_OBJECT

 private slots:
    void transformSizes() {
        QCOMPARE(transformSize(1), 2);
        QCOMPARE(transformSize(14), 16);
        QCOMPARE(transformSize(45), 48);
        QCOMPARE(transformSize(481), 486);
        QCOMPARE(transformSize(512), 512);
    }

    void sizes() {
        const Canvas periodic(kPicture, kKernel, Boundary::periodic);
        QVERIFY(periodic.whole() && periodic.shape() == kPicture);
        const Canvas unknown(kPicture, kKernel, Boundary::unknown);
        QVERIFY(!unknown.whole());
        QCOMPARE(unknown.shape().height, 18);  // 13 + 5
        QCOMPARE(unknown.shape().width, 24);   // 18 + 4 = 22, on to 24
        QCOMPARE(unknown.top(), 2);
        QCOMPARE(unknown.left(), 3);
    }

    void adjoints() {
        for (const Boundary boundary :
             {Boundary::periodic, Boundary::unknown, Boundary::taper, Boundary::reflect}) {
            const Canvas canvas(kPicture, kKernel, boundary);
            const Image picture = randomPicture(kPicture, 1), other = randomPicture(canvas.shape(), 2);
            Image onCanvas(canvas.shape()), window(kPicture);
            const auto agree = [&] {
                const double a = dot(onCanvas.samples(), other.samples());
                const double b = dot(picture.samples(), window.samples());
                QVERIFY2(std::abs(a - b) < 1e-5 * std::abs(a), qPrintable(QString("%1 %2").arg(a).arg(b)));
            };
            canvas.place(picture, onCanvas);
            canvas.crop(other, window);
            agree();
            canvas.extend(picture, onCanvas);
            canvas.extendAdjoint(other, window);
            agree();
            canvas.crop(onCanvas, window);
            QCOMPARE(distanceSquared(window.samples(), picture.samples()), 0.0);
        }
    }

    // A constant stays one, and no step at the wrap is larger than those inside or the fade's.
    void whatIsBeyondJoinsTheRim() {
        for (const Boundary boundary : {Boundary::taper, Boundary::reflect}) {
            const Canvas canvas({1, 16, 16}, {1, 9, 9}, boundary);
            Image picture(1, 16, 16), out(canvas.shape());
            fill(picture.samples(), Real(0.25));
            canvas.extend(picture, out);
            for (const Real sample : out.samples()) QCOMPARE(sample, Real(0.25));
            for (int y = 0; y < 16; ++y)
                for (int x = 0; x < 16; ++x)
                    picture.at(0, y, x) = static_cast<Real>(x) / 15;  // from black to white
            canvas.extend(picture, out);
            for (int x = 0; x < out.width(); ++x) {
                const double step = std::abs(static_cast<double>(out.at(0, 3, x)) -
                                             static_cast<double>(out.at(0, 3, (x + 1) % out.width())));
                QVERIFY2(step < 0.13, qPrintable(QString::number(step)));
            }
        }
    }

    // Near the rim the mirrored canvas blurs as the mirrored picture does, from the definition.
    void reflectsAsDefined() {
        const Kernel kernel = lopsided();
        BlurOperator op(kernel, {1, 40, 30}, Boundary::reflect);
        const Image picture = randomPicture({1, 40, 30}, 5);
        // Beyond the rim the mirror image is crossed with that of the opposite side, little at first.
        const Image blurred = blurredOn(op.canvas(), op, picture);
        const auto mirror = [](int i, int n) { return i < 0 ? -1 - i : (i >= n ? 2 * n - 1 - i : i); };
        double worst = 0;
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 30; ++x) {
                const double expected = convolved(kernel, 0, y, x, [&](int c, int row, int column) {
                    return picture.at(c, mirror(row, 40), mirror(column, 30));
                });
                worst = std::max(worst, std::abs(expected - static_cast<double>(blurred.at(0, y, x))));
                if (y >= 3 && y < 37 && x >= 3 && x < 27)
                    QVERIFY(std::abs(expected - static_cast<double>(blurred.at(0, y, x))) < 1e-5);
            }
        QVERIFY2(worst < 0.15, qPrintable(QString::number(worst)));
    }

    // Whatever lies on the canvas, the window sees the true convolution of what is within the kernel's reach.
    void theUnknownCanvasHoldsAllThatReachesTheWindow() {
        const Kernel kernel = lopsided();
        BlurOperator op(kernel, kPicture, Boundary::unknown);
        const Canvas& canvas = op.canvas();
        const Image scene = randomPicture(canvas.shape(), 9);
        Image blurred(canvas.shape());
        op.apply(scene, blurred);
        for (int c = 0; c < kPicture.channels; ++c)
            for (int y = 0; y < kPicture.height; ++y)
                for (int x = 0; x < kPicture.width; ++x) {
                    const double expected = convolved(
                        kernel, c, y + canvas.top(), x + canvas.left(),
                        [&](int channel, int row, int column) {
                            if (row < 0 || column < 0 || row >= scene.height() || column >= scene.width())
                                throw std::logic_error("light from beyond the canvas");
                            return scene.at(channel, row, column);
                        });
                    QVERIFY(std::abs(expected - static_cast<double>(blurred.at(c, y + canvas.top(),
                                                                               x + canvas.left()))) < 1e-5);
                }
    }

    void trustIsEmptyWhenAllIsTrusted() {
        const Image picture = randomPicture(kPicture, 3);
        for (const Boundary boundary : {Boundary::periodic, Boundary::taper})
            QVERIFY(trustMask(Canvas(kPicture, kKernel, boundary), picture, {}, nullptr).empty());
        QVERIFY(trustMask(Canvas(kPicture, {1, 1, 1}, Boundary::periodic), picture, {5, 5}, nullptr).empty());
    }

    void trustsTheWindowOfAnUnknownCanvas() {
        const Canvas canvas(kPicture, kKernel, Boundary::unknown);
        const Image picture = randomPicture(kPicture, 3);
        const Image mask = trustMask(canvas, picture, {}, nullptr);
        QCOMPARE(trustedSamples(canvas, mask), kPicture.size());
        QCOMPARE(normSquared(mask.samples()), static_cast<double>(kPicture.size()));
    }

    void ignoresClippedAndDeadSamples() {
        Image picture(1, 6, 7);
        fill(picture.samples(), Real(0.5));
        picture.at(0, 2, 2) = Real(0.9);                        // hot
        picture.at(0, 0, 6) = Real(0.1);                        // dead, in a corner
        picture.at(0, 4, 4) = picture.at(0, 4, 5) = Real(0.9);  // two together may be a feature
        const Canvas canvas(picture.shape(), {1, 3, 3}, Boundary::taper);
        const auto ignored = [&](const TrustParams& params, const Image* given = nullptr) {
            const Image mask = trustMask(canvas, picture, params, given);
            return picture.size() - trustedSamples(canvas, mask);
        };
        QCOMPARE(ignored({0, 0.3}), std::size_t{2});
        QCOMPARE(ignored({0, 0.41}), std::size_t{0});
        QCOMPARE(ignored({0.8, 0}), std::size_t{3});
        QCOMPARE(ignored({0.8, 0.3}), std::size_t{4});
        Image given(1, 6, 7);
        fill(given.samples(), 1);
        given.at(0, 5, 0) = 0;
        QCOMPARE(ignored({0.8, 0.3}, &given), std::size_t{5});
        const Image mask = trustMask(canvas, picture, {0.8, 0}, nullptr);
        QCOMPARE(mask.at(0, canvas.top() + 4, canvas.left() + 4), Real(0));
        QCOMPARE(mask.at(0, 0, 0), Real(1));  // what continues the data beyond the rim counts
    }

    void refusesMasksThatDoNotFit() {
        const Image picture = randomPicture(kPicture, 3);
        const Canvas canvas(kPicture, kKernel, Boundary::unknown);
        const auto fault = [&](const Image& given) -> QString {
            try {
                trustMask(canvas, picture, {}, &given);
            } catch (const Error& error) {
                return QString::fromStdString(error.key()) + ": " + error.what();
            }
            return {};
        };
        QVERIFY(fault(Image(1, 13, 17)).startsWith("mask: The mask is 17 x 13"));
        QVERIFY(fault(Image(2, 13, 18)).contains("Every sample"));
        QVERIFY(fault(Image(3, 13, 18)).contains("with 1 or 2"));
    }
};

QTEST_APPLESS_MAIN(TestCanvas)
#include "tst_canvas.moc"
