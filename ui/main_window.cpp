// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include "ui/kernel/kernel_panel.h"
#include "ui/params/param_form.h"
#include "ui/plot/convergence_plot.h"
#include "ui/runs/runs_view.h"
#include "ui/view/empty_view.h"
#include "ui/view/message_bar.h"
#include "ui/view/picture_view.h"
#include "ui/window/backward_desk.h"
#include "ui/window/docks.h"
#include "ui/window/progress_strip.h"
#include "ui/window/run_desk.h"
#include "ui/window/status_line.h"

namespace stillpoint {
namespace {

const QString kModeKey = QStringLiteral("problem/simulate");

}  // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent), actions_(this), files_(background_, this) {
    setObjectName("mainWindow");
    setAcceptDrops(true);
    makeCentre();
    docks_ = new Docks(this, document_, runs_);
    new StatusLine(statusBar(), view_);
    desk_ = std::make_unique<RunDesk>(document_, runs_, *docks_->plot(), *view_, nullptr);
    backward_ = std::make_unique<BackwardDesk>(document_, runs_, *desk_, *docks_->backward(), *view_);
    makeMenus();
    makeToolBar();
    connectActions();
    connectDocument();
    connectDesk();
    connectFiles();
    startWithSizeAndPlace();
    docks_->plot()->setEmptyText(tr("The curves of a run appear here."));
    showPicture();
    updatePaste();
    updateActions();
    loadSampleCards();
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow() {
    backward_.reset();
    desk_.reset();  // the thread ends before what it talks to
    docks_->runs()->setModel(
        nullptr);  // widgets go after members: the table must not ask a model that is gone
}

void MainWindow::makeCentre() {
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    bar_ = new MessageBar(centre);
    stack_ = new QStackedWidget(centre);
    empty_ = new EmptyView(stack_);
    view_ = new PictureView(stack_);
    strip_ = new ProgressStrip(centre);
    stack_->addWidget(empty_);
    stack_->addWidget(view_);
    column->addWidget(bar_);
    column->addWidget(stack_, 1);
    column->addWidget(strip_);
    setCentralWidget(centre);
}

void MainWindow::startWithSizeAndPlace() {
    const QSize room = screen()->availableGeometry().size();
    resize(QSize(1440, 900).boundedTo(room));
    setMinimumSize(QSize(800, 500).boundedTo(room));
    if (!docks_->restore()) docks_->reset();
}

void MainWindow::connectDocument() {
    ProblemPanel* problem = docks_->problem();
    KernelPanel* kernel = docks_->kernel();
    ParamForm* solver = docks_->solver();
    problem->setChoice(document_.problem());
    kernel->setSpec(document_.kernel());
    connect(problem, &ProblemPanel::choiceChanged, this, [this](const ProblemChoice& choice) {
        QSettings().setValue(kModeKey, choice.mode == ProblemChoice::Mode::simulate);
        document_.setProblem(choice);
    });
    connect(problem, &ProblemPanel::referenceRequested, &files_, &FileCommands::openReference);
    connect(problem, &ProblemPanel::referenceCleared, &document_, &Document::clearReference);
    connect(kernel, &KernelPanel::specChanged, this,
            [this, kernel](const QString& spec) { document_.setKernel(spec, kernel->error()); });
    connect(solver, &ParamForm::changed, &document_, &Document::draftEdited);
    connect(&document_, &Document::pictureChanged, this, &MainWindow::showPicture);
    connect(&document_, &Document::problemChanged, this, [this, problem] {
        problem->setChoice(document_.problem());
        problem->setReference(document_.referencePicture().name);
        updateActions();
    });
    connect(&document_, &Document::recipeChanged, this, [this, solver, kernel] {
        solver->refresh();
        kernel->setSpec(document_.kernel());
    });
}

void MainWindow::connectDesk() {
    RunDesk* desk = desk_.get();
    RunsView* table = docks_->runs();
    connect(desk, &RunDesk::changed, this, &MainWindow::updateActions);
    connect(backward_.get(), &BackwardDesk::changed, this, &MainWindow::updateActions);
    connect(backward_.get(), &BackwardDesk::began, docks_, &Docks::raiseBackward);
    connect(desk, &RunDesk::changed, this, &MainWindow::updateProgress);
    connect(desk, &RunDesk::progressed, this, &MainWindow::updateProgress);
    connect(desk, &RunDesk::restartNeeded, this, &MainWindow::offerRestart);
    connect(desk, &RunDesk::fieldFault, docks_, &Docks::showFault);
    connect(desk, &RunDesk::message, this, [this](Tone tone, const QString& text) {
        offered_ = false;
        bar_->showMessage(tone, text);
    });
    connect(desk, &RunDesk::memoryShort, this, [this](const QString& sentence) {
        bar_->showMessage(Tone::warning, sentence);
        bar_->setAction(tr("Run anyway"), [this] { desk_->startAnyway(); });
        offered_ = true;
    });
    connect(desk, &RunDesk::runStarted, table, &RunsView::selectRun);
    connect(desk, &RunDesk::runFinished, this, [this] { setWindowModified(true); });
    connect(table, &RunsView::currentRunChanged, desk, &RunDesk::show);
    connect(table, &RunsView::commandLineRequested, this,
            [this](int id) { copyCommandLine(runs_.find(id)); });
    connect(table, &RunsView::csvRequested, this, [this](int id) {
        if (const RunEntry* run = runs_.find(id)) files_.saveCsv(*run);
    });
    connect(strip_, &ProgressStrip::offerAccepted, desk, &RunDesk::continueRun);
    connect(bar_, &MessageBar::dismissed, this, [this] { offered_ = false; });
    // Last of all: the desk has seen the new input by then.
    connect(&document_, &Document::inputChanged, this, [this] {
        if (!runWhenReady_ || !document_.input().blurred) return;
        runWhenReady_ = false;
        desk_->toggle();
    });
}

void MainWindow::connectFiles() {
    connect(&files_, &FileCommands::opened, this, &MainWindow::openAsUser);
    connect(&files_, &FileCommands::sampleOpened, this,
            [this](const Picture& picture, const SampleInfo& sample) {
                ProblemChoice choice = document_.problem();
                choice.mode = ProblemChoice::Mode::simulate;
                choice.noiseSigma = sample.noiseSigma;
                document_.open(picture, choice, QString::fromStdString(sample.kernel), sample.id);
            });
    connect(&files_, &FileCommands::referenceOpened, this, [this](const Picture& picture) {
        try {
            document_.setReferencePicture(picture);
        } catch (const Error& error) {
            docks_->showFault(QString::fromStdString(error.key()), QString::fromUtf8(error.what()));
        }
    });
    connect(&files_, &FileCommands::message, this, [this](Tone tone, const QString& text) {
        offered_ = false;
        runWhenReady_ = false;
        bar_->showMessage(tone, text);
    });
    connect(&files_, &FileCommands::saved, this, [this](const QString& what, const QString& path) {
        if (what == "estimate") setWindowModified(false);
        if (what == "picture") document_.setPicturePath(path);
        statusBar()->showMessage(tr("Saved %1").arg(path), 8000);
    });
    connect(&recent_, &RecentFiles::chosen, &files_, &FileCommands::openPath);
}

void MainWindow::openAsUser(const Picture& picture) {
    ProblemChoice choice = document_.problem();
    const bool simulate = QSettings().value(kModeKey, false).toBool();
    choice.mode = simulate ? ProblemChoice::Mode::simulate : ProblemChoice::Mode::restore;
    if (!picture.path.isEmpty()) recent_.add(picture.path);
    document_.open(picture, choice);
}

void MainWindow::showPicture() {
    const Picture& picture = document_.picture();
    const bool empty = document_.isEmpty();
    stack_->setCurrentWidget(empty ? static_cast<QWidget*>(empty_) : view_);
    strip_->setVisible(!empty);
    docks_->problem()->setPicture(picture.name, empty ? QString() : describePicture(picture));
    docks_->problem()->setEstimatedNoise(document_.estimatedNoise());
    setWindowTitle(empty ? QStringLiteral("Stillpoint[*]") : tr("%1[*] — Stillpoint").arg(picture.name));
    setWindowFilePath(picture.path);
    setWindowModified(false);
    if (!empty && bar_->kind() == Tone::error) bar_->dismiss();  // what failed before is settled
    if (!empty) view_->setFocus();
}

void MainWindow::loadSampleCards() {
    background_.start([] { return samples(); },
                      [this](const std::vector<SampleInfo>& found) {
                          auto cards = std::make_shared<QVector<SampleCard>>();
                          for (const SampleInfo& sample : found)
                              cards->append({sample.id, sample.title, sample.description, {}});
                          empty_->setSamples(*cards);
                          for (std::size_t i = 0; i < found.size(); ++i)
                              background_.start(
                                  [sample = found[i]] { return thumbnail(sample, QSize(440, 280)); },
                                  [this, cards, i](const QImage& picture) {
                                      (*cards)[static_cast<int>(i)].thumbnail = picture;
                                      empty_->setSamples(*cards);
                                  });
                      });
}

void MainWindow::runWhenReady() {
    if (document_.input().blurred)
        desk_->toggle();
    else
        runWhenReady_ = true;
}

bool MainWindow::isSettled() const {
    return !background_.isBusy() && !runWhenReady_ && !desk_->isActive() &&
           desk_->state() != WorkerState::simulating && !backward_->isGoing() &&
           (!document_.needsSimulation() || !desk_->whyNot().isEmpty());
}

void MainWindow::offerRestart(const QString& what) {
    if (what.isEmpty()) {
        if (offered_) bar_->dismiss();
        return;
    }
    bar_->showMessage(Tone::info, tr("%1 changed. It takes effect when the run restarts.").arg(what));
    bar_->setAction(tr("Restart"), [this] { desk_->restart(); });
    offered_ = true;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    docks_->save();
    event->accept();
}

}  // namespace stillpoint
