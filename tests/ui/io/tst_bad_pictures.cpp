// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <limits>

#include "tests/ui/io/pictures.h"
#include "ui/io/memory_check.h"
#include "ui/io/save_file.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// Files that cannot be read or written: one sentence that names the file, and nothing damaged.
class TestBadPictures : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QString at(const QString& name) const { return folder_.filePath(name); }
    /// Reads and checks that the sentence names the file, contains `hint` and carries the key "input".
    void expectRefused(const QString& path, const QString& hint);

 private slots:
    void missing();
    void folder();
    void empty();
    void notAPicture();
    void truncated_data();
    void truncated();
    void notFinite();
    void huge_data();
    void huge();
    void qtsLimitIsRaised();
    void damagedInside();
    void strangeTiff();
    void outputIsRefused_data();
    void outputIsRefused();
    void failedWriteLeavesTheOldFile();
    void wrongProfileBytesAreHarmless();
};

void TestBadPictures::expectRefused(const QString& path, const QString& hint) {
    std::string key;
    const QString sentence = sentenceOf([&path] { readPicture(path); }, &key);
    QVERIFY2(sentence.contains(QFileInfo(path).fileName()), qPrintable(sentence));
    QVERIFY2(sentence.contains(hint), qPrintable(sentence));
    QCOMPARE(key, std::string("input"));
}

void TestBadPictures::missing() {
    expectRefused(at("none.png"), "no such file");
}
void TestBadPictures::folder() {
    expectRefused(folder_.path(), "folder");
}

void TestBadPictures::empty() {
    QVERIFY(putContent(at("empty.png"), {}));
    expectRefused(at("empty.png"), "empty");
}

void TestBadPictures::notAPicture() {
    QVERIFY(putContent(at("letter.png"), "Dear reader, this is text."));
    expectRefused(at("letter.png"), "not a picture");
}

void TestBadPictures::truncated_data() {
    QTest::addColumn<QString>("ending");
    QTest::addColumn<int>("percent");
    for (const char* ending : {"png", "jpg", "tif", "webp", "bmp"})
        for (const int percent : {3, 50, 95}) QTest::addRow("%s %d%%", ending, percent) << ending << percent;
}

void TestBadPictures::truncated() {
    QFETCH(QString, ending);
    QFETCH(int, percent);
    const QString path = at("cut." + ending);
    for (const int channels : {1, 3}) {
        writePicture(path, gradedPicture(channels, 8, false, 90, 70));
        const QByteArray whole = contentOf(path);
        QVERIFY(putContent(path, whole.left(whole.size() * percent / 100)));
        expectRefused(path, "truncated");
    }
}

void TestBadPictures::notFinite() {
    for (const double value :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        Image image(3, 6, 7);
        image.at(1, 4, 2) = static_cast<Real>(value);
        Picture picture;
        picture.image = std::make_shared<const Image>(std::move(image));
        picture.bitsPerChannel = 32;
        picture.isFloat = true;
        writePicture(at("holes.tif"), picture);
        expectRefused(at("holes.tif"), "column 2, row 4");
        // Integers cannot hold it: refused, and nothing appears.
        QVERIFY(sentenceOf([&] { writePicture(at("holes.png"), picture); }).contains("not finite"));
        QVERIFY(!QFile::exists(at("holes.png")));
    }
}

void TestBadPictures::huge_data() {
    QTest::addColumn<QString>("ending");
    QTest::newRow("png") << "png";
    QTest::newRow("tif") << "tif";
}

// A header that promises more pixels than any machine of today has memory for.
void TestBadPictures::huge() {
    QFETCH(QString, ending);
    const QString path = at("huge." + ending);
    writePicture(path, gradedPicture(1, 8, false, 16, 16));
    QByteArray file = contentOf(path);
    if (ending == "png") {
        qToBigEndian<quint32>(2000000, file.data() + 16);
        qToBigEndian<quint32>(2000000, file.data() + 20);
        // The check sum of the changed header, as any PNG tool would compute it: CRC-32 of "IHDR" and its 13
        // bytes.
        quint32 sum = 0xFFFFFFFFU;
        for (int i = 12; i < 29; ++i) {
            sum ^= static_cast<quint8>(file.at(i));
            for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB88320U : 0U);
        }
        qToBigEndian<quint32>(~sum, file.data() + 29);
    } else {
        for (const quint16 tag : {quint16{256}, quint16{257}}) {  // width and length: both are 16 in the file
            QByteArray entry(2, '\0');
            qToLittleEndian(tag, entry.data());
            const qsizetype found = file.indexOf(entry + QByteArray("\x03\0\x01\0\0\0\x10\0", 8));
            QVERIFY(found > 0);
            file[found + 2] = 4;  // type: long
            qToLittleEndian<quint32>(2000000, file.data() + found + 8);
        }
    }
    QVERIFY(putContent(path, file));
    expectRefused(path, "2000000 x 2000000");
    QVERIFY(decodingMemory({2000000, 2000000}) > availableMemory());
}

// 128 MB is Qt's limit: a picture just above it must open.
void TestBadPictures::qtsLimitIsRaised() {
    const QSize size(6000, 5700);
    if (decodingMemory(size) * 2 > availableMemory()) QSKIP("too little free memory");
    QImage image(size, QImage::Format_RGB32);
    image.fill(Qt::darkGreen);
    QVERIFY(image.save(at("large.png"), nullptr, 100));
    QCOMPARE(readPicture(at("large.png")).width(), 6000);
}

void TestBadPictures::damagedInside() {
    writePicture(at("bit.png"), gradedPicture(3, 8, false));
    QByteArray file = contentOf(at("bit.png"));
    file[file.size() / 2] = static_cast<char>(file[file.size() / 2] ^ 0x10);
    QVERIFY(putContent(at("bit.png"), file));
    expectRefused(at("bit.png"), "check sum");
}

void TestBadPictures::strangeTiff() {
    writePicture(at("strange.tif"), gradedPicture(1, 16, false));
    QByteArray file = contentOf(at("strange.tif"));
    const qsizetype found = file.indexOf(QByteArray("\x53\x01\x03\0\x01\0\0\0\x01\0", 10));  // sample format
    QVERIFY(found > 0);
    file[found + 8] = 2;  // signed integers
    QVERIFY(putContent(at("strange.tif"), file));
    expectRefused(at("strange.tif"), "not supported");
}

void TestBadPictures::outputIsRefused_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("bits");
    QTest::addColumn<QString>("hint");
    QTest::newRow("ending") << "out.xyz" << 0 << ".png, .tif";
    QTest::newRow("no ending") << "out" << 0 << ".png, .tif";
    QTest::newRow("missing folder") << "none/out.png" << 0 << "does not exist";
    QTest::newRow("folder of that name") << "sub.png" << 0 << "folder";
    QTest::newRow("depth of PNG") << "out.png" << 32 << "at most 16 bits";
    QTest::newRow("depth of JPEG") << "out.jpg" << 16 << "at most 8 bits";
    QTest::newRow("impossible depth") << "out.tif" << 12 << "8, 16 and 32";
    QTest::newRow("not writable") << "/proc/out.png" << 0 << "not writable";
}

void TestBadPictures::outputIsRefused() {
    QFETCH(QString, name);
    QFETCH(int, bits);
    QFETCH(QString, hint);
    QDir(folder_.path()).mkpath("sub.png");
    const QString path = name.startsWith('/') ? name : at(name);
    std::string key;
    const QString early = sentenceOf([&] { checkWritablePicture(path, bits); }, &key);
    QVERIFY2(early.contains(hint), qPrintable(early));
    QCOMPARE(key, std::string("output"));
    WriteOptions options;
    options.bits = bits;
    QCOMPARE(sentenceOf([&] { writePicture(path, gradedPicture(1, 8, false), options); }), early);
    QVERIFY(!QFileInfo(path).isFile());
}

void TestBadPictures::failedWriteLeavesTheOldFile() {
    const QString path = at("precious.tif");
    QVERIFY(putContent(path, "precious"));
    QVERIFY(!sentenceOf([&] { writePicture(path, Picture()); }).isEmpty());
    QCOMPARE(contentOf(path), QByteArray("precious"));
    saveFile(path, "new");
    QCOMPARE(contentOf(path), QByteArray("new"));
    QCOMPARE(QDir(folder_.path()).entryList({".stillpoint*", "precious*"}, QDir::Files | QDir::Hidden).size(),
             1);
}

void TestBadPictures::wrongProfileBytesAreHarmless() {
    Picture picture = gradedPicture(3, 8, false);
    picture.iccProfile = "nonsense";
    writePicture(at("odd.png"), picture);
    QVERIFY(readPicture(at("odd.png")).iccProfile.isEmpty());
}

QTEST_GUILESS_MAIN(TestBadPictures)
#include "tst_bad_pictures.moc"
