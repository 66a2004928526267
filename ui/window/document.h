// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <memory>

#include "solver/run/run_session.h"
#include "ui/io/picture.h"
#include "ui/params/recipe_draft.h"
#include "ui/problem/problem_panel.h"
#include "ui/runs/run_entry.h"

namespace stillpoint {

/// What the user has opened and chosen: the picture, the problem, the kernel and the recipe draft. Knows what
/// follows from it (which picture is restored, which is the reference, whether a run can start), and no
/// widget. GUI thread.
class Document : public QObject {
    Q_OBJECT

 public:
    using Mode = ProblemChoice::Mode;

    explicit Document(QObject* parent = nullptr);

    bool isEmpty() const { return picture_.isNull(); }
    const Picture& picture() const { return picture_; }
    /// A new picture, and what is to be done with it, takes the reference and the simulation of the old one
    /// away. An empty kernel leaves it as it is. `sample`: id of the sample that the picture is, if it is
    /// one.
    void open(Picture picture, const ProblemChoice& problem, const QString& kernel = {},
              const QString& sample = {});
    /// The picture has been saved: it now has a file.
    void setPicturePath(const QString& path);

    const ProblemChoice& problem() const { return problem_; }
    /// Of the picture's noise, on the [0,1] scale; negative if it cannot be told.
    double estimatedNoise() const { return estimatedNoise_; }
    void setProblem(const ProblemChoice& problem);
    bool simulates() const { return problem_.mode == Mode::simulate; }

    /// Throws Error("reference", sentence) if its size or number of channels is not the picture's.
    void setReferencePicture(const Picture& reference);
    void clearReference();
    const Picture& referencePicture() const { return reference_; }

    /// Selections and parameters. After changing it directly, call draftEdited().
    RecipeDraft& draft() { return draft_; }
    const RecipeDraft& draft() const { return draft_; }
    QString kernel() const;
    /// `fault`: sentence if the kernel cannot be made; nothing can run until it is another one.
    void setKernel(const QString& spec, const QString& fault = {});
    QString kernelFault() const { return kernelFault_; }
    void draftEdited();
    /// Every key written out.
    Recipe recipe() const { return draft_.complete(); }

    /// The result of simulating the present picture, kernel, boundary, noise and seed, and the part of the
    /// picture that it shows.
    void setSimulation(std::shared_ptr<const Image> blurred, std::shared_ptr<const Image> sharp);
    /// True in simulate mode when no result for the present choice is there.
    bool needsSimulation() const { return simulates() && !isEmpty() && !blurred_; }

    /// What a run would start from: blurred is null if there is nothing to restore (yet).
    RunInput input() const;
    RunOrigin origin() const;

 signals:
    void pictureChanged();
    void problemChanged();
    /// The picture to restore or its reference is another one (or none).
    void inputChanged();
    /// Kernel or parameters.
    void recipeChanged();

 private:
    void followProblem();
    void followBoundary();
    void forgetBlurred();

    Picture picture_;
    QString sample_;
    QString kernelFault_;
    Picture reference_;
    ProblemChoice problem_;
    double estimatedNoise_ = -1;
    RecipeDraft draft_;
    std::shared_ptr<const Image> blurred_, sharp_;  // of the simulation
    std::string boundary_;                          // with which it was, or will be, made
};

/// "768 × 512 · colour · 8 bit".
QString describePicture(const Picture& picture);

}  // namespace stillpoint
