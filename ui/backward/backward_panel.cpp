// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/backward/backward_panel.h"

#include <QComboBox>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/backward/backward_text.h"
#include "ui/backward/gradient_table.h"
#include "ui/backward/signed_map.h"
#include "ui/params/number_box.h"
#include "ui/plot/convergence_plot.h"
#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"
#include "ui/view/flow_layout.h"

namespace stillpoint {
namespace {

constexpr int kCurve = 1;         ///< the only one in the plot
constexpr int kSideBySide = 460;  ///< width from which the curve and the table stand beside each other

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
    setWarning({});
    showResult(nullptr, {}, {}, {});
    restyle();
}

QWidget* BackwardPanel::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new FlowLayout(6, Qt::AlignLeft);
    header->setLayout(row);
    auto* lossLabel = new QLabel(tr("Loss ℓ"), header);
    loss_ = new QComboBox(header);
    loss_->setAccessibleName(tr("Loss"));
    lossLabel->setBuddy(loss_);
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
    adjoint_ = new QToolButton(header);
    adjoint_->setText(tr("Adjoint"));
    adjoint_->setCheckable(true);
    adjoint_->setAutoRaise(false);
    auto* copy = new QToolButton(header);
    copy->setIcon(icon("edit-copy"));
    copy->setToolTip(tr("Copy the gradient table as text"));
    copy->setAccessibleName(copy->toolTip());
    connect(copy, &QToolButton::clicked, this, [this] { table_->copy(); });
    const auto pair = [&](QLabel* label, QWidget* field) {
        auto* both = new QWidget(header);
        auto* line = new QHBoxLayout(both);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(5);
        line->addWidget(label);
        line->addWidget(field);
        row->addWidget(both);
    };
    pair(lossLabel, loss_);
    pair(noiseLabel, noise_);
    for (QWidget* widget : std::initializer_list<QWidget*>{compute_, adjoint_, copy}) row->addWidget(widget);
    connect(loss_, &QComboBox::activated, this, [this](int index) {
        chosen_ = losses()[static_cast<std::size_t>(index)].kind;
        refreshLosses();
    });
    connect(noise_, &NumberBox::valueChanged, this, &BackwardPanel::refreshLosses);
    connect(compute_, &QPushButton::clicked, this,
            [this] { going_ ? emit cancelRequested() : emit computeRequested(); });
    connect(adjoint_, &QToolButton::clicked, this, &BackwardPanel::adjointToggled);
    return header;
}

QWidget* BackwardPanel::makeContent() {
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(4);
    column->addWidget(makeHeader());
    status_ = new QLabel(content);
    status_->setWordWrap(true);
    status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(status_);
    warningBar_ = new QFrame(content);
    warningBar_->setObjectName("backwardWarning");
    auto* warningRow = new QHBoxLayout(warningBar_);
    warningRow->setContentsMargins(6, 2, 6, 2);
    auto* sign = new QLabel(warningBar_);
    sign->setPixmap(icon("dialog-warning").pixmap(16, 16));
    warning_ = new QLabel(warningBar_);
    warning_->setWordWrap(true);
    warning_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    warningRow->addWidget(sign, 0, Qt::AlignTop);
    warningRow->addWidget(warning_, 1);
    column->addWidget(warningBar_);

    tabs_ = new QTabWidget(content);
    tabs_->setDocumentMode(true);
    plot_ = new ConvergencePlot(nullptr, ConvergencePlot::Curves::residualOnly);
    plot_->setAccessibleName(tr("Convergence of the adjoint"));
    plot_->setIterationName(tr("Adjoint step"));
    kernel_ = new SignedMap;
    kernel_->setAccessibleName(tr("Gradient by the kernel's pixels"));
    tabs_->addTab(plot_, tr("Residual"));
    tabs_->setTabToolTip(0, tr("Residual of the adjoint equation v = J'v + u after every step"));
    tabs_->addTab(kernel_, tr("Kernel gradient"));
    tabs_->setTabToolTip(1, tr("Derivative of the loss by every pixel of the kernel"));
    table_ = new GradientTable(content);
    body_ = new QBoxLayout(QBoxLayout::LeftToRight);
    body_->setSpacing(6);
    body_->addWidget(tabs_, 5);
    body_->addWidget(table_, 6);
    column->addLayout(body_, 1);
    return content;
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
    compute_->setText(going_ ? tr("Cancel") : tr("Compute gradient"));
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
    const auto record = result ? result->record : nullptr;
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
    status_->setText(result ? backwardText(*result) : empty);
    QStringList warnings;
    if (record)
        for (const std::string& warning : record->warnings) warnings << text(warning);
    if (!note.isEmpty()) warnings << note;
    setWarning(warnings.join('\n'));
    if (record == shown_) return;
    shown_ = record;
    table_->setGradients(record ? record->parameters : std::vector<ParameterGradient>{},
                         record ? result->recipe : Recipe());
    const auto kernel = record ? std::shared_ptr<const Image>(record, &record->kernel) : nullptr;
    kernel_->setPicture(kernel, tr("Derivative of the loss by the kernel's pixels:"));
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
    return status_->text();
}
QString BackwardPanel::warning() const {
    return warning_->text();
}

void BackwardPanel::setWarning(const QString& warning) {
    warning_->setText(warning);
    warningBar_->setVisible(!warning.isEmpty());
}

void BackwardPanel::fitDirection() {
    const bool wide = width() >= kSideBySide;
    body_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void BackwardPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitDirection();
}

void BackwardPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) restyle();
}

void BackwardPanel::restyle() {
    warningBar_->setStyleSheet(QString("#backwardWarning { background: %1; border-radius: 4px; }")
                                   .arg(toneFill(Tone::warning, palette()).name()));
}

}  // namespace stillpoint
