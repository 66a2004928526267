// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QToolButton;

namespace stillpoint {

class NumberBox;
class ValueSlider;

/// What is to be done with the picture. A plain value; the window's document keeps it.
struct ProblemChoice {
    enum class Mode { restore, simulate };
    Mode mode = Mode::restore;
    double noiseSigma = 0.01;  ///< of the simulation, on the [0,1] scale
    int seed = 1;              ///< of the simulated noise
    bool noiseKnown = false;   ///< restore: whether knownSigma means anything
    double knownSigma = 0.01;  ///< restore: noise of the picture, as far as known
    bool operator==(const ProblemChoice&) const = default;
};

/// Panel for a ProblemChoice, with the names of the pictures it is about.
class ProblemPanel : public QWidget {
    Q_OBJECT

 public:
    explicit ProblemPanel(QWidget* parent = nullptr);

    const ProblemChoice& choice() const { return choice_; }
    /// Does not emit.
    void setChoice(const ProblemChoice& choice);
    /// "lighthouse.png" and "768 × 512, colour, 8 bit"; empty name: no picture.
    void setPicture(const QString& name, const QString& details);
    /// Of the picture's noise, shown until the user knows better; negative: none.
    void setEstimatedNoise(double sigma);
    /// Empty: none.
    void setReference(const QString& name);
    /// Sentence under the reference or noise field.
    void showError(const QString& sentence);
    QString error() const;

    QRadioButton* restoreButton() const { return restore_; }
    QRadioButton* simulateButton() const { return simulate_; }
    NumberBox* noiseBox() const { return noise_; }

 signals:
    /// By the user.
    void choiceChanged(const stillpoint::ProblemChoice& choice);
    void referenceRequested();
    void referenceCleared();

 protected:
    void changeEvent(QEvent* event) override;

 private:
    QWidget* makeSimulate();
    QWidget* makeRestore();
    void show(const ProblemChoice& choice);
    void change(const ProblemChoice& choice);
    void restyle();

    ProblemChoice choice_;
    QLabel* name_ = nullptr;
    QLabel* details_ = nullptr;
    QLabel* error_ = nullptr;
    QRadioButton* restore_ = nullptr;
    QRadioButton* simulate_ = nullptr;
    QLabel* estimated_ = nullptr;
    double estimatedNoise_ = -1;
    QLabel* restoreHelp_ = nullptr;
    QLabel* simulateHelp_ = nullptr;
    QWidget* simulateFields_ = nullptr;
    QWidget* restoreFields_ = nullptr;
    NumberBox* noise_ = nullptr;
    ValueSlider* noiseSlider_ = nullptr;
    NumberBox* seed_ = nullptr;
    QCheckBox* noiseKnown_ = nullptr;
    NumberBox* knownNoise_ = nullptr;
    QLabel* reference_ = nullptr;
    QToolButton* clearReference_ = nullptr;
};

}  // namespace stillpoint
