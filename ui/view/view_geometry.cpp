// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_geometry.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stillpoint {

namespace {

/// A picture that would have to be enlarged by less than this is rather shown sharp, one to one.
constexpr double kNearOne = 1.2;

/// Position along one axis: centred if the picture fits, else with a margin that vanishes as the picture
/// shrinks to the view, so that nothing jumps.
double settled(double origin, double picture, double view) {
    if (picture <= view) return (view - picture) / 2;
    const double slack = std::min(view / 2, picture - view);
    return std::clamp(origin, view - picture - slack, slack);
}

/// The picture covers the middle of the view. Growing about a point of the picture never leaves this range.
double reachable(double origin, double picture, double view) {
    return std::clamp(origin, view / 2 - picture, view / 2);
}

}  // namespace

void ViewGeometry::setPicture(QSize size) {
    if (size == picture_) return;
    picture_ = size;
    fit();
}

void ViewGeometry::setView(QSize size) {
    if (size == view_) return;
    const QPointF centre = toPicture(QPointF(view_.width(), view_.height()) / 2);
    view_ = size;
    if (fitted_) {
        fit();
        return;
    }
    origin_ = QPointF(view_.width(), view_.height()) / 2 - centre * zoom_;
    settle();
}

QPoint ViewGeometry::origin() const {
    return {static_cast<int>(std::lround(origin_.x())), static_cast<int>(std::lround(origin_.y()))};
}

QRect ViewGeometry::pictureRect() const {
    if (picture_.isEmpty()) return {};
    const auto extent = [this](int pixels) {
        return std::max(1, static_cast<int>(std::lround(pixels * zoom_)));
    };
    return {origin(), QSize(extent(picture_.width()), extent(picture_.height()))};
}

bool ViewGeometry::canPan() const {
    return picture_.width() * zoom_ > view_.width() || picture_.height() * zoom_ > view_.height();
}

double ViewGeometry::fitZoom() const {
    if (picture_.isEmpty() || view_.isEmpty()) return 1;
    const double largest = std::min(static_cast<double>(view_.width()) / picture_.width(),
                                    static_cast<double>(view_.height()) / picture_.height());
    if (largest >= 1 && largest < kNearOne) return 1;
    return largest < 2 ? largest : std::min(std::floor(largest), kLargestZoom / 2);
}

double ViewGeometry::smallestZoom() const {
    return std::min(fitZoom(), 1.0) / 4;
}

void ViewGeometry::fit() {
    fitted_ = true;
    zoom_ = fitZoom();
    settle();
}

void ViewGeometry::zoomTo(double zoom, QPointF anchor) {
    // Not toPicture(): its rounding to whole pixels would add up over many small steps.
    const QPointF fixed = (anchor - origin_) / zoom_;
    const bool growing = zoom > zoom_;
    zoom_ = std::clamp(zoom, smallestZoom(), kLargestZoom);
    origin_ = anchor - fixed * zoom_;
    fitted_ = false;
    if (growing)
        origin_ = {reachable(origin_.x(), picture_.width() * zoom_, view_.width()),
                   reachable(origin_.y(), picture_.height() * zoom_, view_.height())};
    else
        settle();
}

double ViewGeometry::nextZoom(bool larger) const {
    static constexpr std::array<double, 21> steps = {
        1.0 / 32, 1.0 / 24, 1.0 / 16, 1.0 / 12, 1.0 / 8, 1.0 / 6, 1.0 / 4, 1.0 / 3, 1.0 / 2, 2.0 / 3, 1,
        1.5,      2,        3,        4,        6,       8,       12,      16,      24,      32};
    const double tolerance = 1e-6;
    if (larger) {
        const auto next = std::find_if(steps.begin(), steps.end(),
                                       [&](double step) { return step > zoom_ * (1 + tolerance); });
        return next == steps.end() ? kLargestZoom : *next;
    }
    const auto next = std::find_if(steps.rbegin(), steps.rend(),
                                   [&](double step) { return step < zoom_ * (1 - tolerance); });
    return next == steps.rend() ? zoom_ / 2 : *next;
}

void ViewGeometry::panBy(QPointF delta) {
    const double width = picture_.width() * zoom_;
    const double height = picture_.height() * zoom_;
    if (!canPan()) return;
    fitted_ = false;
    if (width > view_.width()) origin_.setX(reachable(origin_.x() + delta.x(), width, view_.width()));
    if (height > view_.height()) origin_.setY(reachable(origin_.y() + delta.y(), height, view_.height()));
}

QPointF ViewGeometry::toPicture(QPointF viewPoint) const {
    return (viewPoint - QPointF(origin())) / zoom_;
}

QPointF ViewGeometry::toView(QPointF picturePoint) const {
    return picturePoint * zoom_ + QPointF(origin());
}

void ViewGeometry::settle() {
    origin_ = {settled(origin_.x(), picture_.width() * zoom_, view_.width()),
               settled(origin_.y(), picture_.height() * zoom_, view_.height())};
}

}  // namespace stillpoint
