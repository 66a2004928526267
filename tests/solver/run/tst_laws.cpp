// SPDX-License-Identifier: GPL-3.0-or-later
// The laws of every map, swept over the registry; the one on allocation is in tst_allocation.cpp.
#include <QTest>
#include <cmath>

#include "solver/core/parallel.h"
#include "solver/iterators/relaxed.h"
#include "solver/priors/denoiser.h"
#include "solver/priors/ridge.h"
#include "solver/run/components.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"
#include "tests/support/wavelet_reference.h"

using namespace stillpoint;

namespace {

// A state at which to linearise: a few iterations from the start, so that the dual is not zero, plus a little
// noise.
Buffer typicalState(Problem& problem, const Image& blurred) {
    Buffer z(problem.iterator->stateSize()), out(z.size());
    problem.start(blurred, z.span());
    for (int k = 0; k < 3; ++k) {
        problem.iterator->apply(z.span(), out.span());
        copy(out.span(), z.span());
    }
    const auto noise = randomVector(z.size(), 5);
    axpy(1e-3, noise, z.span());
    return z;
}

// In float, differences across the kinks of total variation are too coarse to check a formula, which the
// verify build does; here they catch what is missing or has the wrong sign or scale.
constexpr double kParameterTolerance = kVerify ? 1e-5 : 0.2;

// Whether a group's parameters change T, and not only how its fixed point is found.
bool changesTheMap(const ParamGroup& group) {
    const auto isIts = [&](const ComponentInfo& info) { return info.table == group.table; };
    const Registry& registry = Registry::builtin();
    return group.table == &RelaxationParams::table() || std::ranges::any_of(registry.iterators(), isIts) ||
           std::ranges::any_of(registry.priors(), isIts) || std::ranges::any_of(registry.fidelities(), isIts);
}

QString text(double value) {
    return QString::number(value, 'g', 3);
}

}  // namespace

class TestLaws : public QObject {
    Q_OBJECT

    void rows() {
        QTest::addColumn<int>("caseIndex");
        QTest::addColumn<int>("shapeIndex");
        const auto cases = sweepCases();
        // Neighbouring cases differ by a switch: each is taken at one of the shapes, in turn, which halves
        // the time.
        for (std::size_t c = 0; c < cases.size(); ++c) {
            const std::size_t s = c % sweepShapes().size();
            QTest::addRow("%s shape %zu", cases[c].name.c_str(), s)
                << static_cast<int>(c) << static_cast<int>(s);
        }
    }

 private slots:
    void initTestCase() { setThreadCount(1); }  // tiny pictures
    void theSweepIsNotEmpty() {
        QVERIFY(sweepCases().size() >= 12);
        for (const auto& iterator : Registry::builtin().iterators())
            QVERIFY(std::ranges::any_of(sweepCases(),
                                        [&](const auto& c) { return c.name.starts_with(iterator.name); }));
        for (const auto& prior : Registry::builtin().priors())
            QVERIFY(std::ranges::any_of(
                sweepCases(), [&](const auto& c) { return c.name.find(prior.name) != std::string::npos; }));
        // A fidelity with a gradient and a proximal map goes with every iterator so far.
        for (const auto& fidelity : Registry::builtin().fidelities()) {
            const auto with = [&](const auto& c) {
                return c.recipe.find("fidelity").value_or("l2") == fidelity.name;
            };
            QVERIFY(std::ranges::count_if(sweepCases(), with) >= 6);
        }
    }

    void blurAdjoint_data() {
        QTest::addColumn<int>("kernelChannels");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        for (const auto& [c, h, w] :
             {std::tuple{1, 8, 8}, {1, 9, 7}, {3, 16, 12}, {3, 13, 17}, {1, 5, 6}, {3, 5, 23}})
            QTest::addRow("%d channels %dx%d", c, h, w) << c << h << w;
    }
    void blurAdjoint() {
        QFETCH(int, kernelChannels);
        QFETCH(int, height);
        QFETCH(int, width);
        const Shape shape{3, height, width};
        for (const auto& [kh, kw] : {std::pair{1, 1}, {3, 3}, {5, 4}, {2, 5}}) {
            const Kernel kernel = lopsidedKernel(kh, kw, kernelChannels);
            BlurOperator op(kernel, shape);
            const auto forward = [&](ConstRealSpan x, RealSpan out) {
                op.apply({x.data(), shape}, {out.data(), shape});
            };
            const auto adjoint = [&](ConstRealSpan x, RealSpan out) {
                op.adjoint({x.data(), shape}, {out.data(), shape});
            };
            const double error = adjointError(forward, adjoint, shape.size(), shape.size());
            QVERIFY2(error < kAdjointTolerance, qPrintable(text(error)));
            const Image x = randomPicture(shape, 4);
            Image blurred(shape);
            op.apply(x, blurred);
            const Image direct = directBlur(x, kernel.pixels);
            QVERIFY(std::sqrt(distanceSquared(blurred.samples(), direct.samples())) <
                    kAdjointTolerance * 10 * norm(direct.samples()));
        }
    }

    void stateVjp_data() { rows(); }
    void stateVjp() {
        QFETCH(int, caseIndex);
        QFETCH(int, shapeIndex);
        Image blurred;
        const auto problem = sweepProblem(sweepCases()[static_cast<std::size_t>(caseIndex)],
                                          sweepShapes()[static_cast<std::size_t>(shapeIndex)], blurred);
        const Buffer z = typicalState(*problem, blurred);
        Iterator& iterator = *problem->iterator;
        iterator.linearise(z.span());
        const double error = vjpError([&](ConstRealSpan in, RealSpan out) { iterator.apply(in, out); },
                                      [&](ConstRealSpan v, RealSpan out) { iterator.vjp(v, out); }, z.span());
        QVERIFY2(error < kVjpTolerance, qPrintable(text(error)));
    }

    // <v, dT/dtheta> for every real parameter of iterator, fidelity and prior against differences of rebuilt
    // problems.
    void parameterVjp_data() { rows(); }
    void parameterVjp() {
        QFETCH(int, caseIndex);
        QFETCH(int, shapeIndex);
        const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
        const Shape shape = sweepShapes()[static_cast<std::size_t>(shapeIndex)];
        Image blurred;
        const auto problem = sweepProblem(sweepCase, shape, blurred);
        const Buffer z = typicalState(*problem, blurred);
        Buffer v(z.size()), out(z.size());
        std::ranges::copy(randomVector(z.size(), 60), v.begin());
        problem->iterator->linearise(z.span());
        Gradients gradients;
        problem->iterator->inputsVjp(v.span(), gradients);

        int checked = 0;
        for (const auto& group : Registry::builtin().groups(sweepCase.recipe)) {
            if (!changesTheMap(group)) continue;
            for (const auto& param : group.table->params()) {
                // The accuracy of an inner solver is no parameter of the map but of its computation.
                if (param.kind != ParamKind::real || param.key == "accuracy") continue;
                const std::string key = group.prefix + param.key;
                // At 1 the map is not wrapped and does not report the derivative, which is 0 at fixed points.
                if (key == "relaxation" && !sweepCase.recipe.find(key)) continue;
                // Each pixel whose misfit passes the smoothing makes a jump, and there are few pixels:
                // differences of float see nothing else. tst_separable has a float check.
                if (!kVerify && key == "fidelity.smoothing") continue;
                const double at = *parseDouble(Registry::builtin().valueText(sweepCase.recipe, key));
                const double measured = finiteDifference(
                    [&](double value) {
                        SweepCase moved = sweepCase;
                        moved.recipe.set(key, Value(value));
                        Image ignored;
                        const auto other = sweepProblem(moved, shape, ignored);
                        other->iterator->apply(z.span(), out.span());
                        return dot(out.span(), v.span());
                    },
                    at, gradients.parameters.at(key));
                const double scale = std::abs(measured) + (kVerify ? 1e-6 : 1e-2) * norm(v.span());
                QVERIFY2(
                    std::abs(gradients.parameters.at(key) - measured) < kParameterTolerance * scale,
                    qPrintable(QString("%1: %2 against %3")
                                   .arg(key.c_str(), text(gradients.parameters.at(key)), text(measured))));
                ++checked;
            }
        }
        QVERIFY(checked >= 1);
    }

    // <v, dT/dy> and <v, dT/dk> along a random direction against differences of rebuilt problems.
    void dataAndKernelVjp_data() { rows(); }
    void dataAndKernelVjp();

    // The fixed point solves the problem it stands for: an independent residual from the formulas, with
    // direct sums for the blur and the definition of each prior.
    void optimality_data() { rows(); }
    void optimality();
};

namespace {

// grad g or, where g has a kink, an element of its subdifferential that fits `wanted` best.
Image priorGradient(const std::string& prior, double smoothing, const Image& x, const Image& wanted) {
    Image g(x.shape());
    const int h = x.height(), w = x.width();
    for (int c = 0; c < x.channels(); ++c)
        for (int i = 0; i < h; ++i)
            for (int j = 0; j < w; ++j) {
                const double value = static_cast<double>(x.at(c, i, j));
                if (prior == "tikhonov") g.at(c, i, j) = x.at(c, i, j);
                if (prior == "l1") {  // an estimate that is not the prox's output is 0 only in the limit
                    const double inside = std::clamp(static_cast<double>(wanted.at(c, i, j)), -1.0, 1.0);
                    const double zero = kVerify ? 1e-9 : 1e-5;
                    g.at(c, i, j) = static_cast<Real>(value > zero ? 1.0 : (value < -zero ? -1.0 : inside));
                }
                if (prior == "tv") {
                    const double down = i + 1 < h ? static_cast<double>(x.at(c, i + 1, j)) - value : 0;
                    const double right = j + 1 < w ? static_cast<double>(x.at(c, i, j + 1)) - value : 0;
                    const double scale = 1 / std::max(std::hypot(down, right), smoothing);
                    g.at(c, i, j) -= static_cast<Real>(scale * (down + right));
                    if (i + 1 < h) g.at(c, i + 1, j) += static_cast<Real>(scale * down);
                    if (j + 1 < w) g.at(c, i, j + 1) += static_cast<Real>(scale * right);
                }
            }
    return g;
}

// The same for wavelets. With several translations the prior is known by its prox P alone: (v - P(v)) /
// weight, where v = x + weight wanted is the point that came out of the data step.
Image waveletGradient(const Recipe& recipe, double weight, const Image& x, const Image& wanted) {
    const auto params = readParams<WaveletParams>(recipe, "prior.");
    const ReferenceWavelet reference(x.shape(), params.family, params.levels);
    if (params.shifts == 1)
        return reference.mapDetails(
            x, [&](double t) { return std::clamp(t / params.smoothing, -1.0, 1.0); }, false);
    Image v = x.clone(), g(x.shape());
    axpy(weight, wanted.samples(), v.samples());
    for (int shift = 0; shift < params.shifts; ++shift) {
        const auto [rows, columns] = WaveletPrior::translation(shift);
        const Image shrunk = reference.mapDetails(
            translated(v, rows, columns),
            [&](double t) {
                const double a = std::abs(t);
                return a > weight + params.smoothing ? t * (a - weight) / a
                                                     : t / (1 + weight / params.smoothing);
            },
            true);
        axpy(-1.0 / params.shifts, translated(shrunk, -rows, -columns).samples(), g.samples());
    }
    axpy(1, v.samples(), g.samples());
    scale(1 / weight, g.samples());
    return g;
}

// The same for a denoiser D: what its gradient is called to be, q - D(q), or, where it takes the place of a
// prox, by the point v = q + weight wanted that it was applied to, (v - D(v)) / weight.
Image denoiserGradient(const Recipe& recipe, double weight, const Image& q, const Image& wanted) {
    const auto params = readParams<DenoiserParams>(recipe, "prior.");
    const auto model = findModel(params.model);
    DenoiserNetwork network(*model->denoiser(), q.shape());
    network.setWeights(model->weights);
    const bool byProx = iteratorComponent(*recipe.find("iterator")).needs(recipe).priorProx;
    Image v = q.clone(), r(q.shape()), g(q.shape());
    if (byProx) axpy(weight, wanted.samples(), v.samples());
    network.apply(v.samples(), params.sigma, r.samples(), DenoiserNetwork::Keep::slopes);
    subtract(v.samples(), r.samples(), r.samples());
    copy(r, g);
    if (params.form == DenoiserForm::gradientStep) {
        network.vjp(r.samples(), g.samples());
        subtract(r.samples(), g.samples(), g.samples());
    }
    scale(params.strength / (byProx ? weight : 1), g.samples());
    return g;
}

Image ridgeGradient(const Recipe& recipe, const Image& q) {
    Image g(q.shape());
    RidgePrior(q.shape(), readParams<RidgeParams>(recipe, "prior.")).gradient(q, g);
    return g;
}

// h'(t) at each pixel: the misfit for least squares.
void dataSlopes(const Recipe& recipe, const Image& y, Image& t) {
    const std::string fidelity = recipe.find("fidelity").value_or("l2");
    const double b = parseDouble(recipe.find("fidelity.background").value_or("")).value_or(0);
    const double e = parseDouble(recipe.find("fidelity.smoothing").value_or("")).value_or(0);
    for (std::size_t i = 0; i < t.size(); ++i) {
        const double data = static_cast<double>(y.samples()[i]);
        const double at = static_cast<double>(t.samples()[i]);
        double slope = at - data;
        if (fidelity == "l1") slope = std::clamp(slope / e, -1.0, 1.0);
        if (fidelity == "poisson") {
            const double edge = std::max(b, (data + b) / 4);
            const double s = std::max(at + b, edge);
            slope = 1 - (data + b) / s - std::max(edge - at - b, 0.0) * (data + b) / (edge * edge);
        }
        t.samples()[i] = static_cast<Real>(slope);
    }
}

}  // namespace

void TestLaws::optimality() {
    QFETCH(int, caseIndex);
    QFETCH(int, shapeIndex);
    const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
    const Shape shape = sweepShapes()[static_cast<std::size_t>(shapeIndex)];
    Image y;
    const auto problem = sweepProblem(sweepCase, shape, y);
    const bool noPrior = problem->params.prior == "none";  // then the solution is not stable against rounding
    const bool nested = sweepCase.recipe.find("prior.inner") == "nested";  // exact to its accuracy only
    const double tolerance = noPrior ? 1e-7 : (kVerify ? (nested ? 1e-11 : 1e-13) : 2e-7);
    FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { problem->iterator->apply(z, out); },
                            problem->iterator->stateSize(), {noPrior ? 2000 : 20000, tolerance, 200},
                            AndersonParams{});
    problem->start(y, solver.startingPoint());
    while (!solver.done()) solver.step();
    QVERIFY(solver.summary().status != SolveStatus::diverged);

    // p, where f's gradient is to be taken, and q, where g's is: the estimate, except for HQS, whose q =
    // prox_g(p), p = prox_f(q) differ by gamma times f's gradient, p + gamma grad f(p) = q. The estimate is
    // q, or p with g first.
    const double gamma = *parseDouble(*sweepCase.recipe.find("step"));
    const double lambda = problem->prior->lambda();
    const bool hqs = problem->params.iterator == "hqs";
    const bool gFirst = sweepCase.recipe.find("g-first").has_value();
    Image p(shape), q(shape);
    copy(problem->iterator->estimate(solver.state()), p);
    copy(p, q);
    if (hqs && !gFirst) problem->fidelity->prox(q, gamma, p);
    const Kernel kernel = sweepKernel();
    Image slopes = directBlur(p, kernel.pixels);
    dataSlopes(sweepCase.recipe, y, slopes);
    Image gradient = directCorrelation(slopes, kernel.pixels);
    if (hqs && gFirst) axpy(gamma, gradient.samples(), q.samples());
    if (hqs && !gFirst) {
        Image error = p.clone();
        axpy(gamma, gradient.samples(), error.samples());
        axpy(-1, q.samples(), error.samples());
        QVERIFY(norm(error.samples()) < (kVerify ? 1e-10 : 1e-4) * norm(q.samples()));
    }
    Image wanted = gradient.clone();
    if (lambda > 0) scale(-1 / lambda, wanted.samples());
    const std::string smoothing = Registry::builtin().valueText(sweepCase.recipe, "prior.smoothing");
    const std::string& prior = problem->params.prior;
    const Image g = prior == "wavelet"    ? waveletGradient(sweepCase.recipe, gamma * lambda, q, wanted)
                    : prior == "denoiser" ? denoiserGradient(sweepCase.recipe, gamma * lambda, q, wanted)
                    : prior == "ridge"    ? ridgeGradient(sweepCase.recipe, q)
                                       : priorGradient(prior, parseDouble(smoothing).value_or(0), q, wanted);
    axpy(lambda, g.samples(), gradient.samples());
    const double error = norm(gradient.samples()) / norm(y.samples());
    // grad g of the form gradient-step jumps where a unit of the network opens: T comes to rest only as
    // closely as the jumps let it.
    const bool jumps = sweepCase.recipe.find("prior.form") == "gradient-step";
    const double rounding =
        kVerify ? 1e-10 : (prior == "denoiser" || prior == "ridge" ? 1e-4 : 2e-5);  // of a whole network
    QVERIFY2(error < (noPrior || jumps ? 1e-3 : rounding), qPrintable(text(error)));
}

void TestLaws::dataAndKernelVjp() {
    QFETCH(int, caseIndex);
    QFETCH(int, shapeIndex);
    const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
    const Shape shape = sweepShapes()[static_cast<std::size_t>(shapeIndex)];
    Image y;
    const auto problem = sweepProblem(sweepCase, shape, y);
    const Buffer z = typicalState(*problem, y);
    Buffer out(z.size());
    const auto v = randomVector(z.size(), 61);
    Gradients gradients;
    gradients.data = Image(shape);
    gradients.kernel = Image(problem->kernel.pixels.shape());
    problem->iterator->linearise(z.span());
    problem->iterator->inputsVjp(v, gradients);

    const auto check = [&](const char* what, const Image& gradient, const auto& rebuild) {
        const auto direction = randomVector(gradient.size(), 62);
        const double expected = dot(gradient.samples(), direction);
        const double measured = finiteDifference(
            [&](double at) {
                const auto moved = rebuild(direction, 0.1 * (at - 1));
                moved->iterator->apply(z.span(), out.span());
                return 10 * dot(out.span(), v);
            },
            1, expected);
        const double scale = std::abs(measured) + (kVerify ? 1e-6 : 1e-2) * norm(v);
        QVERIFY2(std::abs(expected - measured) < kParameterTolerance * scale,
                 qPrintable(QString("%1: %2 against %3").arg(what, text(expected), text(measured))));
    };
    Image movedData;
    check("data", gradients.data, [&](const auto& direction, double h) {
        movedData = y.clone();
        axpy(h, direction, movedData.samples());
        return std::make_unique<Problem>(problem->params, sweepKernel(), movedData, sweepCase.recipe);
    });
    check("kernel", gradients.kernel, [&](const auto& direction, double h) {
        Kernel kernel = sweepKernel();
        axpy(h, direction, kernel.pixels.samples());
        return std::make_unique<Problem>(problem->params, std::move(kernel), y, sweepCase.recipe);
    });
}

QTEST_APPLESS_MAIN(TestLaws)
#include "tst_laws.moc"
