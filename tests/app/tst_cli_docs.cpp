// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "solver/core/version.h"
#include "solver/run/registry.h"
#include "tests/app/cli_runner.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// list, docs and version tell what the registry holds.
class TestCliDocs : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

 private slots:
    void committedDocumentIsCurrent();
    void writtenDocumentIsCurrent();
    void listNamesEverything();
    void jsonListHasRangesAndDefaults();
    void version();
};

void TestCliDocs::committedDocumentIsCurrent() {
    const QString file = qEnvironmentVariable("STILLPOINT_SOURCE_DIR") + "/resources/docs/parameters.md";
    const CliResult result = runCli({"docs", "--check", "-o", file}, folder_.path());
    QVERIFY2(result.code == 0, qPrintable(result.errors));
}

void TestCliDocs::writtenDocumentIsCurrent() {
    QCOMPARE(runCli({"docs", "-o", "p.md"}, folder_.path()).code, 0);
    QCOMPARE(runCli({"docs", "--check", "-o", "p.md"}, folder_.path()).code, 0);
    const QString file = folder_.filePath("p.md");
    QVERIFY(putContent(file, contentOf(file).replace("lambda", "lamda")));
    const CliResult changed = runCli({"docs", "--check", "-o", "p.md"}, folder_.path());
    QCOMPARE(changed.code, 2);
    QVERIFY(changed.errors.contains("p.md"));
    QCOMPARE(runCli({"docs", "--check", "-o", "none.md"}, folder_.path()).code, 3);
}

void TestCliDocs::listNamesEverything() {
    const QString list = runCli({"list"}, folder_.path()).output;
    const Registry& registry = Registry::builtin();
    for (const auto& components : {registry.iterators(), registry.priors(), registry.fidelities()})
        for (const ComponentInfo& info : components)
            QVERIFY2(list.contains("(" + QString::fromStdString(info.name) + ")"), info.name.c_str());
    for (const ParamGroup& group : registry.groups({}))
        for (const Param& param : group.table->params())
            QVERIFY2(list.contains("--" + QString::fromStdString(group.prefix + param.key)),
                     param.key.c_str());
}

void TestCliDocs::jsonListHasRangesAndDefaults() {
    const CliResult result = runCli({"list", "--json"}, folder_.path());
    const QJsonObject whole = QJsonDocument::fromJson(result.output.toUtf8()).object();
    QCOMPARE(whole["version"].toString(), QString(kVersion));
    const KeyedParam keyed = Registry::builtin().find({}, "max-iter");
    bool found = false;
    for (const QJsonValue& section : whole["sections"].toArray()) {
        for (const QJsonValue& entry : section["parameters"].toArray()) {
            if (entry["key"].toString() != "max-iter") continue;
            found = true;
            QCOMPARE(entry["kind"].toString(), QString("integer"));
            QCOMPARE(entry["minimum"].toDouble(), keyed.param->info.minimum);
            QCOMPARE(entry["maximum"].toDouble(), keyed.param->info.maximum);
            QCOMPARE(entry["default"].toInteger(), std::get<std::int64_t>(keyed.param->defaultValue));
        }
    }
    QVERIFY(found);
}

void TestCliDocs::version() {
    for (const char* word : {"version", "--version"}) {
        const CliResult result = runCli({word}, folder_.path());
        QCOMPARE(result.code, 0);
        QVERIFY(result.output.startsWith(QString("stillpoint-cli %1").arg(kVersion)));
    }
}

QTEST_GUILESS_MAIN(TestCliDocs)
#include "tst_cli_docs.moc"
