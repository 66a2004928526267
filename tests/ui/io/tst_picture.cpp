// SPDX-License-Identifier: GPL-3.0-or-later
#include <QColorSpace>
#include <QImageReader>
#include <QImageWriter>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/io/pictures.h"

using namespace stillpoint;
using namespace stillpoint::test;

/// What is written comes back: samples, depth, channels, alpha, profile.
class TestPicture : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    QString at(const QString& name) const { return folder_.filePath(name); }

 private slots:
    void roundTrip_data();
    void roundTrip();
    void lossyFormatsStayClose_data();
    void lossyFormatsStayClose();
    void integerFormatsClipAndRound();
    void depthCanBeChosen();
    void notesTellWhatIsLost();
    void profileOfOtherColourSpaceIsDropped();
    void largeProfileInJpeg();
    void palettesAndSingleBits_data();
    void palettesAndSingleBits();
    void orientationIsApplied_data();
    void orientationIsApplied();
    void pastedPictures_data();
    void pastedPictures();
    void otherProgramsReadGreyAlphaPng();
    void descriptionIsKept();
    void withImageKeepsWhatFits();
    void onePixel();
    void filters();
};

void TestPicture::roundTrip_data() {
    QTest::addColumn<QString>("ending");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("bits");
    QTest::addColumn<bool>("alpha");
    struct Case {
        const char* ending;
        int bits;
        bool alpha;
    };
    for (const Case& c :
         {Case{"png", 8, true}, Case{"png", 16, true}, Case{"tif", 8, true}, Case{"tiff", 16, true},
          Case{"tif", 32, true}, Case{"webp", 8, true}, Case{"bmp", 8, false}})
        for (const int channels : {1, 3})
            for (const bool alpha : {false, true})
                if (!alpha || c.alpha)
                    QTest::addRow("%s, %d channels, %d bits%s", c.ending, channels, c.bits,
                                  alpha ? ", alpha" : "")
                        << QString(c.ending) << channels << c.bits << alpha;
}

void TestPicture::roundTrip() {
    QFETCH(QString, ending);
    QFETCH(int, channels);
    QFETCH(int, bits);
    QFETCH(bool, alpha);
    Picture picture = gradedPicture(channels, bits, alpha);
    const bool profiles = ending != "bmp";
    if (profiles) picture.iccProfile = oddProfile(channels);
    const QString path = at("round." + ending);
    QCOMPARE(writePicture(path, picture), QStringList());
    const Picture back = readPicture(path);
    QCOMPARE(back.channels(), channels);
    QCOMPARE(back.bitsPerChannel, bits);
    QCOMPARE(back.isFloat, bits == 32);
    QCOMPARE(largestDifference(*back.image, *picture.image), 0.0);
    QCOMPARE(back.alpha != nullptr, alpha);
    if (alpha) QCOMPARE(largestDifference(*back.alpha, *picture.alpha), 0.0);
    QCOMPARE(back.iccProfile, picture.iccProfile);
    QCOMPARE(back.name, "round." + ending);
    QVERIFY(QFileInfo(back.path).isAbsolute());
}

void TestPicture::lossyFormatsStayClose_data() {
    QTest::addColumn<int>("channels");
    QTest::newRow("grey") << 1;
    QTest::newRow("colour") << 3;
}

void TestPicture::lossyFormatsStayClose() {
    QFETCH(int, channels);
    Image ramp(channels, 40, 64);
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 64; ++x) ramp.at(c, y, x) = static_cast<Real>(x + y + 40 * c) / Real(190);
    Picture picture;
    picture.image = std::make_shared<const Image>(std::move(ramp));
    picture.iccProfile = oddProfile(channels);
    QCOMPARE(writePicture(at("ramp.jpg"), picture), QStringList());
    const Picture back = readPicture(at("ramp.jpg"));
    QCOMPARE(back.channels(), channels);
    QVERIFY(largestDifference(*back.image, *picture.image) < 0.03);
    QCOMPARE(back.iccProfile, picture.iccProfile);
}

void TestPicture::integerFormatsClipAndRound() {
    Image row(1, 1, 5);
    const double values[5] = {-0.2, 1.7, 0.5 / 255 + 1e-4, 0.5 / 255 - 1e-4, 0.999};
    for (int x = 0; x < 5; ++x) row.at(0, 0, x) = static_cast<Real>(values[x]);
    Picture picture;
    picture.image = std::make_shared<const Image>(std::move(row));
    for (const char* name : {"levels.png", "levels.bmp", "levels.tif"}) {
        WriteOptions options;
        options.bits = 8;
        writePicture(at(name), picture, options);
        const Picture back = readPicture(at(name));
        const int expected[5] = {0, 255, 1, 0, 255};
        for (int x = 0; x < 5; ++x)
            QCOMPARE(static_cast<int>(std::lround(static_cast<double>(back.image->at(0, 0, x)) * 255)),
                     expected[x]);
    }
}

void TestPicture::depthCanBeChosen() {
    const Picture deep = gradedPicture(3, 16, false);
    WriteOptions options;
    options.bits = 8;
    writePicture(at("depth.png"), deep, options);
    QCOMPARE(readPicture(at("depth.png")).bitsPerChannel, 8);
    options.bits = 32;
    writePicture(at("depth.tif"), deep, options);
    QCOMPARE(readPicture(at("depth.tif")).bitsPerChannel, 32);
    QVERIFY(largestDifference(*readPicture(at("depth.tif")).image, *deep.image) < 1e-7);
    options.bits = 16;
    const Picture shallow = gradedPicture(1, 8, false);
    writePicture(at("depth.png"), shallow, options);
    QCOMPARE(readPicture(at("depth.png")).bitsPerChannel, 16);
    QVERIFY(largestDifference(*readPicture(at("depth.png")).image, *shallow.image) < 1e-6);
}

void TestPicture::notesTellWhatIsLost() {
    Picture picture = gradedPicture(3, 16, true);
    picture.iccProfile = oddProfile(3);
    const QString notes = writePicture(at("lost.bmp"), picture).join('\n');
    QVERIFY2(notes.contains("alpha") && notes.contains("profile") && notes.contains("16 bits"),
             qPrintable(notes));
    WriteOptions eight;
    eight.bits = 8;
    QCOMPARE(writePicture(at("lost.png"), picture, eight), QStringList());  // asked for: not a loss
}

void TestPicture::profileOfOtherColourSpaceIsDropped() {
    Picture picture = gradedPicture(3, 8, false);
    picture.iccProfile = oddProfile(1);
    writePicture(at("wrong.png"), picture);
    QVERIFY(readPicture(at("wrong.png")).iccProfile.isEmpty());
}

void TestPicture::largeProfileInJpeg() {
    Picture picture = gradedPicture(3, 8, false);
    picture.iccProfile = oddProfile(3, 200000);  // needs four segments
    writePicture(at("large.jpg"), picture);
    QCOMPARE(readPicture(at("large.jpg")).iccProfile, picture.iccProfile);
    // And by Qt's own reader the file is still a picture.
    QVERIFY(!QImageReader(at("large.jpg")).read().isNull());
}

void TestPicture::palettesAndSingleBits_data() {
    QTest::addColumn<QString>("ending");
    QTest::newRow("png") << "png";
    QTest::newRow("bmp") << "bmp";
    QTest::newRow("tif") << "tif";
}

void TestPicture::palettesAndSingleBits() {
    QFETCH(QString, ending);
    QImage palette(8, 4, QImage::Format_Indexed8);
    palette.setColorTable({qRgb(255, 0, 0), qRgb(0, 51, 255)});
    palette.fill(0);
    palette.setPixel(2, 1, 1);
    QVERIFY(palette.save(at("palette." + ending)));
    const Picture colour = readPicture(at("palette." + ending));
    QCOMPARE(colour.channels(), 3);
    QCOMPARE(double(colour.image->at(0, 0, 0)), 1.0);
    QCOMPARE(float(colour.image->at(1, 1, 2)), 51.0F / 255);

    QImage bits(9, 3, QImage::Format_Mono);
    bits.setColorTable({qRgb(0, 0, 0), qRgb(255, 255, 255)});
    bits.fill(0);
    bits.setPixel(8, 2, 1);
    QVERIFY(bits.save(at("bits." + ending)));
    const Picture mono = readPicture(at("bits." + ending));
    QCOMPARE(mono.channels(), 1);
    QCOMPARE(double(mono.image->at(0, 2, 8)), 1.0);
    QCOMPARE(double(mono.image->at(0, 0, 0)), 0.0);
}

void TestPicture::orientationIsApplied_data() {
    QTest::addColumn<int>("orientation");
    QTest::addColumn<bool>("tiff");
    for (int orientation = 1; orientation <= 8; ++orientation) {
        QTest::addRow("jpeg %d", orientation) << orientation << false;
        QTest::addRow("tiff %d", orientation) << orientation << true;
    }
}

// Where the stored first row and first column belong, by the definition of the tag.
void TestPicture::orientationIsApplied() {
    QFETCH(int, orientation);
    QFETCH(bool, tiff);
    const int width = 48;
    const int height = 32;
    Image stored(1, height, width);  // the corner of the first row and first column is white
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x) stored.at(0, y, x) = 1;
    Picture picture;
    picture.image = std::make_shared<const Image>(std::move(stored));
    const QString path = at(tiff ? "turn.tif" : "turn.jpg");
    writePicture(path, picture);
    QByteArray file = contentOf(path);
    if (tiff) {  // entry: tag 274, type 3 (short), one value, little endian
        const qsizetype entry = file.indexOf(QByteArray("\x12\x01\x03\x00\x01\x00\x00\x00\x01\x00", 10));
        QVERIFY(entry > 0);
        file[entry + 8] = static_cast<char>(orientation);
    } else {
        const QByteArray exif = QByteArray("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 25) +
                                static_cast<char>(orientation) + QByteArray(6, '\0');
        file.insert(2, QByteArray("\xFF\xE1\0", 3) + static_cast<char>(exif.size() + 2) + exif);
    }
    QVERIFY(putContent(path, file));
    const Picture back = readPicture(path);
    const bool swapped = orientation >= 5;
    QCOMPARE(back.width(), swapped ? height : width);
    QCOMPARE(back.height(), swapped ? width : height);
    const bool right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    const bool bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    const auto corner = [&back](bool atRight, bool atBottom) {
        return double(back.image->at(0, atBottom ? back.height() - 3 : 2, atRight ? back.width() - 3 : 2));
    };
    for (const bool x : {false, true})
        for (const bool y : {false, true}) QCOMPARE(corner(x, y) > 0.5, x == right && y == bottom);
}

void TestPicture::pastedPictures_data() {
    QTest::addColumn<int>("format");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("bits");
    QTest::addColumn<bool>("alpha");
    QTest::newRow("RGB32") << int(QImage::Format_RGB32) << 3 << 8 << false;
    QTest::newRow("ARGB32 premultiplied") << int(QImage::Format_ARGB32_Premultiplied) << 3 << 8 << true;
    QTest::newRow("RGB16") << int(QImage::Format_RGB16) << 3 << 8 << false;
    QTest::newRow("RGB888") << int(QImage::Format_RGB888) << 3 << 8 << false;
    QTest::newRow("Grayscale8") << int(QImage::Format_Grayscale8) << 1 << 8 << false;
    QTest::newRow("Grayscale16") << int(QImage::Format_Grayscale16) << 1 << 16 << false;
    QTest::newRow("RGBA64") << int(QImage::Format_RGBA64) << 3 << 16 << true;
    QTest::newRow("BGR30") << int(QImage::Format_BGR30) << 3 << 16 << false;
    QTest::newRow("floating") << int(QImage::Format_RGBX32FPx4) << 3 << 32 << false;
}

void TestPicture::pastedPictures() {
    QFETCH(int, format);
    QFETCH(int, channels);
    QFETCH(int, bits);
    QFETCH(bool, alpha);
    QImage source(5, 4, QImage::Format_RGB32);
    source.fill(QColor(255, 0, 255));
    source.setPixelColor(3, 2, QColor(0, 255, 0));
    const Picture picture =
        pictureFromQImage(source.convertToFormat(static_cast<QImage::Format>(format)), "Pasted");
    QCOMPARE(picture.channels(), channels);
    QCOMPARE(picture.bitsPerChannel, bits);
    QCOMPARE(picture.alpha != nullptr, alpha);
    if (alpha) QCOMPARE(double(picture.alpha->at(0, 2, 3)), 1.0);
    if (channels == 3) {
        QCOMPARE(double(picture.image->at(0, 0, 0)), 1.0);
        QCOMPARE(double(picture.image->at(1, 0, 0)), 0.0);
        QCOMPARE(double(picture.image->at(1, 2, 3)), 1.0);
    }
    QVERIFY(sentenceOf([] { pictureFromQImage(QImage(), "Pasted"); }).contains("Pasted"));
}

void TestPicture::otherProgramsReadGreyAlphaPng() {
    for (const int bits : {8, 16}) {
        const Picture picture = gradedPicture(1, bits, true);
        writePicture(at("ga.png"), picture);
        QCOMPARE(int(contentOf(at("ga.png")).at(25)), 4);  // colour type: grey with alpha
        const QImage image = QImageReader(at("ga.png")).read();
        QVERIFY(!image.isNull());
        QVERIFY(image.hasAlphaChannel());
        const QColor colour = image.pixelColor(11, 7);
        QVERIFY(std::abs(double(colour.redF()) - double(picture.image->at(0, 7, 11))) < 1e-4);
        QVERIFY(std::abs(double(colour.alphaF()) - double(picture.alpha->at(0, 7, 11))) < 1e-4);
    }
}

void TestPicture::descriptionIsKept() {
    const QString text = "stillpoint recipe 1\nprior = tv\n";
    WriteOptions options;
    options.description = text;
    for (const bool alpha : {false, true}) {
        writePicture(at("text.png"), gradedPicture(1, 8, alpha), options);
        QImageReader reader(at("text.png"));
        QCOMPARE(reader.text("Description").simplified(), text.simplified());  // Qt joins the lines
    }
    writePicture(at("text.tif"), gradedPicture(1, 8, false), options);
    QVERIFY(contentOf(at("text.tif")).contains(text.toUtf8()));
}

void TestPicture::withImageKeepsWhatFits() {
    Picture picture = gradedPicture(3, 16, true);
    picture.iccProfile = oddProfile(3);
    picture.name = "a.png";
    const Picture same = picture.withImage(std::make_shared<const Image>(3, 23, 37));
    QVERIFY(same.alpha && !same.iccProfile.isEmpty());
    QCOMPARE(same.bitsPerChannel, 16);
    const Picture grey = picture.withImage(std::make_shared<const Image>(1, 23, 37));
    QVERIFY(grey.alpha && grey.iccProfile.isEmpty());
    QVERIFY(!picture.withImage(std::make_shared<const Image>(3, 5, 5)).alpha);
}

void TestPicture::onePixel() {
    for (const char* name : {"one.png", "one.tif", "one.jpg", "one.webp", "one.bmp"}) {
        writePicture(at(name), gradedPicture(3, 8, false, 1, 1));
        QCOMPARE(readPicture(at(name)).image->shape(), (Shape{3, 1, 1}));
    }
}

void TestPicture::filters() {
    for (const QString& ending : readableEndings())
        QVERIFY(supportedReadFilters().first().contains("*." + ending));
    QCOMPARE(supportedWriteFilters().size(), 5);
    QCOMPARE(largestDepth("a.PNG"), 16);
    QCOMPARE(largestDepth("a.tiff"), 32);
    QCOMPARE(largestDepth("a.jpg"), 8);
    QCOMPARE(largestDepth("a.xyz"), 0);
}

QTEST_GUILESS_MAIN(TestPicture)
#include "tst_picture.moc"
