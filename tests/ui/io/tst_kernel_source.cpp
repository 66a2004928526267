// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/io/pictures.h"
#include "ui/io/kernel_source.h"

using namespace stillpoint;
using namespace stillpoint::test;

class TestKernelSource : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::string at(const QString& name) const { return folder_.filePath(name).toStdString(); }

 private slots:
    void families();
    void textMatrix();
    void picture();
    void refused_data();
    void refused();
};

void TestKernelSource::families() {
    const Kernel kernel = kernelFromSpec("gaussian:sigma=1.5");
    QVERIFY(kernel.pixels.width() > 5);
    QCOMPARE(kernel.spec, makeKernel("gaussian:sigma=1.5").spec);
}

void TestKernelSource::textMatrix() {
    QVERIFY(putContent(folder_.filePath("k.txt"), "0 1 0\n1 4 1\n0 1 0\n"));
    const Kernel kernel = kernelFromSpec(at("k.txt"));
    QCOMPARE(kernel.pixels.shape(), (Shape{1, 3, 3}));
    QVERIFY(std::abs(double(kernel.pixels.at(0, 1, 1)) - 0.5) < 1e-6);
}

// Colours are averaged; the sum becomes 1.
void TestKernelSource::picture() {
    Image image(3, 3, 5);
    image.at(0, 1, 2) = 1;
    image.at(1, 0, 4) = 1;
    image.at(2, 0, 4) = 1;
    Picture picture;
    picture.image = std::make_shared<const Image>(std::move(image));
    writePicture(folder_.filePath("k.png"), picture);
    const Kernel kernel = kernelFromSpec(at("k.png"));
    QCOMPARE(kernel.pixels.shape(), (Shape{1, 3, 5}));
    QVERIFY(std::abs(double(kernel.pixels.at(0, 1, 2)) - 1.0 / 3) < 1e-6);
    QVERIFY(std::abs(double(kernel.pixels.at(0, 0, 4)) - 2.0 / 3) < 1e-6);
}

void TestKernelSource::refused_data() {
    QTest::addColumn<QString>("spec");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("missing file") << "none.png" << QByteArray();
    QTest::newRow("empty file") << "empty.txt" << QByteArray("");
    QTest::newRow("all zero") << "zero.txt" << QByteArray("0 0\n0 0\n");
    QTest::newRow("negative") << "negative.txt" << QByteArray("0 1\n-1 3\n");
    QTest::newRow("not finite") << "nan.txt" << QByteArray("0 nan\n1 3\n");
    QTest::newRow("words") << "words.txt" << QByteArray("one two\n");
    QTest::newRow("truncated picture") << "cut.png" << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
}

void TestKernelSource::refused() {
    QFETCH(QString, spec);
    QFETCH(QByteArray, content);
    if (spec != "none.png") QVERIFY(putContent(folder_.filePath(spec), content));
    std::string key;
    const QString sentence = sentenceOf([&] { kernelFromSpec(at(spec)); }, &key);
    QVERIFY2(sentence.contains(spec), qPrintable(sentence));
    QCOMPARE(key, std::string("kernel"));
}

QTEST_GUILESS_MAIN(TestKernelSource)
#include "tst_kernel_source.moc"
