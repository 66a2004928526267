// SPDX-License-Identifier: GPL-3.0-or-later
// The window: stillpoint [FILE...] [--sample NAME] [--run] [--dark] [--screenshot FILE]
#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QTextStream>
#include <QTimer>
#include <memory>
#include <vector>

#include "solver/core/version.h"
#include "ui/io/plan_file.h"
#include "ui/main_window.h"
#include "ui/samples/samples.h"
#include "ui/theme/clear_style.h"
#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"
#include "ui/window/run_desk.h"

using namespace stillpoint;

namespace {

constexpr int kBadArguments = 2;

struct Options {
    QStringList files;
    QString sample;
    QString screenshot;
    bool run = false;
    bool dark = false;
};

Options parse(const QApplication& app) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        "Deblurs pictures by iterating a map to its fixed point, while you watch.");
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument("file", "Pictures to open, each in a window of its own.", "[FILE...]");
    const QCommandLineOption sample(
        "sample", "Open a sample and blur it, ready to run: chart, leaves, photo:NAME.", "NAME");
    const QCommandLineOption run("run", "Start the solver as soon as the picture is there.");
    const QCommandLineOption dark("dark", "Use the dark colours whatever the desktop says.");
    const QCommandLineOption screenshot(
        "screenshot", "Save a picture of the window (PNG) when all is done, and quit.", "FILE");
    parser.addOptions({sample, run, dark, screenshot});
    parser.process(app);

    Options options{parser.positionalArguments(), parser.value(sample), parser.value(screenshot),
                    parser.isSet(run), parser.isSet(dark)};
    if (!options.files.isEmpty() && !options.sample.isEmpty()) {
        QTextStream(stderr) << "stillpoint: give either files or --sample, not both.\n";
        std::exit(kBadArguments);
    }
    return options;
}

/// Saves the window's picture once everything has come to rest, then quits.
class Photographer : public QObject {
 public:
    Photographer(MainWindow* window, const QString& file) : window_(window), file_(file) {
        connect(&timer_, &QTimer::timeout, this, [this] { look(); });
        timer_.start(100);
    }

 private:
    void look() {
        // At rest for a few looks: queued redraws are done by then.
        const bool quiet = window_->isSettled() && window_->desk().controller().isAtRest();
        quiet_ = quiet ? quiet_ + 1 : 0;
        if (quiet_ < 8) return;
        timer_.stop();
        const bool saved = window_->grab().save(file_, "PNG");
        if (!saved) QTextStream(stderr) << "stillpoint: " << file_ << " cannot be written.\n";
        QApplication::exit(saved ? 0 : 1);
    }

    MainWindow* window_;
    QString file_;
    QTimer timer_;
    int quiet_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QApplication::setOrganizationName("Stillpoint");
    QApplication::setApplicationName("stillpoint");
    QApplication::setApplicationDisplayName("Stillpoint");
    QApplication::setApplicationVersion(kVersion);
    QGuiApplication::setDesktopFileName("stillpoint");
    QApplication::setWindowIcon(icon("stillpoint"));
    const Options options = parse(app);
    keepPlansInUserCache();
    if (options.dark) {
        QApplication::setStyle("fusion");
        QApplication::setPalette(darkPalette());
    }
    wearClearStyle();

    std::vector<std::unique_ptr<MainWindow>> windows;
    const auto newWindow = [&]() -> MainWindow& {
        windows.push_back(std::make_unique<MainWindow>());
        windows.back()->show();
        return *windows.back();
    };
    for (const QString& file : options.files) newWindow().openPath(QFileInfo(file).absoluteFilePath());
    if (windows.empty()) newWindow();
    if (!options.sample.isEmpty()) windows.front()->openSample(options.sample);
    const bool opens = !options.files.isEmpty() || !options.sample.isEmpty();
    if (options.run && opens)
        for (const auto& window : windows) window->runWhenReady();
    std::unique_ptr<Photographer> photographer;
    if (!options.screenshot.isEmpty())
        photographer = std::make_unique<Photographer>(windows.front().get(), options.screenshot);
    return QApplication::exec();
}
