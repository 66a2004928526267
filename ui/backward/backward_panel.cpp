// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/backward_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/backward/backward_text.h"
#include "ui/backward/fit_label.h"
#include "ui/backward/gradient_table.h"
#include "ui/backward/signed_map.h"
#include "ui/backward/warning_bar.h"
#include "ui/params/number_box.h"
#include "ui/plot/convergence_plot.h"
#include "ui/theme/icons.h"
#include "ui/view/flow_layout.h"

namespace stillpoint {
namespace {

constexpr int kCurve = 1;         ///< the only one in the plot
constexpr int kSideBySide = 540;  ///< width from which the curve and the table stand beside each other
constexpr int kStacked = 420;     ///< height from which they stand one below the other

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

double toleranceOf(const Recipe& recipe) {
    return parseDouble(Registry::builtin().valueText(recipe, "backward.tolerance")).value_or(kNotMeasured);
}

}  // namespace

BackwardPanel::BackwardPanel(QWidget* parent) : QWidget(parent) {
    setObjectName("backwardPanel");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    scroll_ = new QScrollArea(this);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setFocusPolicy(Qt::NoFocus);
    scroll_->viewport()->setBackgroundRole(QPalette::Window);
    scroll_->setWidget(makeContent());
    column->addWidget(scroll_);
    refreshLosses();
    showResult(nullptr, {}, {}, {});
}

QWidget* BackwardPanel::makeTools() {
    auto* tools = new QWidget(this);
    auto* line = new QHBoxLayout(tools);
    line->setContentsMargins(0, 0, 0, 2);  // in a tab bar's corner they stand on its line
    line->setSpacing(6);
    adjoint_ = new QToolButton(tools);
    adjoint_->setText(tr("Adjoint"));
    adjoint_->setCheckable(true);
    adjoint_->setAutoRaise(false);
    auto* copy = new QToolButton(tools);
    copy->setIcon(icon("edit-copy"));
    copy->setToolTip(tr("Copy the gradient table as text"));
    copy->setAccessibleName(copy->toolTip());
    line->addWidget(adjoint_);
    line->addWidget(copy);
    connect(adjoint_, &QToolButton::clicked, this, &BackwardPanel::adjointToggled);
    connect(copy, &QToolButton::clicked, this, [this] { table_->copy(); });
    return tools;
}

QWidget* BackwardPanel::makeHeader() {
    auto* header = new QWidget(this);
    header_ = new FlowLayout(6, Qt::AlignLeft);
    header->setLayout(header_);
    lossLabel_ = new QLabel(tr("Loss ℓ"), header);
    loss_ = new QComboBox(header);
    loss_->setAccessibleName(tr("Loss"));
    lossLabel_->setBuddy(loss_);
    for (const LossInfo& loss : losses()) loss_->addItem(text(loss.label));
    auto* noiseLabel = new QLabel(tr("σ"), header);
    noise_ = new NumberBox({.minimum = 0, .maximum = 1, .step = 0.01, .logarithmic = true}, header);
    noise_->setAccessibleName(tr("Noise"));
    noise_->setToolTip(
        tr("Standard deviation of the noise where white is 1; 0: not known. Taken from the problem; some "
           "losses need it."));
    noise_->setMaximumWidth(72);
    noiseLabel->setToolTip(noise_->toolTip());
    noiseLabel->setBuddy(noise_);
    compute_ = new QPushButton(header);
    const auto pair = [&](QLabel* label, QWidget* field) {
        auto* both = new QWidget(header);
        auto* line = new QHBoxLayout(both);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(5);
        line->addWidget(label);
        line->addWidget(field);
        header_->addWidget(both);
    };
    pair(lossLabel_, loss_);
    pair(noiseLabel, noise_);
    tools_ = makeTools();
    header_->addWidget(compute_);
    header_->addWidget(tools_);
    connect(loss_, &QComboBox::activated, this, [this](int index) {
        chosen_ = losses()[static_cast<std::size_t>(index)].kind;
        refreshLosses();
    });
    connect(noise_, &NumberBox::valueChanged, this, &BackwardPanel::refreshLosses);
    connect(compute_, &QPushButton::clicked, this,
            [this] { going_ ? emit cancelRequested() : emit computeRequested(); });
    return header;
}

QWidget* BackwardPanel::makeContent() {
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(4);
    column->addWidget(makeHeader());
    status_ = new FitLabel(content);
    column->addWidget(status_);
    warning_ = new WarningBar(content);
    column->addWidget(warning_);
    tabs_ = makeTabs();
    table_ = new GradientTable(content);
    body_ = new QBoxLayout(QBoxLayout::LeftToRight);
    body_->setSpacing(6);
    body_->addWidget(tabs_, 5);
    body_->addWidget(table_, 6);
    column->addLayout(body_, 1);
    return content;
}

QTabWidget* BackwardPanel::makeTabs() {
    auto* tabs = new QTabWidget(this);
    tabs->setDocumentMode(true);
    plot_ = new ConvergencePlot(nullptr, ConvergencePlot::Curves::residualOnly);
    plot_->setAccessibleName(tr("Convergence of the adjoint"));
    plot_->setIterationName(tr("Adjoint step"));
    kernel_ = new SignedMap;
    kernel_->setAccessibleName(tr("Gradient by the kernel's pixels"));
    tabs->addTab(plot_, tr("Residual"));
    tabs->setTabToolTip(0, tr("Residual of the adjoint equation v = J'v + u after every step"));
    tabs->addTab(kernel_, tr("Kernel gradient"));
    tabs->setTabToolTip(1, tr("Derivative of the loss by every pixel of the kernel"));
    connect(tabs, &QTabWidget::currentChanged, this, [this] { follows_ = false; });
    return tabs;
}

void BackwardPanel::setKnown(const Known& known) {
    if (known == known_) return;
    if (known.run != known_.run || known.noiseSigma != known_.noiseSigma)
        noise_->setValue(std::max(known.noiseSigma, 0.0));
    known_ = known;
    refreshLosses();
}

LossChoice BackwardPanel::choice() const {
    const double sigma = noise_->value();
    return {losses()[static_cast<std::size_t>(loss_->currentIndex())].kind, sigma > 0 ? sigma : -1};
}

void BackwardPanel::refreshLosses() {
    auto* items = qobject_cast<QStandardItemModel*>(loss_->model());
    const double sigma = noise_->value();
    bool keep = false;
    for (const LossInfo& loss : losses()) {
        const int row = static_cast<int>(loss.kind);
        const QString reason = lossReason(loss, known_.reference, sigma);
        items->item(row)->setEnabled(reason.isEmpty());
        const QString help = text(loss.help);
        items->item(row)->setToolTip(reason.isEmpty() ? help : help + '\n' + reason);
        keep = keep || (chosen_ == loss.kind && reason.isEmpty());
    }
    const LossKind kind = keep ? *chosen_ : suitableLoss(known_.reference, sigma).kind;
    loss_->setCurrentIndex(static_cast<int>(kind));
    loss_->setToolTip(text(losses()[static_cast<std::size_t>(kind)].help));
}

void BackwardPanel::setReason(const QString& reason) {
    reason_ = reason;
    refreshButton();
}

void BackwardPanel::refreshButton() {
    const bool brief = arrangement_ == Arrangement::tabs;
    compute_->setText(going_ ? tr("Cancel") : brief ? tr("Compute") : tr("Compute gradient"));
    compute_->setIcon(icon(going_ ? "media-playback-stop" : "run-backward"));
    compute_->setEnabled(going_ || reason_.isEmpty());
    compute_->setToolTip(going_ ? tr("End the backward pass with what has been reached (Ctrl+.)")
                         : reason_.isEmpty()
                             ? tr("Solve the adjoint equation and collect the gradient (Ctrl+B)")
                             : reason_);
}

void BackwardPanel::showResult(const BackwardResult* result, const QString& run, const QColor& colour,
                               const QString& empty, const QString& note) {
    going_ = result && result->going;
    refreshButton();
    plot_->setEmptyText(result ? tr("The adjoint's residual appears here.") : empty);
    kernel_->setEmptyText(result && going_ ? tr("Comes at the end.") : empty);
    showCurve(result, run, colour);
    status_->setTexts(result ? backwardTexts(*result) : QStringList(empty));
    const auto record = result ? result->record : nullptr;
    QStringList warnings;
    if (record)
        for (const std::string& warning : record->warnings) warnings << text(warning);
    if (!note.isEmpty()) warnings << note;
    warning_->setText(warnings.join('\n'));
    if (record != shown_) {
        shown_ = record;
        table_->setGradients(record ? record->parameters : std::vector<ParameterGradient>{},
                             record ? result->recipe : Recipe());
        const auto kernel = record ? std::shared_ptr<const Image>(record, &record->kernel) : nullptr;
        kernel_->setPicture(kernel, tr("Derivative of the loss by the kernel's pixels:"));
    }
    followPass();
}

void BackwardPanel::showCurve(const BackwardResult* result, const QString& run, const QColor& colour) {
    const std::size_t count = result ? result->residuals.size() : 0;
    // Only what is new is drawn: a pass that goes on calls this ten times a second.
    const bool other = !result || !plot_->isRunVisible(kCurve) || count < plotted_ || plotRun_ != run;
    if (other) {
        plot_->clearRuns();
        plotted_ = 0;
        plotRun_ = run;
        if (result) plot_->addRun(kCurve, run, colour);
    }
    if (count > plotted_) {
        std::vector<CurvePoint> points(count - plotted_);
        for (std::size_t i = 0; i < points.size(); ++i) {
            points[i].step.iteration = static_cast<int>(plotted_ + i) + 1;
            points[i].step.residual = result->residuals[plotted_ + i];
        }
        plot_->appendPoints(kCurve, points);
        plotted_ = count;
    }
    plot_->setTolerance(result ? toleranceOf(result->recipe) : kNotMeasured);
}

void BackwardPanel::setAdjointShown(bool shown, bool available) {
    adjoint_->setChecked(shown && available);
    adjoint_->setEnabled(available);
    adjoint_->setToolTip(
        available ? tr("Show the adjoint v in the picture area: blue below 0, red above, of colour "
                       "pictures the mean of the channels (F10)")
                  : tr("There is no adjoint of this run yet."));
}

QString BackwardPanel::status() const {
    return status_->fullText();
}
QString BackwardPanel::warning() const {
    return warning_->text();
}

BackwardPanel::Arrangement BackwardPanel::fitting() const {
    if (width() >= kSideBySide) return Arrangement::beside;
    return height() >= kStacked ? Arrangement::below : Arrangement::tabs;
}

void BackwardPanel::arrange(Arrangement arrangement) {
    if (arrangement == arrangement_) return;
    arrangement_ = arrangement;
    const bool brief = arrangement == Arrangement::tabs;
    const QSignalBlocker notByTheUser(tabs_);
    placeTable();
    placeTools();
    body_->setDirection(arrangement == Arrangement::beside ? QBoxLayout::LeftToRight
                                                           : QBoxLayout::TopToBottom);
    lossLabel_->setText(brief ? tr("ℓ") : tr("Loss ℓ"));
    tabs_->setTabText(tabs_->indexOf(kernel_), brief ? tr("Kernel") : tr("Kernel gradient"));
    refreshButton();
    followPass();
}

void BackwardPanel::placeTable() {
    const int tab = tabs_->indexOf(table_);
    if (arrangement_ == Arrangement::tabs) {
        tabs_->insertTab(0, table_, tr("Gradient"));
        tabs_->setTabToolTip(0, tr("Derivative of the loss by every parameter"));
    } else if (tab >= 0) {
        tabs_->removeTab(tab);
        body_->addWidget(table_, 6);
        table_->show();
    }
}

void BackwardPanel::placeTools() {
    // Beside the tabs they cost no line of their own.
    const bool corner = arrangement_ == Arrangement::tabs;
    header_->removeWidget(tools_);
    tabs_->setCornerWidget(corner ? tools_ : nullptr);
    if (!corner) header_->addWidget(tools_);
    tools_->show();
}

void BackwardPanel::followPass() {
    if (!follows_ || arrangement_ != Arrangement::tabs) return;
    const QSignalBlocker notByTheUser(tabs_);
    tabs_->setCurrentWidget(shown_ ? static_cast<QWidget*>(table_) : plot_);
}

void BackwardPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange(fitting());
}

}  // namespace stillpoint
