// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/iterators/relaxed.h"

#include <QTest>
#include <cmath>

#include "solver/core/parallel.h"
#include "solver/fixedpoint/fixed_point_solver.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"

using namespace stillpoint;

namespace {

constexpr Shape kShape{1, 12, 10};

SweepCase relaxedCase(const char* iterator, const char* relaxation) {
    SweepCase sweepCase{iterator, {}};
    sweepCase.recipe.set("iterator", iterator);
    sweepCase.recipe.set("prior", "tikhonov");
    sweepCase.recipe.set("prior.lambda", "0.2");
    sweepCase.recipe.set("step", "0.8");
    sweepCase.recipe.set("relaxation", relaxation);
    return sweepCase;
}

Buffer fixedPoint(Problem& problem, const Image& y) {
    FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { problem.iterator->apply(z, out); },
                            problem.iterator->stateSize(), {5000, kVerify ? 1e-14 : 1e-7, 100},
                            AndersonParams{});
    problem.start(y, solver.startingPoint());
    while (!solver.done()) solver.step();
    Buffer z(problem.iterator->stateSize());
    copy(solver.state(), z.span());
    return z;
}

void rows() {
    QTest::addColumn<QString>("iterator");
    for (const auto& info : Registry::builtin().iterators())
        QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
}

}  // namespace

class TestRelaxed : public QObject {
    Q_OBJECT

 private slots:
    void initTestCase() { setThreadCount(1); }  // tiny pictures
    void isTheFormula_data() { rows(); }
    void isTheFormula() {
        QFETCH(QString, iterator);
        Image y, sameY;  // a problem keeps a view of its own
        const auto plain = sweepProblem(relaxedCase(qPrintable(iterator), "1"), kShape, y);
        const auto relaxed = sweepProblem(relaxedCase(qPrintable(iterator), "1.6"), kShape, sameY);
        QVERIFY(dynamic_cast<Relaxed*>(plain->iterator.get()) == nullptr);  // 1 costs nothing
        QVERIFY(dynamic_cast<Relaxed*>(relaxed->iterator.get()) != nullptr);
        const std::size_t size = plain->iterator->stateSize();
        QCOMPARE(relaxed->iterator->stateSize(), size);
        Buffer z(size), out(size), relaxedOut(size);
        std::ranges::copy(randomVector(size, 4), z.begin());
        plain->iterator->apply(z.span(), out.span());
        relaxed->iterator->apply(z.span(), relaxedOut.span());
        scale(1.6, out.span());
        axpy(-0.6, z.span(), out.span());
        const double error = std::sqrt(distanceSquared(out.span(), relaxedOut.span())) / norm(out.span());
        QVERIFY2(error < (kVerify ? 1e-13 : 1e-5), qPrintable(QString::number(error)));
    }

    // Relaxation moves no fixed point, so its gradient there is 0, beside those of the other parameters.
    void doesNotMoveTheFixedPoint_data() { rows(); }
    void doesNotMoveTheFixedPoint() {
        QFETCH(QString, iterator);
        Image y, sameY;
        const auto plain = sweepProblem(relaxedCase(qPrintable(iterator), "1"), kShape, y);
        const auto relaxed = sweepProblem(relaxedCase(qPrintable(iterator), "0.7"), kShape, sameY);
        const Buffer z = fixedPoint(*plain, y);
        Buffer out(z.size());
        relaxed->iterator->apply(z.span(), out.span());
        QVERIFY(std::sqrt(distanceSquared(z.span(), out.span())) < (kVerify ? 1e-12 : 1e-5) * norm(z.span()));

        const auto v = randomVector(z.size(), 12);
        const auto gradientsOf = [&](Problem& problem, ConstRealSpan at) {
            Gradients gradients;
            problem.iterator->linearise(at);
            problem.iterator->inputsVjp(v, gradients);
            return gradients.parameters;
        };
        const ParameterGradients atFixedPoint = gradientsOf(*relaxed, z.span());
        const double scale = norm(v) * norm(z.span());
        QVERIFY(std::abs(atFixedPoint.at("relaxation")) < (kVerify ? 1e-12 : 1e-5) * scale);
        Buffer elsewhere(z.size());
        std::ranges::copy(randomVector(z.size(), 13), elsewhere.begin());
        QVERIFY(std::abs(gradientsOf(*relaxed, elsewhere.span()).at("relaxation")) > 1e-4 * scale);
        const double byLambda = gradientsOf(*plain, z.span()).at("prior.lambda");
        QVERIFY(std::abs(byLambda) > 1e-6 * scale);
        QVERIFY(std::abs(atFixedPoint.at("prior.lambda") - 0.7 * byLambda) <
                (kVerify ? 1e-9 : 1e-3) * std::abs(byLambda));
    }

    void countsTheTimeOfBothHalves() {
        Image y;
        const auto relaxed = sweepProblem(relaxedCase("pgd", "0.9"), kShape, y);
        Buffer z(relaxed->iterator->stateSize()), out(z.size());
        relaxed->iterator->apply(z.span(), out.span());
        QVERIFY(relaxed->iterator->dataSeconds() > 0);
        QVERIFY(relaxed->iterator->priorSeconds() > 0);
    }

    void dampsAnIterationThatOvershoots();
};

// Gradient descent with a step of 2.6 diverges (the limit is 2 / (1 + lambda)); a share of 0.5 makes it 1.3.
void TestRelaxed::dampsAnIterationThatOvershoots() {
    const auto residualAfter = [](const char* relaxation) {
        SweepCase sweepCase = relaxedCase("gd", relaxation);
        sweepCase.recipe.set("step", "2.6");
        Image y;
        const auto problem = sweepProblem(sweepCase, kShape, y);
        Buffer z(problem->iterator->stateSize()), out(z.size());
        problem->start(y, z.span());
        for (int k = 0; k < 60; ++k) {
            problem->iterator->apply(z.span(), out.span());
            std::swap(z, out);
        }
        return std::sqrt(distanceSquared(z.span(), out.span())) / norm(z.span());
    };
    QVERIFY(residualAfter("1") > 0.1);
    QVERIFY(residualAfter("0.5") < 1e-3);
}

QTEST_APPLESS_MAIN(TestRelaxed)
#include "tst_relaxed.moc"
