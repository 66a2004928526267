// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of another program (deepinv, in double) for blur, fidelity, whole accelerated sequences, gradients
// through equilibria and total variation. Metrics: tests/solver/image/tst_metrics.cpp.
#include <QJsonArray>
#include <QTest>
#include <cmath>

#include "solver/deq/implicit_gradient.h"
#include "solver/fidelity/l2.h"
#include "solver/priors/differences.h"
#include "solver/priors/tv.h"
#include "tests/support/golden.h"
#include "tests/support/laws.h"
#include "tests/support/sweep.h"

using namespace stillpoint;

namespace {

constexpr double kTolerance = kVerify ? 1e-10 : 2e-5;

Kernel rawKernel(const QJsonObject& object) {
    return {goldenArray(object, "kernel").picture(), "golden"};  // as it stands: not scaled to sum 1
}

void compare(ConstImageRef value, const GoldenArray& expected, int batch, const QString& what,
             double tolerance = kTolerance) {
    const double error = relativeDifference(value.samples(), expected.entry(batch));
    QVERIFY2(error < tolerance, qPrintable(QString("%1: %2").arg(what).arg(error)));
}

}  // namespace

class TestGolden : public QObject {
    Q_OBJECT

 private slots:
    void blur();
    void l2();
    void sequences();
    void equilibriumGradients();
    void tv();
    void cleanupTestCase() { qInfo("golden files run: %d, problems in them: %d", files_, problems_); }

 private:
    void sequence(const QJsonObject& file, const QString& name);
    void equilibriumGradient(const QJsonObject& problem, const QString& name);
    int files_ = 0;
    int problems_ = 0;
};

void TestGolden::blur() {
    for (const QString& path : goldenFiles("blurfft*.json")) {
        ++files_;
        const QJsonObject file = readGolden(path);
        for (const QString& key : file.keys()) {
            if (!file[key].isObject() || !file[key].toObject().contains("Ax")) continue;
            ++problems_;
            const QJsonObject problem = file[key].toObject();
            const GoldenArray x = goldenArray(problem, "x");
            BlurOperator op(rawKernel(problem), x.pictureShape());
            Image out(x.pictureShape());
            for (int b = 0; b < x.batch(); ++b) {
                op.apply(x.picture(b), out);
                compare(out, goldenArray(problem, "Ax"), b, key + " Ax");
                op.adjoint(goldenArray(problem, "u").picture(b), out);
                compare(out, goldenArray(problem, "At_u"), b, key + " At_u");
                if (!problem.contains("AtA_x")) continue;
                op.apply(x.picture(b), out);
                op.adjoint(out, out);
                compare(out, goldenArray(problem, "AtA_x"), b, key + " AtA_x");
            }
        }
    }
    QVERIFY(problems_ > 0);
}

void TestGolden::l2() {
    const int before = problems_;
    for (const QString& path : goldenFiles("l2*.json")) {
        ++files_;
        const QJsonObject file = readGolden(path);
        for (const QString& key : file.keys()) {
            if (!file[key].isObject() || !file[key].toObject().contains("prox_gamma_4")) continue;
            ++problems_;
            const QJsonObject problem = file[key].toObject();
            const GoldenArray z = goldenArray(problem, "z");
            BlurOperator op(rawKernel(problem), z.pictureShape());
            Image out(z.pictureShape());
            for (int b = 0; b < z.batch(); ++b) {
                L2Fidelity fidelity(op, goldenArray(problem, "y").picture(b));
                const Image at = z.picture(b);
                // Their sigma is 1 here; sigma 0.5 is a factor of 4 on f, as a step four times as long.
                const auto value = goldenArray(problem, "value_sigma1");
                QVERIFY(relativeDifference(fidelity.value(at), value.data[static_cast<std::size_t>(b)]) <
                        kTolerance);
                fidelity.gradient(at, out);
                compare(out, goldenArray(problem, "grad_sigma1"), b, key + " gradient");
                fidelity.prox(at, 0.5, out);
                compare(out, goldenArray(problem, "prox_gamma_0p5"), b, key + " prox 0.5");
                fidelity.prox(at, 4, out);
                compare(out, goldenArray(problem, "prox_gamma_4"), b, key + " prox 4");
                fidelity.prox(at, 0.5 * 4, out);
                compare(out, goldenArray(problem, "prox_gamma_0p5_sigma05"), b, key + " prox sigma 0.5");
            }
        }
    }
    QVERIFY(problems_ > before);
}

void TestGolden::sequence(const QJsonObject& file, const QString& name) {
    const GoldenArray y = goldenArray(file, "y");
    Recipe recipe;
    recipe.set("iterator", file["algorithm"].toString().toStdString());
    recipe.set("prior", file["prior"].toString().toStdString());
    recipe.set("step", Value(file["stepsize"].toDouble()));
    recipe.set("prior.lambda", Value(file["lambda_reg"].toDouble()));
    recipe.set("start", std::string("adjoint"));
    const auto params = readParams<ProblemParams>(recipe, "");
    for (const QJsonValue& entry : file["runs"].toArray()) {
        const QJsonObject run = entry.toObject();
        const QJsonObject settings = run["anderson"].toObject();
        AndersonParams anderson;
        anderson.enabled = !settings.isEmpty();
        if (anderson.enabled) {
            anderson.interval = 1;
            anderson.history = settings["history_size"].toInt();
            anderson.beta = settings["beta"].toDouble();
            anderson.ridge = settings["eps"].toDouble();
            anderson.ridgeScaling = RidgeScaling::absolute;
            QVERIFY2(anderson.history > 1 && anderson.beta > 0, "unknown names of the Anderson settings");
        }
        const QJsonArray kept = run["kept_iterates"].toArray();
        for (int b = 0; b < y.batch(); ++b) {
            ++problems_;
            const Image data = y.picture(b);
            Problem problem(params, rawKernel(file), data, recipe);
            // Their iterate k is our point of evaluation in iteration k + 1.
            std::vector<Image> points;
            FixedPointSolver solver(
                [&](ConstRealSpan z, RealSpan out) {
                    Image point(data.shape());
                    copy(problem.iterator->estimate(z), point);
                    points.push_back(std::move(point));
                    problem.iterator->apply(z, out);
                },
                problem.iterator->stateSize(), {13, 0, 0}, anderson);
            problem.start(data, solver.startingPoint());
            while (!solver.done()) solver.step();
            compare(points[0], goldenArray(run, "x0"), b, name + " x0");
            const QJsonArray iterates = run["iterates"].toArray();
            for (qsizetype i = 0; i < kept.size(); ++i)
                compare(points[static_cast<std::size_t>(kept[i].toInt())],
                        goldenArray(iterates[i], QString("iterate %1").arg(i)), b,
                        QString("%1 iterate %2").arg(name).arg(kept[i].toInt()), kVerify ? 1e-10 : 2e-4);
        }
    }
}

void TestGolden::sequences() {
    const int before = problems_;
    for (const QString& path : goldenFiles("seq_*.json")) {
        ++files_;
        sequence(readGolden(path), path);
    }
    QVERIFY(problems_ > before);
}

// Their loss is 0.5 ||x - x_gt||^2, so u = x - x_gt.
void TestGolden::equilibriumGradient(const QJsonObject& file, const QString& name) {
    const Image y = goldenArray(file, "y").picture();
    const Image truth = goldenArray(file, "x_gt").picture();
    Recipe recipe;
    recipe.set("iterator", file["algorithm"].toString().toStdString());
    recipe.set("prior", file["prior"].toString().toStdString());
    recipe.set("step", Value(file["stepsize"].toDouble()));
    recipe.set("prior.lambda", Value(file["lambda_reg"].toDouble()));
    Problem problem(readParams<ProblemParams>(recipe, ""), rawKernel(file), y, recipe);
    FixedPointParams driver;
    driver.maxIter = 5000;
    driver.tolerance = kVerify ? 1e-15 : 1e-7;
    FixedPointSolver solver([&](ConstRealSpan z, RealSpan out) { problem.iterator->apply(z, out); },
                            problem.iterator->stateSize(), driver, AndersonParams{});
    problem.start(y, solver.startingPoint());
    while (!solver.done()) solver.step();
    const ConstImageRef x = problem.iterator->estimate(solver.state());
    compare(x, goldenArray(file, "x_star"), 0, name + " x_star");
    Image u(y.shape());
    subtract(x.samples(), truth.samples(), u.samples());
    QVERIFY(relativeDifference(0.5 * normSquared(u.samples()), file["loss"].toDouble()) < kTolerance);

    for (const auto method : {AdjointMethod::automatic, AdjointMethod::picard, AdjointMethod::anderson}) {
        AdjointParams adjoint;
        adjoint.solver = method;
        adjoint.tolerance = kVerify ? 1e-13 : 2e-6;
        adjoint.maxIter = 5000;
        const ImplicitGradient gradient = implicitGradient(*problem.iterator, solver.state(), u.samples(),
                                                           adjoint, {y.shape(), {}}, driver.tolerance * 10);
        QVERIFY2(gradient.warnings.empty(), gradient.adjoint.message.c_str());
        compare(gradient.gradients.data, goldenArray(file, "dL_dy"), 0, name + " dL_dy");
        const double byLambda = file["dL_dlambda"].toDouble();
        QVERIFY(relativeDifference(gradient.gradients.parameters.at("prior.lambda"), byLambda) < kTolerance);
        // Zero for PGD and GD, whose equilibrium does not depend on the step.
        const double byStep = gradient.gradients.parameters.at("step") - file["dL_dstepsize"].toDouble();
        QVERIFY2(std::abs(byStep) < kTolerance * byLambda,
                 qPrintable(QString("%1 step: off by %2").arg(name).arg(byStep)));
    }
}

void TestGolden::equilibriumGradients() {
    const int before = problems_;
    for (const QString& path : goldenFiles("deq_gradients_*.json")) {
        const QJsonObject file = readGolden(path);
        bool used = false;
        for (const QString& key : file.keys()) {
            const QJsonObject problem = file[key].toObject();
            const std::string prior = problem["prior"].toString().toStdString();
            const auto known = Registry::builtin().priors();
            // Networks have weights and tests of their own.
            if (!problem.contains("dL_dlambda") ||
                !std::ranges::any_of(known, [&](const auto& info) { return info.name == prior; }))
                continue;
            used = true;
            ++problems_;
            equilibriumGradient(problem, key);
        }
        if (used) ++files_;
    }
    QVERIFY(problems_ > before);
}

void TestGolden::tv() {
    const int before = problems_;
    for (const QString& path : goldenFiles("tv*.json")) {
        ++files_;
        const QJsonObject file = readGolden(path);
        for (const QString& key : file.keys()) {
            if (!file[key].isObject() || !file[key].toObject().contains("converged_gamma_0p3")) continue;
            ++problems_;
            const QJsonObject problem = file[key].toObject();
            const GoldenArray y = goldenArray(problem, "y");
            const Image picture = y.picture();
            TvParams params;
            params.smoothing = 0;
            TvPrior prior(picture.shape(), params);
            QVERIFY(relativeDifference(prior.value(picture), goldenArray(problem, "tv_value").data[0]) <
                    kTolerance);
            Image out(picture.shape());
            // Neither is exact: theirs is 100 000 steps, ours ends at a proved distance. They agree to about
            // 1e-7.
            const int steps = prior.solveProx(picture, 0.3, kVerify ? 1e-6 : 3e-4, 200000, out);
            QVERIFY2(steps < 200000, qPrintable(QString("%1 steps").arg(steps)));
            compare(out, goldenArray(problem, "converged_gamma_0p3"), 0, key + " prox",
                    kVerify ? 1e-6 : 1e-3);

            // Their differences have the pair as last axis; ours are all row differences, then all column
            // differences.
            const GoldenArray nabla = goldenArray(problem, "nabla");
            Buffer field(2 * picture.size());
            differences(picture, field.span());
            for (std::size_t i = 0; i < picture.size(); ++i)
                for (const std::size_t axis : {std::size_t{0}, std::size_t{1}})
                    QVERIFY(std::abs(static_cast<double>(field[axis * picture.size() + i]) -
                                     nabla.data[2 * i + axis]) < kTolerance);
            fill(out.samples(), 0);
            subtractAdjointDifferences(out, -1, field.span(), out);
            compare(out, goldenArray(problem, "nabla_adjoint_of_nabla"), 0, key + " D'D");
        }
    }
    QVERIFY(problems_ > before);
}

QTEST_APPLESS_MAIN(TestGolden)
#include "tst_golden.moc"
