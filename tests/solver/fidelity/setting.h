// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>
#include <cmath>
#include <functional>

#include "solver/core/parallel.h"
#include "solver/fidelity/impulse.h"
#include "solver/fidelity/poisson.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

/// What the tests of the fidelities that are sums over pixels share: data that reach every branch of the
/// formulas, and the formulas written anew, with blur by direct sums.
namespace stillpoint {

inline constexpr double kBackground = 0.2;
inline constexpr double kSmoothing = 0.3;
inline constexpr double kTight = kVerify ? 1e-12 : 1e-6;

inline double wide(Real value) {
    return static_cast<double>(value);
}

// h' of both laws in double, from the definitions.
inline double poissonSlope(double t, double y, double b) {
    const double c = std::max(y, 0.0) + b;
    const double edge = std::max(b, c / 4);
    const double s = t + b;
    return s >= edge ? (s - c) / s : (edge - c) / edge + (s - edge) * c / (edge * edge);
}
inline double impulseSlope(double t, double y, double e) {
    return std::abs(t - y) <= e ? (t - y) / e : (t > y ? 1 : -1);
}

// One fidelity with its data and operator; `own` is the law's own parameter.
struct Setting {
    Image y;
    BlurOperator op;
    std::unique_ptr<DataFidelity> fidelity;
    std::function<double(double t, double y)> slope;
    const char* ownKey = nullptr;

    Setting(const std::string& name, const Kernel& kernel, Image data, double own, double accuracy = kTight)
        : y(std::move(data)), op(kernel, y.shape()) {
        if (name == "poisson") {
            fidelity = std::make_unique<PoissonFidelity>(op, y, PoissonParams{own, accuracy});
            slope = [own](double t, double at) { return poissonSlope(t, at, own); };
            ownKey = "fidelity.background";
        } else {
            fidelity = std::make_unique<ImpulseFidelity>(op, y, ImpulseParams{own, accuracy});
            slope = [own](double t, double at) { return impulseSlope(t, at, own); };
            ownKey = "fidelity.smoothing";
        }
    }
    auto report() const {
        const auto* poisson = dynamic_cast<const PoissonFidelity*>(fidelity.get());
        if (poisson) return std::tuple{poisson->lastProx().newtonSteps, poisson->lastProx().reached};
        const auto& impulse = dynamic_cast<const ImpulseFidelity&>(*fidelity);
        return std::tuple{impulse.lastProx().newtonSteps, impulse.lastProx().reached};
    }
};

inline double ownOf(const std::string& name) {
    return name == "poisson" ? kBackground : kSmoothing;
}

inline Kernel blur() {
    return lopsidedKernel(4, 5);
}
inline Kernel identity() {
    return makeKernel("box:size=1");
}

// a + b u for random u in (0, 1): reaches the regions below the edge and below zero.
inline Image spread(Shape shape, std::uint64_t seed, double a, double b) {
    Image picture = randomPicture(shape, seed);
    for (Real& sample : picture.samples()) sample = static_cast<Real>(a + b * wide(sample));
    return picture;
}

inline const Shape kShape{2, 11, 14};

inline std::unique_ptr<Setting> setting(const QString& law, const Kernel& kernel = blur(),
                                        double accuracy = kTight) {
    const std::string name = law.toStdString();
    return std::make_unique<Setting>(name, kernel, spread(kShape, 3, -0.1, 1.6), ownOf(name), accuracy);
}

inline QString text(double value) {
    return QString::number(value, 'g', 4);
}

// ||p + gamma A'h'(A p) - x|| with blurs by direct sums.
inline double proxResidual(const Setting& at, const Image& p, const Image& x, double gamma) {
    const Kernel kernel = blur();
    Image slopes = directBlur(p, kernel.pixels);
    for (std::size_t i = 0; i < slopes.size(); ++i)
        slopes.samples()[i] = static_cast<Real>(at.slope(wide(slopes.samples()[i]), wide(at.y.samples()[i])));
    Image error = directCorrelation(slopes, kernel.pixels);
    scale(gamma, error.samples());
    axpy(1, p.samples(), error.samples());
    axpy(-1, x.samples(), error.samples());
    return norm(error.samples());
}

inline double proxObjective(Setting& at, const Image& p, const Image& x, double gamma) {
    return gamma * at.fidelity->value(p) + 0.5 * distanceSquared(p.samples(), x.samples());
}

// Derivative of function(base + h d) at h = 0.
inline double derivativeAlong(const Image& base, ConstRealSpan d,
                              const std::function<double(const Image&)>& function) {
    return finiteDifference(
        [&](double h) {
            Image moved = base.clone();
            axpy(0.1 * (h - 1), d, moved.samples());
            return 10 * function(moved);
        },
        1);
}

// In float, differences across kinks are coarse: they catch what is missing or has the wrong sign or scale;
// the verify build checks the formulas.
inline bool nearDerivative(double expected, double measured, double scale) {
    const double tolerance = (kVerify ? 1e-5 : 0.25) * (std::abs(measured) + 0.1 * scale);
    const bool ok = std::abs(expected - measured) < tolerance;
    if (!ok) qWarning() << expected << "against" << measured;
    return ok;
}

inline void lawRows() {
    QTest::addColumn<QString>("law");
    QTest::newRow("poisson") << "poisson";
    QTest::newRow("l1") << "l1";
}
inline void lawAndStepRows() {
    QTest::addColumn<QString>("law");
    QTest::addColumn<double>("gamma");
    for (const char* law : {"poisson", "l1"})
        for (const double gamma : {0.01, 0.5, 20.0})
            QTest::newRow(qPrintable(QString("%1 %2").arg(law).arg(gamma))) << law << gamma;
}

}  // namespace stillpoint
