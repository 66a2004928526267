// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QFile>
#include <QtTest>

#include "tests/layout/layout_rules.h"

using namespace stillpoint;

namespace {

const QString kSpdx = "// SPDX-License-Identifier: GPL-3.0-or-later\n";

QString listed(const std::vector<Violation>& violations) {
    QStringList lines;
    for (const auto& violation : violations) lines.append(violation.toString());
    return lines.join('\n');
}

QString sourceFolder() {
    return qEnvironmentVariable("STILLPOINT_SOURCE_DIR", QDir::currentPath());
}

QString contentOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

}  // namespace

class TestLayout : public QObject {
    Q_OBJECT

 private slots:
    void rulesFindFaults_data();
    void rulesFindFaults();
    void rulesAcceptWhatIsRight_data();
    void rulesAcceptWhatIsRight();
    void topFolderRule();
    void repositoryFollowsTheRules();
};

// Each row is a bad file: what must be found, with its line.
void TestLayout::rulesFindFaults_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");
    const auto includes = [](const char* name, const QString& path, const QString& include,
                             const QString& found) {
        QTest::newRow(name) << path << kSpdx + "\n#include " + include + "\n" << path + ":3: " + found;
    };
    includes("upwards in the solver", "solver/priors/tv.cpp", "\"solver/iterators/pgd.h\"",
             "includes solver/iterators/pgd.h; solver/priors may include itself, solver/core, solver/nn, "
             "solver/fft, solver/image");
    includes("fixedpoint knows no pictures", "solver/fixedpoint/anderson.cpp", "\"solver/image/image.h\"",
             "includes solver/image/image.h; solver/fixedpoint may include itself, solver/core");
    includes("core at the bottom", "solver/core/vec.cpp", "\"solver/image/image.h\"",
             "includes solver/image/image.h; solver/core may include itself");
    includes("solver knows no window", "solver/run/problem.cpp", "\"ui/main_window.h\"",
             "includes ui/main_window.h; solver/run may include itself, solver/core, solver");
    includes("ui and iterators", "ui/worker/worker.cpp", "\"solver/iterators/iterator.h\"",
             "includes solver/iterators/iterator.h; ui may include itself, solver/core, solver/run, "
             "solver/image, solver/physics/kernel.h");
    includes("ui and the rest of physics", "ui/kernel/k.cpp", "\"solver/physics/blur_operator.h\"",
             "includes solver/physics/blur_operator.h; ui may include itself, solver/core, solver/run, "
             "solver/image, solver/physics/kernel.h");
    includes("ui and the application", "ui/io/a.cpp", "\"app/options.h\"",
             "includes app/options.h; ui may include itself, solver/core, solver/run, solver/image, "
             "solver/physics/kernel.h");
    includes("product and tests", "solver/core/vec.cpp", "\"tests/support/pictures.h\"",
             "includes tests/support/pictures.h; solver/core may include itself");
    includes("Qt in the solver", "solver/run/recipe.cpp", "<QString>",
             "includes QString; the solver uses the standard library and Eigen only");
    includes("Qt in the solver, with its folder", "solver/run/recipe.cpp", "<QtCore/qstring.h>",
             "includes QtCore/qstring.h; the solver uses the standard library and Eigen only");
    includes("FFTW", "solver/physics/blur.cpp", "<fftw3.h>", "includes fftw3.h, whose home is solver/fft");
    includes("oneDNN", "solver/priors/net.cpp", "<dnnl.hpp>", "includes dnnl.hpp, whose home is solver/nn");
    includes("oneDNN by its other name", "ui/io/x.cpp", "\"oneapi/dnnl/dnnl.hpp\"",
             "includes oneapi/dnnl/dnnl.hpp, whose home is solver/nn");
    includes("plot library", "ui/runs/model.cpp", "<qcustomplot.h>",
             "includes qcustomplot.h, whose home is ui/plot");
    includes("TIFF", "app/cli_main.cpp", "<tiffio.h>", "includes tiffio.h, whose home is ui/io");
    includes("EXIF", "ui/view/v.cpp", "<exiv2/exiv2.hpp>", "includes exiv2/exiv2.hpp, whose home is ui/io");
    includes("matrices in the window", "ui/view/v.cpp", "<Eigen/Core>",
             "includes Eigen/Core, whose home is solver");
    includes("printing", "solver/run/r.cpp", "<iostream>", "includes iostream, whose home is app");
    includes("bare name", "solver/core/vec.cpp", "\"vec.h\"",
             "includes \"vec.h\"; own headers are named from the repository root");
    includes("pointed brackets", "ui/view/v.cpp", "<ui/io/picture.h>",
             "includes <ui/io/picture.h>; own headers stand in quotation marks");
    includes("blanks in the directive", "solver/core/vec.cpp", "   \"solver/fft/fft2d.h\"",
             "includes solver/fft/fft2d.h; solver/core may include itself");
    QTest::newRow("no licence") << "ui/view/v.cpp"
                                << "\nint a;\n"
                                << "ui/view/v.cpp:1: this line must be '// SPDX-License-Identifier: "
                                   "GPL-3.0-or-later'";
    QTest::newRow("no licence in a test")
        << "tests/ui/t.cpp"
        << ""
        << "tests/ui/t.cpp:1: this line must be '// SPDX-License-Identifier: "
           "GPL-3.0-or-later'";
    QTest::newRow("script")
        << "app/run.sh"
        << "#!/bin/sh\nexit 0\n"
        << "app/run.sh:2: this line must be '# SPDX-License-Identifier: GPL-3.0-or-later'";
    QTest::newRow("no guard") << "tests/support/t.h" << kSpdx + "\n#include <vector>\n"
                              << "tests/support/t.h:2: the second line of a header must be '#pragma once'";
    QTest::newRow("unknown room") << "solver/misc/m.cpp" << kSpdx
                                  << "solver/misc/m.cpp:1: lies in no known room; a new room needs a line in "
                                     "tests/layout/layout_rules.cpp";
    QTest::newRow("too long") << "app/cli_main.cpp" << kSpdx + QString("\n").repeated(400)
                              << "app/cli_main.cpp:401: has 401 lines; allowed are 400";
}

void TestLayout::rulesFindFaults() {
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(QString, found);
    QCOMPARE(listed(checkFile(path, text)), found);
}

void TestLayout::rulesAcceptWhatIsRight_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* path, const QString& includes) {
        QTest::newRow(path) << path
                            << kSpdx + (QString(path).endsWith(".h") ? "#pragma once\n" : "") + includes;
    };
    row("solver/fft/fft2d.cpp", "#include <fftw3.h>\n#include \"solver/core/buffer.h\"\n");
    row("solver/run/problem.cpp", "#include <Eigen/Core>\n#include \"solver/fixedpoint/record.h\"\n");
    row("solver/iterators/hqs.h", "#include <vector>\n#include \"solver/priors/prior.h\"\n");
    row("solver/core/parallel.cpp", "#ifdef _OPENMP\n#include <omp.h>\n#endif\n");
    row("ui/plot/curve.h", "#include <qcustomplot.h>\n#include <QWidget>\n#include \"ui/theme/theme.h\"\n");
    row("ui/kernel/panel.cpp", "#include \"solver/physics/kernel.h\"\n#include \"solver/run/registry.h\"\n");
    row("ui/io/tiff.cpp", "#include <tiffio.h>\n#include <exiv2/exiv2.hpp>\n");
    row("app/cli_main.cpp", "#include <iostream>\n#include \"ui/io/picture.h\"\n// #include <fftw3.h>\n");
    row("tests/solver/fft/tst_fft.cpp",
        "#include <fftw3.h>\n#include <QtTest>\n" + QString("\n").repeated(500));
    QTest::newRow("exactly 400 lines") << "ui/view/v.cpp" << kSpdx + QString("\n").repeated(399);
    QTest::newRow("script") << "app/run.sh"
                            << "#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n";
    QTest::newRow("script to be sourced") << "app/setup.sh"
                                          << "# SPDX-License-Identifier: GPL-3.0-or-later\n";
    QTest::newRow("other text") << "solver/README.md"
                                << "# Solver\n";
}

void TestLayout::rulesAcceptWhatIsRight() {
    QFETCH(QString, path);
    QFETCH(QString, text);
    QCOMPARE(listed(checkFile(path, text)), QString());
}

void TestLayout::topFolderRule() {
    QCOMPARE(listed(checkTopLevel({"app", "solver", "README.md", ".clang-format", "build", "build-asan"})),
             QString());
    QCOMPARE(listed(checkTopLevel({"ui", "src", "README.txt"})),
             QString("src:1: does not belong into the top folder\n"
                     "README.txt:1: does not belong into the top folder"));
}

void TestLayout::repositoryFollowsTheRules() {
    const QDir top(sourceFolder());
    auto violations =
        checkTopLevel(top.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name));
    int files = 0;
    for (const char* folder : {"solver", "ui", "app", "tests"}) {
        QDirIterator it(top.filePath(folder), QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString path = it.next();
            if (path.contains("/tests/data/")) continue;
            const auto found = checkFile(top.relativeFilePath(path), contentOf(path));
            violations.insert(violations.end(), found.begin(), found.end());
            ++files;
        }
    }
    QVERIFY2(files > 50, qPrintable(QStringLiteral("only %1 files under %2").arg(files).arg(top.path())));
    QVERIFY2(violations.empty(), qPrintable('\n' + listed(violations)));
}

QTEST_APPLESS_MAIN(TestLayout)
#include "tst_layout.moc"
