// SPDX-License-Identifier: GPL-3.0-or-later
// Implicit gradients against finite differences of the whole solve, swept over the registry.
#include "solver/deq/implicit_gradient.h"

#include <QTest>
#include <cmath>

#include "tests/solver/deq/whole_solve.h"

using namespace stillpoint;

namespace {

const Shape kShape{1, 9, 8};
// In float, differences must be long, and cross the kinks of the priors: there they only catch what is
// missing or has the wrong sign or scale. Small derivatives count relative to a share of the loss.
constexpr double kRelative = kVerify ? 1e-5 : 0.3;
constexpr double kSmall = kVerify ? 1e-2 : 1e-1;

WholeSolve wholeSolve(const SweepCase& sweepCase, const LossParams& loss) {
    return {.recipe = sweepCase.recipe, .lossParams = loss, .y = randomPicture(kShape, 77)};
}

// Differences of the loss of the whole solve, at several steps from 1e-3 downwards; the steadiest counts.
double slope(const std::function<double(double)>& loss) {
    return finiteDifference([&](double at) { return loss(at - 1); }, 1);
}

// The jumps of a denoiser's gradient keep whole solves from the accuracy that differences need; where the
// denoiser is the prox they pass. Its products are checked at single points, by the laws.
bool endsInACycle(const SweepCase& one) {
    return one.recipe.find("prior.form") == "gradient-step" &&
           (one.name.starts_with("gd ") || one.name == "pgd denoiser gradient-step g-first");
}

}  // namespace

class TestImplicitGradient : public QObject {
    Q_OBJECT

    const Image reference_ = randomPicture(kShape, 78);

    // Checks every real parameter, and y and the kernel along a random direction. Returns the number of
    // derivatives.
    int checkAll(const WholeSolve& whole) {
        const auto equilibria = whole.solve();
        for (const auto& equilibrium : equilibria)
            if (!(equilibrium.residual < (kVerify ? 2e-12 : 1e-5))) {
                QTest::qFail(qPrintable(QString("residual %1").arg(equilibrium.residual)), __FILE__,
                             __LINE__);
                return 0;
            }
        bool converged = false;
        const Gradients gradients = whole.gradient(equilibria, tightAdjoint(), converged);
        if (!converged) QTest::qFail("the adjoint warns", __FILE__, __LINE__);
        const double scaleOfLoss = std::abs(whole.loss(&equilibria)) + 1e-3;
        // Responses of the test's ridge cross the kinks of its profile at steps of any size, and whole solves
        // are not exact enough for smaller ones; the laws check its products at single points to 1e-7.
        const bool kinks = kVerify && whole.recipe.find("prior") == "ridge";
        int checked = 0;
        const auto compare = [&](const std::string& what, double expected, double measured, double size) {
            ++checked;
            const double allowed = (kinks ? 100 : 1) * kRelative * (std::abs(measured) + size);
            if (!(std::abs(expected - measured) <= allowed))
                QTest::qFail(qPrintable(QString::fromStdString(what) + ": " + both(expected, measured)),
                             __FILE__, __LINE__);
        };
        for (const auto& key : mapParameters(whole.recipe)) {
            // The level moves all responses over the many kinks of the test's profile: float sees those
            // alone.
            if (!kVerify && key == "prior.sigma" && whole.recipe.find("prior") == "ridge") continue;
            const double at = *parseDouble(Registry::builtin().valueText(whole.recipe, key));
            const double measured = slope([&](double h) {
                WholeSolve moved{whole.recipe, whole.lossParams, whole.kernel.clone(), whole.y.clone(),
                                 whole.mask};
                moved.recipe.set(key, Value(at * (1 + h)));
                return moved.loss(&equilibria);
            });
            // d loss / d log theta; where that vanishes, relative to the loss.
            compare(key, at * gradients.parameters.at(key), measured, kSmall * scaleOfLoss);
        }
        const auto along = [&](const char* what, const Image& gradient, double length, const auto& move) {
            const auto direction = randomVector(gradient.size(), 62);
            const double measured = slope([&](double h) {
                WholeSolve moved{whole.recipe, whole.lossParams, whole.kernel.clone(), whole.y.clone(),
                                 whole.mask};
                axpy(length * h, direction, move(moved).samples());
                return moved.loss(&equilibria);
            });
            compare(what, length * dot(gradient.samples(), direction), measured, kSmall * scaleOfLoss);
        };
        along("y", gradients.data, 0.3, [](WholeSolve& moved) -> Image& { return moved.y; });
        along("kernel", gradients.kernel, 0.02,
              [](WholeSolve& moved) -> Image& { return moved.kernel.pixels; });
        return checked;
    }

 private slots:
    void everyParameterOfEveryCombination_data() {
        QTest::addColumn<int>("caseIndex");
        const auto cases = sweepCases();
        // Without a prior only the two splittings reach the accuracy that differences of whole solves need;
        // an inner solve anew in each iteration is slow, and one combination stands for all.
        for (std::size_t c = 0; c < cases.size(); ++c) {
            const std::string& name = cases[c].name;
            const bool none = *cases[c].recipe.find("prior") == "none";
            const bool nested = cases[c].recipe.find("prior.inner") == "nested";
            if ((!none || name == "pgd none" || name == "hqs none") && (!nested || name == "pgd tv nested") &&
                !endsInACycle(cases[c]))
                QTest::addRow("%s", name.c_str()) << static_cast<int>(c);
        }
    }
    void everyParameterOfEveryCombination() {
        QFETCH(int, caseIndex);
        const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
        if (!kVerify && sweepCase.recipe.find("prior") == "none")
            QSKIP("without a prior float cannot solve far enough for differences; see the verify build");
        const int checked =
            checkAll(wholeSolve(sweepCase, {.kind = LossKind::mse, .reference = reference_.ref()}));
        QVERIFY2(checked >= 3, qPrintable(QString::number(checked)));
    }

    // All losses through one smooth and one kinked combination: the direct terms, and SURE's two solves.
    void everyLoss_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("prior");
        for (const auto& info : losses())
            for (const char* prior : {"tikhonov", "tv"})
                if (info.kind != LossKind::ssim)  // needs larger pictures: below
                    QTest::addRow("%s %s", info.name.c_str(), prior) << static_cast<int>(info.kind) << prior;
    }
    void everyLoss() {
        QFETCH(int, kind);
        QFETCH(QString, prior);
        for (const auto& sweepCase : sweepCases()) {
            if (!sweepCase.name.starts_with("pgd " + prior.toStdString())) continue;
            QVERIFY(checkAll(wholeSolve(
                        sweepCase,
                        {.kind = LossKind(kind), .reference = reference_.ref(), .noiseSigma = 0.2})) >= 4);
            return;
        }
        QFAIL("no such combination");
    }

    // Canvases that are larger than the picture, and samples that are ignored.
    void bordersAndMasks_data() {
        QTest::addColumn<QString>("boundary");
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("masked");
        const auto row = [](const char* boundary, const char* method, LossKind kind, bool masked) {
            QTest::addRow("%s, %s, %s%s", boundary, method,
                          losses()[static_cast<std::size_t>(kind)].name.c_str(), masked ? ", masked" : "")
                << boundary << method << static_cast<int>(kind) << masked;
        };
        for (const char* method :
             {"pgd l2", "hqs l2", "admm l2", "gd l2", "chambolle-pock l2", "pgd poisson", "hqs poisson"})
            row("unknown", method, LossKind::mse, false);
        for (const LossKind kind : {LossKind::l1, LossKind::discrepancy, LossKind::whiteness, LossKind::sure})
            row("unknown", "hqs l2", kind, true);
        for (const char* boundary : {"taper", "reflect", "periodic"}) {
            row(boundary, "hqs l2", LossKind::mse, true);
            row(boundary, "hqs l2", LossKind::discrepancy, false);
        }
    }
    void bordersAndMasks() {
        QFETCH(QString, boundary);
        QFETCH(QString, method);
        QFETCH(int, kind);
        QFETCH(bool, masked);
        Recipe recipe;
        recipe.set("boundary", boundary.toStdString());
        recipe.set("iterator", method.section(' ', 0, 0).toStdString());
        recipe.set("fidelity", method.section(' ', 1).toStdString());
        recipe.set("prior", "tikhonov");
        recipe.set("prior.lambda", Value(0.2));
        recipe.set("fidelity.accuracy", Value(kVerify ? 1e-12 : 1e-7));
        if (method == "pgd poisson") recipe.set("step", Value(0.04));
        if (method == "chambolle-pock l2") recipe.set("dual-step", Value(0.9));
        Image mask(1, kShape.height, kShape.width);
        fill(mask.samples(), 1);
        for (const auto& [row, column] : {std::pair{1, 2}, {3, 3}, {0, 0}}) mask.at(0, row, column) = 0;
        WholeSolve whole = wholeSolve(
            {"", recipe}, {.kind = LossKind(kind), .reference = reference_.ref(), .noiseSigma = 0.2});
        if (masked) whole.mask = &mask;
        QVERIFY(checkAll(whole) >= 4);
    }

    void dissimilarity() {
        const Shape shape{3, 12, 13};
        const Image reference = randomPicture(shape, 5);
        WholeSolve whole{.recipe = {},
                         .lossParams = {.kind = LossKind::ssim, .reference = reference.ref()},
                         .y = randomPicture(shape, 77)};
        for (const auto& [key, value] :
             {std::pair{"iterator", "hqs"}, {"prior", "tikhonov"}, {"step", "0.8"}, {"prior.lambda", "0.06"}})
            whole.recipe.set(key, value);
        QVERIFY(checkAll(whole) >= 4);
    }

    // The equilibrium does not remember where its solve began: dl/dx0 = 0.
    void theStartHasNoGradient() {
        for (const char* name : {"pgd tikhonov", "pgd tv", "hqs l1", "gd tv"})
            for (const auto& sweepCase : sweepCases()) {
                if (!sweepCase.name.starts_with(name) || sweepCase.recipe.find("fidelity")) continue;
                const WholeSolve whole =
                    wholeSolve(sweepCase, {.kind = LossKind::mse, .reference = reference_.ref()});
                const auto equilibria = whole.solve();
                std::vector<Equilibrium> elsewhere;
                elsewhere.emplace_back(whole.recipe, whole.kernel, whole.y);
                const double loss = whole.loss();
                for (std::uint64_t seed = 1; seed <= 3; ++seed) {
                    axpy(0.1, randomVector(elsewhere[0].z.size(), seed), elsewhere[0].z.span());
                    QVERIFY(std::abs(whole.loss(&elsewhere) - loss) < (kVerify ? 1e-9 : 1e-4) * loss);
                }
            }
    }

    // dl/dlog lambda by every solver.
    void allSolversAgree_data() {
        QTest::addColumn<int>("caseIndex");
        const auto cases = sweepCases();
        for (std::size_t c = 0; c < cases.size(); ++c)
            if ((kVerify || contractsQuickly(cases[c])) && !endsInACycle(cases[c]))
                QTest::addRow("%s", cases[c].name.c_str()) << static_cast<int>(c);
    }
    void allSolversAgree() {
        QFETCH(int, caseIndex);
        const SweepCase sweepCase = sweepCases()[static_cast<std::size_t>(caseIndex)];
        const WholeSolve whole =
            wholeSolve(sweepCase, {.kind = LossKind::mse, .reference = reference_.ref()});
        const auto equilibria = whole.solve();
        bool converged = false;
        const Gradients exact = whole.gradient(equilibria, tightAdjoint(AdjointMethod::gmres), converged);
        QVERIFY(converged);
        // Without a prior the blur's weak frequencies make everything that iterates on T crawl.
        const bool slow = sweepCase.recipe.find("prior") == "none";
        // The profile of the test's ridge is not convex: Anderson finds equilibria that the plain iteration
        // would leave, and neither the plain adjoint nor always Anderson's converges there.
        const bool saddle = sweepCase.recipe.find("prior") == "ridge";
        using enum AdjointMethod;
        for (const auto method : {automatic, picard, anderson, minres, cg}) {
            const bool symmetric = equilibria[0].iterator().symmetricJacobian();
            if (!symmetric && (method == minres || method == cg)) continue;
            if ((slow || saddle) && (method == picard || method == anderson)) continue;
            AdjointParams params = tightAdjoint(method);
            if (slow) params.tolerance *= 10;  // automatic passes a long v on to gmres, which rounds it
            const Gradients other = whole.gradient(equilibria, params, converged);
            QVERIFY2(converged, name(method));
            const double allowed = kVerify ? 1e-8 : 1e-3;
            for (const auto& [key, value] : exact.parameters.entries())
                QVERIFY2(
                    std::abs(other.parameters.at(key) - value) <= allowed * (std::abs(value) + 1e-2),
                    qPrintable(QString("%1 %2 %3")
                                   .arg(name(method), key.c_str(), both(other.parameters.at(key), value))));
            for (const auto part : {&Gradients::data, &Gradients::kernel})
                QVERIFY(std::sqrt(distanceSquared((other.*part).samples(), (exact.*part).samples())) <=
                        allowed * norm((exact.*part).samples()));
        }
    }
};

QTEST_APPLESS_MAIN(TestImplicitGradient)
#include "tst_implicit_gradient.moc"
