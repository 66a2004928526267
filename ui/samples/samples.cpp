// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/samples.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QImageReader>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <algorithm>

#include "solver/core/error.h"
#include "ui/io/container.h"
#include "ui/samples/scenes.h"

namespace stillpoint {

namespace {

constexpr int kLongestSide = 768;   // photographs are scaled down to it
constexpr int kShortestSide = 200;  // smaller pictures are icons
constexpr int kMostFiles = 2000;    // of a folder that are looked at

QStringList photographFolders() {
    QStringList folders = {"/usr/share/backgrounds", "/usr/share/wallpapers"};
    folders << QStandardPaths::standardLocations(QStandardPaths::PicturesLocation);
    folders.removeDuplicates();
    return folders;
}

/// Desktops keep one picture in several sizes ("1920x1080.jpg"): then the theme's folder gives the name.
QString photographTitle(const QFileInfo& file) {
    static const QRegularExpression size("^\\d+x\\d+$");
    if (!size.match(file.completeBaseName()).hasMatch()) return file.completeBaseName();
    QDir folder = file.dir();
    while (folder.dirName() == "images" || folder.dirName() == "images_dark" ||
           folder.dirName() == "contents")
        if (!folder.cdUp()) break;
    return folder.dirName();
}

bool isLargeEnough(const QString& path) {
    const QSize size = QImageReader(path).size();
    return std::min(size.width(), size.height()) >= kShortestSide;
}

/// Files of one folder and below in alphabetical order.
QStringList filesBelow(const QString& folder) {
    QStringList patterns;
    for (const QString& ending : readableEndings()) patterns << "*." + ending;
    QStringList files;
    QDirIterator walk(folder, patterns, QDir::Files | QDir::Readable, QDirIterator::Subdirectories);
    while (walk.hasNext() && files.size() < kMostFiles) files << walk.next();
    files.sort();
    return files;
}

[[noreturn]] void refuse(const QString& path, const QString& reason) {
    throw Error("input", QString("Cannot read '%1': %2.").arg(path, reason).toStdString());
}

/// Scaled down while it is decoded, which is much faster than readPicture() for a picture of 20 megapixels.
Picture loadPhotograph(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) refuse(path, file.errorString());
    const QByteArray content = file.readAll();
    const QString damage = damageOf(content, formatOfData(content));
    if (!damage.isEmpty()) refuse(path, damage);
    QImageReader reader(path);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (std::max(size.width(), size.height()) > kLongestSide)
        reader.setScaledSize(size.scaled(kLongestSide, kLongestSide, Qt::KeepAspectRatio));
    const QImage image = reader.read();
    if (image.isNull()) refuse(path, reader.errorString());
    Picture picture = pictureFromQImage(image, QFileInfo(path).fileName());
    picture.alpha = nullptr;
    return picture;
}

void addPhotographs(std::vector<SampleInfo>& list, int count) {
    QSet<QString> titles;
    for (const QString& folder : photographFolders()) {
        for (const QString& path : filesBelow(folder)) {
            if (titles.size() >= count) return;
            const QString title = photographTitle(QFileInfo(path));
            if (titles.contains(title) || !isLargeEnough(path)) continue;
            titles.insert(title);
            list.push_back({"photo:" + title, title, "A photograph of this machine: " + path,
                            [path] { return loadPhotograph(path); }, "motion:length=15,angle=30", 0.01});
        }
    }
}

}  // namespace

std::vector<SampleInfo> samples(int photographs) {
    std::vector<SampleInfo> list;
    list.push_back({"leaves", "Dead leaves",
                    "Overlapping discs of all sizes: edges and colours as in a photograph.",
                    [] { return deadLeaves(); }, "disk:radius=4", 0.01});
    list.push_back({"chart", "Resolution chart",
                    "Text, star, lines and slanted edges: watch how small a detail comes back.",
                    [] { return resolutionChart(); }, "gaussian:sigma=1.6", 0.005});
    addPhotographs(list, photographs);
    return list;
}

SampleInfo findSample(const QString& id) {
    QStringList ids;
    for (const SampleInfo& sample : samples()) {
        if (sample.id == id) return sample;
        ids << sample.id;
    }
    throw Error("sample",
                QString("There is no sample '%1'; there are %2.").arg(id, ids.join(", ")).toStdString());
}

QImage thumbnail(const SampleInfo& sample, const QSize& size) {
    const QImage whole = toQImage(*sample.load().image);
    const QImage scaled = whole.scaled(size, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
    return scaled.copy((scaled.width() - size.width()) / 2, (scaled.height() - size.height()) / 2,
                       size.width(), size.height());
}

}  // namespace stillpoint
