// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <functional>
#include <variant>

#include "solver/core/error.h"
#include "ui/io/picture.h"
#include "ui/runs/run_entry.h"
#include "ui/samples/samples.h"
#include "ui/theme/palettes.h"

class QMimeData;
class QWidget;

namespace stillpoint {

class Background;
class ConvergencePlot;

/// What a file dialog is asked.
struct FileQuestion {
    enum class Kind { open, save };
    Kind kind = Kind::open;
    QString title;
    QString suggestion;  ///< name or path to begin with
    QStringList filters;
    QString ending;  ///< added when the answer has none (save)
};

/// Reading and writing of files on behalf of the window: asks for names, works in the background, and tells
/// what came of it. Of several pictures asked for the last one wins.
class FileCommands : public QObject {
    Q_OBJECT

 public:
    FileCommands(Background& background, QWidget* window);

    /// The dialog; empty answer: cancelled. Replaced by tests.
    std::function<QString(const FileQuestion&)> ask;

    void open();
    void openPath(const QString& path);
    void openSample(const QString& id);
    void openReference();
    /// Clipboard or drop: the first readable file, else a picture. False if there is neither.
    bool openMime(const QMimeData* data, const QString& name);
    static bool canOpen(const QMimeData* data);

    void saveEstimate(const RunEntry& run);
    void savePicture(const Picture& picture);
    void saveCsv(const RunEntry& run);
    void savePlot(ConvergencePlot& plot, const QString& suggestion);

 signals:
    void opened(const stillpoint::Picture& picture);
    void sampleOpened(const stillpoint::Picture& picture, const stillpoint::SampleInfo& sample);
    void referenceOpened(const stillpoint::Picture& picture);
    /// "estimate", "picture", "curve" or "plot".
    void saved(const QString& what, const QString& path);
    void message(stillpoint::Tone tone, const QString& text);

 private:
    using Loaded = std::variant<Picture, Issue>;

    void load(const std::function<Picture()>& read, const std::function<void(const Picture&)>& done);
    void write(const Picture& picture, const QString& path, const QString& description, const QString& what);
    void failed(const Issue& issue);
    QString suggestedPath(const QString& picturePath, const QString& name) const;

    Background& background_;
    QWidget* window_ = nullptr;
    int ticket_ = 0;
};

}  // namespace stillpoint
