// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/picture_view.h"

#include <QLocale>
#include <QResizeEvent>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "ui/params/number_text.h"
#include "ui/theme/palettes.h"
#include "ui/view/picture_view_p.h"

namespace stillpoint {

namespace {

/// "0.5120 0.4301 0.2210": all samples of a pixel.
QString samplesText(const ScreenPicture& picture, int x, int y, char format = 'f', int digits = 4) {
    if (picture.isEmpty()) return {};
    QStringList values;
    for (int c = 0; c < picture.source()->channels(); ++c)
        values << QLocale().toString(static_cast<double>(picture.source()->at(c, y, x)), format, digits);
    return values.join(' ');
}

}  // namespace

PictureView::Private::Private(PictureView* view) : q(view), handle(new DividerHandle(view)) {
    handle->hide();
    adjoint.setColouring([this](ConstImageRef picture, QImage& out) {
        renderSigned(picture, adjointRange.scale, isDark(q->palette()), out);
    });
}

QRect PictureView::Private::pane(int index) const {
    const int width = static_cast<int>(std::lround(q->width() * ratio()));
    const int height = static_cast<int>(std::lround(q->height() * ratio()));
    if (paneCount() == 1) return {0, 0, width, height};
    const int gap = static_cast<int>(std::lround(2 * ratio()));
    const int half = std::max(1, (width - gap) / 2);
    return {index == 0 ? 0 : width - half, 0, half, height};
}

int PictureView::Private::paneAt(QPointF widgetPoint) const {
    return paneCount() == 2 && widgetPoint.x() * ratio() >= pane(1).left() ? 1 : 0;
}

QPointF PictureView::Private::inPane(QPointF widgetPoint) const {
    return widgetPoint * ratio() - QPointF(pane(paneAt(widgetPoint)).topLeft());
}

ScreenPicture& PictureView::Private::shown(int side) {
    if (blink && !input.isEmpty()) return input;
    if (comparable() && (compare == Compare::split || compare == Compare::sideBySide))
        return side == 0 ? input : estimate;
    if (compare == Compare::reference && !reference.isEmpty()) return reference;
    if (compare == Compare::adjoint && !adjoint.isEmpty()) return adjoint;
    if ((compare == Compare::estimate || compare == Compare::adjoint) && !estimate.isEmpty()) return estimate;
    if (!input.isEmpty()) return input;
    return !estimate.isEmpty() ? estimate : reference;
}

QString PictureView::Private::nameOf(const ScreenPicture& picture) const {
    if (&picture == &input) return tr("Input");
    if (&picture == &adjoint) return tr("Adjoint");
    return &picture == &estimate ? tr("Estimate") : tr("Reference");
}

QString PictureView::Private::adjointText() const {
    if (adjointRange.largest == adjointRange.scale)
        return tr("adjoint v · colours to ±%1").arg(scientificText(adjointRange.scale, 2));
    return tr("adjoint v · colours to ±%1 (99.5 %) · largest %2")
        .arg(scientificText(adjointRange.scale, 2), scientificText(adjointRange.largest, 2));
}

double PictureView::Private::dividerX() const {
    return q->divider() * q->width();
}

void PictureView::Private::setPicture(ScreenPicture& slot, std::shared_ptr<const Image> picture) {
    slot.set(std::move(picture));
    QSize size = slot.size();
    for (ScreenPicture* other : {&input, &estimate, &reference, &adjoint}) {
        if (size.isEmpty()) size = other->size();
        if (other->size() != size) other->set(nullptr);
    }
    geometry.setPicture(size);
    layOut();
}

void PictureView::Private::layOut() {
    geometry.setView(pane(0).size());
    changed();
}

void PictureView::Private::changed() {
    placeHandle();
    if (geometry.zoom() != zoomSent) {
        zoomSent = geometry.zoom();
        emit q->zoomChanged(zoomSent);
    }
    sendHover();
    describe();
    q->update();
}

void PictureView::Private::placeHandle() {
    handle->setVisible(splits());
    const int x = static_cast<int>(std::lround(dividerX())) - handle->width() / 2;
    handle->move(std::clamp(x, 0, std::max(0, q->width() - handle->width())),
                 q->height() * 3 / 4 - handle->height() / 2);
}

void PictureView::Private::sendHover() {
    const QPointF point = geometry.toPicture(inPane(cursor));
    const int x = static_cast<int>(std::floor(point.x()));
    const int y = static_cast<int>(std::floor(point.y()));
    const bool inside = cursorInside && QRect({0, 0}, geometry.picture()).contains(x, y);
    if (inside)
        emit q->pixelHovered(true, x, y, samplesText(input, x, y), samplesText(estimate, x, y),
                             showsAdjoint() ? samplesText(adjoint, x, y, 'e', 2) : QString());
    else if (hoverSent)
        emit q->pixelHovered(false, 0, 0, {}, {}, {});
    hoverSent = inside;
}

void PictureView::Private::describe() {
    if (!hasPicture()) {
        q->setAccessibleDescription(tr("No picture"));
        return;
    }
    QString what = nameOf(shown(0));
    if (splits()) what = tr("Input left and estimate right of the divider");
    if (pairs()) what = tr("Input and estimate side by side");
    q->setAccessibleDescription(tr("%1, %2 by %3 pixels, zoom %4. Arrows pan, plus and minus zoom, 0 fits, "
                                   "1 shows one to one, B held shows the input.")
                                    .arg(what)
                                    .arg(geometry.picture().width())
                                    .arg(geometry.picture().height())
                                    .arg(q->zoomText()));
}

PictureView::PictureView(QWidget* parent) : QWidget(parent), d_(std::make_unique<Private>(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Picture"));
    d_->describe();
    connect(d_->handle, &QAbstractSlider::valueChanged, this, [this] {
        d_->placeHandle();
        update();
        emit dividerChanged(divider());
    });
}

PictureView::~PictureView() = default;

void PictureView::setInput(std::shared_ptr<const Image> picture) {
    d_->setPicture(d_->input, std::move(picture));
}

void PictureView::setEstimate(std::shared_ptr<const Image> picture) {
    d_->setPicture(d_->estimate, std::move(picture));
}

void PictureView::setReference(std::shared_ptr<const Image> picture) {
    d_->setPicture(d_->reference, std::move(picture));
}

void PictureView::setAdjoint(std::shared_ptr<const Image> picture) {
    if (picture == d_->adjoint.source()) return;
    d_->adjointRange = picture && !picture->empty() ? signedRange(*picture) : SignedRange{};
    d_->setPicture(d_->adjoint, std::move(picture));
}

std::shared_ptr<const Image> PictureView::input() const {
    return d_->input.source();
}
std::shared_ptr<const Image> PictureView::estimate() const {
    return d_->estimate.source();
}
std::shared_ptr<const Image> PictureView::reference() const {
    return d_->reference.source();
}

std::shared_ptr<const Image> PictureView::adjoint() const {
    return d_->adjoint.source();
}

PictureView::Compare PictureView::compare() const {
    return d_->compare;
}
double PictureView::zoom() const {
    return d_->geometry.zoom();
}
bool PictureView::isFitted() const {
    return d_->geometry.isFitted();
}

QString PictureView::zoomText() const {
    const double zoom = d_->geometry.zoom();
    const double inverse = std::round(1 / zoom);
    if (zoom <= 1 && std::abs(inverse * zoom - 1) < 1e-3) return QString("1:%1").arg(inverse);
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return tr("%1 %").arg(locale.toString(100 * zoom, 'f', 0));
}

double PictureView::divider() const {
    return static_cast<double>(d_->handle->value()) / DividerHandle::kSteps;
}

void PictureView::setBadge(const QString& text) {
    if (text == d_->badge) return;
    d_->badge = text;
    update();
}

QString PictureView::badgeText() const {
    if (!d_->hasPicture()) return {};
    if (d_->showsAdjoint()) return d_->adjointText() + QStringLiteral(" · ") + zoomText();
    return d_->badge.isEmpty() ? zoomText() : d_->badge + QStringLiteral(" · ") + zoomText();
}

QPointF PictureView::toPicture(QPointF widgetPoint) const {
    return d_->geometry.toPicture(d_->inPane(widgetPoint));
}

QPointF PictureView::toWidget(QPointF picturePoint) const {
    return d_->geometry.toView(picturePoint) / d_->ratio();
}

QSize PictureView::sizeHint() const {
    return {640, 480};
}
QSize PictureView::minimumSizeHint() const {
    return {160, 120};
}

void PictureView::clear() {
    d_->badge.clear();
    for (ScreenPicture* picture : {&d_->input, &d_->estimate, &d_->reference, &d_->adjoint})
        d_->setPicture(*picture, nullptr);
}

void PictureView::setCompare(Compare compare) {
    if (compare == d_->compare) return;
    d_->compare = compare;
    d_->layOut();
    emit compareChanged(compare);
}

void PictureView::setBlink(bool held) {
    if (held == d_->blink) return;
    d_->blink = held;
    update();
    emit blinkChanged(held);
}

void PictureView::setDivider(double fraction) {
    d_->handle->setValue(static_cast<int>(std::lround(fraction * DividerHandle::kSteps)));
}

void PictureView::zoomFit() {
    d_->geometry.fit();
    d_->changed();
}

void PictureView::zoomActual() {
    d_->zoomAround(1, QRectF(rect()).center());
}
void PictureView::zoomIn() {
    d_->zoomAround(d_->geometry.nextZoom(true), QRectF(rect()).center());
}
void PictureView::zoomOut() {
    d_->zoomAround(d_->geometry.nextZoom(false), QRectF(rect()).center());
}

void PictureView::resizeEvent(QResizeEvent*) {
    d_->layOut();
}

void PictureView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) d_->adjoint.recolour();
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) update();
    QWidget::changeEvent(event);
}

}  // namespace stillpoint
