// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/kernel_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <locale>

#include "solver/physics/kernel.h"

using namespace stillpoint;

class TestKernelFile : public QObject {
    Q_OBJECT

 private slots:
    void initTestCase() { QVERIFY(folder_.isValid()); }
    void separators_data();
    void separators();
    void faultsNameTheLine_data();
    void faultsNameTheLine();
    void asymmetryAndOrientationSurvive();
    void extremeNumbersSurvive();
    void foldersAreRefused();
    void familyNameWinsOverAFile();

 private:
    std::string write(const QByteArray& text) {
        const QString path = folder_.filePath("kernel.txt");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        return path.toStdString();
    }
    QTemporaryDir folder_;
};

void TestKernelFile::separators_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("blanks") << QByteArray("1 2 3\n4 5 6\n");
    QTest::newRow("runs of blanks") << QByteArray("  1   2 3  \n4 5    6");
    QTest::newRow("tabs") << QByteArray("1\t2\t3\n4\t5\t6\n");
    QTest::newRow("commas") << QByteArray("1,2,3\n4,5,6\n");
    QTest::newRow("commas and blanks") << QByteArray("1, 2, 3\n4 ,5 ,6\n");
    QTest::newRow("semicolons") << QByteArray("1;2;3\n4;5;6\n");
    QTest::newRow("comma at the end") << QByteArray("1,2,3,\n4,5,6,\n");
    QTest::newRow("comments") << QByteArray("# a kernel, 2;3\n\n1 2 3 # first\n   \n4 5 6\n#\n");
    QTest::newRow("carriage returns") << QByteArray("1 2 3\r\n4 5 6\r\n");
    QTest::newRow("byte order mark") << QByteArray(
        "\xEF\xBB\xBF"
        "1 2 3\n4 5 6\n");
    QTest::newRow("exponents") << QByteArray("1e0 +2 0.3e1\n4.0 5. 600E-2\n");
}

void TestKernelFile::separators() {
    QFETCH(QByteArray, text);
    const Kernel kernel = makeKernel(write(text));
    QVERIFY(kernel.pixels.shape() == (Shape{1, 2, 3}));
    for (int i = 0; i < 6; ++i)
        QVERIFY(std::abs(static_cast<double>(kernel.pixels.at(0, i / 3, i % 3)) - (i + 1) / 21.0) < 1e-7);
}

void TestKernelFile::faultsNameTheLine_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("fault");
    const QString line = "is not a matrix of numbers: line ";
    QTest::newRow("ragged") << QByteArray("1 2 3\n# note\n4 5\n")
                            << line + "3 has 2 numbers, the first row has 3.";
    QTest::newRow("word") << QByteArray("1 2\n3 four\n") << line + "2 has 'four' where a number is wanted.";
    QTest::newRow("empty field") << QByteArray("1,,2\n") << line + "1 has an empty field.";
    QTest::newRow("only a comma") << QByteArray(",\n") << line + "1 has an empty field.";
    QTest::newRow("decimal commas") << QByteArray("0,5;0,25\n")
                                    << line +
                                           "1 has both commas and semicolons; decimals are written with a "
                                           "point.";
    QTest::newRow("blanks between commas")
        << QByteArray("1 2, 3\n") << line + "1 has '1 2' where a number is wanted.";
    QTest::newRow("binary") << QByteArray("\x89PNG\r\n\x1a\n\x00\x00", 10)
                            << line + "1 has '?PNG' where a number is wanted.";
    QTest::newRow("long rubbish") << QByteArray(5000, 'x')
                                  << line + "1 has 'xxxxxxxxxxxxxxxxxxxx...' where a number is wanted.";
    QTest::newRow("too many columns")
        << QByteArray("1 ").repeated(4097) << line + "1 goes beyond the limit of 4096 rows and 4096 columns.";
    QTest::newRow("too many rows") << QByteArray("1\n").repeated(4097)
                                   << line + "4097 goes beyond the limit of 4096 rows and 4096 columns.";
    QTest::newRow("empty") << QByteArray() << "has no numbers; it needs at least one row.";
    QTest::newRow("only comments") << QByteArray("# nothing\n\n")
                                   << "has no numbers; it needs at least one row.";
}

void TestKernelFile::faultsNameTheLine() {
    QFETCH(QByteArray, text);
    QFETCH(QString, fault);
    const auto path = write(text);
    try {
        makeKernel(path);
        QFAIL("accepted");
    } catch (const Error& error) {
        QCOMPARE(error.key(), std::string("kernel"));
        QCOMPARE(QString::fromStdString(error.what()),
                 "Kernel file '" + QString::fromStdString(path) + "' " + fault);
    }
}

void TestKernelFile::asymmetryAndOrientationSurvive() {
    const Kernel kernel = makeKernel(write("0 0 8\n0 1 0\n"));
    QVERIFY(std::abs(static_cast<double>(kernel.pixels.at(0, 0, 2)) - 8.0 / 9) < 1e-7);
    QVERIFY(std::abs(static_cast<double>(kernel.pixels.at(0, 1, 1)) - 1.0 / 9) < 1e-7);
    QCOMPARE(kernel.pixels.at(0, 0, 0), Real(0));
}

void TestKernelFile::extremeNumbersSurvive() {
    for (const char* text : {"1e-200 3e-200\n", "1e200 3e200\n"}) {
        const Kernel kernel = makeKernel(write(text));
        QVERIFY(std::abs(static_cast<double>(kernel.pixels.at(0, 0, 1)) - 0.75) < 1e-7);
    }
    for (const char* text : {"1 -1\n", "1 nan\n", "1 inf\n", "0 0\n"})
        QVERIFY_THROWS_EXCEPTION(Error, makeKernel(write(text)));
}

void TestKernelFile::foldersAreRefused() {
    try {
        makeKernel(folder_.path().toStdString());
        QFAIL("accepted");
    } catch (const Error& error) {
        QCOMPARE(QString::fromStdString(error.what()),
                 "Kernel file '" + folder_.path() +
                     "' cannot be read: it is not a regular file or access is denied.");
    }
}

void TestKernelFile::familyNameWinsOverAFile() {
    QFile file(folder_.filePath("disk"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("1 1\n");
    file.close();
    const QString previous = QDir::currentPath();
    QVERIFY(QDir::setCurrent(folder_.path()));
    const int family = makeKernel("disk").pixels.height();
    const int fromFile = makeKernel("./disk").pixels.height();
    QVERIFY(QDir::setCurrent(previous));
    QCOMPARE(family, 9);
    QCOMPARE(fromFile, 1);
}

QTEST_APPLESS_MAIN(TestKernelFile)
#include "tst_kernel_file.moc"
