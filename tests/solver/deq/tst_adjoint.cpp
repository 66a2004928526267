// SPDX-License-Identifier: GPL-3.0-or-later
// The adjoint solvers on small matrices of which everything is known.
#include "solver/deq/adjoint.h"

#include <QTest>
#include <cmath>

#include "solver/deq/implicit_gradient.h"
#include "tests/solver/deq/matrix_iterator.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"

using namespace stillpoint;

namespace {

using enum AdjointMethod;
constexpr double kTight = kVerify ? 1e-12 : 2e-6;
constexpr int kSize = 40;

Buffer randomBuffer(std::size_t size, std::uint64_t seed) {
    Buffer b(size);
    std::ranges::copy(randomVector(size, seed), b.begin());
    return b;
}

AdjointParams params(AdjointMethod method, double tolerance = kTight, int maxIter = 3000) {
    AdjointParams p;
    p.solver = method;
    p.tolerance = tolerance;
    p.maxIter = maxIter;
    p.restart = kSize;
    return p;
}

struct Solve {
    Solve(MatrixIterator& iterator, ConstRealSpan u, const AdjointParams& p, ConstRealSpan guess = {})
        : solver(iterator, iterator.equilibrium().span(), u, p, 1e-3, guess) {
        while (!solver.done()) solver.step();
    }
    SolveStatus status() const { return solver.summary().status; }
    QString message() const { return QString::fromStdString(solver.summary().message); }
    bool warns(const char* words) const {
        return std::ranges::any_of(solver.warnings(), [&](const auto& warning) {
            return QString::fromStdString(warning).contains(words);
        });
    }
    double error(const Vector& exact) const {
        return (toVector(solver.solution()) - exact).norm() / exact.norm();
    }
    AdjointSolver solver;
};

}  // namespace

class TestAdjoint : public QObject {
    Q_OBJECT

    const Buffer u_ = randomBuffer(kSize, 1);
    const Vector exactU_ = toVector(u_.span());

 private slots:
    void allMethodsAgree_data() {
        QTest::addColumn<int>("method");
        for (const auto method : {automatic, picard, anderson, gmres, minres, cg})
            QTest::addRow("%s", name(method)) << static_cast<int>(method);
    }
    void allMethodsAgree() {
        QFETCH(int, method);
        const auto chosen = AdjointMethod(method);
        const bool symmetricOnly = chosen == minres || chosen == cg;
        for (const bool symmetric : {true, false}) {
            if (!symmetric && symmetricOnly) continue;
            MatrixIterator iterator(symmetric ? symmetricContraction(kSize, -0.5, 0.9, 2)
                                              : contraction(kSize, 0.9, 3));
            const Solve solve(iterator, u_.span(), params(chosen));
            QVERIFY2(solve.status() == SolveStatus::converged, qPrintable(solve.message()));
            QVERIFY(solve.solver.warnings().empty());
            const double error = solve.error(iterator.exactAdjoint(exactU_));
            QVERIFY2(error < 50 * kTight, qPrintable(QString::number(error)));
            QCOMPARE(iterator.linearisations, 1L);
            QCOMPARE(solve.solver.summary().evaluations, iterator.products);
            QCOMPARE(solve.solver.residuals().size(),
                     static_cast<std::size_t>(solve.solver.summary().iterations));
            if (chosen == automatic) QCOMPARE(solve.solver.method(), symmetric ? minres : anderson);
        }
    }

    // The residual means the same for all methods.
    void residualIsThatOfTheEquation() {
        MatrixIterator iterator(contraction(kSize, 0.9, 4));
        for (const auto method : {picard, anderson, gmres, neumann}) {
            AdjointSolver solver(iterator, iterator.equilibrium().span(), u_.span(), params(method), -1);
            QVERIFY(std::isnan(solver.forwardResidual()));
            if (method == picard || method == neumann) {
                // v_k = sum of k + 1 terms; the first product tells the residual of v_0 = u.
                const double first = solver.step().residual;
                const double expected = transposeTimes(iterator.jacobian(), exactU_).norm() / exactU_.norm();
                QVERIFY(std::abs(first - expected) < 1e-5);
            }
            while (!solver.done()) solver.step();
            if (method == gmres || method == neumann) {
                const Vector v = toVector(solver.solution());
                const double truth =
                    (exactU_ + transposeTimes(iterator.jacobian(), v) - v).norm() / exactU_.norm();
                QVERIFY2(std::abs(solver.summary().residual - truth) < 1e-5 * truth + kTight,
                         qPrintable(QString("%1 %2").arg(solver.summary().residual).arg(truth)));
            }
        }
    }

    void symmetricSolversAreRefusedElsewhere() {
        MatrixIterator iterator(contraction(kSize, 0.9, 3));
        for (const auto method : {minres, cg}) {
            try {
                const Solve solve(iterator, u_.span(), params(method));
                QFAIL("accepted");
            } catch (const Error& error) {
                QCOMPARE(error.key(), std::string("backward.solver"));
            }
        }
    }

    // A cotangent of the estimate alone: the rest of the state has none.
    void cotangentOfTheEstimate() {
        MatrixIterator iterator(contraction(kSize, 0.8, 5), 7);
        const Buffer part = randomBuffer(7, 6);
        Buffer whole(kSize);
        copy(part.span(), whole.span().first(7));
        const Solve solve(iterator, part.span(), params(gmres));
        QVERIFY(solve.error(iterator.exactAdjoint(toVector(whole.span()))) < 50 * kTight);
    }

    // ||v_K - v|| <= rho^(K+1) / (1 - rho) ||u|| for a normal J, and the error falls by rho in each term.
    void neumannErrorFallsAtTheContractionRate() {
        const double rho = 0.8;
        MatrixIterator iterator(symmetricContraction(kSize, -0.3, rho, 7));
        const Vector exact = iterator.exactAdjoint(exactU_);
        double previous = 0;
        for (int terms = 0; terms <= 40; terms += 4) {
            AdjointParams p = params(neumann, 1e-14);
            p.terms = terms;
            const Solve solve(iterator, u_.span(), p);
            QCOMPARE(solve.status(), SolveStatus::limit);
            QVERIFY(solve.message().contains(terms == 0 ? "v = u" : "cut off"));
            QVERIFY(solve.warns("did not converge"));
            const double error = (toVector(solve.solver.solution()) - exact).norm();
            QVERIFY(error <= std::pow(rho, terms + 1) / (1 - rho) * exactU_.norm() * (1 + 1e-4));
            if (terms >= 24)
                QVERIFY(std::abs(error / previous / std::pow(rho, 4) - 1) < (kVerify ? 0.02 : 0.05));
            previous = error;
            QCOMPARE(solve.solver.summary().evaluations, long{terms} + 1);
        }
        AdjointParams enough = params(neumann, 1e-3);
        enough.terms = 60;
        QCOMPARE(Solve(iterator, u_.span(), enough).status(), SolveStatus::converged);
    }

    void neumannWithoutTermsIsJacobianFree() {
        MatrixIterator iterator(contraction(kSize, 0.9, 8));
        AdjointParams p = params(neumann);
        p.terms = 0;
        const Solve zero(iterator, u_.span(), p);
        const Solve free(iterator, u_.span(), params(jacobianFree));
        for (std::size_t i = 0; i < u_.size(); ++i) {
            QCOMPARE(zero.solver.solution()[i], free.solver.solution()[i]);
            QVERIFY(std::abs(free.solver.solution()[i] - u_[i]) <= Real(1e-6) * std::abs(u_[i]));
        }
        QCOMPARE(zero.message(), free.message());
    }

    void scaleOfTheLossDoesNotMatter() {
        MatrixIterator iterator(symmetricContraction(kSize, -0.5, 0.9, 9));
        for (const auto method : {picard, anderson, gmres, minres, cg, neumann}) {
            const Solve plain(iterator, u_.span(), params(method, 1e-5));
            for (const double factor : {1e-8, 1e-4, 1e4, 1e8}) {
                Buffer scaled = u_.clone();
                scale(factor, scaled.span());
                const Solve solve(iterator, scaled.span(), params(method, 1e-5));
                QCOMPARE(solve.solver.summary().iterations, plain.solver.summary().iterations);
                QCOMPARE(solve.status(), plain.status());
                const Vector back = toVector(solve.solver.solution()) / factor;
                QVERIFY((back - toVector(plain.solver.solution())).norm() < 1e-5 * back.norm());
            }
        }
    }

    // Above 1 the series diverges and says so; the equation is still solved by those who do not iterate on T.
    void mapsThatDoNotContract() {
        MatrixIterator iterator(contraction(kSize, 1.4, 10));
        const Solve plain(iterator, u_.span(), params(picard, 1e-6, 400));
        QCOMPARE(plain.status(), SolveStatus::diverged);
        QVERIFY(plain.warns("did not converge (diverged"));
        QVERIFY(allFinite(plain.solver.solution()));
        const Solve few(iterator, u_.span(), params(picard, 1e-6, 15));
        QCOMPARE(few.status(), SolveStatus::limit);
        QVERIFY2(few.message().contains("does not contract"), qPrintable(few.message()));
        const Solve krylov(iterator, u_.span(), params(gmres, kVerify ? 1e-11 : 1e-5));
        QCOMPARE(krylov.status(), SolveStatus::converged);
        QVERIFY(krylov.error(iterator.exactAdjoint(exactU_)) < (kVerify ? 1e-8 : 1e-2));
        // Automatic begins with anderson and passes on where that gets nowhere.
        MatrixIterator hopeless(contraction(kSize, 30, 10));
        const Solve passed(hopeless, u_.span(), params(automatic, kVerify ? 1e-11 : 1e-5));
        QCOMPARE(passed.status(), SolveStatus::converged);
        QCOMPARE(passed.solver.method(), gmres);
        QVERIFY2(passed.message().contains("gmres went on"), qPrintable(passed.message()));
        QVERIFY(passed.error(hopeless.exactAdjoint(exactU_)) < (kVerify ? 1e-8 : 1e-2));
        QCOMPARE(std::ssize(passed.solver.residuals()), std::ptrdiff_t{passed.solver.record().iteration});
    }

    void limitStopAndFloor() {
        MatrixIterator iterator(contraction(kSize, 0.99, 11));
        for (const auto method : {picard, anderson, gmres}) {
            const Solve limited(iterator, u_.span(), params(method, kTight, 4));
            QCOMPARE(limited.status(), SolveStatus::limit);
            QCOMPARE(limited.solver.summary().iterations, 4);
            QVERIFY(limited.warns("limit"));
        }
        for (const auto method : {picard, gmres, neumann}) {
            AdjointSolver solver(iterator, iterator.equilibrium().span(), u_.span(), params(method), 1e-3);
            solver.step();
            solver.step();
            solver.stop();
            QCOMPARE(solver.summary().status, SolveStatus::stopped);
            QVERIFY(norm(solver.solution()) > 0);
            QCOMPARE(solver.warnings().size(), std::size_t{1});
        }
        // Nothing is left but rounding: as good as it gets, and said so.
        for (const auto method : {picard, gmres}) {
            const Solve floor(iterator, u_.span(), params(method, 0, 20000));
            QCOMPARE(floor.status(), SolveStatus::converged);
            QVERIFY2(floor.message().contains("arithmetic"), qPrintable(floor.message()));
            QVERIFY(floor.error(iterator.exactAdjoint(exactU_)) < (kVerify ? 1e-12 : 1e-3));
        }
    }

    void badNumbers() {
        for (const auto method : {picard, anderson, gmres, neumann})
            for (const long bad : {1L, 3L}) {
                MatrixIterator iterator(contraction(kSize, 0.9, 12));
                iterator.badProduct = bad;
                AdjointParams each = params(method);
                each.anderson.interval = 1;
                const Solve solve(iterator, u_.span(), each);
                // Anderson throws away a mixed step with a NaN and goes on.
                const bool recovers = method == anderson && bad == 3;
                QVERIFY2(solve.status() == (recovers ? SolveStatus::converged : SolveStatus::diverged),
                         qPrintable(QString("%1 %2").arg(name(method), name(solve.status()))));
                QVERIFY(allFinite(solve.solver.solution()));
                QVERIFY(recovers || solve.warns("diverged"));
            }
        MatrixIterator iterator(contraction(kSize, 0.9, 12));
        Buffer bad = u_.clone();
        bad[3] = std::numeric_limits<Real>::infinity();
        const Solve solve(iterator, bad.span(), params(gmres));
        QCOMPARE(solve.status(), SolveStatus::diverged);
        QVERIFY(!solve.solver.linearised());
        QVERIFY(collectGradient(solve.solver, {}).gradients.parameters.entries().empty());
    }

    void zeroCotangent() {
        MatrixIterator iterator(contraction(kSize, 0.9, 13));
        const Buffer zero(kSize);
        const Solve solve(iterator, zero.span(), params(gmres));
        QCOMPARE(solve.status(), SolveStatus::converged);
        QVERIFY(solve.warns("zero"));
        QCOMPARE(iterator.products, 0L);
        const ImplicitGradient gradient = collectGradient(solve.solver, {});
        QCOMPARE(gradient.gradients.parameters.entries().size(), std::size_t{2});
        QCOMPARE(gradient.gradients.parameters.at("gain"), 0.0);
    }

    // The state is checked, whatever its solver said of it.
    void statesThatAreNoEquilibria() {
        MatrixIterator iterator(contraction(kSize, 0.9, 14));
        const Buffer z = iterator.equilibrium();
        Buffer off = z.clone();
        axpy(0.01, u_.span(), off.span());
        const ImplicitGradient good =
            implicitGradient(iterator, z.span(), u_.span(), params(gmres), {}, 1e-4);
        QVERIFY(good.warnings.empty());
        QVERIFY(good.forwardResidual < 1e-5);
        const ImplicitGradient bad =
            implicitGradient(iterator, off.span(), u_.span(), params(gmres), {}, 1e-4);
        QCOMPARE(bad.warnings.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(bad.warnings[0]).contains("no equilibrium"));
        QVERIFY(bad.converged());
        off[0] = std::numeric_limits<Real>::quiet_NaN();
        const ImplicitGradient broken =
            implicitGradient(iterator, off.span(), u_.span(), params(gmres), {{1, 1, 3}, {}}, 1e-4);
        QCOMPARE(broken.adjoint.status, SolveStatus::diverged);
        QVERIFY(std::isnan(broken.gradients.data.at(0, 0, 1)));
        QVERIFY(broken.gradients.kernel.empty());
    }

    void startsFromAGuess() {
        MatrixIterator iterator(symmetricContraction(kSize, -0.5, 0.9, 15));
        Buffer guess(kSize);
        toReals(iterator.exactAdjoint(1.001 * exactU_), guess.span());
        for (const auto method : {picard, anderson, gmres, minres, cg}) {
            const Solve cold(iterator, u_.span(), params(method, 1e-5));
            const Solve warm(iterator, u_.span(), params(method, 1e-5), guess.span());
            QCOMPARE(warm.status(), SolveStatus::converged);
            QVERIFY(warm.solver.summary().iterations < cold.solver.summary().iterations);
        }
    }

    void hooksSeeEveryStepAndStop() {
        MatrixIterator iterator(contraction(kSize, 0.9, 16));
        std::stop_source source;
        std::vector<double> seen;
        AdjointHooks hooks;
        hooks.onStep = [&](const AdjointSolver& solver) {
            seen.push_back(solver.record().residual);
            if (seen.size() == 3) source.request_stop();
        };
        hooks.stop = source.get_token();
        const ImplicitGradient gradient = implicitGradient(iterator, iterator.equilibrium().span(), u_.span(),
                                                           params(gmres), {}, 1e-3, hooks);
        QCOMPARE(gradient.adjoint.status, SolveStatus::stopped);
        QCOMPARE(seen.size(), std::size_t{3});
        QCOMPARE(gradient.residuals, seen);
    }
};

QTEST_APPLESS_MAIN(TestAdjoint)
#include "tst_adjoint.moc"
