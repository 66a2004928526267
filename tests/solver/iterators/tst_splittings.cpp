// SPDX-License-Identifier: GPL-3.0-or-later
// How the iterators relate to each other. Their derivatives and their solutions:
// tests/solver/run/tst_laws.cpp.
#include <QTest>
#include <cmath>

#include "solver/core/parallel.h"
#include "tests/support/laws.h"
#include "tests/support/pictures.h"
#include "tests/support/sweep.h"

using namespace stillpoint;

namespace {

constexpr Shape kShape{3, 11, 13};

SweepCase caseOf(std::initializer_list<std::pair<const char*, const char*>> entries) {
    SweepCase sweepCase{"", {}};
    for (const auto& [key, value] : entries) sweepCase.recipe.set(key, value);
    return sweepCase;
}

ConstRealSpan part(const Buffer& z, std::size_t k) {
    return z.span().subspan(k * kShape.size(), kShape.size());
}

void applyTo(Iterator& iterator, Buffer& z) {
    Buffer out(z.size());
    iterator.apply(z.span(), out.span());
    std::swap(z, out);
}

double difference(ConstRealSpan a, ConstRealSpan b) {
    return std::sqrt(distanceSquared(a, b)) / norm(b);
}

constexpr double kSame = kVerify ? 1e-12 : 1e-5;

}  // namespace

class TestSplittings : public QObject {
    Q_OBJECT

 private slots:
    void initTestCase() { setThreadCount(1); }  // tiny pictures
    // z has to lead to x0 and from there on: the first data step must start at x0 whatever the variables are.
    void startsAtTheGivenPicture() {
        const Image x0 = randomPicture(kShape, 9);
        for (const SweepCase& sweepCase : sweepCases()) {
            Image y;
            const auto problem = sweepProblem(sweepCase, kShape, y);
            Buffer z(problem->iterator->stateSize());
            std::ranges::copy(randomVector(z.size(), 3), z.begin());
            problem->iterator->start(x0, z.span());
            const ConstImageRef x = problem->iterator->estimate(z.span());
            QVERIFY2(std::ranges::equal(x.samples(), x0.samples()), sweepCase.name.c_str());
            const std::string& name = problem->params.iterator;
            if (name == "drs" || name == "momentum") QVERIFY(std::ranges::equal(part(z, 1), x0.samples()));
        }
    }

    // With t = x + u, ADMM is Douglas-Rachford with g first and s = t (Eckstein and Bertsekas, 1992).
    void admmIsDouglasRachfordWithTheOtherOrder_data() {
        QTest::addColumn<bool>("gFirst");
        QTest::newRow("data first") << false;
        QTest::newRow("prior first") << true;
    }
    void admmIsDouglasRachfordWithTheOtherOrder() {
        QFETCH(bool, gFirst);
        Image y, sameY;  // a problem keeps a view of its own
        const auto admm = sweepProblem(caseOf({{"iterator", "admm"},
                                               {"prior", "l1"},
                                               {"prior.lambda", "0.06"},
                                               {"step", "2.5"},
                                               {"g-first", gFirst ? "true" : "false"}}),
                                       kShape, y);
        const auto drs = sweepProblem(caseOf({{"iterator", "drs"},
                                              {"prior", "l1"},
                                              {"prior.lambda", "0.06"},
                                              {"step", "2.5"},
                                              {"g-first", gFirst ? "false" : "true"}}),
                                      kShape, sameY);
        Buffer z(2 * kShape.size()), s(2 * kShape.size()), t(kShape.size());
        admm->start(y, z.span());
        applyTo(*admm->iterator, z);
        const auto sumUp = [&] {
            copy(part(z, 0), t.span());
            axpy(1, part(z, 1), t.span());
        };
        sumUp();
        drs->iterator->start(ConstImageRef(t.data(), kShape), s.span());
        for (int k = 0; k < 10; ++k) {
            applyTo(*admm->iterator, z);
            applyTo(*drs->iterator, s);
            sumUp();
            const double error = difference(part(s, 1), t.span());
            QVERIFY2(error < 10 * kSame, qPrintable(QString("step %1: %2").arg(k).arg(error)));
        }
    }

    void withoutMomentumItIsPgd() {
        for (const char* prior : {"tikhonov", "tv"}) {
            Image y, sameY;
            const auto plain =
                sweepProblem(caseOf({{"iterator", "pgd"}, {"prior", prior}, {"step", "0.7"}}), kShape, y);
            const auto momentum = sweepProblem(
                caseOf({{"iterator", "momentum"}, {"prior", prior}, {"step", "0.7"}, {"momentum", "0"}}),
                kShape, sameY);
            Buffer z(plain->iterator->stateSize()), w(momentum->iterator->stateSize());
            plain->start(y, z.span());
            momentum->start(y, w.span());
            for (int k = 0; k < 5; ++k) {
                const Buffer before = z.clone();
                applyTo(*plain->iterator, z);
                applyTo(*momentum->iterator, w);
                QVERIFY(difference(part(w, 0), part(z, 0)) < kSame);
                QVERIFY(difference(part(w, 1), part(before, 0)) < kSame);
            }
        }
    }

    // The heavy step of momentum: e = x + beta (x - previous) is what PGD sees.
    void momentumStepsFromTheExtrapolatedPoint() {
        Image y, sameY;
        const auto plain = sweepProblem(
            caseOf({{"iterator", "pgd"}, {"prior", "l1"}, {"prior.lambda", "0.06"}, {"step", "0.7"}}), kShape,
            y);
        const auto momentum = sweepProblem(caseOf({{"iterator", "momentum"},
                                                   {"prior", "l1"},
                                                   {"prior.lambda", "0.06"},
                                                   {"step", "0.7"},
                                                   {"momentum", "0.4"}}),
                                           kShape, sameY);
        Buffer z(2 * kShape.size()), e(kShape.size());
        std::ranges::copy(randomVector(z.size(), 8), z.begin());
        copy(part(z, 0), e.span());
        scale(1.4, e.span());
        axpy(-0.4, part(z, 1), e.span());
        applyTo(*plain->iterator, e);
        applyTo(*momentum->iterator, z);
        QVERIFY(difference(part(z, 0), e.span()) < kSame);
    }

    // The dual of Chambolle and Pock ends as the gradient of the fidelity at A x, which is A x - y for l2.
    void theDualOfChambollePockIsTheMisfit() {
        Image y;
        const auto problem = sweepProblem(caseOf({{"iterator", "chambolle-pock"},
                                                  {"prior", "tikhonov"},
                                                  {"prior.lambda", "0.1"},
                                                  {"step", "2"},
                                                  {"dual-step", "0.5"}}),
                                          kShape, y);
        Buffer z(problem->iterator->stateSize());
        problem->start(y, z.span());
        for (int k = 0; k < 400; ++k) applyTo(*problem->iterator, z);
        Image misfit(kShape);
        problem->op.apply(problem->iterator->estimate(z.span()), misfit);
        axpy(-1, y.samples(), misfit.samples());
        QVERIFY(difference(part(z, 1), misfit.samples()) < 10 * kSame);
    }
};

QTEST_APPLESS_MAIN(TestSplittings)
#include "tst_splittings.moc"
