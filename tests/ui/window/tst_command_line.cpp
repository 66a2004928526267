// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "solver/run/registry.h"
#include "tests/ui/params/every_method.h"
#include "ui/window/command_line.h"

using namespace stillpoint;

namespace {

RunOrigin restoring(const QString& path) {
    RunOrigin origin;
    origin.picture.path = path;
    origin.picture.name = "photo.jpg";
    return origin;
}

Recipe complete(std::initializer_list<std::pair<std::string, std::string>> keys) {
    Recipe recipe;
    for (const auto& [key, value] : keys) recipe.set(key, value);
    return Registry::builtin().complete(recipe);
}

/// The recipe that `stillpoint-cli restore` makes of its options: explicit keys, suggestions without noise,
/// defaults.
Recipe understood(const QString& line) {
    const QStringList words = line.trimmed().split(' ');
    Recipe recipe;
    for (int i = 0; i + 1 < words.size(); ++i)
        if (words[i].startsWith("--") && words[i] != "--reference")
            recipe.set(words[i].mid(2).toStdString(), words[i + 1].toStdString());
    return Registry::builtin().complete(Registry::builtin().suggest(recipe, -1));
}

}  // namespace

class CommandLineTest : public QObject {
    Q_OBJECT

 private slots:
    void wordsForAShell() {
        QCOMPARE(shellWord("a/b-c_1.png"), QString("a/b-c_1.png"));
        QCOMPARE(shellWord("two words"), QString("'two words'"));
        QCOMPARE(shellWord("it's"), QString("'it'\\''s'"));
        QCOMPARE(shellWord(""), QString("''"));
        QCOMPARE(shellWord("$HOME"), QString("'$HOME'"));
    }

    void restoreSaysAllThatMatters_data() { test::addEveryMethod(); }
    void restoreSaysAllThatMatters() {
        QFETCH(QString, iterator);
        QFETCH(QString, prior);
        // With the suggestions for some noise, which the command line is not told.
        Recipe chosen;
        chosen.set("iterator", iterator.toStdString());
        chosen.set("prior", prior.toStdString());
        chosen.set("kernel", std::string("motion:length=15,angle=30"));
        chosen.set("anderson.history", std::string("7"));
        const Recipe recipe = Registry::builtin().complete(Registry::builtin().suggest(chosen, 0.03));
        const QString line = commandLine(restoring("/pictures/photo.jpg"), recipe);
        QVERIFY2(
            line.startsWith("stillpoint-cli restore /pictures/photo.jpg -o photo-restored.png --kernel "),
            qPrintable(line));
        QVERIFY2(understood(line) == recipe, qPrintable(line));
        QVERIFY(!line.contains("simulate"));
    }

    void referenceAndOddNames() {
        RunOrigin origin = restoring("/pictures/my photo.jpg");
        origin.reference.image = std::make_shared<const Image>(1, 2, 2);
        origin.reference.path = "/pictures/sharp.png";
        const QString line = commandLine(origin, complete({{"kernel", "box:size=5"}}));
        QVERIFY(line.contains("'/pictures/my photo.jpg' -o 'my photo-restored.png'"));
        QVERIFY(line.contains("--reference /pictures/sharp.png"));
        QVERIFY(line.contains("--kernel box:size=5"));
    }

    void simulationTakesTwoLines() {
        RunOrigin origin = restoring("/pictures/photo.jpg");
        origin.problem.mode = ProblemChoice::Mode::simulate;
        origin.problem.noiseSigma = 0.02;
        origin.problem.seed = 7;
        const QStringList lines =
            commandLine(origin, complete({{"kernel", "disk:radius=4"}})).trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines[0],
                 QString("stillpoint-cli simulate /pictures/photo.jpg -o photo-blurred.tiff --kernel "
                         "disk:radius=4 --noise-sigma 0.02 --seed 7"));
        QVERIFY(
            lines[1].startsWith("stillpoint-cli restore photo-blurred.tiff -o photo-restored.png --kernel "
                                "disk:radius=4 --reference /pictures/photo.jpg"));
    }

    void aSampleIsWrittenFirst() {
        RunOrigin origin = restoring({});
        origin.sample = "photo:my lake";
        const QStringList lines =
            commandLine(origin, complete({{"kernel", "box:size=5"}})).trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines[0], QString("stillpoint-cli sample 'photo:my lake' -o photo-my-lake.tiff --bits 32"));
        QVERIFY(
            lines[1].startsWith("stillpoint-cli restore photo-my-lake.tiff -o photo-my-lake-restored.png"));
    }

    void whatTheLinesCannotSayIsAComment() {
        RunOrigin origin = restoring({});
        const QString line =
            commandLine(origin, complete({{"kernel", "box:size=5"}}), {{12, "prior.lambda 1 -> 2"}});
        const QStringList lines = line.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith("# ") && lines[0].contains("12") &&
                lines[0].contains("prior.lambda 1 -> 2"));
        QVERIFY(lines[1].startsWith("# ") && lines[1].contains("photo.jpg"));
        QVERIFY(lines[2].startsWith("stillpoint-cli restore picture.png"));
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
