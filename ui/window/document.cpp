// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/document.h"

#include "solver/image/noise_level.h"

namespace stillpoint {

Document::Document(QObject* parent)
    : QObject(parent), draft_(Registry::builtin(), Registry::builtin().recommended()) {
    followProblem();
}

void Document::open(Picture picture, const ProblemChoice& problem, const QString& kernel,
                    const QString& sample) {
    picture_ = std::move(picture);
    sample_ = sample;
    reference_ = {};
    blurred_.reset();
    problem_ = problem;
    estimatedNoise_ = isEmpty() ? -1 : estimateNoise(*picture_.image);
    followProblem();
    if (!kernel.isEmpty()) {
        draft_.set("kernel", kernel.toStdString());
        kernelFault_.clear();
    }
    emit pictureChanged();
    emit problemChanged();
    emit recipeChanged();
    emit inputChanged();
}

void Document::setPicturePath(const QString& path) {
    picture_.path = path;
    emit pictureChanged();
}

void Document::setProblem(const ProblemChoice& problem) {
    if (problem == problem_) return;
    const ProblemChoice before = problem_;
    problem_ = problem;
    followProblem();
    emit problemChanged();
    emit recipeChanged();
    const bool otherMode = before.mode != problem.mode;
    const bool otherNoise = before.noiseSigma != problem.noiseSigma || before.seed != problem.seed;
    if (otherMode || (simulates() && otherNoise)) forgetBlurred();
}

void Document::setReferencePicture(const Picture& reference) {
    if (isEmpty()) throw Error("reference", "Open the blurred picture first, then its reference.");
    if (!(reference.image->shape() == picture_.image->shape())) {
        const QString text = tr("The reference is %1; it must be like the picture: %2.")
                                 .arg(describePicture(reference), describePicture(picture_));
        throw Error("reference", text.toStdString());
    }
    reference_ = reference;
    emit problemChanged();
    emit inputChanged();
}

void Document::clearReference() {
    reference_ = {};
    emit problemChanged();
    emit inputChanged();
}

QString Document::kernel() const {
    return QString::fromStdString(Registry::builtin().valueText(draft_.chosen(), "kernel"));
}

void Document::setKernel(const QString& spec, const QString& fault) {
    if (spec == kernel() && fault == kernelFault_ && draft_.isTouched("kernel")) return;
    kernelFault_ = fault;
    draft_.set("kernel", spec.toStdString());
    emit recipeChanged();
    if (simulates()) forgetBlurred();
}

void Document::draftEdited() {
    emit recipeChanged();
    followBoundary();
}

void Document::setSimulation(std::shared_ptr<const Image> blurred, std::shared_ptr<const Image> sharp) {
    blurred_ = std::move(blurred);
    sharp_ = std::move(sharp);
    emit inputChanged();
}

// The simulation is made with the boundary that the recipe supposes.
void Document::followBoundary() {
    const std::string now = Registry::builtin().valueText(draft_.chosen(), "boundary");
    if (now == boundary_) return;
    boundary_ = now;
    if (simulates()) forgetBlurred();
}

RunInput Document::input() const {
    if (isEmpty()) return {};
    if (simulates()) return {blurred_, blurred_ ? sharp_ : picture_.image};
    return {picture_.image, reference_.image};
}

RunOrigin Document::origin() const {
    return {problem_, picture_, sample_, simulates() ? Picture() : reference_};
}

void Document::followProblem() {
    // A photograph shows a part of a larger scene; a simulation repeats itself unless the user says
    // otherwise.
    draft_.setBase("boundary", simulates() ? "periodic" : "unknown");
    boundary_ = Registry::builtin().valueText(draft_.chosen(), "boundary");
    if (simulates())
        draft_.setNoiseSigma(problem_.noiseSigma);
    else
        draft_.setNoiseSigma(problem_.noiseKnown ? problem_.knownSigma : estimatedNoise_);
}

void Document::forgetBlurred() {
    blurred_.reset();
    emit inputChanged();
}

QString describePicture(const Picture& picture) {
    const QString colours = picture.channels() == 1 ? Document::tr("grey") : Document::tr("colour");
    const QString depth = picture.isFloat ? Document::tr("%1-bit float").arg(picture.bitsPerChannel)
                                          : Document::tr("%1 bit").arg(picture.bitsPerChannel);
    return QString("%1 × %2 · %3 · %4").arg(picture.width()).arg(picture.height()).arg(colours, depth);
}

}  // namespace stillpoint
