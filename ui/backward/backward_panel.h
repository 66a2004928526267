// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>
#include <optional>

#include "ui/backward/backward_result.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QTabWidget;
class QToolButton;

namespace stillpoint {

class ConvergencePlot;
class FitLabel;
class FlowLayout;
class GradientTable;
class NumberBox;
class SignedMap;
class WarningBar;

/// Panel of the backward pass: choice of the loss, curve of the adjoint's residual, the gradient by every
/// parameter and by the kernel. Shows what it is given; ordering is the window's job. Curve and table stand
/// beside each other, in a tall panel one below the other, and in a small one as tabs: the curve is in front
/// while a pass goes on, then the table, until the user has chosen a tab.
class BackwardPanel : public QWidget {
    Q_OBJECT

 public:
    /// What is known of the run that a gradient would be of.
    struct Known {
        int run = -1;
        bool reference = false;
        double noiseSigma = -1;  ///< on the [0, 1] scale; below 0: not known
        bool operator==(const Known&) const = default;
    };

    explicit BackwardPanel(QWidget* parent = nullptr);

    /// Losses that cannot be had are greyed out with the reason; the one that suits is chosen unless the user
    /// has chosen one that can be had. What was typed as noise stays until another run comes.
    void setKnown(const Known& known);
    /// The loss that the next order is for.
    LossChoice choice() const;
    /// Why nothing can be computed now; empty: it can.
    void setReason(const QString& reason);
    /// Null: none yet, and `empty` says what would bring one. `note`: a warning beside those of the record.
    void showResult(const BackwardResult* result, const QString& run, const QColor& colour,
                    const QString& empty, const QString& note = {});
    /// Whether the picture area shows the adjoint, and whether there is one.
    void setAdjointShown(bool shown, bool available);

    QComboBox* lossBox() const { return loss_; }
    NumberBox* noiseBox() const { return noise_; }
    QPushButton* computeButton() const { return compute_; }
    QToolButton* adjointButton() const { return adjoint_; }
    QTabWidget* tabs() const { return tabs_; }
    ConvergencePlot* plot() const { return plot_; }
    GradientTable* table() const { return table_; }
    SignedMap* kernelMap() const { return kernel_; }
    WarningBar* warningBar() const { return warning_; }
    /// "Converged · MINRES · 42 steps · …" in all its words, and the warnings as lines.
    QString status() const;
    QString warning() const;

    QSize sizeHint() const override { return {560, 240}; }
    QSize minimumSizeHint() const override { return {240, 110}; }

 signals:
    void computeRequested();
    void cancelRequested();
    /// By the user: the picture area is to show the adjoint, or what it showed before.
    void adjointToggled(bool shown);

 protected:
    void resizeEvent(QResizeEvent* event) override;

 private:
    enum class Arrangement { beside, below, tabs };

    QWidget* makeContent();
    QWidget* makeHeader();
    QWidget* makeTools();
    QTabWidget* makeTabs();
    Arrangement fitting() const;
    void arrange(Arrangement arrangement);
    void placeTable();
    void placeTools();
    void followPass();
    void refreshLosses();
    void refreshButton();
    void showCurve(const BackwardResult* result, const QString& run, const QColor& colour);

    Known known_;
    std::optional<LossKind> chosen_;  ///< by the user
    QString reason_;
    bool going_ = false;
    Arrangement arrangement_ = Arrangement::beside;
    bool follows_ = true;  ///< no tab has been chosen by the user
    std::shared_ptr<const BackwardRecord> shown_;
    QString plotRun_;          ///< name of the curve in the plot
    std::size_t plotted_ = 0;  ///< of its points

    QScrollArea* scroll_ = nullptr;
    QComboBox* loss_ = nullptr;
    NumberBox* noise_ = nullptr;
    QPushButton* compute_ = nullptr;
    QToolButton* adjoint_ = nullptr;
    FlowLayout* header_ = nullptr;
    QLabel* lossLabel_ = nullptr;
    QWidget* tools_ = nullptr;  ///< buttons about the result
    FitLabel* status_ = nullptr;
    WarningBar* warning_ = nullptr;
    QBoxLayout* body_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    ConvergencePlot* plot_ = nullptr;
    SignedMap* kernel_ = nullptr;
    GradientTable* table_ = nullptr;
};

}  // namespace stillpoint
