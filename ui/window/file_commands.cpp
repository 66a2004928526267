// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/file_commands.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMimeData>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>
#include <algorithm>

#include "ui/io/save_file.h"
#include "ui/plot/convergence_plot.h"
#include "ui/window/background.h"

namespace stillpoint {
namespace {

const QString kFolderKey = QStringLiteral("files/folder");

QString lastFolder() {
    const QString pictures = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    const QString folder = QSettings().value(kFolderKey, pictures).toString();
    return QFileInfo(folder).isDir() ? folder : QDir::homePath();
}

QString askInDialog(QWidget* window, const FileQuestion& question) {
    QFileDialog dialog(window, question.title, QFileInfo(question.suggestion).path());
    dialog.setNameFilters(question.filters);
    if (question.kind == FileQuestion::Kind::save) {
        dialog.setAcceptMode(QFileDialog::AcceptSave);
        dialog.setDefaultSuffix(question.ending);
        dialog.selectFile(question.suggestion);
    } else {
        dialog.setFileMode(QFileDialog::ExistingFile);
    }
    if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) return {};
    return dialog.selectedFiles().first();
}

/// The first local file, empty if there is none.
QString fileIn(const QMimeData* data) {
    for (const QUrl& url : data->urls())
        if (url.isLocalFile()) return url.toLocalFile();
    return {};
}

/// What the sentence of an Error or another exception says.
template <class Work>
Issue issueOf(const Work& work) {
    try {
        work();
        return {};
    } catch (const Error& error) {
        return {error.key(), error.what()};
    } catch (const std::bad_alloc&) {
        return {"input", "There is not enough memory for this picture."};
    } catch (const std::exception& error) {
        return {"input", error.what()};
    }
}

}  // namespace

FileCommands::FileCommands(Background& background, QWidget* window)
    : QObject(window),
      ask([window](const FileQuestion& question) { return askInDialog(window, question); }),
      background_(background),
      window_(window) {}

void FileCommands::load(const std::function<Picture()>& read,
                        const std::function<void(const Picture&)>& done) {
    const int ticket = ++ticket_;
    background_.start(
        [read]() -> Loaded {
            Picture picture;
            const Issue issue = issueOf([&] { picture = read(); });
            if (picture.isNull()) return issue;
            return picture;
        },
        [this, ticket, done](const Loaded& loaded) {
            if (ticket != ticket_) return;  // another picture was asked for meanwhile
            if (const auto* issue = std::get_if<Issue>(&loaded))
                failed(*issue);
            else
                done(std::get<Picture>(loaded));
        });
}

void FileCommands::failed(const Issue& issue) {
    emit message(Tone::error, QString::fromStdString(issue.text));
}

void FileCommands::open() {
    const QString path =
        ask({FileQuestion::Kind::open, tr("Open Picture"), lastFolder() + "/", supportedReadFilters(), {}});
    if (!path.isEmpty()) openPath(path);
}

void FileCommands::openPath(const QString& path) {
    QSettings().setValue(kFolderKey, QFileInfo(path).absolutePath());
    load([path] { return readPicture(path); }, [this](const Picture& picture) { emit opened(picture); });
}

void FileCommands::openReference() {
    const QString path =
        ask({FileQuestion::Kind::open, tr("Open Reference"), lastFolder() + "/", supportedReadFilters(), {}});
    if (path.isEmpty()) return;
    load([path] { return readPicture(path); },
         [this](const Picture& picture) { emit referenceOpened(picture); });
}

void FileCommands::openSample(const QString& id) {
    SampleInfo sample;
    const Issue issue = issueOf([&] { sample = findSample(id); });
    if (!issue.text.empty()) {
        failed(issue);
        return;
    }
    load([sample] { return sample.load(); },
         [this, sample](const Picture& picture) { emit sampleOpened(picture, sample); });
}

bool FileCommands::canOpen(const QMimeData* data) {
    return data && (data->hasImage() || !fileIn(data).isEmpty());
}

bool FileCommands::openMime(const QMimeData* data, const QString& name) {
    if (!canOpen(data)) return false;
    const QString path = fileIn(data);
    if (!path.isEmpty()) {
        openPath(path);
        return true;
    }
    const auto image = qvariant_cast<QImage>(data->imageData());
    load([image, name] { return pictureFromQImage(image, name); },
         [this](const Picture& picture) { emit opened(picture); });
    return true;
}

QString FileCommands::suggestedPath(const QString& picturePath, const QString& name) const {
    const QFileInfo info(picturePath);
    const bool writable = !picturePath.isEmpty() && QFileInfo(info.absolutePath()).isWritable();
    return (writable ? info.absolutePath() : lastFolder()) + "/" + name;
}

void FileCommands::write(const Picture& picture, const QString& path, const QString& description,
                         const QString& what) {
    WriteOptions options;
    options.description = description;
    const int most = largestDepth(path);
    if (picture.isFloat && most == 32)
        options.bits = 32;
    else if (most >= 16)
        options.bits = 16;
    struct Outcome {
        Issue issue;
        QStringList losses;
    };
    background_.start(
        [picture, path, options] {
            Outcome outcome;
            outcome.issue = issueOf([&] { outcome.losses = writePicture(path, picture, options); });
            return outcome;
        },
        [this, path, what](const Outcome& outcome) {
            if (!outcome.issue.text.empty()) {
                failed(outcome.issue);
                return;
            }
            emit saved(what, path);
            if (!outcome.losses.isEmpty()) emit message(Tone::warning, outcome.losses.join('\n'));
        });
}

void FileCommands::saveEstimate(const RunEntry& run) {
    if (!run.estimate) return;
    const Picture& origin = run.origin.picture;
    const QString name = QFileInfo(origin.name).completeBaseName() + "-restored.png";
    const QString path = ask({FileQuestion::Kind::save, tr("Save Estimate"), suggestedPath(origin.path, name),
                              supportedWriteFilters(), "png"});
    if (path.isEmpty()) return;
    write(origin.withImage(run.estimate), path, QString::fromStdString(run.record.recipe.toText()),
          "estimate");
}

void FileCommands::savePicture(const Picture& picture) {
    if (picture.isNull()) return;
    const QString name = QFileInfo(picture.name).completeBaseName() + ".png";
    const QString path = ask({FileQuestion::Kind::save, tr("Save Input Picture"), suggestedPath({}, name),
                              supportedWriteFilters(), "png"});
    if (!path.isEmpty()) write(picture, path, {}, "picture");
}

void FileCommands::saveCsv(const RunEntry& run) {
    const QString name = QFileInfo(run.origin.picture.name).completeBaseName() + "-" + run.name + ".csv";
    const QString path = ask({FileQuestion::Kind::save,
                              tr("Save Curve"),
                              suggestedPath(run.origin.picture.path, name.simplified().replace(' ', '-')),
                              {tr("Comma-separated values (*.csv)")},
                              "csv"});
    if (path.isEmpty()) return;
    const Issue issue =
        issueOf([&] { saveFile(path, QByteArray::fromStdString(traceCsv(run.record)), "trace"); });
    if (issue.text.empty())
        emit saved("curve", path);
    else
        failed(issue);
}

void FileCommands::savePlot(ConvergencePlot& plot, const QString& suggestion) {
    const QString path =
        ask({FileQuestion::Kind::save,
             tr("Save Plot"),
             suggestedPath({}, suggestion),
             {tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF document (*.pdf)")},
             "png"});
    if (path.isEmpty()) return;
    QString why;
    if (plot.exportPicture(path, QSize(900, 600), &why))
        emit saved("plot", path);
    else
        emit message(Tone::error, why);
}

}  // namespace stillpoint
