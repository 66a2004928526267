// SPDX-License-Identifier: GPL-3.0-or-later
#include <malloc.h>

#include <QLocale>
#include <QTest>

#include "solver/run/registry.h"
#include "solver/run/run_session.h"
#include "tests/ui/params/every_method.h"
#include "ui/window/run_memory.h"

using namespace stillpoint;

namespace {

/// Bytes that are allocated now.
double allocated() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

Recipe method(const QString& iterator, const QString& prior, int history) {
    Recipe recipe;
    recipe.set("iterator", iterator.toStdString());
    recipe.set("prior", prior.toStdString());
    recipe.set("anderson.history", std::to_string(history));
    return recipe;
}

}  // namespace

class RunMemoryTest : public QObject {
    Q_OBJECT

 private slots:
    void isWhatARunTakes_data() { test::addEveryMethod(); }
    void isWhatARunTakes() {
        QFETCH(QString, iterator);
        QFETCH(QString, prior);
        const auto picture = std::make_shared<Image>(3, 96, 128);
        for (Real& sample : picture->samples()) sample = Real(0.3);
        const RunInput input{picture, picture};
        for (const char* boundary : {"periodic", "unknown"})
            for (const int history : {1, 10}) {
                Recipe recipe = method(iterator, prior, history);
                recipe.set("boundary", boundary);
                if (!Registry::builtin().compatible(recipe).empty()) continue;
                const double before = allocated();
                RunSession session(recipe, input, {});
                while (!session.done() && session.record().points.size() < 8) session.step();
                const double taken = allocated() - before;
                // The estimate also holds what the window needs for a few frames.
                const double ratio =
                    static_cast<double>(runMemory(
                        recipe, Registry::builtin().canvasShape(recipe, picture->shape(), makeKernel))) /
                    taken;
                QVERIFY2(ratio > 0.8 && ratio < 1.6, qPrintable(QString::number(ratio)));
            }
    }

    void growsWithHistoryAndPicture() {
        const Shape shape{3, 100, 100};
        const auto need = [&](int history) { return runMemory(method("pgd", "tv", history), shape); };
        QVERIFY(need(10) > need(5));
        QCOMPARE(runMemory(method("pgd", "tv", 5), {3, 200, 200}), 4 * need(5));
        Recipe plain = method("pgd", "tv", 20);
        plain.set("anderson.enabled", "false");
        QVERIFY(runMemory(plain, shape) < need(5));
    }

    void texts() {
        QLocale::setDefault(QLocale::c());
        QCOMPARE(memoryText(150 << 20), QString("150 MiB"));
        QCOMPARE(memoryText(std::int64_t{49} << 28), QString("12.3 GiB"));
    }
};

QTEST_GUILESS_MAIN(RunMemoryTest)
#include "tst_run_memory.moc"
