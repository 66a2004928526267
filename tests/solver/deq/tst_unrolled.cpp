// SPDX-License-Identifier: GPL-3.0-or-later
// Backward through stored iterations: exact for few of them, equal to the implicit gradient for many.
#include "solver/deq/unrolled.h"

#include <QTest>
#include <cmath>

#include "solver/core/error.h"
#include "tests/solver/deq/matrix_iterator.h"
#include "tests/solver/deq/whole_solve.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

const Shape kShape{1, 9, 8};

// After which the plain iteration's residual, and with it the influence of z_0, is as small as can be asked.
int iterationsNeeded(Problem& problem, const Image& y, double tolerance) {
    AndersonParams plain;
    plain.enabled = false;
    FixedPointParams driver;
    driver.maxIter = 10000;
    driver.tolerance = tolerance;
    driver.stallWindow = 200;
    FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { problem.iterator->apply(z, out); },
                            problem.iterator->stateSize(), driver, plain);
    problem.start(y, solver.startingPoint());
    while (!solver.done()) solver.step();
    return solver.summary().iterations;
}

}  // namespace

class TestUnrolled : public QObject {
    Q_OBJECT

    void rows(const std::function<bool(const SweepCase&)>& wanted) {
        QTest::addColumn<int>("caseIndex");
        const auto cases = sweepCases();
        for (std::size_t c = 0; c < cases.size(); ++c)
            if (wanted(cases[c])) QTest::addRow("%s", cases[c].name.c_str()) << static_cast<int>(c);
    }

 private slots:
    // Five iterations: differences of <u, x_5> along the parameters, y, the kernel and z_0.
    // In float, differences across kinks are too coarse.
    void fewIterations_data() {
        rows([](const SweepCase& sweepCase) {
            const std::string prior = *sweepCase.recipe.find("prior");
            return kVerify ? prior != "none" : prior == "tikhonov";
        });
    }
    void fewIterations() {
        QFETCH(int, caseIndex);
        const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
        const Kernel kernel = sweepKernel();
        const Image y = randomPicture(kShape, 77);
        const auto u = randomVector(kShape.size(), 3);
        Image ignored;
        const std::size_t size = sweepProblem(sweepCase, kShape, ignored)->iterator->stateSize();
        Buffer start(size);
        copy(randomPicture(kShape, 4).samples(), start.span().first(kShape.size()));
        // Inside the constraint of the dual variables, where there are any.
        for (std::size_t i = kShape.size(); i < size; ++i)
            start[i] = static_cast<Real>(0.02 * std::sin(static_cast<double>(i)));

        const auto value = [&](const Recipe& recipe, const Kernel& k, const Image& data, const Buffer& z0) {
            Problem problem(readParams<ProblemParams>(recipe, ""), k.clone(), data, recipe);
            UnrolledSolve solve(*problem.iterator, 5);
            copy(z0.span(), solve.startingPoint());
            while (!solve.done()) solve.step();
            return dot(solve.state().first(kShape.size()), u);
        };
        Problem problem(readParams<ProblemParams>(sweepCase.recipe, ""), kernel.clone(), y, sweepCase.recipe);
        UnrolledSolve solve(*problem.iterator, 5);
        copy(start.span(), solve.startingPoint());
        while (!solve.done()) solve.step();
        const UnrolledGradient result = solve.backward(u, {kShape, kernel.pixels.shape()});
        QVERIFY(result.complete && result.message.empty());
        QCOMPARE(result.iterations, 5);

        const auto compare = [&](const std::string& what, double expected,
                                 const std::function<double(double)>& at) {
            const double measured = finiteDifference([&](double t) { return at(t - 1); }, 1);
            const double scale = std::abs(measured) + (kVerify ? 0.2 : 0.5);
            const bool nested =
                sweepCase.recipe.find("prior.inner") == "nested";  // exact to its accuracy only
            QVERIFY2(std::abs(expected - measured) < (kVerify ? (nested ? 1e-4 : 1e-5) : 0.1) * scale,
                     qPrintable(QString::fromStdString(what) + " " + both(expected, measured)));
        };
        for (const auto& key : mapParameters(sweepCase.recipe)) {
            const double at = *parseDouble(Registry::builtin().valueText(sweepCase.recipe, key));
            compare(key, at * result.gradients.parameters.at(key), [&](double h) {
                Recipe moved = sweepCase.recipe;
                moved.set(key, Value(at * (1 + h)));
                return value(moved, kernel, y, start);
            });
        }
        const auto along = [&](const char* what, ConstRealSpan gradient, double length, const auto& at) {
            const auto direction = randomVector(gradient.size(), 5);
            compare(what, length * dot(gradient, direction),
                    [&](double h) { return at(direction, length * h); });
        };
        along("y", result.gradients.data.samples(), 0.3, [&](const auto& direction, double h) {
            Image moved = y.clone();
            axpy(h, direction, moved.samples());
            return value(sweepCase.recipe, kernel, moved, start);
        });
        along("kernel", result.gradients.kernel.samples(), 0.02, [&](const auto& direction, double h) {
            Kernel moved = kernel.clone();
            axpy(h, direction, moved.pixels.samples());
            return value(sweepCase.recipe, moved, y, start);
        });
        along("start", result.start.span(), 0.01, [&](const auto& direction, double h) {
            Buffer moved = start.clone();
            axpy(h, direction, moved.span());
            return value(sweepCase.recipe, kernel, y, moved);
        });
    }

    // Long enough, the unrolled gradient is the implicit one, and z_0 has none left.
    void manyIterations_data() { rows(contractsQuickly); }
    void manyIterations() {
        QFETCH(int, caseIndex);
        const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
        Image y;
        const auto problem = sweepProblem(sweepCase, kShape, y);
        Iterator& iterator = *problem->iterator;
        const Equilibrium equilibrium(sweepCase.recipe, sweepKernel(), y);
        // An inner solver has an accuracy of its own, beyond which there is nothing to reach.
        const bool nested =
            sweepCase.recipe.find("prior.inner") == "nested" && sweepCase.recipe.find("iterator") != "gd";
        const double tolerance = kVerify ? (nested ? 1e-11 : 1e-14) : 1e-6;
        const int iterations = iterationsNeeded(*problem, y, tolerance);
        UnrolledSolve solve(iterator, iterations);
        problem->start(y, solve.startingPoint());
        double residual = 1;
        while (!solve.done()) residual = solve.step();
        QVERIFY2(residual < 10 * tolerance, qPrintable(QString::number(residual)));
        const auto u = randomVector(kShape.size(), 3);
        const GradientWants wants{kShape, sweepKernel().pixels.shape()};
        const UnrolledGradient unrolled = solve.backward(u, wants);
        QVERIFY(unrolled.complete);
        QVERIFY2(norm(unrolled.start.span()) < (kVerify ? 1e-9 : 1e-2) * norm(u),
                 qPrintable(QString::number(norm(unrolled.start.span()))));
        const ImplicitGradient implicit =
            implicitGradient(equilibrium.iterator(), equilibrium.z.span(), u, tightAdjoint(), wants, 1e-3);
        QVERIFY(implicit.warnings.empty());
        const double allowed = kVerify ? 1e-8 : 2e-2;
        for (const auto& [key, value] : implicit.gradients.parameters.entries())
            QVERIFY2(
                std::abs(unrolled.gradients.parameters.at(key) - value) <= allowed * (std::abs(value) + 1),
                qPrintable(QString::fromStdString(key) + " " +
                           both(unrolled.gradients.parameters.at(key), value)));
        for (const auto part : {&Gradients::data, &Gradients::kernel})
            QVERIFY(std::sqrt(distanceSquared((unrolled.gradients.*part).samples(),
                                              (implicit.gradients.*part).samples())) <=
                    allowed * norm((implicit.gradients.*part).samples()));
    }

    void stopsAndReportsBadNumbers() {
        QVERIFY_THROWS_EXCEPTION(Error, {
            MatrixIterator iterator(contraction(5, 0.9, 1));
            UnrolledSolve none(iterator, 0);
        });
        MatrixIterator iterator(contraction(5, 0.9, 1));
        UnrolledSolve solve(iterator, 8);
        while (!solve.done()) solve.step();
        const auto u = randomVector(5, 2);
        std::stop_source source;
        source.request_stop();
        const UnrolledGradient stopped = solve.backward(u, {}, source.get_token());
        QVERIFY(!stopped.complete && stopped.iterations == 0 && !stopped.message.empty());
        iterator.badProduct = iterator.products + 3;
        const UnrolledGradient bad = solve.backward(u, {});
        QVERIFY(!bad.complete && bad.iterations == 3 && !bad.message.empty());
        QVERIFY(solve.backward(u, {}).complete);
    }
};

QTEST_APPLESS_MAIN(TestUnrolled)
#include "tst_unrolled.moc"
