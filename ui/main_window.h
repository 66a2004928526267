// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <memory>

#include "ui/runs/runs_model.h"
#include "ui/window/actions.h"
#include "ui/window/background.h"
#include "ui/window/document.h"
#include "ui/window/file_commands.h"
#include "ui/window/recent_files.h"

class QStackedWidget;
class QToolButton;

namespace stillpoint {

class BackwardDesk;
class Docks;
class EmptyView;
class MessageBar;
class PictureView;
class ProgressStrip;
class RunDesk;

/// The window: assembles the panels, connects the actions, and keeps titles, tips and enabled states current.
/// What is done is done by the parts: Document (what the user chose), RunDesk (runs), FileCommands (files).
/// GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT

 public:
    explicit MainWindow(QWidget* parent = nullptr);
    /// A run that goes on is ended within one iteration.
    ~MainWindow() override;

    void openPath(const QString& path) { files_.openPath(path); }
    void openSample(const QString& id) { files_.openSample(id); }
    /// Starts a run as soon as what has been opened is ready for it.
    void runWhenReady();
    /// True when nothing is being loaded, simulated or computed (a paused run counts as computing).
    bool isSettled() const;

    Document& document() { return document_; }
    Actions& actions() { return actions_; }
    FileCommands& files() { return files_; }
    RunsModel& runs() { return runs_; }
    Docks& docks() { return *docks_; }
    RunDesk& desk() { return *desk_; }
    BackwardDesk& backward() { return *backward_; }
    PictureView* view() const { return view_; }
    MessageBar* messageBar() const { return bar_; }
    ProgressStrip* progressStrip() const { return strip_; }

 protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    /// Lets widgets that need the Space key keep it from the Run shortcut.
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void makeCentre();
    void makeMenus();
    void makeToolBar();
    void connectActions();
    void connectDocument();
    void connectDesk();
    void connectFiles();
    void loadSampleCards();
    void startWithSizeAndPlace();

    void showPicture();
    void openAsUser(const Picture& picture);
    void offerRestart(const QString& what);
    void updateActions();
    void updateProgress();
    void showReadiness();
    void updatePaste();
    void copyCommandLine(const RunEntry* run);
    RunEntry shownWithEstimate() const;

    RunsModel runs_;
    Document document_;
    Actions actions_;
    Background background_;
    FileCommands files_;
    RecentFiles recent_;
    Docks* docks_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    EmptyView* empty_ = nullptr;
    PictureView* view_ = nullptr;
    MessageBar* bar_ = nullptr;
    ProgressStrip* strip_ = nullptr;
    QToolButton* blink_ = nullptr;
    std::unique_ptr<RunDesk> desk_;
    std::unique_ptr<BackwardDesk> backward_;
    bool offered_ = false;  ///< the bar holds an offer of the desk, which may take it back
    bool runWhenReady_ = false;
};

}  // namespace stillpoint
