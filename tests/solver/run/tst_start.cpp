// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run may start.
#include <QTest>
#include <cmath>
#include <limits>

#include "solver/physics/wiener.h"
#include "solver/run/run_session.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"

using namespace stillpoint;

namespace {

constexpr Shape kShape{3, 24, 20};

Recipe startRecipe(const char* start) {
    Recipe recipe;
    recipe.set("kernel", "box:size=3");
    recipe.set("start", start);
    return recipe;
}

std::shared_ptr<const Image> input() {
    return std::make_shared<const Image>(randomPicture(kShape, 2));
}

// The sentence of the Error that a session with this start picture throws; its key must be "start".
QString refusal(std::shared_ptr<const Image> picture) {
    try {
        RunSession session(startRecipe("picture"), {.blurred = input(), .reference = {}, .start = picture});
    } catch (const Error& error) {
        return error.key() == "start" ? QString(error.what()) : QString();
    }
    return {};
}

}  // namespace

class TestStart : public QObject {
    Q_OBJECT

 private slots:
    void everyChoiceGivesItsEstimate() {
        const auto y = input();
        const auto given = std::make_shared<const Image>(randomPicture(kShape, 3));
        BlurOperator op(makeKernel("box:size=3"), kShape);
        Image adjoint(kShape), wiener(kShape);
        const Image zeros(kShape);
        op.adjoint(*y, adjoint);
        wienerEstimate(op, *y, kWienerStart, wiener);
        const std::vector<std::pair<const char*, const Image*>> expected{{"blurred", y.get()},
                                                                         {"adjoint", &adjoint},
                                                                         {"zeros", &zeros},
                                                                         {"wiener", &wiener},
                                                                         {"picture", given.get()}};
        const Param* param = ProblemParams::table().find("start");
        QCOMPARE(param->choices.size(), expected.size());
        for (const auto& [start, picture] : expected) {
            const RunSession session(startRecipe(start), {.blurred = y, .reference = {}, .start = given});
            const Image x = session.estimate();
            QVERIFY2(std::sqrt(distanceSquared(x.samples(), picture->samples())) <=
                         (kVerify ? 1e-13 : 1e-6) * norm(y->samples()),
                     start);
        }
    }

    // A'(A x - y) + c x = 0, with direct sums for the blur.
    void wienerSolvesItsEquation() {
        const Image y = randomPicture(kShape, 5);
        const Kernel kernel = sweepKernel();
        BlurOperator op(kernel, kShape);
        for (const double c : {0.5, 0.01}) {
            Image x(kShape);
            wienerEstimate(op, y, c, x);
            Image misfit = directBlur(x, kernel.pixels);
            axpy(-1, y.samples(), misfit.samples());
            Image error = directCorrelation(misfit, kernel.pixels);
            axpy(c, x.samples(), error.samples());
            QVERIFY(norm(error.samples()) < (kVerify ? 1e-12 : 1e-5) * norm(y.samples()));
        }
    }

    void aMissingOrWrongPictureIsRefused() {
        QVERIFY(refusal(nullptr).contains("no picture to start from"));
        const QString shape = refusal(std::make_shared<const Image>(3, 24, 21));
        QVERIFY2(shape.contains("21 x 24 with 3 channels") && shape.contains("20 x 24 with 3 channels"),
                 qPrintable(shape));
        Image broken(kShape);
        broken.samples()[7] = std::numeric_limits<Real>::quiet_NaN();
        QVERIFY(refusal(std::make_shared<const Image>(std::move(broken))).contains("not finite"));
    }

    // Not wanted: then it does not change the result, and its shape does not matter.
    void aPictureThatTheRecipeDoesNotWantIsIgnored() {
        const auto y = input();
        const RunSession session(
            startRecipe("blurred"),
            {.blurred = y, .reference = {}, .start = std::make_shared<const Image>(1, 2, 2)});
        QVERIFY(std::ranges::equal(session.estimate().samples(), y->samples()));
    }

    // From its own result a run has at once what it took many iterations to find.
    void aWarmStartIsAtOnceThere() {
        Recipe recipe = startRecipe("blurred");
        recipe.set("prior", "tikhonov");
        recipe.set("prior.lambda", "0.05");
        recipe.set("tolerance", kVerify ? "1e-10" : "1e-6");
        const auto y = input();
        RunSession cold(recipe, {.blurred = y, .reference = {}, .start = {}});
        while (!cold.done()) cold.step();
        QCOMPARE(cold.record().summary.status, SolveStatus::converged);
        QVERIFY(cold.record().summary.iterations > 5);
        recipe.set("start", "picture");
        RunSession warm(
            recipe, {.blurred = y, .reference = {}, .start = std::make_shared<const Image>(cold.estimate())});
        warm.step();
        QCOMPARE(warm.record().summary.status, SolveStatus::converged);
    }
};

QTEST_APPLESS_MAIN(TestStart)
#include "tst_start.moc"
