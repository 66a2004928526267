// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/problem/problem_panel.h"

#include <QCheckBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/params/number_box.h"
#include "ui/params/value_slider.h"
#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

constexpr NumberBox::Range kNoise{0, 0.5, 0.001, true, false};
constexpr NumberBox::Range kSeed{0, 2147483647, 1, false, true};

QLabel* helpLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setContentsMargins(22, 0, 0, 4);
    return label;
}

// Two digits, which is what an estimate deserves.
double numberOf(double estimate) {
    return QString::number(estimate, 'g', 2).toDouble();
}

}  // namespace

ProblemPanel::ProblemPanel(QWidget* parent)
    : QWidget(parent), name_(new QLabel(this)), details_(new QLabel(this)), error_(new QLabel(this)) {
    restore_ = new QRadioButton(tr("&Restore a blurred picture"), this);
    simulate_ = new QRadioButton(tr("Simulate from a &sharp one"), this);
    restoreHelp_ = helpLabel(tr("The picture is blurred; the kernel says how."), this);
    simulateHelp_ =
        helpLabel(tr("Blurs the picture and adds noise. The answer is known, so PSNR can be told."), this);
    restore_->setAccessibleDescription(restoreHelp_->text());
    simulate_->setAccessibleDescription(simulateHelp_->text());
    QFont bold = name_->font();
    bold.setBold(true);
    name_->setFont(bold);
    name_->setTextFormat(Qt::PlainText);
    name_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    details_->setWordWrap(true);
    error_->setWordWrap(true);
    error_->hide();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 6, 10, 6);
    column->setSpacing(3);
    column->addWidget(name_);
    column->addWidget(details_);
    column->addSpacing(4);
    column->addWidget(restore_);
    column->addWidget(restoreHelp_);
    column->addWidget(restoreFields_ = makeRestore());
    column->addWidget(simulate_);
    column->addWidget(simulateHelp_);
    column->addWidget(simulateFields_ = makeSimulate());
    column->addWidget(error_);
    column->addStretch(1);

    connect(simulate_, &QRadioButton::clicked, this, [this] {
        ProblemChoice next = choice_;
        next.mode = ProblemChoice::Mode::simulate;
        change(next);
    });
    connect(restore_, &QRadioButton::clicked, this, [this] {
        ProblemChoice next = choice_;
        next.mode = ProblemChoice::Mode::restore;
        change(next);
    });
    restyle();
    setPicture({}, {});
    setReference({});
    show(choice_);
}

QWidget* ProblemPanel::makeSimulate() {
    auto* fields = new QWidget(this);
    noise_ = new NumberBox(kNoise, fields);
    noise_->setObjectName("noiseSigma");
    noiseSlider_ = new ValueSlider(kNoise, fields);
    seed_ = new NumberBox(kSeed, fields);
    auto* noiseLabel = new QLabel(tr("&Noise σ"), fields);
    auto* seedLabel = new QLabel(tr("See&d"), fields);
    noiseLabel->setBuddy(noise_);
    seedLabel->setBuddy(seed_);
    noise_->setAccessibleName(tr("Noise of the simulation"));
    noiseSlider_->setAccessibleName(tr("Noise of the simulation, slider"));
    seed_->setAccessibleName(tr("Seed of the noise"));
    noise_->setToolTip(
        tr("Standard deviation of the noise; white is 1. 0.01 is about what a good camera gives."));
    noiseSlider_->setToolTip(noise_->toolTip());
    seed_->setToolTip(tr("The same seed gives the same noise on every machine."));

    auto* grid = new QGridLayout(fields);
    grid->setContentsMargins(22, 0, 0, 4);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, 1);
    grid->addWidget(noiseLabel, 0, 0);
    grid->addWidget(noise_, 0, 1);
    grid->addWidget(noiseSlider_, 1, 0, 1, 2);
    grid->addWidget(seedLabel, 2, 0);
    grid->addWidget(seed_, 2, 1);

    const auto setNoise = [this](double sigma) {
        ProblemChoice next = choice_;
        next.noiseSigma = sigma;
        change(next);
    };
    connect(noise_, &NumberBox::valueChanged, this, setNoise);
    connect(noiseSlider_, &ValueSlider::dragged, this, setNoise);
    connect(seed_, &NumberBox::valueChanged, this, [this](double seed) {
        ProblemChoice next = choice_;
        next.seed = static_cast<int>(seed);
        change(next);
    });
    return fields;
}

QWidget* ProblemPanel::makeRestore() {
    auto* fields = new QWidget(this);
    noiseKnown_ = new QCheckBox(tr("&Noise σ known"), fields);
    noiseKnown_->setToolTip(tr("The weight of the prior then follows the noise until you set it yourself."));
    knownNoise_ = new NumberBox(kNoise, fields);
    knownNoise_->setAccessibleName(tr("Noise of the picture"));
    knownNoise_->setToolTip(tr("Standard deviation of the picture's noise; white is 1."));
    reference_ = new QLabel(fields);
    reference_->setTextFormat(Qt::PlainText);
    reference_->setWordWrap(true);
    auto* choose = new QPushButton(tr("Re&ference…"), fields);
    choose->setToolTip(tr("A sharp picture of the same size to compare with: PSNR then exists."));
    clearReference_ = new QToolButton(fields);
    clearReference_->setIcon(icon("edit-delete"));
    clearReference_->setAutoRaise(true);
    clearReference_->setToolTip(tr("Without a reference"));
    clearReference_->setAccessibleName(clearReference_->toolTip());

    estimated_ = new QLabel(fields);

    auto* grid = new QGridLayout(fields);
    grid->setContentsMargins(22, 0, 0, 4);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 1);
    grid->addWidget(noiseKnown_, 0, 0);
    grid->addWidget(knownNoise_, 0, 1, 1, 2);
    grid->addWidget(estimated_, 1, 0, 1, 3);
    grid->addWidget(reference_, 2, 0);
    grid->addWidget(choose, 2, 1);
    grid->addWidget(clearReference_, 2, 2);

    connect(noiseKnown_, &QCheckBox::clicked, this, [this](bool known) {
        ProblemChoice next = choice_;
        next.noiseKnown = known;
        if (known && estimatedNoise_ > 0) next.knownSigma = numberOf(estimatedNoise_);
        change(next);
    });
    connect(knownNoise_, &NumberBox::valueChanged, this, [this](double sigma) {
        ProblemChoice next = choice_;
        next.knownSigma = sigma;
        change(next);
    });
    connect(choose, &QPushButton::clicked, this, &ProblemPanel::referenceRequested);
    connect(clearReference_, &QToolButton::clicked, this, &ProblemPanel::referenceCleared);
    return fields;
}

void ProblemPanel::setChoice(const ProblemChoice& choice) {
    choice_ = choice;
    show(choice);
}

void ProblemPanel::show(const ProblemChoice& choice) {
    const bool simulate = choice.mode == ProblemChoice::Mode::simulate;
    (simulate ? simulate_ : restore_)->setChecked(true);
    simulateFields_->setVisible(simulate);
    restoreFields_->setVisible(!simulate);
    noise_->setValue(choice.noiseSigma);
    if (!noiseSlider_->isSliderDown()) noiseSlider_->setShownValue(choice.noiseSigma);
    seed_->setValue(choice.seed);
    noiseKnown_->setChecked(choice.noiseKnown);
    knownNoise_->setValue(choice.knownSigma);
    knownNoise_->setEnabled(choice.noiseKnown);
    estimated_->setVisible(!choice.noiseKnown && estimatedNoise_ >= 0);
    estimated_->setText(tr("estimated: %1").arg(QLocale().toString(estimatedNoise_, 'g', 2)));
}

void ProblemPanel::setEstimatedNoise(double sigma) {
    estimatedNoise_ = sigma;
    show(choice_);
}

void ProblemPanel::change(const ProblemChoice& choice) {
    if (choice == choice_) return;
    choice_ = choice;
    show(choice);
    showError({});
    emit choiceChanged(choice_);
}

void ProblemPanel::setPicture(const QString& name, const QString& details) {
    name_->setText(name.isEmpty() ? tr("No picture yet") : name);
    name_->setToolTip(name);
    details_->setText(name.isEmpty() ? tr("Open, paste or drop one, or take a sample.") : details);
}

void ProblemPanel::setReference(const QString& name) {
    reference_->setText(name.isEmpty() ? tr("No reference") : name);
    clearReference_->setVisible(!name.isEmpty());
    showError({});
}

void ProblemPanel::showError(const QString& sentence) {
    error_->setText(sentence);
    error_->setVisible(!sentence.isEmpty());
}

QString ProblemPanel::error() const {
    return error_->text();
}

void ProblemPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && error_) restyle();
}

void ProblemPanel::restyle() {
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, toneColour(Tone::error, colours));
    error_->setPalette(colours);
}

}  // namespace stillpoint
