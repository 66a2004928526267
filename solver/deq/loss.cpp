// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/deq/loss.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "solver/core/error.h"
#include "solver/core/param.h"
#include "solver/core/rng.h"
#include "solver/core/vec.h"
#include "solver/deq/ssim_gradient.h"
#include "solver/deq/whiteness.h"

namespace stillpoint {

std::span<const LossInfo> losses() {
    using enum LossKind;
    static const std::array<LossInfo, 6> list{
        LossInfo{mse, "mse", "Mean squared error", "Mean squared difference from the reference.", true},
        LossInfo{l1, "l1", "Mean absolute error", "Mean absolute difference from the reference.", true},
        LossInfo{ssim, "ssim", "Dissimilarity", "1 - SSIM to the reference.", true},
        LossInfo{discrepancy, "discrepancy", "Discrepancy",
                 "Squared relative difference between the misfit's energy and that of the noise.", false,
                 true},
        LossInfo{whiteness, "whiteness", "Whiteness",
                 "Correlation left between neighbouring pixels of the misfit; needs neither reference nor "
                 "noise level."},
        LossInfo{sure, "sure", "SURE",
                 "Stein's estimate of the error of the blurred picture, for Gaussian noise of known level.",
                 false, true, 2}};
    return list;
}

const LossInfo& lossNamed(std::string_view name) {
    std::string names;
    for (const auto& info : losses()) {
        if (info.name == name) return info;
        names += (names.empty() ? "" : ", ") + info.name;
    }
    throw Error("loss", "loss is '" + std::string(name) + "'; allowed is one of " + names + ".");
}

Loss::Loss(const LossParams& params, DataFidelity& fidelity)
    : params_(params), fidelity_(fidelity), count_(static_cast<double>(canvas().picture().size())) {
    const Shape& shape = canvas().picture();
    const std::string& name = info().name;
    if (info().needsReference && !params_.reference)
        throw Error("reference", "The loss " + name + " needs a reference picture; none was given.");
    if (info().needsReference && params_.reference->shape() != shape)
        throw Error("reference", "The reference has another size than the picture; it must have the same.");
    if (info().needsNoiseSigma && !(params_.noiseSigma > 0 && std::isfinite(params_.noiseSigma)))
        throw Error("noise-sigma", "The loss " + name + " needs the noise's deviation, a number above 0; " +
                                       toText(params_.noiseSigma) + " was given.");
    if (params_.kind == LossKind::ssim && std::min(shape.height, shape.width) < kSsimWindow)
        throw Error("loss", "The loss ssim needs a picture of at least 11 x 11 pixels; this one has " +
                                std::to_string(shape.width) + " x " + std::to_string(shape.height) + ".");
    if (!info().needsReference && fidelity.mask().data() != nullptr)
        count_ = normSquared(window(fidelity.mask()).samples());
    if (params_.kind != LossKind::sure) return;
    offset_ = 2 * params_.noiseSigma / std::pow(count_, 0.3);
    probe_ = Image(shape);
    probed_ = Image(shape);
    for (std::size_t i = 0; i < shape.size(); ++i)
        probe_.samples()[i] = static_cast<Real>(normalAt(params_.seed, i));
    canvas().crop(fidelity.data(), probed_);
    axpy(offset_, probe_.samples(), probed_.samples());
}

void Loss::gradient(std::span<const ConstImageRef> estimates, LossGradient& out) {
    out.estimates.resize(static_cast<std::size_t>(solves()));
    for (auto& picture : out.estimates) {
        if (picture.shape() != fidelity_.shape()) picture = Image(fidelity_.shape());
        fill(picture.samples(), 0);
    }
    for (Image* direct : {&out.data, &out.kernel})
        if (!direct->empty()) fill(direct->samples(), 0);
    out.value = evaluate(estimates, &out);
}

double Loss::evaluate(std::span<const ConstImageRef> estimates, LossGradient* out) {
    assert(estimates.size() == static_cast<std::size_t>(solves()));
    switch (params_.kind) {
        case LossKind::mse:
        case LossKind::l1:
        case LossKind::ssim:
            return compare(estimates[0], out);
        case LossKind::discrepancy:
            return discrepancy(estimates[0], out);
        case LossKind::whiteness:
            return whiteness(estimates[0], out);
        case LossKind::sure:
            return sure(estimates, out);
    }
    return 0;
}

// The picture's part of something on the canvas.
Image Loss::window(ConstImageRef onCanvas) const {
    Image picture(canvas().picture());
    canvas().crop(onCanvas, picture);
    return picture;
}

// The same with 0 for samples that are ignored.
void Loss::ignore(Image& picture) const {
    if (fidelity_.mask().data() == nullptr) return;
    const Image trusted = window(fidelity_.mask());
    for (std::size_t i = 0; i < picture.size(); ++i) picture.samples()[i] *= trusted.samples()[i];
}

double Loss::compare(ConstImageRef estimate, LossGradient* out) const {
    const Image x = window(estimate);
    Image derivative;
    if (out) derivative = Image(x.shape());
    double value = 0;
    if (params_.kind == LossKind::mse)
        value = squaredError(x, derivative);
    else if (params_.kind == LossKind::l1)
        value = absoluteError(x, derivative);
    else
        value = dissimilarity(x, derivative);
    if (out) canvas().place(derivative, out->estimates[0]);
    return value;
}

double Loss::squaredError(const Image& x, Image& derivative) const {
    if (!derivative.empty()) {
        subtract(x.samples(), params_.reference->samples(), derivative.samples());
        scale(2 / count_, derivative.samples());
    }
    return distanceSquared(x.samples(), params_.reference->samples()) / count_;
}

double Loss::absoluteError(const Image& x, Image& derivative) const {
    const auto reference = params_.reference->samples();
    const Real weight = static_cast<Real>(1 / count_);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Real d = x.samples()[i] - reference[i];
        sum += static_cast<double>(std::abs(d));
        if (!derivative.empty()) derivative.samples()[i] = d > 0 ? weight : (d < 0 ? -weight : Real(0));
    }
    return sum / count_;
}

double Loss::dissimilarity(const Image& x, Image& derivative) const {
    Image ignored;
    if (derivative.empty()) ignored = Image(x.shape());
    return 1 -
           ssimWithGradient(x, *params_.reference, -1, derivative.empty() ? ignored.ref() : derivative.ref());
}

// y - A x in the picture
Image Loss::misfit(ConstImageRef x) {
    Image r(x.shape());
    fidelity_.op().apply(x, r);
    subtract(fidelity_.data().samples(), r.samples(), r.samples());
    Image inWindow = window(r);
    ignore(inWindow);
    return inWindow;
}

// From c = d loss / d r to x, y and the kernel.
void Loss::addThroughMisfit(Image& c, ConstImageRef x, LossGradient& out) {
    ignore(c);
    Image onCanvas(x.shape()), back(x.shape());
    canvas().place(c, onCanvas);
    fidelity_.op().adjoint(onCanvas, back);
    axpy(-1, back.samples(), out.estimates[0].samples());
    if (!out.data.empty()) axpy(1, c.samples(), out.data.samples());
    if (!out.kernel.empty()) fidelity_.op().addKernelVjp(-1, onCanvas, x, out.kernel);
}

double Loss::discrepancy(ConstImageRef x, LossGradient* out) {
    Image r = misfit(x);
    const double energy = count_ * params_.noiseSigma * params_.noiseSigma;
    const double excess = normSquared(r.samples()) / energy - 1;
    if (out) {
        scale(4 * excess / energy, r.samples());
        addThroughMisfit(r, x, *out);
    }
    return excess * excess;
}

double Loss::whiteness(ConstImageRef x, LossGradient* out) {
    const Image r = misfit(x);
    if (!out) return correlationEnergy(r, kWhitenessLag, nullptr);
    Image c(r.shape());
    const double value = correlationEnergy(r, kWhitenessLag, &c);
    addThroughMisfit(c, x, *out);
    return value;
}

double Loss::sure(std::span<const ConstImageRef> estimates, LossGradient* out) {
    const double variance = params_.noiseSigma * params_.noiseSigma;
    const double weight = 2 * variance / (count_ * offset_);
    // b'(A x2 - A x1) as <A'b, x2 - x1>
    Image probe = probe_.clone();
    ignore(probe);
    Image onCanvas(estimates[0].shape()), back(estimates[0].shape()), difference(estimates[0].shape());
    canvas().place(probe, onCanvas);
    fidelity_.op().adjoint(onCanvas, back);
    subtract(estimates[1].samples(), estimates[0].samples(), difference.samples());
    Image r = misfit(estimates[0]);
    const double value =
        normSquared(r.samples()) / count_ - variance + weight * dot(back.samples(), difference.samples());
    if (!out) return value;
    scale(2 / count_, r.samples());
    addThroughMisfit(r, estimates[0], *out);
    axpy(-weight, back.samples(), out->estimates[0].samples());
    axpy(weight, back.samples(), out->estimates[1].samples());
    if (!out->kernel.empty()) fidelity_.op().addKernelVjp(weight, onCanvas, difference, out->kernel);
    return value;
}

}  // namespace stillpoint
